"""The connections of a workspace: what documents name and Jobferry does not make."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack

import msgspec

from jobferry.errors import Conflict, ErrorCode, Fault, InvalidRequest, JobferryError, NotFound
from jobferry.model.connections import is_secret
from jobferry.model.lists import ConnectionFilter, PageOptions
from jobferry.model.people import Grant
from jobferry.model.records import Connection
from jobferry.model.rights import Action
from jobferry.sentences import as_sentence, sentence
from jobferry.services.connection_secrets import (
    Connecting,
    Seals,
    read_connection,
    refuse_another,
    type_fixed,
)
from jobferry.services.object_access import meant, nearest
from jobferry.services.releasing import release
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import Snapshot


class Connections:
    """Connections of a workspace."""

    def __init__(self, runtime: Runtime, seals: Callable[[], Seals]) -> None:
        self._runtime = runtime
        self._seals = seals

    def page(
        self, grant: Grant, wanted: ConnectionFilter = ConnectionFilter(), **which: Unpack[PageOptions]
    ) -> tuple[int, list[Connection]]:
        """How many connections fit, and one page of them, by name unless it is said.

        Raises:
            Forbidden: the caller may not look at connections here.
        """
        self._runtime.allow(grant, Action.LIBRARY_VIEW, kind="connection")
        with self._runtime.store.read() as snapshot:
            return snapshot.connections.page(grant.workspace.id, wanted, **which)

    def named(self, grant: Grant, name: str) -> Connection:
        """One connection.

        Raises:
            Forbidden: the caller may not look at connections here.
            NotFound: there is none of that name.
        """
        self._runtime.allow(grant, Action.LIBRARY_VIEW, kind="connection", subject=name)
        with self._runtime.store.read() as snapshot:
            return _named(snapshot, grant, name)

    def create(self, grant: Grant, text: bytes) -> Connection:
        """Saves a new connection; secrets in its config are sealed and leave the document.

        Raises:
            Forbidden: the caller may not change connections here.
            InvalidRequest: the document is not acceptable.
            Conflict: the name is taken, the quota reached, or a second DLI connection.
        """
        with self._runtime.attempt(
            grant, "connection-create", Action.LIBRARY_EDIT, kind="connection"
        ) as attempt:
            connection = self._made(grant, text)
            with attempt.change(only=grant.workspace.id) as change:
                there = change.uow.connections.all(grant.workspace.id)
                refuse_another(there, connection, change.grant.workspace)
                change.uow.connections.add(connection)
                release(self._runtime, change.uow, grant, {("connection", connection.name, "")})
                change.audit(subject=connection.name)
        return connection

    def load(self, grant: Grant, texts: Sequence[bytes]) -> list[Connection]:
        """Saves several new connections, or none.

        Raises:
            Forbidden: the caller may not change connections here.
            InvalidRequest: one of them cannot be saved; each that cannot is told, with its place in the list.
        """
        with self._runtime.attempt(
            grant, "connection-create", Action.LIBRARY_EDIT, kind="connection"
        ) as attempt:
            read = [self._tried(grant, text) for text in texts]
            with attempt.change(only=grant.workspace.id) as change:
                there = change.uow.connections.all(grant.workspace.id)
                placed = [_placed(there, found, change.grant) for found in read]
                _refuse_any(placed)
                made = [connection for connection in placed if isinstance(connection, Connection)]
                for connection in made:
                    change.uow.connections.add(connection)
                    change.audit(subject=connection.name)
                awaited = {("connection", connection.name, "") for connection in made}
                release(self._runtime, change.uow, grant, awaited)
        return made

    def _tried(self, grant: Grant, text: bytes) -> Connection | JobferryError:
        try:
            return self._made(grant, text)
        except JobferryError as error:
            return error

    def _made(self, grant: Grant, text: bytes) -> Connection:
        """A connection of its document, taken apart.

        Raises:
            InvalidRequest: the document is not acceptable.
        """
        document, text = read_connection(text)
        now = self._runtime.now()
        apart = self._connecting(grant).apart(document, text)
        return Connection(
            workspace_id=grant.workspace.id,
            name=document["name"],
            type=document["type"],
            document=apart.document,
            secrets=apart.secrets,
            created_by=grant.caller.name,
            created_at=now,
            updated_at=now,
        )

    def update(self, grant: Grant, name: str, text: bytes) -> Connection:
        """Replaces a connection; an empty or starred secret keeps what is there.

        Raises:
            Forbidden: the caller may not change connections here.
            NotFound: there is none of that name.
            Conflict: the type would change.
        """
        with self._runtime.attempt(
            grant, "connection-edit", Action.LIBRARY_EDIT, kind="connection", subject=name
        ) as attempt:
            document, text = read_connection(text)
            with attempt.change(only=grant.workspace.id) as change:
                before = _named(change.uow, grant, name)
                _refuse_renamed(before, document)
                apart = self._connecting(change.grant).apart(document, text, before)
                after = msgspec.structs.replace(
                    before, document=apart.document, secrets=apart.secrets, updated_at=self._runtime.now()
                )
                change.uow.connections.replace(after)
        return after

    def give_secrets(self, grant: Grant, name: str, secrets: Mapping[str, str]) -> Connection:
        """Gives a connection its password or other secrets, by their keys; the others stay.

        Raises:
            Forbidden: the caller may not change connections here.
            NotFound: there is none of that name.
            InvalidRequest: none is given, an empty one, or one whose key is not called like a secret.
        """
        with self._runtime.change(
            grant,
            "connection-secret",
            Action.LIBRARY_EDIT,
            kind="connection",
            subject=name,
            only=grant.workspace.id,
        ) as change:
            _refuse_unfit(name, secrets)
            before = _named(change.uow, grant, name)
            after = self._connecting(grant).with_secrets(before, dict(secrets))
            after = msgspec.structs.replace(after, updated_at=self._runtime.now())
            change.uow.connections.replace(after)
        return after

    def remove(self, grant: Grant, name: str) -> None:
        """Deletes a connection.

        Raises:
            Forbidden: the caller may not change connections here.
            NotFound: there is none of that name.
        """
        with self._runtime.change(
            grant,
            "connection-delete",
            Action.LIBRARY_EDIT,
            kind="connection",
            subject=name,
            only=grant.workspace.id,
        ) as change:
            if not change.uow.connections.remove(grant.workspace.id, name):
                raise _no_connection(change.uow, grant, name)

    def _connecting(self, grant: Grant) -> Connecting:
        return Connecting(self._seals, grant.workspace)


def _placed(
    there: list[Connection], found: Connection | JobferryError, grant: Grant
) -> Connection | JobferryError:
    """The connection if it has its place beside those that are there, which it joins then; else why not."""
    if isinstance(found, JobferryError):
        return found
    try:
        refuse_another(there, found, grant.workspace)
    except Conflict as error:
        return error
    there.append(found)
    return found


def _refuse_any(placed: Sequence[Connection | JobferryError]) -> None:
    """Raises: InvalidRequest: some of them are errors; it names their places."""
    faults = [
        Fault(error.code, f"connections.{number}", error.message, error.hint)
        for number, error in enumerate(placed)
        if isinstance(error, JobferryError)
    ]
    if faults:
        raise InvalidRequest(
            ErrorCode.INVALID_DOCUMENT,
            sentence("no connection was created, because {count:entry/entries} cannot be", count=len(faults)),
            subject="connections",
            hint="correct each of them, then load all again",
            faults=faults,
        )


def _named(snapshot: Snapshot, grant: Grant, name: str) -> Connection:
    found = snapshot.connections.named(grant.workspace.id, name)
    if found is None:
        raise _no_connection(snapshot, grant, name)
    return found


def _refuse_unfit(name: str, secrets: Mapping[str, str]) -> None:
    unfit = [key for key, value in secrets.items() if not value.strip("*") or not is_secret(key)]
    if unfit or not secrets:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("{key} is no secret of the connection {name}", key=unfit[0], name=name)
            if unfit
            else sentence("no secret is given for the connection {name}", name=name),
            subject=name,
            hint="give a key such as password with a value; other values are changed by saving the "
            "connection",
        )


def _refuse_renamed(before: Connection, document: dict[str, Any]) -> None:
    if document["type"] != before.type:
        raise type_fixed(before, document["type"])
    if document["name"] != before.name:
        raise InvalidRequest(
            ErrorCode.INVALID_NAME,
            sentence(
                "the connection {name} cannot be renamed to {name_2} by saving it",
                name=before.name,
                name_2=document["name"],
            ),
            subject=before.name,
        )


def _no_connection(snapshot: Snapshot, grant: Grant, name: str) -> NotFound:
    names = [connection.name for connection in snapshot.connections.all(grant.workspace.id)]
    return NotFound(
        ErrorCode.CONNECTION_MISSING,
        sentence("the connection {name} does not exist in this workspace", name=name),
        subject=name,
        hint=meant(nearest(name, names), as_sentence("see `jobferry connection list`")),
    )
