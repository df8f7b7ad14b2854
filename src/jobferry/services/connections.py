"""The connections of a workspace: what documents name and Jobferry does not make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Unpack

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest, NotFound
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
from jobferry.services.object_access import meant
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
            document, text = read_connection(text)
            now = self._runtime.now()
            apart = self._connecting(grant).apart(document, text)
            connection = Connection(
                workspace_id=grant.workspace.id,
                name=document["name"],
                type=document["type"],
                document=apart.document,
                secrets=apart.secrets,
                created_by=grant.caller.name,
                created_at=now,
                updated_at=now,
            )
            with attempt.change() as change:
                there = change.uow.connections.all(grant.workspace.id)
                refuse_another(there, connection, change.grant.workspace)
                change.uow.connections.add(connection)
                release(self._runtime, change.uow, grant, {("connection", connection.name, "")})
                change.audit(subject=connection.name)
        return connection

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
            with attempt.change() as change:
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
            grant, "connection-secret", Action.LIBRARY_EDIT, kind="connection", subject=name
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
            grant, "connection-delete", Action.LIBRARY_EDIT, kind="connection", subject=name
        ) as change:
            if not change.uow.connections.remove(grant.workspace.id, name):
                raise _no_connection(change.uow, grant, name)

    def _connecting(self, grant: Grant) -> Connecting:
        return Connecting(self._seals, grant.workspace)


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
        hint=meant(get_close_matches(name, names), as_sentence("see `jobferry connection list`")),
    )
