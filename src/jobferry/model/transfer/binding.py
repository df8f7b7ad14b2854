"""What a plan is bound to: each part has a digest of its own, so that what moved can be named."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from jobferry.model.people import Grant
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.transfer.plan import Plan
from jobferry.model.transfer.policy import ImportOptions, Policy
from jobferry.model.transfer.target_state import state_of
from jobferry.sentences import Sentence, clauses, few, sentence

_SHORT = 16
"""Hexadecimal digits of an object's own mark. The whole is marked by all digits of SHA-256."""


class ChangedPart(NamedTuple):
    """One thing that is not as the plan was made for; ``names`` says which, where there are many."""

    what: str
    names: tuple[str, ...] = ()


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """A plan in digests: of the package, the options with their mapping, what the caller may do, the state of
    every object that the plan is about, and what it does with each object. Objects are named ``kind name``.
    """

    package: str
    options: str
    policy: dict[str, str]
    rights: str
    targets: dict[str, str]
    deeds: dict[str, str]
    refused: bool = False

    @property
    def digest(self) -> str:
        """The plan digest: two plans with the same one do the same to the same."""
        return _whole(self)


def binding_of(
    plan: Plan,
    targets: Mapping[ObjectKey, StoredObject | None],
    grant: Grant,
    options: ImportOptions,
    policy: Policy,
) -> Binding:
    """What a plan is bound to."""
    deeds: dict[str, list[Any]] = {}
    for leading, following in plan.objects():  # one object may go and another get its name
        deeds.setdefault(named_object((leading.kind, leading.name)), []).append((leading, following))
    return Binding(
        package=plan.package_digest,
        options=_whole(options),
        policy={name: str(value) for name, value in msgspec.structs.asdict(policy).items()},
        rights=rights_digest(grant),
        targets={named_object(key): _hash(state_of(targets[key])) for key in sorted(targets)},
        deeds={name: _hash(steps) for name, steps in deeds.items()},
        refused=plan.refused,
    )


def rights_digest(grant: Grant) -> str:
    """Return a digest of what the caller may do in the workspace; only those who may write make plans."""
    return _whole([sorted(grant.roles), grant.directories, False])


def changed_parts(then: Binding, now: Binding) -> Iterator[ChangedPart]:
    """What is not as it was when the plan was made, the first causes first."""
    if then.package != now.package:
        yield ChangedPart(sentence("the package"))
    if then.options != now.options:
        yield ChangedPart(sentence("the mapping or the options"))
    if names := _differing(then.policy, now.policy):
        yield ChangedPart(sentence("settings of the workspace"), names)
    if then.rights != now.rights:
        yield ChangedPart(sentence("what the importing user may do here"))
    touched = _differing(then.targets, now.targets)
    if touched:
        yield ChangedPart(sentence("here"), touched)
    if (then.package, then.options) == (now.package, now.options):
        others = tuple(name for name in _differing(then.deeds, now.deeds) if name not in set(touched))
        if others:
            yield ChangedPart(sentence("what these refer to here, or the rules for them"), others)


def told(changes: Iterable[ChangedPart]) -> Sentence:
    """The changes in words, of many names only the first."""
    return clauses(
        sentence("{what} ({names})", what=change.what, names=few(change.names))
        if change.names
        else change.what
        for change in changes
    )


def _differing(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name)))


def named_object(key: ObjectKey) -> str:
    """An object as a binding calls it: *kind name*."""
    kind, name = key
    return f"{kind} {name}"


def _hash(value: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:_SHORT]


def _whole(value: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()
