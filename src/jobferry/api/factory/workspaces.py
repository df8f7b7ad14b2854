"""Workspaces. There is one instance here, so any instance id is taken."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response

from jobferry.api.factory.bodies import WorkspaceBody
from jobferry.api.factory.call import InProject, ProjectCall
from jobferry.api.late import LateRouter
from jobferry.api.wire import PathText, answer, query_number, read_body
from jobferry.model.records import Workspace
from jobferry.services.workspaces import DEFAULT_WORKSPACE

router = LateRouter(prefix="/v1/{project_id}/workspaces")

_DEFAULT, _PUBLIC = 1, 2


@router.get("")
@router.get("/{instance_id}")
def list_workspaces(call: InProject, request: Request) -> Response:
    """One page, in order of name."""
    offset = query_number(request, "offset", 0)
    limit = query_number(request, "limit", 10, low=1, high=100)
    found = call.platform.workspaces.all(call.caller)
    page = [_shown(one, call, request) for one in found[offset : offset + limit]]
    return answer({"count": len(found), "total_page": -(-len(found) // limit), "data": page})


@router.post("")
@router.post("/{instance_id}")
def create_workspace(call: InProject, request: Request) -> Response:
    """Makes a workspace and shows it."""
    asked = read_body(WorkspaceBody, call.body)
    made = call.platform.workspaces.create(asked.name, call.caller, asked.description or "")
    return answer(_shown(made, call, request))


@router.get("/{instance_id}/{workspace_id}")
def show_workspace(call: InProject, workspace_id: PathText, request: Request) -> Response:
    """A workspace by its id or name."""
    grant = call.platform.workspaces.enter(workspace_id, call.caller)
    return answer(_shown(grant.workspace, call, request))


def _shown(workspace: Workspace, call: ProjectCall, request: Request) -> dict[str, Any]:
    return {
        "id": workspace.id,
        "name": workspace.name,
        "description": workspace.description,
        "is_default": _DEFAULT if workspace.name == DEFAULT_WORKSPACE else _PUBLIC,
        "instance_id": request.path_params.get("instance_id", ""),
        "project_id": call.platform.identity.project_id,
        "owner_name": workspace.created_by,
        "create_user": workspace.created_by,
        "create_time": workspace.created_at,
        "update_time": workspace.updated_at,
    }
