"""What every call of the own API carries: who, in which language, the body, and mostly a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import BaseModel

from jobferry.api.signin import CallerHere, platform_of
from jobferry.api.wire import PathText, language_of
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.model.messages import Language
from jobferry.model.people import Caller, Grant
from jobferry.model.records import Workspace


@dataclass(frozen=True)
class OwnCall:
    """A signed-in call."""

    platform: RunningPlatform
    caller: Caller
    language: Language
    body: bytes


@dataclass(frozen=True)
class PlacedCall(OwnCall):
    """A call about one workspace, and what its caller may do there."""

    grant: Grant

    @property
    def workspace(self) -> Workspace:
        return self.grant.workspace


def own_call(request: Request, caller: CallerHere) -> OwnCall:
    """Raises: Unauthenticated: nobody is signed in."""
    return OwnCall(platform_of(request), caller, language_of(request), request.state.body)


def placed_call(call: Signed, workspace: PathText) -> PlacedCall:
    """Raises: NotFound: there is no workspace of that id or name that the caller may enter."""
    grant = call.platform.workspaces.enter(workspace, call.caller)
    return PlacedCall(call.platform, call.caller, call.language, call.body, grant)


Signed = Annotated[OwnCall, Depends(own_call)]
Placed = Annotated[PlacedCall, Depends(placed_call)]


def described(model: type[BaseModel]) -> dict[str, Any]:
    """A body's part of the API's description: bodies are read after sign-in, by the calls themselves."""
    return _body("application/json", model)


def described_bytes(media_type: str) -> dict[str, Any]:
    """The same for a body that is taken byte for byte."""
    return _body(media_type, {"type": "string", "format": "binary"})


def _body(media_type: str, schema: type[BaseModel] | dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}}
