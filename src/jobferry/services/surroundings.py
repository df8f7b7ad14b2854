"""What a workspace has besides its objects: connections, the inventory, environment variables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound
from jobferry.model.document.edits import Edit, Put, edited
from jobferry.model.document.library import connection_problems, connection_secret_keys
from jobferry.model.document.text import UnusableText, parse, parse_known, without_bom
from jobferry.model.grant import Grant
from jobferry.model.kinds import INVENTORY_KINDS, NeedKind
from jobferry.model.names import VARIABLE_NAME
from jobferry.model.records import Connection, InventoryItem, Variable, VariableType, Workspace
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.services.failures import told_if_failed
from jobferry.services.faults import refuse_problems, refuse_unusable
from jobferry.services.ground import Ground
from jobferry.services.releasing import release
from jobferry.store.ports import Snapshot, UnitOfWork


class Seals(Protocol):
    """Seals secrets with the data folder's key."""

    def seal(self, clear: bytes) -> bytes: ...

    def unseal(self, sealed: bytes) -> bytes: ...


class Surroundings:
    """Connections, inventory and variables of a workspace."""

    def __init__(self, ground: Ground, seals: Callable[[], Seals]) -> None:
        self._ground = ground
        self._seals = seals

    def connections(self, grant: Grant) -> list[Connection]:
        """All connections, by name.

        Raises:
            Forbidden: the caller may not look at connections here.
        """
        self._ground.allow(grant, Action.LIBRARY_VIEW, kind="connection")
        with self._ground.store.read() as snapshot:
            return snapshot.surroundings.connections(grant.workspace.id)

    def connection(self, grant: Grant, name: str) -> Connection:
        """One connection.

        Raises:
            Forbidden: the caller may not look at connections here.
            NotFound: there is none of that name.
        """
        self._ground.allow(grant, Action.LIBRARY_VIEW, kind="connection", subject=name)
        with self._ground.store.read() as snapshot:
            return _named(snapshot, grant, name)

    def create_connection(self, grant: Grant, text: bytes) -> Connection:
        """Saves a new connection; secrets in its config are sealed and leave the document.

        Raises:
            Forbidden: the caller may not change connections here.
            InvalidRequest: the document is not acceptable.
            Conflict: the name is taken, the quota reached, or a second DLI connection.
        """
        self._ground.allow(grant, Action.LIBRARY_EDIT, kind="connection")
        with told_if_failed(self._ground, grant, "connection-create", kind="connection"):
            return self._created(grant, text)

    def _created(self, grant: Grant, text: bytes) -> Connection:
        document, text = _read_connection(text)
        now = self._ground.now()
        clean, secrets = self._without_secrets(document, text)
        connection = Connection(
            workspace_id=grant.workspace.id,
            name=document["name"],
            type=document["type"],
            document=clean,
            secrets=secrets,
            created_by=grant.caller.name,
            created_at=now,
            updated_at=now,
        )
        with self._ground.store.write() as uow:
            there = uow.surroundings.connections(grant.workspace.id)
            _check_connection(there, connection, grant.workspace)
            uow.surroundings.add_connection(connection)
            release(self._ground, uow, grant, {("connection", connection.name, "")})
            self._commit(uow, grant, "connection-create", "connection", connection.name)
        return connection

    def update_connection(self, grant: Grant, name: str, text: bytes) -> Connection:
        """Replaces a connection; an empty or starred secret keeps what is there.

        Raises:
            Forbidden: the caller may not change connections here.
            NotFound: there is none of that name.
            Conflict: the type would change.
        """
        self._ground.allow(grant, Action.LIBRARY_EDIT, kind="connection", subject=name)
        with told_if_failed(self._ground, grant, "connection-edit", kind="connection", subject=name):
            return self._updated(grant, name, text)

    def _updated(self, grant: Grant, name: str, text: bytes) -> Connection:
        document, text = _read_connection(text)
        with self._ground.store.read() as snapshot:
            before = _named(snapshot, grant, name)
        if document["type"] != before.type:
            raise Conflict(
                ErrorCode.TYPE_FIXED,
                f"the connection {name} is of type {before.type}; a type cannot be changed",
                subject=name,
                hint="create a new one",
            )
        if document["name"] != name:
            raise InvalidRequest(
                ErrorCode.INVALID_NAME,
                f"the connection {name} cannot be renamed to {document['name']} by saving it",
                subject=name,
            )
        clean, secrets = self._without_secrets(document, text, before.secrets)
        after = msgspec.structs.replace(
            before, document=clean, secrets=secrets, updated_at=self._ground.now()
        )
        with self._ground.store.write() as uow:
            uow.surroundings.replace_connection(after)
            self._commit(uow, grant, "connection-edit", "connection", name)
        return after

    def remove_connection(self, grant: Grant, name: str) -> None:
        """Deletes a connection.

        Raises:
            Forbidden: the caller may not change connections here.
            NotFound: there is none of that name.
        """
        self._ground.allow(grant, Action.LIBRARY_EDIT, kind="connection", subject=name)
        with self._ground.store.write() as uow:
            if not uow.surroundings.remove_connection(grant.workspace.id, name):
                raise _no_connection(name)
            self._commit(uow, grant, "connection-delete", "connection", name)

    def _without_secrets(
        self, document: dict[str, Any], text: bytes, former: bytes = b""
    ) -> tuple[bytes, bytes]:
        config = document.get("config") or {}
        secrets: dict[str, Any] = {}
        if former:
            secrets = msgspec.json.decode(self._seals().unseal(former))
        edits: list[Edit] = []
        for key in connection_secret_keys(config):
            value = config[key]
            if isinstance(value, str) and value.strip("*"):
                secrets[key] = value
            edits.append(Put(("config", key), ""))
        sealed = self._seals().seal(msgspec.json.encode(secrets)) if secrets else b""
        return edited(text, edits), sealed

    def inventory(self, grant: Grant, kind: NeedKind | None = None) -> list[InventoryItem]:
        """What this workspace is said to have outside Jobferry, by kind and name.

        Raises:
            Forbidden: the caller may not look at the inventory here.
        """
        self._ground.allow(grant, Action.LIBRARY_VIEW, kind="inventory")
        with self._ground.store.read() as snapshot:
            return snapshot.surroundings.inventory(grant.workspace.id, kind)

    def add_inventory(self, grant: Grant, things: Iterable[tuple[str, str, str]]) -> int:
        """Adds things as (kind, name, local id), and gives how many there were.

        Raises:
            Forbidden: the caller may not change the inventory here.
            InvalidRequest: a kind that is not inventoried, or an empty name; nothing is added then.
        """
        self._ground.allow(grant, Action.LIBRARY_EDIT, kind="inventory")
        place = grant.workspace.id
        items = [
            InventoryItem(
                workspace_id=place, kind=_inventory_kind(kind), name=_thing(name), local_id=local_id
            )
            for kind, name, local_id in things
        ]
        with self._ground.store.write() as uow:
            uow.surroundings.save_inventory(items)
            release(self._ground, uow, grant, {(item.kind.value, item.name, "") for item in items})
            self._commit(uow, grant, "inventory-add", "inventory", f"{len(items)} things")
        return len(items)

    def remove_inventory(self, grant: Grant, kind: str, name: str) -> None:
        """Takes a thing out of the inventory.

        Raises:
            Forbidden: the caller may not change the inventory here.
            NotFound: the inventory does not hold it.
        """
        self._ground.allow(grant, Action.LIBRARY_EDIT, kind="inventory", subject=f"{kind} {name}")
        with self._ground.store.write() as uow:
            if not uow.surroundings.remove_inventory(grant.workspace.id, _inventory_kind(kind), name):
                raise NotFound(
                    ErrorCode.INVENTORY_MISSING, f"the inventory holds no {kind} {name}", subject=name
                )
            self._commit(uow, grant, "inventory-delete", "inventory", f"{kind} {name}")

    def variables(self, grant: Grant) -> list[tuple[Variable, str | None]]:
        """Environment variables by name; with their values for those who may change them.

        Raises:
            Forbidden: the caller may not look at variables here.
        """
        self._ground.allow(grant, Action.LIBRARY_VIEW, kind="variable")
        with self._ground.store.read() as snapshot:
            found = snapshot.surroundings.variables(grant.workspace.id)
        if not grant.may(Action.VARIABLE_EDIT):
            return [(one, None) for one in found]
        return [(one, self._seals().unseal(one.value).decode() if one.value else "") for one in found]

    def save_variable(
        self, grant: Grant, name: str, value: str, type_: VariableType, description: str = ""
    ) -> None:
        """Sets an environment variable.

        Raises:
            Forbidden: the caller may not change variables here.
            InvalidRequest: the name is not 1 to 64 letters, digits, _ or -.
        """
        self._ground.allow(grant, Action.VARIABLE_EDIT, kind="variable", subject=name)
        if not VARIABLE_NAME.match(name):
            raise InvalidRequest(
                ErrorCode.INVALID_NAME,
                f"{name!r} is no name for a variable",
                subject=name,
                hint="use 1 to 64 letters, digits, _ or -",
            )
        sealed = self._seals().seal(value.encode()) if value else b""
        variable = Variable(
            workspace_id=grant.workspace.id, name=name, type=type_, value=sealed, description=description
        )
        with self._ground.store.write() as uow:
            uow.surroundings.save_variable(variable)
            self._commit(uow, grant, "variable-edit", "variable", name)

    def remove_variable(self, grant: Grant, name: str) -> None:
        """Deletes an environment variable.

        Raises:
            Forbidden: the caller may not change variables here.
            NotFound: there is none of that name.
        """
        self._ground.allow(grant, Action.VARIABLE_EDIT, kind="variable", subject=name)
        with self._ground.store.write() as uow:
            if not uow.surroundings.remove_variable(grant.workspace.id, name):
                raise NotFound(ErrorCode.VARIABLE_MISSING, f"there is no variable {name} here", subject=name)
            self._commit(uow, grant, "variable-delete", "variable", name)

    def _commit(self, uow: UnitOfWork, grant: Grant, action: str, kind: str, subject: str) -> None:
        self._ground.record(uow, self._ground.event(grant, action, kind=kind, subject=subject))
        uow.commit()


