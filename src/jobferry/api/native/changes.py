"""The change log of a workspace."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, convert

from jobferry.api.calls import Calls, Instant, Limit, Offset, QueryGroup, Until
from jobferry.api.native.call import Placed
from jobferry.model.change_log import ChangeFilter, ChangeKind
from jobferry.model.kinds import ObjectKind
from jobferry.model.lists import ChangeSort

api = Calls("/api/workspaces/{workspace}", tag="objects")


class SaidChanges(QueryGroup):
    """Which changes; what is not said does not filter."""

    kind: ObjectKind | None = None
    change: ChangeKind | None = None
    user: str = ""
    search: Annotated[str, Meta(description="A piece of name, former name or directory.")] = ""
    since: Instant = 0
    until: Until = 0

    def wanted(self) -> ChangeFilter:
        """The same in the engine's words."""
        return ChangeFilter(
            workspace_id="",
            kind=self.kind,
            change=self.change,
            by=self.user,
            text=self.search,
            since=self.since,
            until=self.until,
        )


class ChangeAnswer(Struct, frozen=True):
    """One change of one object. ``live`` is said where its live version became another one, or went."""

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


class ChangeList(Struct, frozen=True):
    """One page of changes. ``since`` is the time (ms) from which on all changes are recorded;
    null while change management is off."""

    total: int
    since: int | None
    items: list[ChangeAnswer]


@api.get("/changes")
def list_changes(
    call: Placed, which: SaidChanges, sort: ChangeSort = "-number", offset: Offset = 0, limit: Limit = 100
) -> ChangeList:
    """What was added, changed, renamed, moved, submitted and deleted while change management was on."""
    changes, wanted = call.platform.changes, which.wanted()
    page = changes.page(call.grant, wanted, sort=sort, offset=offset, limit=limit)
    items = convert(page.changes, list[ChangeAnswer], from_attributes=True)
    return ChangeList(page.total, page.start.at if page.start else None, items)
