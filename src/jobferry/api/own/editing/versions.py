"""Versions of jobs and scripts: list, compare, go back to one, submit."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from jobferry.api.late import LateRouter
from jobferry.api.own.call import Placed, described
from jobferry.api.own.objects import How, saved
from jobferry.api.own.reviewing.answers import SavedAnswer
from jobferry.api.wire import PathText, answer, read_body
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import Version

router = LateRouter(prefix="/api/workspaces/{workspace}", tags=["editing"])

_MOST = (1 << 31) - 1


class RollbackRequest(BaseModel):
    """The version whose text becomes the draft."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1, le=_MOST)]


class VersionAnswer(BaseModel):
    """``import_id`` names the import that made it, empty for a submit by hand; ``undone`` the receipt of the
    undo that took it back."""

    number: int
    live: bool
    digest: str
    note: str
    submitted_by: str
    submitted_at: int
    import_id: str
    undone: str


class VersionList(BaseModel):
    """The versions that are kept, newest first."""

    total: int
    items: list[VersionAnswer]


class DifferenceAnswer(BaseModel):
    """A place where two documents differ; ``in_former`` and ``in_latter`` say which has anything there.

    ``lines`` tells of texts of several lines what goes and comes.
    """

    path: str
    in_former: bool
    in_latter: bool
    former: Any
    latter: Any
    lines: list[str]


class DifferenceList(BaseModel):
    """What differs, in the order of the former; nothing if they are alike."""

    items: list[DifferenceAnswer]


@router.get("/versions/{kind}/{name:path}", response_model=VersionList)
def list_versions(call: Placed, kind: ObjectKind, name: PathText) -> Response:
    """The versions that are kept; their documents are at `documents/{kind}/{name}?version=`."""
    found = call.platform.versions.history(call.grant, kind, name)
    items = [_shown(one, found.stored.live_version) for one in found.versions]
    return answer({"total": len(items), "items": items})


@router.get("/differences/{kind}/{name:path}", response_model=DifferenceList)
def compare_versions(
    call: Placed,
    kind: ObjectKind,
    name: PathText,
    former: Annotated[int, Query(ge=1, le=_MOST)],
    latter: Annotated[int, Query(ge=0, le=_MOST)] = 0,
) -> Response:
    """What differs between the version `former` and the draft, or the version `latter`."""
    found = call.platform.versions.compare(call.grant, kind, name, former, latter)
    return answer({"items": [msgspec.structs.asdict(one) for one in found]})


@router.post(
    "/rollbacks/{kind}/{name:path}", response_model=SavedAnswer, openapi_extra=described(RollbackRequest)
)
def roll_back(call: Placed, kind: ObjectKind, name: PathText, how: How) -> Response:
    """Makes a version's text the draft; name, place and what is live stay."""
    asked = read_body(RollbackRequest, call.body)
    return answer(saved(call, call.platform.versions.roll_back(call.grant, kind, name, asked.version, how)))


@router.post("/submits/{kind}/{name:path}", response_model=SavedAnswer)
def submit_object(call: Placed, kind: ObjectKind, name: PathText, how: How) -> Response:
    """Makes the draft the next version, with a `note` of at most 128 characters."""
    return answer(saved(call, call.platform.versions.submit(call.grant, kind, name, how)))


def _shown(version: Version, live: int) -> dict[str, Any]:
    return {
        "number": version.number,
        "live": version.number == live,
        "digest": version.digest,
        "note": version.note,
        "submitted_by": version.submitted_by,
        "submitted_at": version.submitted_at,
        "import_id": version.import_id,
        "undone": version.undone,
    }