def _named(snapshot: Snapshot, grant: Grant, name: str) -> Connection:
    found = snapshot.surroundings.connection(grant.workspace.id, name)
    if found is None:
        raise _no_connection(name)
    return found


def _read_connection(text: bytes) -> tuple[dict[str, Any], bytes]:
    text = without_bom(text)
    try:
        document = parse(text)
    except UnusableText as unusable:
        raise refuse_unusable(unusable, "connection") from None
    if problems := connection_problems(document):
        raise refuse_problems(problems, "connection", str(document.get("name") or ""))
    return document, text


def _check_connection(there: Sequence[Connection], new: Connection, workspace: Workspace) -> None:
    if any(one.name == new.name for one in there):
        raise Conflict(ErrorCode.NAME_TAKEN, f"the connection name {new.name} is taken", subject=new.name)
    limit = read_settings(workspace.settings).reading.limits.connections
    if len(there) >= limit:
        raise Conflict(
            ErrorCode.QUOTA_REACHED,
            f"this workspace holds at most {limit} connections, and has them",
            subject=new.name,
            hint="make room, or raise max_connections",
        )
    if new.type == "DLI" and any(one.type == "DLI" for one in there):
        raise Conflict(
            ErrorCode.ONE_DLI_CONNECTION,
            "this workspace has its one DLI connection already",
            subject=new.name,
        )
    cluster = _cluster(new)
    if cluster and any(one.type == new.type and _cluster(one) == cluster for one in there):
        raise Conflict(
            ErrorCode.CLUSTER_TAKEN, f"the cluster {cluster} is used by another connection", subject=cluster
        )


def _cluster(connection: Connection) -> str:
    if connection.type not in ("SparkSQL", "HIVE", "CloudTable"):
        return ""
    config = parse_known(connection.document).get("config")
    return str(config.get("clusterName") or "") if isinstance(config, dict) else ""


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


def _thing(name: str) -> str:
    if not name.strip() or len(name) > 256:
        raise InvalidRequest(ErrorCode.INVALID_VALUE, "a name in the inventory has 1 to 256 characters")
    return name
