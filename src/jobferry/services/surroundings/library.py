"""Connections and the inventory: what documents name and Jobferry does not make."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest, NotFound
from jobferry.model.connections import is_secret
from jobferry.model.kinds import INVENTORY_KINDS, NeedKind
from jobferry.model.people import Grant
from jobferry.model.records import Connection, InventoryItem
from jobferry.model.rights import Action
from jobferry.model.settings import INVENTORY_ACCEPTED, accepted_kinds
from jobferry.services.releasing import release, release_kinds
from jobferry.services.runtime import Runtime
from jobferry.services.surroundings.connecting import (
    Connecting,
    Seals,
    read_connection,
    refuse_another,
    type_fixed,
)

if TYPE_CHECKING:
    from jobferry.store import Snapshot


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
                there = change.uow.surroundings.connections(grant.workspace.id)
                refuse_another(there, connection, change.grant.workspace)
                change.uow.surroundings.add_connection(connection)
                release(self._runtime, change.uow, grant, {("connection", connection.name, "")})
                change.audit(subject=connection.name)
        return connection

    def update_connection(self, grant: Grant, name: str, text: bytes) -> Connection:
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
                change.uow.surroundings.replace_connection(after)
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
            change.uow.surroundings.replace_connection(after)
        return after

    def remove_connection(self, grant: Grant, name: str) -> None:
        """Deletes a connection.

        Raises:
            Forbidden: the caller may not change connections here.
            NotFound: there is none of that name.
        """
        with self._runtime.change(
            grant, "connection-delete", Action.LIBRARY_EDIT, kind="connection", subject=name
        ) as change:
            if not change.uow.surroundings.remove_connection(grant.workspace.id, name):
                raise _no_connection(name)

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
        with self._runtime.change(grant, "inventory-add", Action.LIBRARY_EDIT, kind="inventory") as change:
            place = grant.workspace.id
            items = [
                InventoryItem(
                    workspace_id=place, kind=_inventory_kind(kind), name=_thing(name), local_id=local_id
                )
                for kind, name, local_id in things
            ]
            change.uow.surroundings.save_inventory(items)
            release(self._runtime, change.uow, grant, {(item.kind.value, item.name, "") for item in items})
            change.audit(subject=f"{len(items)} things")
        return len(items)

    def remove_inventory(self, grant: Grant, kind: str, name: str) -> None:
        """Takes a thing out of the inventory.

        Raises:
            Forbidden: the caller may not change the inventory here.
            NotFound: the inventory does not hold it.
        """
        with self._runtime.change(
            grant, "inventory-delete", Action.LIBRARY_EDIT, kind="inventory", subject=f"{kind} {name}"
        ) as change:
            there = change.uow.surroundings
            if not there.remove_inventory(grant.workspace.id, _inventory_kind(kind), name):
                raise NotFound(
                    ErrorCode.INVENTORY_MISSING, f"the inventory holds no {kind} {name}", subject=name
                )

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
        action = "inventory-accept" if accepted else "inventory-withdraw"
        with self._runtime.change(grant, action, Action.LIBRARY_EDIT, kind="inventory") as change:
            uow, chosen = change.uow, _chosen_kinds(kinds)
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
            change.audit(subject=", ".join(_in_order(chosen)))
        return now

    def _connecting(self, grant: Grant) -> Connecting:
        return Connecting(self._seals, grant.workspace)


def _named(snapshot: Snapshot, grant: Grant, name: str) -> Connection:
    found = snapshot.surroundings.connection(grant.workspace.id, name)
    if found is None:
        raise _no_connection(name)
    return found


def _refuse_unfit(name: str, secrets: Mapping[str, str]) -> None:
    unfit = [key for key, value in secrets.items() if not value.strip("*") or not is_secret(key)]
    if unfit or not secrets:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            f"{unfit[0] if unfit else 'nothing'} cannot be given to the connection {name} as a secret",
            subject=name,
            hint="give a key such as password with a value; other values are changed by saving it",
        )


def _refuse_renamed(before: Connection, document: dict[str, Any]) -> None:
    if document["type"] != before.type:
        raise type_fixed(before, document["type"])
    if document["name"] != before.name:
        raise InvalidRequest(
            ErrorCode.INVALID_NAME,
            f"the connection {before.name} cannot be renamed to {document['name']} by saving it",
            subject=before.name,
        )


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


def _chosen_kinds(kinds: Iterable[str]) -> set[NeedKind]:
    chosen = {_inventory_kind(kind) for kind in kinds}
    if not chosen:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "no kind of the inventory is named",
            hint="kinds are: " + ", ".join(INVENTORY_KINDS),
        )
    return chosen


def _in_order(kinds: Collection[NeedKind]) -> list[NeedKind]:
    return [kind for kind in INVENTORY_KINDS if kind in kinds]


def _thing(name: str) -> str:
    if not name.strip() or len(name) > 256:
        raise InvalidRequest(ErrorCode.INVALID_VALUE, "a name in the inventory has 1 to 256 characters")
    return name
