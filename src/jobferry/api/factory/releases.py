"""Releases of enterprise mode: what waits, and what was put together; the calls of the second version.

Taking a release live is not among them: their call also starts jobs and tells of background tasks.
"""

from __future__ import annotations

from typing import Annotated, NoReturn

from msgspec import Meta, Struct
from msgspec.structs import asdict

from jobferry.api.bodies import BodyLimit, LongList, ShortList
from jobferry.api.calls import Calls, Instant, Offset, QueryGroup
from jobferry.api.factory.call import FactoryCall, PageSize
from jobferry.errors import ErrorCode, InvalidRequest, NotFound
from jobferry.model.kinds import ObjectKind
from jobferry.model.review import (
    Approval,
    Ask,
    Review,
    ReviewFilter,
    ReviewItem,
    ReviewKind,
    ReviewState,
    Tab,
)
from jobferry.sentences import sentence
from jobferry.services.reviewing.releases import ReleaseContext

api = Calls("/v2/{project_id}/factory", is_lenient=True)

_TASKS = {ObjectKind.JOB: 1, ObjectKind.SCRIPT: 2}
_ADDED, _CHANGED, _DELETED = 1, 2, 3
_DEPLOYED = {
    ReviewState.PENDING: 1,
    ReviewState.APPROVED: 2,
    ReviewState.REJECTED: 3,
    ReviewState.WITHDRAWN: 3,
}


class PackageBody(Struct, kw_only=True):
    """Which waiting items are put together. ``apply_user_id`` is the caller's own, or left out."""

    apply_user_id: str = ""
    package_name: str
    pending_item_list: LongList[str]
    approver_ids: ShortList[str] = []


class ListBody(Struct):
    """Which releases are listed; times are in ms."""

    key_word: str = ""
    apply_user_name: str = ""
    apply_user_name_filter: ShortList[str] = []
    deploy_user_name: str = ""
    deploy_user_name_filter: ShortList[str] = []
    apply_begin_time: int = 0
    apply_end_time: int = 0
    deploy_begin_time: int = 0
    deploy_end_time: int = 0
    deploy_status_filter: ShortList[int] = []
    limit: PageSize = 10
    offset: Annotated[int, Meta(ge=0)] = 0

    def shows(self, review: Review) -> bool:
        """Whether the release is among those that are asked for."""
        return (
            self.key_word in review.name
            and self.apply_user_name in ("", review.asked_by)
            and (not self.apply_user_name_filter or review.asked_by in self.apply_user_name_filter)
            and self.deploy_user_name in ("", review.decided_by)
            and (not self.deploy_user_name_filter or review.decided_by in self.deploy_user_name_filter)
            and _within(review.asked_at, self.apply_begin_time, self.apply_end_time)
            and _within(review.decided_at, self.deploy_begin_time, self.deploy_end_time)
            and (not self.deploy_status_filter or _DEPLOYED[review.state] in self.deploy_status_filter)
        )


class UnpackBody(Struct):
    """Which releases are taken back."""

    package_ids: Annotated[list[str], Meta(min_length=1, max_length=1_000)]


class SaidItems(QueryGroup):
    """Which waiting items are listed; times are in ms, and words that are none fit no item."""

    start_time: Instant = 0
    end_time: Instant = 0
    submit_user_name: str = ""
    item_name: str = ""
    task_type: str = ""
    update_type: str = ""

    def shows(self, item: ReviewItem, around: ReleaseContext) -> bool:
        """Whether the item is among those that are asked for."""
        return (
            self.submit_user_name in ("", item.asked_by)
            and self.item_name in item.name
            and self.task_type in ("", str(_TASKS.get(item.kind, 0)))
            and self.update_type in ("", str(_update(item, around)))
            and _within(item.asked_at, self.start_time, self.end_time)
        )


class PendingItem(Struct, frozen=True):
    """What was submitted or deleted, and waits; or is in a release, if ``package_flag`` is 1."""

    pending_item_id: str
    item_name: str
    task_type: int
    task_id: str
    update_type: int
    pending_version: int
    deployed_version: int
    package_flag: int
    submit_user_id: str
    submit_user_name: str
    submit_timestamp: int
    project_id: str


class PendingList(Struct, frozen=True):
    """How many items match in all, and one page of them."""

    total: int
    data: list[PendingItem]


class MadePackage(Struct, frozen=True):
    """A new release."""

    package_name: str
    release_package_id: str


class PackageApprover(Struct, frozen=True):
    """Somebody who is asked to approve a release."""

    user_id: str
    user_name: str


class PackageAnswer(Struct, frozen=True):
    """A release, who asked for it and who decided; the latter empty and 0 while it waits."""

    package_id: str
    package_name: str
    apply_user_id: str
    apply_user_name: str
    apply_timestamp: int
    deploy_status: int
    deploy_user_id: str
    deploy_user_name: str
    deploy_timestamp: int
    delete_flag: int
    package_approvers: list[PackageApprover]
    project_id: str
    workspace_id: str


class PackageList(Struct, frozen=True):
    """How many releases match in all, and one page of them."""

    total: int
    data: list[PackageAnswer]


class PackagedItem(PendingItem, frozen=True):
    """An item of a release, with the release's own state."""

    deploy_status: int


class PackageDetails(Struct, frozen=True):
    """A release, and what is in it."""

    release_package: PackageAnswer
    task_details: list[PackagedItem]


