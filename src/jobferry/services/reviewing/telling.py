"""Notices about reviews and releases: to who is asked, and to who asked."""

from __future__ import annotations

from collections.abc import Iterable

from jobferry.model.notice import Notice, NoticeCode
from jobferry.model.people import Member
from jobferry.model.records import Workspace
from jobferry.model.review import Review, ReviewKind
from jobferry.services.ground import Ground
from jobferry.store.ports import UnitOfWork

_ASKED = {ReviewKind.REVIEW: NoticeCode.REVIEW_ASKED, ReviewKind.RELEASE: NoticeCode.RELEASE_ASKED}
_DECIDED = {ReviewKind.REVIEW: NoticeCode.REVIEW_DECIDED, ReviewKind.RELEASE: NoticeCode.RELEASE_DECIDED}


def tell_asked(
    ground: Ground, uow: UnitOfWork, workspace: Workspace, review: Review, approvers: Iterable[Member]
) -> None:
    """Tells those who are asked."""
    for one in approvers:
        _tell(ground, uow, one.user_id, _ASKED[review.kind], workspace, review)


def tell_decided(ground: Ground, uow: UnitOfWork, workspace: Workspace, review: Review) -> None:
    """Tells who asked, if they are still a user and have not decided themselves."""
    user = uow.people.user_named(review.asked_by)
    if user is not None and review.decided_by != review.asked_by:
        _tell(ground, uow, user.id, _DECIDED[review.kind], workspace, review)


def _tell(
    ground: Ground,
    uow: UnitOfWork,
    user_id: str,
    code: NoticeCode,
    workspace: Workspace,
    review: Review,
) -> None:
    args = {
        "name": review.name if review.size == 1 else f"{review.name} +{review.size - 1}",
        "id": review.id,
        "workspace": workspace.name,
        "by": review.decided_by or review.asked_by,
        "state": review.state.value,
        "said": review.answer or "-",
    }
    if review.kind is ReviewKind.RELEASE:
        args["name"] = review.name
    link = f"/api/workspaces/{workspace.id}/{review.kind}s/{review.id}"
    uow.notices.add(
        Notice(id=ground.new_id(), user_id=user_id, code=code, at=ground.now(), args=args, link=link)
    )
