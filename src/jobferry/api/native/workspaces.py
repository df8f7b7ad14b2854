"""Workspaces and their settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from jobferry.api.bodies import SettingValues
from jobferry.api.calls import Body, Calls, Limit, NamePiece, Offset
from jobferry.api.native.call import Call, Placed
from jobferry.api.native.settings import as_texts
from jobferry.model.lists import WorkspaceSort

if TYPE_CHECKING:
    from jobferry.model.records import Workspace

api = Calls("/api/workspaces", tag="workspaces")


class NewWorkspace(Body):
    """A workspace to be made."""

    name: str
    description: str = ""


class WorkspaceAnswer(Struct, frozen=True):
    """Times are milliseconds since 1970 (UTC), here and everywhere."""

    id: str
    name: str
    description: str
    created_by: str
    created_at: int
    settings: dict[str, str]


class WorkspaceList(Struct, frozen=True):
    """How many workspaces fit, and one page of them."""

    total: int
    items: list[WorkspaceAnswer]


@api.get("")
def list_workspaces(
    call: Call, name: NamePiece = "", sort: WorkspaceSort = "name", offset: Offset = 0, limit: Limit = 100
) -> WorkspaceList:
    """One page of the workspaces that the caller may enter."""
    total, found = call.platform.workspaces.page(call.caller, name, sort=sort, offset=offset, limit=limit)
    return WorkspaceList(total, [_shown(call, workspace) for workspace in found])


@api.post("", status=201)
def create_workspace(call: Call, body: NewWorkspace) -> WorkspaceAnswer:
    """Makes a workspace."""
    return _shown(call, call.platform.workspaces.create(body.name, call.caller, body.description))


@api.get("/{workspace}")
def show_workspace(call: Placed) -> WorkspaceAnswer:
    """One workspace."""
    return _shown(call, call.workspace)


@api.patch("/{workspace}/settings")
def change_settings(call: Placed, body: SettingValues) -> WorkspaceAnswer:
    """Changes settings, all or none of them; an empty value goes back to what holds where nothing is set."""
    return _shown(call, call.platform.workspaces.set(call.grant, as_texts(body)))


def _shown(call: Call, workspace: Workspace) -> WorkspaceAnswer:
    return WorkspaceAnswer(
        id=workspace.id,
        name=workspace.name,
        description=workspace.description,
        created_by=workspace.created_by,
        created_at=workspace.created_at,
        settings=call.platform.workspaces.settings_of(workspace),
    )
