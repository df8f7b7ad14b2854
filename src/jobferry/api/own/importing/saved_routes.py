"""Saved routes: what imports from a source go by."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from jobferry.api.late import LateRouter
from jobferry.api.own.call import Placed, described
from jobferry.api.own.importing import mapped
from jobferry.api.own.importing.shown import options_as_told
from jobferry.api.own.requests import RouteBody
from jobferry.api.wire import PathText, answer, read_body
from jobferry.model.transfer.checked_import import Route
from jobferry.services.importing.routes import Source

router = LateRouter(prefix="/api/workspaces/{workspace}/routes", tags=["imports"])


@router.get("", response_model=mapped.RouteList)
def list_routes(call: Placed) -> Response:
    """The routes into this workspace, by their sources."""
    found = call.platform.routes.all(call.grant)
    return answer({"total": len(found), "items": [_told(one) for one in found]})


@router.get("/{platform}/{source}", response_model=mapped.RouteAnswer)
def show_route(call: Placed, platform: PathText, source: PathText) -> Response:
    """The route for packages from one workspace of one platform, which is named by its id."""
    return answer(_told(call.platform.routes.one(call.grant, Source(platform, source))))


@router.put("/{platform}/{source}", response_model=mapped.RouteAnswer, openapi_extra=described(RouteBody))
def save_route(call: Placed, platform: PathText, source: PathText) -> Response:
    """Keeps options for the next packages from there, in the place of what was kept."""
    asked = read_body(RouteBody, call.body)
    options, name = asked.options.options(), asked.platform_name
    return answer(_told(call.platform.routes.save(call.grant, Source(platform, source), name, options)))


@router.delete("/{platform}/{source}", status_code=204)
def delete_route(call: Placed, platform: PathText, source: PathText) -> Response:
    """Forgets it."""
    call.platform.routes.delete(call.grant, Source(platform, source))
    return Response(status_code=204)


def _told(route: Route) -> dict[str, Any]:
    return {
        "name": route.name,
        "source_platform": route.source_platform,
        "source_workspace": route.source_workspace,
        "platform_name": route.platform_name,
        "options": options_as_told(route.options),
        "saved_by": route.saved_by,
        "saved_at": route.saved_at,
    }
