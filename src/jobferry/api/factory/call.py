"""What every call of the Factory API carries: who, where, in which language, and the body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends, Request

from jobferry.api.signin import CallerHere, platform_of
from jobferry.api.wire import header_text, language_of
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.errors import ErrorCode, Forbidden
from jobferry.model.messages import Language
from jobferry.model.people import Caller, Grant

_UNFILLED = "{project_id}"


@dataclass(frozen=True)
class ProjectCall:
    """A call to this platform's project, apart from any workspace."""

    platform: RunningPlatform
    caller: Caller
    language: Language
    body: bytes


@dataclass(frozen=True)
class FactoryCall(ProjectCall):
    """A call about one workspace: the one of the ``workspace`` header, or ``default``."""

    grant: Grant


def project_call(request: Request, caller: CallerHere) -> ProjectCall:
    """Raises: Forbidden: the path names another project."""
    platform = platform_of(request)
    _refuse_other_project(unquote(request.path_params["project_id"]), platform.identity.project_id)
    return ProjectCall(platform, caller, language_of(request), request.state.body)


def factory_call(request: Request, call: InProject) -> FactoryCall:
    """Raises: NotFound: the header names no workspace that the caller may enter (``workspace-missing``)."""
    grant = call.platform.workspaces.enter(header_text(request, "workspace"), call.caller)
    return FactoryCall(call.platform, call.caller, call.language, call.body, grant)


InProject = Annotated[ProjectCall, Depends(project_call)]
InWorkspace = Annotated[FactoryCall, Depends(factory_call)]


def _refuse_other_project(named: str, own: str) -> None:
    if named == own:
        return
    if named == _UNFILLED:
        raise Forbidden(
            ErrorCode.NOT_ALLOWED,
            "the client was built without a project id",
            subject=named,
            hint=f"give it to the credentials: BasicCredentials(ak, sk, {own!r})",
        )
    raise Forbidden(
        ErrorCode.NOT_ALLOWED,
        f"{named} is not the project of this platform",
        subject=named,
        hint=f"use the project id {own}",
    )
