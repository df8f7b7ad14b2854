"""What functions of the Factory API take first: who asks, of which project, in which workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

from msgspec import Meta

from jobferry.api.calls import Asked
from jobferry.api.native.call import Call
from jobferry.errors import ErrorCode, Forbidden
from jobferry.model.people import Grant
from jobferry.sentences import sentence

PageSize = Annotated[int, Meta(ge=1, le=100)]
_UNFILLED = "{project_id}"


@dataclass(frozen=True)
class ProjectCall(Call):
    """A call to this platform's project, apart from any workspace."""

    described: ClassVar[tuple[dict[str, Any], ...]] = ()

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Raises: Forbidden: the path names another project."""
        _refuse_other_project(asked.parts["project_id"], asked.platform.identity.project_id)
        return super().of(asked)


@dataclass(frozen=True)
class FactoryCall(ProjectCall):
    """A call about one workspace: the one of the ``workspace`` header, or ``default``."""

    described: ClassVar[tuple[dict[str, Any], ...]] = (
        {
            "name": "workspace",
            "in": "header",
            "required": False,
            "description": "Name or id of the workspace; without it, the default one.",
            "schema": {"type": "string"},
        },
    )

    grant: Grant

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Raises: NotFound: the header names no workspace that the caller may enter."""
        call = ProjectCall.of(asked)
        grant = call.platform.workspaces.enter(asked.header("workspace"), call.caller)
        return cls(call.platform, call.caller, call.reader, grant)


def camel(name: str) -> str:
    """A parameter's name on the wire of the first version."""
    first, *more = name.split("_")
    return first + "".join(part.capitalize() for part in more)


def _refuse_other_project(named: str, own: str) -> None:
    if named == own:
        return
    if named == _UNFILLED:
        raise Forbidden(
            ErrorCode.NOT_ALLOWED,
            "the client was built without a project id",
            subject=named,
            hint=sentence("give it to the credentials: BasicCredentials(ak, sk, {own})", own=repr(own)),
        )
    raise Forbidden(
        ErrorCode.NOT_ALLOWED,
        sentence("{named} is not the project of this platform", named=named),
        subject=named,
        hint=sentence("use the project id {own}", own=own),
    )
