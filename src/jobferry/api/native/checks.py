"""What a check found, in pages: plan, findings, needs, what a mapping changes, and what would differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, field
from msgspec.structs import asdict

from jobferry.api.calls import Body, Calls, Limit, Offset, QueryGroup, Threads, has_client_left
from jobferry.api.native.call import Placed
from jobferry.api.native.report import (
    FindingList,
    FindingObjectList,
    FindingQuery,
    PlaceQuery,
    StepList,
    StepQuery,
    finding_list,
    object_list,
    step_list,
)
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.transfer.plan_pages import Span
from jobferry.model.transfer.plan_view import Change
from jobferry.model.transfer.preview import ObjectDifference, ObjectTexts, Presence, Replaced, ScheduleRuns

if TYPE_CHECKING:
    from jobferry.services.importing.check_result import CheckResult

api = Calls("/api/workspaces/{workspace}/imports/{import_id}", tag="imports", threads=Threads.EXTERNAL)

_PAGE_BYTES = 512 * 1024
"""A page of differences ends where it holds so much, since a document may be large."""


class NeedMetAnswer(Struct, frozen=True, gc=False):
    """Something the package refers to, its name here by the mapping (``local``), the id of an inventoried
    thing here, and up to ten of what there is of its kind instead, the likest names first; ``suggested`` is
    the one that fits by name and type."""

    kind: NeedKind
    name: str
    workspace: str
    local: str
    local_id: str
    presence: Presence
    candidates: tuple[str, ...]
    suggested: str


class NeedList(Struct, frozen=True):
    """How many needs fit, and one page of them, by kind and name."""

    total: int
    items: list[NeedMetAnswer]


class ReplacementAnswer(Struct, frozen=True, gc=False):
    """A place in an object that the mapping changes. ``line`` is 0 where the whole value is meant."""

    object_kind: ObjectKind
    object: str
    kind: NeedKind
    path: str
    line: int
    former: str = field(name="from")
    local: str = field(name="to")


class ReplacementList(Struct, frozen=True):
    """How many places fit, and one page of them."""

    total: int
    items: list[ReplacementAnswer]


class ScheduleList(Struct, frozen=True):
    """How many schedules get another time zone, each counted once however many jobs have it, and one page."""

    total: int
    items: list[ScheduleRuns]


class DeletedAnswer(Struct, frozen=True):
    """An object that the source no longer has; ``here`` is its name here."""

    kind: ObjectKind
    name: str
    uid: str
    here: str | None


class DeletedList(Struct, frozen=True):
    """How many objects the source no longer has, and one page of them."""

    total: int
    items: list[DeletedAnswer]


class BoundObject(Struct, frozen=True, gc=False):
    """An object that a plan is about: digests of its state here and of what is done with it, or nothing."""

    object: str
    target: str
    deed: str


class BindingAnswer(Struct, frozen=True):
    """What a plan is bound to, each part as a digest; ``digest`` is that of the whole. Objects come in pages,
    by kind and name; ``total`` is how many there are."""

    digest: str
    package: str
    options: str
    policy: dict[str, str]
    rights: str
    refused: bool
    total: int
    items: list[BoundObject]


class ViewedObject(Struct, frozen=True):
    """An object of a plan."""

    kind: ObjectKind
    name: str


class ViewedList(Struct, frozen=True):
    """How many objects of a plan the caller has looked through, and one page of them, by kind and name."""

    total: int
    items: list[ViewedObject]


class ViewedBody(Body):
    """Whether an object has been looked through."""

    viewed: bool


class ImportDifferences(Struct, frozen=True):
    """How many objects that are here would change and fit, and one page of them, by kind and name. A page may
    be shorter than its limit: the next one begins after the last object of this one."""

    total: int
    items: list[ObjectDifference]


class NeedQuery(QueryGroup):
    """Which needs: ``name`` is a part of the name."""

    kind: NeedKind | None = None
    name: str = ""
    presence: Presence | None = None


class ChangeQuery(QueryGroup):
    """Which differences: ``name`` is a part of the name."""

    kind: ObjectKind | None = None
    name: str = ""
    change: Change | None = None


@api.get("/plan")
def show_plan(
    call: Placed, import_id: str, query: StepQuery, offset: Offset = 0, limit: Limit = 100
) -> StepList:
    """What apply would do, object by object."""
    plan = _found(call, import_id).plan
    return step_list(plan.steps(query.wanted(), Span(offset, limit)), plan.all_findings(), call.reader)


@api.get("/findings")
def show_findings(
    call: Placed, import_id: str, query: FindingQuery, offset: Offset = 0, limit: Limit = 100
) -> FindingList:
    """What the rules saw, each thing once, the gravest first."""
    plan = _found(call, import_id).plan
    return finding_list(plan.findings(query.wanted(), Span(offset, limit)), call.reader)


@api.get("/findings/{number}/objects")
def show_finding_objects(
    call: Placed, import_id: str, number: int, query: PlaceQuery, offset: Offset = 0, limit: Limit = 100
) -> FindingObjectList:
    """What one finding concerns."""
    plan = _found(call, import_id).plan
    return object_list(plan.objects(number, query.objects(), Span(offset, limit)))


@api.get("/needs")
def show_needs(
    call: Placed, import_id: str, query: NeedQuery, offset: Offset = 0, limit: Limit = 100
) -> NeedList:
    """What the package refers to and does not bring along, and what of it is here."""
    wanted = [
        need
        for need in _found(call, import_id).needs
        if query.kind in (None, need.kind)
        and query.presence in (None, need.presence)
        and query.name.lower() in need.name.lower()
    ]
    total, page = Span(offset, limit).of(wanted)
    return NeedList(total, [NeedMetAnswer(**asdict(need)) for need in page])


@api.get("/replacements")
def show_replacements(
    call: Placed, import_id: str, query: PlaceQuery, offset: Offset = 0, limit: Limit = 100
) -> ReplacementList:
    """Every place in the package's objects that the mapping changes."""
    total, page = Span(offset, limit).of(
        [
            place
            for place in _found(call, import_id).replacements
            if query.kind in (None, place.object_kind) and query.name.lower() in place.object_name.lower()
        ]
    )
    return ReplacementList(total, [_replacement(place) for place in page])


