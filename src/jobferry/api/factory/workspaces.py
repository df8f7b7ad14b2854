"""Workspaces. There is one instance here, so any instance id is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from msgspec import Struct

from jobferry.api.calls import Asked, Calls, Offset
from jobferry.api.factory.call import PageSize, ProjectCall, camel
from jobferry.model.records import Workspace
from jobferry.services.workspaces import DEFAULT_WORKSPACE

api = Calls("/v1/{project_id}/workspaces", keys=camel, is_lenient=True)

_DEFAULT, _PUBLIC = 1, 2


@dataclass(frozen=True)
class InstanceCall(ProjectCall):
    """A call that may name an instance, and hears of it again."""

    instance_id: str

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Raises: Forbidden: the path names another project."""
        call = ProjectCall.of(asked)
        return cls(call.platform, call.caller, call.reader, asked.parts.get("instance_id", ""))


class WorkspaceBody(Struct):
    """A workspace to be made."""

    name: str
    description: str | None = None


class WorkspaceAnswer(Struct, frozen=True):
    """A workspace; ``is_default`` is 1 for the default one, 2 for others. Times are in ms."""

    id: str
    name: str
    description: str
    is_default: int
    instance_id: str
    project_id: str
    owner_name: str
    create_user: str
    create_time: int
    update_time: int


class WorkspaceList(Struct, frozen=True):
    """How many workspaces and pages there are, and one page."""

    count: int
    total_page: int
    data: list[WorkspaceAnswer]


@api.get("")
@api.get("/{instance_id}", name="list_workspaces_of_instance")
def list_workspaces(call: InstanceCall, offset: Offset = 0, limit: PageSize = 10) -> WorkspaceList:
    """One page, in order of name."""
    found = call.platform.workspaces.all(call.caller)
    page = [_shown(workspace, call) for workspace in found[offset : offset + limit]]
    return WorkspaceList(len(found), -(-len(found) // limit), page)


@api.post("")
@api.post("/{instance_id}", name="create_workspace_of_instance")
def create_workspace(call: InstanceCall, body: WorkspaceBody) -> WorkspaceAnswer:
    """Makes a workspace and shows it."""
    return _shown(call.platform.workspaces.create(body.name, call.caller, body.description or ""), call)


@api.get("/{instance_id}/{workspace_id}")
def show_workspace(call: InstanceCall, workspace_id: str) -> WorkspaceAnswer:
    """A workspace by its id or name."""
    return _shown(call.platform.workspaces.enter(workspace_id, call.caller).workspace, call)


def _shown(workspace: Workspace, call: InstanceCall) -> WorkspaceAnswer:
    return WorkspaceAnswer(
        id=workspace.id,
        name=workspace.name,
        description=workspace.description,
        is_default=_DEFAULT if workspace.name == DEFAULT_WORKSPACE else _PUBLIC,
        instance_id=call.instance_id,
        project_id=call.platform.identity.project_id,
        owner_name=workspace.created_by,
        create_user=workspace.created_by,
        create_time=workspace.created_at,
        update_time=workspace.updated_at,
    )
