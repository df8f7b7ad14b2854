"""What a workspace has besides its objects: connections, inventory, environment variables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import msgspec
from sqlalchemy import Connection as SqlConnection
from sqlalchemy import Row, delete, insert, select, update

from jobferry.model.kinds import NeedKind
from jobferry.model.lists import ConnectionFilter, InventoryFilter, PageOptions, VariableFilter
from jobferry.model.records import Connection, InventoryItem, Variable, VariableType
from jobferry.store import bulk, faults
from jobferry.store.schema import connections, inventory, variables

_CONNECTION_ORDERS: bulk.Orders = {
    "name": [connections.c.name],
    "type": [connections.c.type, connections.c.name],
    "updated_at": [connections.c.updated_at, connections.c.name],
}
_INVENTORY_ORDERS: bulk.Orders = {
    "kind": [inventory.c.kind, inventory.c.name],
    "name": [inventory.c.name, inventory.c.kind],
}
_VARIABLE_ORDERS: bulk.Orders = {
    "name": [variables.c.name],
    "type": [variables.c.type, variables.c.name],
}


class Connections:
    """The connections of workspaces."""

    def __init__(self, connection: SqlConnection) -> None:
        self._connection = connection

    def all(self, workspace_id: str) -> list[Connection]:
        """In order of name."""
        here = select(connections).where(connections.c.workspace_id == workspace_id).order_by("name")
        return [_connection(row) for row in self._connection.execute(here)]

    def page(
        self, workspace_id: str, wanted: ConnectionFilter, **which: Unpack[PageOptions]
    ) -> tuple[int, list[Connection]]:
        """How many fit, and one page of them."""
        here = select(connections).where(
            connections.c.workspace_id == workspace_id,
            bulk.fits(
                self._connection, [(connections.c.type, wanted.type)], [(connections.c.name, wanted.name)]
            ),
        )
        total, rows = bulk.page(self._connection, here, _CONNECTION_ORDERS, **which)
        return total, [_connection(row) for row in rows]

    def named(self, workspace_id: str, name: str) -> Connection | None:
        """The connection of that name."""
        if not bulk.texts([name]):
            return None
        here = (connections.c.workspace_id == workspace_id) & (connections.c.name == name)
        row = self._connection.execute(select(connections).where(here)).one_or_none()
        return _connection(row) if row else None


class ConnectionWriter(Connections):
    """Connections, to be changed."""

    def add(self, connection: Connection) -> None:
        """Makes a connection.

        Raises:
            Conflict: the name is taken.
        """
        with bulk.conflicts_as(self._connection, lambda: faults.taken("connection", connection.name)):
            self._connection.execute(insert(connections).values(_connection_row(connection)))

    def replace(self, connection: Connection) -> None:
        """Writes every column of a connection, found by name."""
        here = (connections.c.workspace_id == connection.workspace_id) & (
            connections.c.name == connection.name
        )
        self._connection.execute(update(connections).where(here).values(_connection_row(connection)))

    def remove(self, workspace_id: str, name: str) -> bool:
        """Deletes a connection; whether there was one."""
        here = (connections.c.workspace_id == workspace_id) & (connections.c.name == name)
        return self._connection.execute(delete(connections).where(here)).rowcount > 0


class Inventory:
    """What workspaces can use outside Jobferry."""

    def __init__(self, connection: SqlConnection) -> None:
        self._connection = connection

    def items(self, workspace_id: str, kind: NeedKind | None = None) -> list[InventoryItem]:
        """In order of kind and name."""
        here = select(inventory).where(inventory.c.workspace_id == workspace_id).order_by("kind", "name")
        if kind is not None:
            here = here.where(inventory.c.kind == kind.value)
        return [_item(row) for row in self._connection.execute(here)]

    def page(
        self, workspace_id: str, wanted: InventoryFilter, **which: Unpack[PageOptions]
    ) -> tuple[int, list[InventoryItem]]:
        """How many fit, and one page of them."""
        here = select(inventory).where(
            inventory.c.workspace_id == workspace_id,
            bulk.fits(self._connection, [(inventory.c.kind, wanted.kind)], [(inventory.c.name, wanted.name)]),
        )
        total, rows = bulk.page(self._connection, here, _INVENTORY_ORDERS, "kind", **which)
        return total, [_item(row) for row in rows]


class InventoryWriter(Inventory):
    """The inventory, to be changed."""

    def save(self, items: Sequence[InventoryItem]) -> None:
        """Inserts, or replaces the local id of what is there."""
        rows = [(item.workspace_id, item.kind.value, item.name, item.local_id) for item in items]
        bulk.save(self._connection, inventory, rows, changed=["local_id"])

    def remove(self, workspace_id: str, kind: NeedKind, name: str) -> bool:
        """Deletes one item; whether there was one."""
        here = (inventory.c.workspace_id == workspace_id) & (inventory.c.kind == kind.value)
        return self._connection.execute(delete(inventory).where(here, inventory.c.name == name)).rowcount > 0


class Variables:
    """The environment variables of workspaces."""

    def __init__(self, connection: SqlConnection) -> None:
        self._connection = connection

    def all(self, workspace_id: str) -> list[Variable]:
        """In order of name."""
        here = select(variables).where(variables.c.workspace_id == workspace_id).order_by("name")
        return [_variable(row) for row in self._connection.execute(here)]

    def page(
        self, workspace_id: str, wanted: VariableFilter, **which: Unpack[PageOptions]
    ) -> tuple[int, list[Variable]]:
        """How many fit, and one page of them."""
        here = select(variables).where(
            variables.c.workspace_id == workspace_id,
            bulk.fits(self._connection, [(variables.c.type, wanted.type)], [(variables.c.name, wanted.name)]),
        )
        total, rows = bulk.page(self._connection, here, _VARIABLE_ORDERS, **which)
        return total, [_variable(row) for row in rows]


class VariableWriter(Variables):
    """Environment variables, to be changed."""

    def save(self, given: Sequence[Variable]) -> None:
        """Inserts or replaces each."""
        rows = [
            (variable.workspace_id, variable.name, variable.type.value, variable.value, variable.description)
            for variable in given
        ]
        bulk.save(self._connection, variables, rows, changed=["type", "value", "description"])

    def remove(self, workspace_id: str, name: str) -> bool:
        """Deletes a variable; whether there was one."""
        here = (variables.c.workspace_id == workspace_id) & (variables.c.name == name)
        return self._connection.execute(delete(variables).where(here)).rowcount > 0


def _item(row: Row[Any]) -> InventoryItem:
    return InventoryItem(**row._asdict() | {"kind": NeedKind(row.kind)})


def _variable(row: Row[Any]) -> Variable:
    return Variable(**row._asdict() | {"type": VariableType(row.type), "value": bytes(row.value)})


def _connection_row(connection: Connection) -> bulk.Row:
    return msgspec.structs.asdict(connection) | {"document": connection.document.decode()}


def _connection(row: Row[Any]) -> Connection:
    return Connection(**row._asdict() | {"document": row.document.encode(), "secrets": bytes(row.secrets)})