@api.get("/pending-items")
def list_pending_items(
    call: FactoryCall, said: SaidItems, offset: Offset = 0, limit: PageSize = 10
) -> PendingList:
    """What was submitted or deleted and is in no release yet, oldest first; ``offset`` counts records."""
    _, waiting = call.platform.releases.waiting(call.grant)
    around = call.platform.releases.context(call.grant, waiting)
    found = [item for item in waiting if said.shows(item, around)]
    page = found[offset : offset + limit]
    return PendingList(len(found), [_pending(item, around, call) for item in page])


@api.post("/pending-items/package", body_limit=BodyLimit.NAMES)
def create_package(call: FactoryCall, body: PackageBody) -> MadePackage:
    """Puts waiting items into a release, for somebody else to approve."""
    _, waiting = call.platform.releases.waiting(call.grant)
    around = call.platform.releases.context(call.grant, waiting)
    if body.apply_user_id not in ("", call.caller.user_id):
        raise _unknown("apply_user_id", body.apply_user_id, "leave it out: a release is made by who calls")
    by_id = {str(item.object_id): item.key for item in waiting}
    gone = next((one for one in body.pending_item_list if one not in by_id), None)
    if gone is not None:
        raise _unknown("pending_item_list", gone, "use a pending_item_id that GET pending-items shows")
    names = {user_id: name for name, user_id in around.user_ids.items()}
    made = call.platform.releases.create(
        call.grant,
        body.package_name,
        [by_id[one] for one in body.pending_item_list],
        Approval(approvers=tuple(names.get(approver_id, approver_id) for approver_id in body.approver_ids)),
        everything=False,
    )
    return MadePackage(made.release.name, made.release.id)


@api.post("/release-packages")
def list_packages(call: FactoryCall, body: ListBody) -> PackageList:
    """Releases, newest first; ``offset`` counts records."""
    releases = ReviewFilter(workspace_id="", kind=ReviewKind.RELEASE)
    _, every = call.platform.reviews.page(call.grant, Tab.ALL, releases)
    around = call.platform.releases.context(call.grant, ())
    found = [review for review in every if body.shows(review)]
    page = found[body.offset : body.offset + body.limit]
    return PackageList(len(found), [_package(review, around, call) for review in page])


@api.get("/release-packages/{package_id}")
def show_package(call: FactoryCall, package_id: str) -> PackageDetails:
    """A release with what is in it, in the order in which it goes live."""
    shown = call.platform.reviews.show(call.grant, ReviewKind.RELEASE, package_id)
    around = call.platform.releases.context(call.grant, shown.items)
    status = _DEPLOYED[shown.review.state]
    details = [
        PackagedItem(**asdict(_pending(item, around, call)), deploy_status=status) for item in shown.items
    ]
    return PackageDetails(_package(shown.review, around, call), details)


@api.post("/release-packages/unpack", status=204)
def unpack_packages(call: FactoryCall, body: UnpackBody) -> None:
    """Takes releases back, one after the other; their items wait for others."""
    for package_id in body.package_ids:
        call.platform.reviews.withdraw(call.grant, ReviewKind.RELEASE, package_id)


@api.post("/release-packages/deploy", is_described=False)
def deploy_packages(call: FactoryCall) -> NoReturn:
    """Not answered: it would start jobs. Without this it would pass for a release of that name."""
    path = f"/v2/{call.platform.identity.project_id}/factory/release-packages/deploy"
    raise NotFound(
        ErrorCode.UNKNOWN_ROUTE,
        sentence("there is nothing at {path}", path=path),
        subject=path,
        hint="a release goes live when it is approved, in Jobferry's own API",
    )


def _within(at: int, begin: int, end: int) -> bool:
    return begin <= at and (not end or at <= end)


def _update(item: ReviewItem, around: ReleaseContext) -> int:
    if item.ask is Ask.DELETE:
        return _DELETED
    stored = around.objects.get(item.object_id)
    return _CHANGED if stored is not None and stored.live_version else _ADDED


def _pending(item: ReviewItem, around: ReleaseContext, call: FactoryCall) -> PendingItem:
    stored = around.objects.get(item.object_id)
    return PendingItem(
        pending_item_id=str(item.object_id),
        item_name=item.name,
        task_type=_TASKS.get(item.kind, 0),
        task_id=stored.uid if stored is not None else "",
        update_type=_update(item, around),
        pending_version=item.version,
        deployed_version=stored.live_version if stored is not None else 0,
        package_flag=int(bool(item.review_id)),
        submit_user_id=around.user_ids.get(item.asked_by, ""),
        submit_user_name=item.asked_by,
        submit_timestamp=item.asked_at,
        project_id=_place(call),
    )


def _package(review: Review, around: ReleaseContext, call: FactoryCall) -> PackageAnswer:
    ids = around.user_ids
    return PackageAnswer(
        package_id=review.id,
        package_name=review.name,
        apply_user_id=ids.get(review.asked_by, ""),
        apply_user_name=review.asked_by,
        apply_timestamp=review.asked_at,
        deploy_status=_DEPLOYED[review.state],
        deploy_user_id=ids.get(review.decided_by, ""),
        deploy_user_name=review.decided_by,
        deploy_timestamp=review.decided_at,
        delete_flag=int(review.state is ReviewState.WITHDRAWN),
        package_approvers=[PackageApprover(ids.get(name, ""), name) for name in review.approvers],
        project_id=_place(call),
        workspace_id=review.workspace_id,
    )


def _place(call: FactoryCall) -> str:
    return f"{call.platform.identity.project_id}-workspace-{call.grant.workspace.id}"


def _unknown(field: str, value: str, hint: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence("{value} does not fit {field}", value=repr(value[:64]), field=field),
        subject=field,
        hint=hint,
    )