@api.get("/schedules")
def show_schedules(call: Placed, import_id: str, offset: Offset = 0, limit: Limit = 100) -> ScheduleList:
    """What becomes of schedules that get another time zone."""
    return ScheduleList(*Span(offset, limit).of(_found(call, import_id).schedules))


@api.get("/deletions")
def show_deletions(call: Placed, import_id: str, offset: Offset = 0, limit: Limit = 100) -> DeletedList:
    """What the source no longer has; what of it goes here is said by the plan."""
    total, page = Span(offset, limit).of(_found(call, import_id).deletions)
    return DeletedList(
        total, [DeletedAnswer(gone.kind, gone.name, gone.uid, gone.here or None) for gone in page]
    )


@api.get("/binding")
def show_binding(call: Placed, import_id: str, offset: Offset = 0, limit: Limit = 100) -> BindingAnswer:
    """What the plan was made for and what it does, in digests: what a plan file holds."""
    binding = _found(call, import_id).binding
    names = sorted(binding.targets.keys() | binding.deeds.keys())
    total, page = Span(offset, limit).of(names)
    return BindingAnswer(
        digest=binding.digest,
        package=binding.package,
        options=binding.options,
        policy=binding.policy,
        rights=binding.rights,
        refused=binding.refused,
        total=total,
        items=[
            BoundObject(name, binding.targets.get(name, ""), binding.deeds.get(name, "")) for name in page
        ],
    )


@api.get("/differences", threads=Threads.COMPUTING)
def show_differences(
    call: Placed, import_id: str, query: ChangeQuery, offset: Offset = 0, limit: Limit = 100
) -> ImportDifferences:
    """What objects that are here would change, by field."""
    from jobferry.services.importing.differences import ChangeFilter

    wanted = ChangeFilter(kind=query.kind, name_part=query.name, change=query.change)
    items: list[ObjectDifference] = []
    size = 0
    with call.platform.checked.differences(call.grant, import_id, wanted, offset) as (total, coming):
        while len(items) < limit and size < _PAGE_BYTES and not has_client_left():
            if (difference := next(coming, None)) is None:
                break
            items.append(difference)
            size += len(msgspec.json.encode(difference))
    return ImportDifferences(total, items)


@api.get("/objects/{kind}/{name}/diff", threads=Threads.COMPUTING)
def show_difference(call: Placed, import_id: str, kind: ObjectKind, name: str) -> ObjectDifference:
    """What one object would change, by field; with what last came in as the base, where that is kept."""
    return call.platform.checked.difference(call.grant, import_id, (kind, name))


@api.get("/objects/{kind}/{name}/texts", threads=Threads.COMPUTING)
def show_texts(call: Placed, import_id: str, kind: ObjectKind, name: str) -> ObjectTexts:
    """What one object's text is here and would be, laid out to be read side by side; secrets are masked."""
    return call.platform.checked.texts(call.grant, import_id, (kind, name))


@api.get("/viewed")
def list_viewed(call: Placed, import_id: str, offset: Offset = 0, limit: Limit = 100) -> ViewedList:
    """What the caller has looked through, as long as the plan still does the same with it."""
    total, page = Span(offset, limit).of(call.platform.checked.viewed(call.grant, import_id))
    return ViewedList(total, [ViewedObject(kind, name) for kind, name in page])


@api.put("/objects/{kind}/{name}/viewed")
def set_viewed(call: Placed, import_id: str, kind: ObjectKind, name: str, body: ViewedBody) -> None:
    """Keeps for the caller whether they have looked through an object of the plan."""
    call.platform.checked.view(call.grant, import_id, (kind, name), is_viewed=body.viewed)


def _found(call: Placed, import_id: str) -> CheckResult:
    """Raises: NotFound: what the check found went with the package."""
    return call.platform.checked.found(call.grant, import_id)


def _replacement(place: Replaced) -> ReplacementAnswer:
    return ReplacementAnswer(
        place.object_kind, place.object_name, place.kind, place.path, place.line, place.former, place.local
    )
