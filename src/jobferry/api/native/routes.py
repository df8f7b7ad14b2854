"""Saved routes: what imports from a source go by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from jobferry.api.calls import Body, Calls
from jobferry.api.native.call import Placed
from jobferry.api.native.imports import ImportOptionsBody, options_as_told

if TYPE_CHECKING:
    from jobferry.model.transfer.checked_import import Route
    from jobferry.services.importing.routes import Source

api = Calls("/api/workspaces/{workspace}/routes", tag="imports")


class RouteAnswer(Struct, frozen=True):
    """A saved route: the options that imports from its source go by."""

    name: str
    source_platform: str
    source_workspace: str
    platform_name: str
    options: dict[str, Any]
    saved_by: str
    saved_at: int


class RouteList(Struct, frozen=True):
    """All routes into a workspace, by their sources."""

    total: int
    items: list[RouteAnswer]


class RouteBody(Body):
    """What imports from a source are to go by; ``platform_name`` is what people call the platform."""

    options: ImportOptionsBody
    platform_name: str = ""


@api.get("")
def list_routes(call: Placed) -> RouteList:
    """The routes into this workspace, by their sources."""
    found = call.platform.routes.all(call.grant)
    return RouteList(len(found), [_told(route) for route in found])


@api.get("/{platform}/{source}")
def show_route(call: Placed, platform: str, source: str) -> RouteAnswer:
    """The route for packages from one workspace of one platform, which is named by its id."""
    return _told(call.platform.routes.one(call.grant, _source(platform, source)))


@api.put("/{platform}/{source}")
def save_route(call: Placed, platform: str, source: str, body: RouteBody) -> RouteAnswer:
    """Keeps options for the next packages from there, in the place of what was kept."""
    options, name = body.options.options(), body.platform_name
    return _told(call.platform.routes.save(call.grant, _source(platform, source), name, options))


@api.delete("/{platform}/{source}")
def delete_route(call: Placed, platform: str, source: str) -> None:
    """Forgets it."""
    call.platform.routes.delete(call.grant, _source(platform, source))


def _source(platform: str, workspace: str) -> Source:
    from jobferry.services.importing.routes import Source

    return Source(platform, workspace)


def _told(route: Route) -> RouteAnswer:
    return RouteAnswer(
        name=route.name,
        source_platform=route.source_platform,
        source_workspace=route.source_workspace,
        platform_name=route.platform_name,
        options=options_as_told(route.options),
        saved_by=route.saved_by,
        saved_at=route.saved_at,
    )
