"""Workspaces and their settings."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from jobferry.api.late import LateRouter
from jobferry.api.own import answers
from jobferry.api.own.call import Placed, Signed, described
from jobferry.api.own.requests import NewWorkspace
from jobferry.api.own.settings import SettingValues, said
from jobferry.api.wire import answer, read_body
from jobferry.model.records import Workspace

router = LateRouter(prefix="/api/workspaces", tags=["workspaces"])


@router.get("", response_model=answers.WorkspaceList)
def list_workspaces(call: Signed) -> Response:
    """The workspaces that the caller may enter, by name."""
    items = [
        _shown(call.platform.workspaces.settings_of(one), one)
        for one in call.platform.workspaces.all(call.caller)
    ]
    return answer({"total": len(items), "items": items})


@router.post(
    "", status_code=201, response_model=answers.WorkspaceAnswer, openapi_extra=described(NewWorkspace)
)
def create_workspace(call: Signed) -> Response:
    """Makes a workspace."""
    asked = read_body(NewWorkspace, call.body)
    made = call.platform.workspaces.create(asked.name, call.caller, asked.description)
    return answer(_shown(call.platform.workspaces.settings_of(made), made), 201)


@router.get("/{workspace}", response_model=answers.WorkspaceAnswer)
def show_workspace(call: Placed) -> Response:
    """One workspace."""
    return answer(_shown(call.platform.workspaces.settings_of(call.workspace), call.workspace))


@router.patch(
    "/{workspace}/settings",
    response_model=answers.WorkspaceAnswer,
    openapi_extra=described(SettingValues),
)
def change_settings(call: Placed) -> Response:
    """Changes settings, all or none of them."""
    changed = call.platform.workspaces.set(call.grant, said(call.body))
    return answer(_shown(call.platform.workspaces.settings_of(changed), changed))


def _shown(settings: dict[str, str], workspace: Workspace) -> dict[str, Any]:
    return {
        "id": workspace.id,
        "name": workspace.name,
        "description": workspace.description,
        "created_by": workspace.created_by,
        "created_at": workspace.created_at,
        "settings": settings,
    }
