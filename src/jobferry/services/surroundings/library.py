"""Connections and the inventory: what documents name and Jobferry does not make."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest, NotFound
from jobferry.model.connections import is_secret
from jobferry.model.kinds import INVENTORY_KINDS, NeedKind
from jobferry.model.people import Grant
from jobferry.model.records import Connection, InventoryItem
from jobferry.model.rights import Action
from jobferry.model.settings import INVENTORY_ACCEPTED, accepted_kinds
from jobferry.services.releasing import release, release_kinds
from jobferry.services.runtime import Runtime, told_if_failed
from jobferry.services.surroundings.connecting import (
    Connecting,
    Seals,
    read_connection,
    refuse_another,
    type_fixed,
)

if TYPE_CHECKING:
    from jobferry.store import Snapshot, UnitOfWork


class Surroundings:
    """Connections and inventory of a workspace."""

    def __init__(self, runtime: Runtime, seals: Callable[[], Seals]) -> None:
        self._runtime = runtime
        self._seals = seals

    def connections(self, grant: Grant) -> list[Connection]:
        """All connections, by name.

        Raises:
            Forbidden: the caller may not look at connections here.
        """
        self._runtime.allow(grant, Action.LIBRARY_VIEW, kind="connection")
        with self._runtime.store.read() as snapshot:
            return snapshot.surroundings.connections(grant.workspace.id)

    def connection(self, grant: Grant, name: str) -> Connection:
        """One connection.

        Raises:
            Forbidden: the caller may not look at connections here.
            NotFound: there is none of that name.
        """
        self._runtime.allow(grant, Action.LIBRARY_VIEW, kind="connection", subject=name)
        with self._runtime.store.read() as snapshot:
            return _named(snapshot, grant, name)

    def create_connection(self, grant: Grant, text: bytes) -> Connection:
        """Saves a new connection; secrets in its config are sealed and leave the document.

        Raises:
            Forbidden: the caller may not change connections here.
            InvalidRequest: the document is not acceptable.
            Conflict: the name is taken, the quota reached, or a second DLI connection.
        """
        self._runtime.allow(grant, Action.LIBRARY_EDIT, kind="connection")
        with told_if_failed(self._runtime, grant, "connection-create", kind="connection"):
            return self._created(grant, text)

    def _created(self, grant: Grant, text: bytes) -> Connection:
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
        with self._runtime.store.write() as uow:
            there = uow.surroundings.connections(grant.workspace.id)
            refuse_another(there, connection, grant.workspace)
            uow.surroundings.add_connection(connection)
            release(self._runtime, uow, grant, {("connection", connection.name, "")})
            self._commit(uow, grant, "connection-create", "connection", connection.name)
        return connection

    def update_connection(self, grant: Grant, name: str, text: bytes) -> Connection:
        """Replaces a connection; an empty or starred secret keeps what is there.

        Raises:
            Forbidden: the caller may not change connections here.
            NotFound: there is none of that name.
            Conflict: the type would change.
        """
        self._runtime.allow(grant, Action.LIBRARY_EDIT, kind="connection", subject=name)
        with told_if_failed(self._runtime, grant, "connection-edit", kind="connection", subject=name):
            return self._updated(grant, name, text)

    def _updated(self, grant: Grant, name: str, text: bytes) -> Connection:
        document, text = read_connection(text)
        with self._runtime.store.read() as snapshot:
            before = _named(snapshot, grant, name)
        if document["type"] != before.type:
            raise type_fixed(before, document["type"])
        if document["name"] != name:
            raise InvalidRequest(
                ErrorCode.INVALID_NAME,
                f"the connection {name} cannot be renamed to {document['name']} by saving it",
                subject=name,
            )
        apart = self._connecting(grant).apart(document, text, before)
        after = msgspec.structs.replace(
            before, document=apart.document, secrets=apart.secrets, updated_at=self._runtime.now()
        )
        with self._runtime.store.write() as uow:
            uow.surroundings.replace_connection(after)
            self._commit(uow, grant, "connection-edit", "connection", name)
        return after

    def give_secrets(self, grant: Grant, name: str, secrets: Mapping[str, str]) -> Connection:
        """Gives a connection its password or other secrets, by their keys; the others stay.

        Raises:
            Forbidden: the caller may not change connections here.
            NotFound: there is none of that name.
            InvalidRequest: none is given, an empty one, or one whose key is not called like a secret.
        """
        self._runtime.allow(grant, Action.LIBRARY_EDIT, kind="connection", subject=name)
        unfit = [key for key, value in secrets.items() if not value.strip("*") or not is_secret(key)]
        if unfit or not secrets:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                f"{unfit[0] if unfit else 'nothing'} cannot be given to the connection {name} as a secret",
                subject=name,
                hint="give a key such as password with a value; other values are changed by saving it",
            )
        with self._runtime.store.write() as uow:
            before = _named(uow, grant, name)
            after = self._connecting(grant).with_secrets(before, dict(secrets))
            after = msgspec.structs.replace(after, updated_at=self._runtime.now())
            uow.surroundings.replace_connection(after)
            self._commit(uow, grant, "connection-secret", "connection", name)
        return after

    def remove_connection(self, grant: Grant, name: str) -> None:
        """Deletes a connection.

        Raises:
            Forbidden: the caller may not change connections here.
            NotFound: there is none of that name.
        """
        self._runtime.allow(grant, Action.LIBRARY_EDIT, kind="connection", subject=name)
        with self._runtime.store.write() as uow:
            if not uow.surroundings.remove_connection(grant.workspace.id, name):
                raise _no_connection(name)
            self._commit(uow, grant, "connection-delete", "connection", name)

    def inventory(self, grant: Grant, kind: NeedKind | None = None) -> list[InventoryItem]:
        """What this workspace is said to have outside Jobferry, by kind and name.

        Raises:
            Forbidden: the caller may not look at the inventory here.
        """
        self._runtime.allow(grant, Action.LIBRARY_VIEW, kind="inventory")
        with self._runtime.store.read() as snapshot:
            return snapshot.surroundings.inventory(grant.workspace.id, kind)

    def add_inventory(self, grant: Grant, things: Iterable[tuple[str, str, str]]) -> int:
        """Adds things as (kind, name, local id), and gives how many there were.

        Raises:
            Forbidden: the caller may not change the inventory here.
            InvalidRequest: a kind that is not inventoried, or an empty name; nothing is added then.
        """
        self._runtime.allow(grant, Action.LIBRARY_EDIT, kind="inventory")
        place = grant.workspace.id
        items = [
            InventoryItem(
                workspace_id=place, kind=_inventory_kind(kind), name=_thing(name), local_id=local_id
            )
            for kind, name, local_id in things
        ]
        with self._runtime.store.write() as uow:
            uow.surroundings.save_inventory(items)
            release(self._runtime, uow, grant, {(item.kind.value, item.name, "") for item in items})
            self._commit(uow, grant, "inventory-add", "inventory", f"{len(items)} things")
        return len(items)

    def remove_inventory(self, grant: Grant, kind: str, name: str) -> None:
        """Takes a thing out of the inventory.

        Raises:
            Forbidden: the caller may not change the inventory here.
            NotFound: the inventory does not hold it.
        """
        self._runtime.allow(grant, Action.LIBRARY_EDIT, kind="inventory", subject=f"{kind} {name}")
        with self._runtime.store.write() as uow:
            if not uow.surroundings.remove_inventory(grant.workspace.id, _inventory_kind(kind), name):
                raise NotFound(
                    ErrorCode.INVENTORY_MISSING, f"the inventory holds no {kind} {name}", subject=name
                )
            self._commit(uow, grant, "inventory-delete", "inventory", f"{kind} {name}")

    def accepted_kinds(self, grant: Grant) -> list[NeedKind]:
        """The kinds of which everything is taken to exist here.

        Raises:
            Forbidden: the caller may not look at the inventory here.
        """
        self._runtime.allow(grant, Action.LIBRARY_VIEW, kind="inventory")
        return _in_order(accepted_kinds(grant.workspace.settings))

    def accept_inventory(
        self, grant: Grant, kinds: Iterable[str], *, accepted: bool = True
    ) -> list[NeedKind]:
        """Says that everything of these kinds exists here, or no longer says so; gives all that are accepted.

        What waited for things of these kinds is let go.

        Raises:
            Forbidden: the caller may not change the inventory here.
            InvalidRequest: none is named, or a kind that is not inventoried; nothing is changed then.
            NotFound: the workspace is gone.
        """
        self._runtime.allow(grant, Action.LIBRARY_EDIT, kind="inventory")
        chosen = {_inventory_kind(kind) for kind in kinds}
        if not chosen:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                "no kind of the inventory is named",
                hint="kinds are: " + ", ".join(INVENTORY_KINDS),
            )
        with self._runtime.store.write() as uow:
            workspace = uow.workspaces.by_id(grant.workspace.id)
            if workspace is None:
                raise NotFound(ErrorCode.WORKSPACE_MISSING, "the workspace does not exist any more")
            former = accepted_kinds(workspace.settings)
            now = _in_order(former | chosen if accepted else former - chosen)
            settings = workspace.settings | {INVENTORY_ACCEPTED: ",".join(now)}
            settings = {key: value for key, value in settings.items() if value}
            workspace = msgspec.structs.replace(workspace, settings=settings, updated_at=self._runtime.now())
            uow.workspaces.replace(workspace)
            if accepted:
                release_kinds(self._runtime, uow, grant, {kind.value for kind in chosen})
            action = "inventory-accept" if accepted else "inventory-withdraw"
            self._commit(uow, grant, action, "inventory", ", ".join(_in_order(chosen)))
        return now

    def _connecting(self, grant: Grant) -> Connecting:
        return Connecting(self._seals, grant.workspace)

    def _commit(self, uow: UnitOfWork, grant: Grant, action: str, kind: str, subject: str) -> None:
        self._runtime.record(uow, self._runtime.event(grant, action, kind=kind, subject=subject))
        uow.commit()


def _named(snapshot: Snapshot, grant: Grant, name: str) -> Connection:
    found = snapshot.surroundings.connection(grant.workspace.id, name)
    if found is None:
        raise _no_connection(name)
    return found


def _no_connection(name: str) -> NotFound:
    return NotFound(
        ErrorCode.CONNECTION_MISSING, f"the connection {name} does not exist in this workspace", subject=name
    )


def _inventory_kind(kind: str) -> NeedKind:
    if kind not in tuple(INVENTORY_KINDS):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            f"{kind!r} is not a kind of the inventory",
            subject=kind,
            hint="kinds are: " + ", ".join(INVENTORY_KINDS),
        )
    return NeedKind(kind)


def _in_order(kinds: Collection[NeedKind]) -> list[NeedKind]:
    return [kind for kind in INVENTORY_KINDS if kind in kinds]


def _thing(name: str) -> str:
    if not name.strip() or len(name) > 256:
        raise InvalidRequest(ErrorCode.INVALID_VALUE, "a name in the inventory has 1 to 256 characters")
    return name
