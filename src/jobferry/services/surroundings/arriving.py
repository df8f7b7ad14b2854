"""Judges connections and variables of a package against those that are here; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest, JobferryError
from jobferry.model.connections import is_secret, lacks_secrets
from jobferry.model.document.edits import Put, edited
from jobferry.model.people import Grant
from jobferry.model.records import Connection, Variable
from jobferry.model.settings import read_settings
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.policy import Duplicates
from jobferry.sentences import sentence
from jobferry.services.connection_secrets import (
    Connecting,
    Seals,
    read_connection,
    refuse_another,
    type_fixed,
)
from jobferry.services.surroundings.exporting import VariableText, stays_empty
from jobferry.services.variables import GivenVariable, sealed_variable

Things = Iterable[tuple[str, bytes]]
"""What a package holds: names by its paths, and texts."""

_variable = msgspec.json.Decoder(VariableText)


class SurroundingsOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How to import connections or variables.

    ``given`` are values by name: of a connection, those of its config, secrets among them; of a variable, its
    value under ``value``. ``types`` are what callers believe connections to be.
    """

    duplicates: Duplicates = Duplicates.SKIP
    given: Mapping[str, Mapping[str, str]] = {}
    types: Mapping[str, str] = {}
    expect_digest: str | None = None


class Arriving(NamedTuple):
    """One of a package, and what becomes of it. ``reason`` says why it fails; ``kept`` is what is written.

    ``incomplete`` says that it will lack its secrets, or its value.
    """

    name: str
    outcome: ObjectOutcome
    incomplete: bool = False
    reason: str = ""
    kept: Connection | Variable | None = None

    @property
    def written(self) -> bool:
        """Whether anything changes."""
        return self.outcome in (ObjectOutcome.CREATED, ObjectOutcome.OVERWRITTEN)


class ArrivingConnections:
    """Connections on their way into a workspace."""

    def __init__(
        self, grant: Grant, options: SurroundingsOptions, seals: Callable[[], Seals], now: int
    ) -> None:
        self._grant = grant
        self._options = options
        self._connecting = Connecting(seals, grant.workspace)
        self._now = now

    def judged(self, there: Iterable[Connection], things: Things) -> list[Arriving]:
        """Each in order of name; a new one counts for those after it.

        Raises:
            InvalidRequest: values are given for a connection that the package does not hold.
        """
        present = {connection.name: connection for connection in there}
        return _each(things, self._options, lambda name, text: self._judged(name, text, present))

    def _judged(self, path_name: str, text: bytes, present: dict[str, Connection]) -> Arriving:
        document, text = read_connection(text, path_name)
        name, type_ = str(document["name"]), str(document["type"])
        before, given = present.get(name), self._options.given.get(name, {})
        if (said := self._options.types.get(name)) and said != type_:
            raise _misfit(
                sentence(
                    "the connection {name} is of type {type}, not {said}", name=name, type=type_, said=said
                ),
                name,
            )
        values = [Put(("config", key), value) for key, value in given.items() if not is_secret(key)]
        if values:
            text = edited(text, values)
            document, text = read_connection(text, path_name)
        after = self._after(document, text, before)
        if secrets := {key: value for key, value in given.items() if is_secret(key) and value}:
            after = self._connecting.with_secrets(after, secrets)
        outcome = _outcome(after, before, self._options.duplicates, ("document", "secrets"))
        if outcome is ObjectOutcome.CREATED:
            refuse_another(list(present.values()), after, self._grant.workspace)
        if outcome is ObjectOutcome.OVERWRITTEN and before is not None and before.type != type_:
            raise type_fixed(before, type_)
        if outcome in (ObjectOutcome.UNCHANGED, ObjectOutcome.SKIPPED) and before is not None:
            after = before
        present[name] = after
        return Arriving(name, outcome, lacks_secrets(after), kept=after)

    def _after(self, document: dict[str, object], text: bytes, before: Connection | None) -> Connection:
        apart = self._connecting.apart(document, text, before)
        name, type_ = str(document["name"]), str(document["type"])
        return Connection(
            workspace_id=self._grant.workspace.id,
            name=name,
            type=type_,
            document=apart.document,
            secrets=apart.secrets,
            created_by=before.created_by if before else self._grant.caller.name,
            created_at=before.created_at if before else self._now,
            updated_at=self._now,
        )


class ArrivingVariables:
    """Environment variables on their way into a workspace."""

    def __init__(self, grant: Grant, options: SurroundingsOptions, seals: Callable[[], Seals]) -> None:
        self._grant = grant
        self._options = options
        self._seals = seals
        self._patterns = read_settings(grant.workspace.settings).fact_rules.patterns

    def judged(self, there: Iterable[Variable], things: Things) -> list[Arriving]:
        """Each in order of name.

        Raises:
            InvalidRequest: a value is given for a variable that the package does not hold.
        """
        present = {variable.name: variable for variable in there}
        return _each(things, self._options, lambda _, text: self._judged(text, present))

    def _judged(self, text: bytes, present: dict[str, Variable]) -> Arriving:
        try:
            read = _variable.decode(text)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise _misfit(sentence("is not a variable: {error}", error=error), "") from None
        before = present.get(read.name)
        value: str | None = self._options.given.get(read.name, {}).get("value")
        if value is None and (read.value or not stays_empty(read.name, read.type, self._patterns)):
            value = read.value
        given = GivenVariable(name=read.name, type=read.type, value=value, description=read.desc).checked()
        after = sealed_variable(self._grant.workspace.id, given, before, self._seals())
        outcome = _outcome(after, before, self._options.duplicates, ("type", "value", "description"))
        if outcome in (ObjectOutcome.UNCHANGED, ObjectOutcome.SKIPPED) and before is not None:
            after = before
        return Arriving(read.name, outcome, not after.value, kept=after)


def _each(
    things: Things, options: SurroundingsOptions, judge: Callable[[str, bytes], Arriving]
) -> list[Arriving]:
    """What ``judge`` says of each; what it refuses is one that fails, with the reason."""
    judged: dict[str, Arriving] = {}
    for path_name, text in things:
        try:
            item = judge(path_name, text)
        except JobferryError as error:
            said = error.with_hint
            item = Arriving(path_name, ObjectOutcome.BLOCKED, reason=said)
        if item.name in judged:
            reason = "is in the package twice"
            item = Arriving(item.name, ObjectOutcome.BLOCKED, reason=reason)
        judged[item.name] = item
    unknown = sorted((options.given.keys() | options.types.keys()) - judged.keys())
    if unknown:
        raise _misfit(
            sentence("values are given for {unknown}, which is not in the package", unknown=unknown[0]),
            unknown[0],
        )
    return [judged[name] for name in sorted(judged)]


def _outcome(
    after: Connection | Variable,
    before: Connection | Variable | None,
    duplicates: Duplicates,
    fields: tuple[str, ...],
) -> ObjectOutcome:
    """Decided before any policy: what would be written may be there already."""
    if before is None:
        return ObjectOutcome.CREATED
    if all(getattr(after, field) == getattr(before, field) for field in fields):
        return ObjectOutcome.UNCHANGED
    if duplicates in (Duplicates.FAIL, Duplicates.COPY):
        raise _misfit(
            sentence(
                "{name} exists; duplicate policy is {duplicates}", name=after.name, duplicates=duplicates
            ),
            after.name,
        )
    return ObjectOutcome.SKIPPED if duplicates is Duplicates.SKIP else ObjectOutcome.OVERWRITTEN


def _misfit(reason: str, subject: str) -> InvalidRequest:
    return InvalidRequest(ErrorCode.INVALID_VALUE, reason, subject=subject)
