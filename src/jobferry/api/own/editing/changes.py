"""The change log of a workspace."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from jobferry.api.late import LateRouter
from jobferry.api.own.call import Placed
from jobferry.api.wire import LATEST, answer
from jobferry.model.change_log import ChangeFilter, ChangeKind
from jobferry.model.kinds import ObjectKind

router = LateRouter(prefix="/api/workspaces/{workspace}", tags=["objects"])


class ChangeQuery(BaseModel):
    """Which changes, and which page of them; what is not said does not filter."""

    kind: ObjectKind | None = None
    change: ChangeKind | None = None
    user: str = ""
    search: str = Field("", description="A piece of name, former name or directory.")
    since: int = Field(0, ge=0, le=LATEST, description="Milliseconds since 1970 (UTC).")
    until: int = Field(0, ge=0, le=LATEST, description="Exclusive; 0 for now.")
    offset: int = Field(0, ge=0, le=LATEST)
    limit: int = Field(100, ge=1, le=1000)

    @property
    def wanted(self) -> ChangeFilter:
        """The same in the engine's words."""
        said = {name: getattr(self, name) for name in ("kind", "change", "since", "until")}
        return ChangeFilter(workspace_id="", by=self.user, text=self.search, **said)


class ChangeAnswer(BaseModel):
    """One change of one object. ``live`` is said where its live version became another one, or went."""

    model_config = ConfigDict(extra="forbid")

    number: int
    changed_at: int
    changed_by: str
    kind: ObjectKind
    change: ChangeKind
    uid: str
    name: str
    former_name: str
    directory: str
    former_directory: str
    live: bool


class ChangeList(BaseModel):
    """One page of changes, newest first. ``since`` is the time (ms) from which on all changes are recorded;
    null while change management is off."""

    model_config = ConfigDict(extra="forbid")

    total: int
    since: int | None
    items: list[ChangeAnswer]


@router.get("/changes", response_model=ChangeList)
def list_changes(call: Placed, asked: Annotated[ChangeQuery, Query()]) -> Response:
    """What was added, changed, renamed, moved, submitted and deleted while change management was on."""
    page = call.platform.changes.page(call.grant, asked.wanted, offset=asked.offset, limit=asked.limit)
    items = [msgspec.structs.asdict(one) for one in page.changes]
    for one in items:
        del one["workspace_id"]
    since = page.start.at if page.start else None
    return answer({"total": page.total, "since": since, "items": items})
