"""Saved routes: the options that imports from a source go by."""

from __future__ import annotations

from typing import Any, Unpack

from sqlalchemy import ColumnElement, Connection, Row, delete, or_, select

from jobferry.model.lists import PageOptions
from jobferry.model.names import printable
from jobferry.model.transfer.checked_import import Route
from jobferry.store import bulk
from jobferry.store.schema import routes
from jobferry.store.sealing import Sealing

_SOURCE = (routes.c.source_platform, routes.c.source_workspace)
_ORDERS: bulk.Orders = {
    "source": _SOURCE,
    "name": [routes.c.platform_name, routes.c.source_workspace, routes.c.source_platform],
    "saved_at": [routes.c.saved_at, *_SOURCE],
}
_CHANGING = ("platform_name", "options", "saved_by", "saved_at")


class Routes:
    """Saved routes, each of one workspace from one source."""

    def __init__(self, connection: Connection, sealing: Sealing) -> None:
        self._connection = connection
        self._sealing = sealing

    def page(
        self, workspace_id: str, piece: str = "", **which: Unpack[PageOptions]
    ) -> tuple[int, list[Route]]:
        """How many have a piece in platform or workspace, and one page of them, by their sources."""
        here = select(routes).where(routes.c.workspace_id == workspace_id)
        if piece:
            searched = (routes.c.platform_name, *_SOURCE)
            here = here.where(or_(*(bulk.contains(self._connection, column, piece) for column in searched)))
        total, rows = bulk.page(self._connection, here, _ORDERS, "source", **which)
        return total, [self._route(row) for row in rows]

    def one(self, workspace_id: str, source_platform: str, source_workspace: str) -> Route | None:
        """The route from that source."""
        names = [source_platform, source_workspace]
        if len(bulk.texts(names)) < len(set(names)):
            return None
        here = select(routes).where(_of(workspace_id, source_platform, source_workspace))
        row = self._connection.execute(here).one_or_none()
        return self._route(row) if row else None

    def _route(self, row: Row[Any]) -> Route:
        return Route(**row._asdict() | {"options": self._sealing.options_read(row.options)})


class RouteWriter(Routes):
    """Routes, to be saved and removed."""

    def save(self, route: Route) -> None:
        """Inserts, or replaces the one of that source."""
        row = (
            route.workspace_id,
            route.source_platform,
            route.source_workspace,
            printable(route.platform_name),
            self._sealing.options_kept(route.options),
            route.saved_by,
            route.saved_at,
        )
        bulk.save(self._connection, routes, [row], changed=list(_CHANGING))

    def remove(self, workspace_id: str, source_platform: str, source_workspace: str) -> bool:
        """Deletes a route; whether there was one."""
        names = [source_platform, source_workspace]
        if len(bulk.texts(names)) < len(set(names)):
            return False
        here = _of(workspace_id, source_platform, source_workspace)
        return self._connection.execute(delete(routes).where(here)).rowcount > 0


def _of(workspace_id: str, source_platform: str, source_workspace: str) -> ColumnElement[bool]:
    there = (routes.c.source_platform == source_platform) & (routes.c.source_workspace == source_workspace)
    return (routes.c.workspace_id == workspace_id) & there
