"""Saved routes: what imports from a source go by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict

from jobferry.api.bodies import BodyLimit
from jobferry.api.calls import Body, Calls, Limit, NamePiece, Offset
from jobferry.api.native.call import Placed
from jobferry.api.native.imports import ImportOptionsBody, options_as_told
from jobferry.model.lists import RouteSort

if TYPE_CHECKING:
    from jobferry.model.transfer.checked_import import Route
    from jobferry.services.importing.routes import Source

api = Calls("/api/workspaces/{workspace}/routes", tag="imports")


class RouteHead(Struct, frozen=True):
    """A saved route: how many names it maps and how many rules it has, without its options."""

    name: str
    source_platform: str
    source_workspace: str
    platform_name: str
    saved_by: str
    saved_at: int
    mapped: int
    rules: int


class RouteAnswer(RouteHead, frozen=True):
    """A saved route: the options that imports from its source go by."""

    options: dict[str, Any]


class RouteList(Struct, frozen=True):
    """How many routes fit, and one page of them."""

    total: int
    items: list[RouteHead]


class RouteBody(Body):
    """What imports from a source are to go by; ``platform_name`` is what people call the platform."""

    options: ImportOptionsBody
    platform_name: str = ""


@api.get("")
def list_routes(
    call: Placed, name: NamePiece = "", sort: RouteSort = "source", offset: Offset = 0, limit: Limit = 100
) -> RouteList:
    """One page of the routes into this workspace; ``name`` is a piece of platform or workspace."""
    total, found = call.platform.routes.page(call.grant, name, sort=sort, offset=offset, limit=limit)
    return RouteList(total, [_head(route) for route in found])


@api.get("/{platform}/{source}")
def show_route(call: Placed, platform: str, source: str) -> RouteAnswer:
    """The route for packages from one workspace of one platform, which is named by its id."""
    return _told(call.platform.routes.one(call.grant, _source(platform, source)))


@api.put("/{platform}/{source}", body_limit=BodyLimit.LIST)
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


def _head(route: Route) -> RouteHead:
    options = options_as_told(route.options)
    return RouteHead(
        name=route.name,
        source_platform=route.source_platform,
        source_workspace=route.source_workspace,
        platform_name=route.platform_name,
        saved_by=route.saved_by,
        saved_at=route.saved_at,
        mapped=sum(map(len, options.get("mapping", {}).values())),
        rules=len(options.get("rules", [])),
    )


def _told(route: Route) -> RouteAnswer:
    return RouteAnswer(**asdict(_head(route)), options=options_as_told(route.options))
