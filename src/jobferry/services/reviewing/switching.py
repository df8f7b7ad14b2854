"""When reviews and releases can be switched on and off."""

from __future__ import annotations

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.document.text import parse_known
from jobferry.model.kinds import JobType, ObjectKind
from jobferry.model.records import Workspace
from jobferry.model.review import Mode
from jobferry.model.settings import read_settings
from jobferry.store.ports import ObjectFilter, UnitOfWork

_PAGE = 1_000


def check_switch(uow: UnitOfWork, before: Workspace, after: Workspace) -> None:
    """Looks at what a change of settings does to reviews and releases.

    Raises:
        Conflict: reviews are asked for in enterprise mode, or while there are real-time jobs of many nodes
            (``mode-refused``); or what is on goes off while something is pending (``review-pending``).
    """
    former, wanted = read_settings(before.settings), read_settings(after.settings)
    if wanted.review.is_on and wanted.mode is Mode.ENTERPRISE:
        raise _refused(
            "review", "enterprise mode has releases and no reviews", "set review=off or mode=simple"
        )
    if wanted.review.is_on and not former.review.is_on:
        job = _real_time_pipeline(uow, after.id)
        if job:
            raise _refused(
                "review",
                f"there are real-time pipeline jobs, such as {job}, and reviews cannot be had with them",
                "move them to another workspace, or delete them",
            )
    ends = former.review.is_on and not wanted.review.is_on
    if (ends or former.mode is not wanted.mode) and uow.reviews.is_anything_waiting(after.id):
        raise Conflict(
            ErrorCode.REVIEW_PENDING,
            f"something waits for a review or release in the workspace {after.name}",
            subject="review" if ends else "mode",
            hint="decide or withdraw it first: jobferry review list, jobferry release list",
        )


def _real_time_pipeline(uow: UnitOfWork, workspace_id: str) -> str:
    """The name of a real-time job that is no single task; empty if there is none."""
    wanted = ObjectFilter(workspace_id=workspace_id, kind=ObjectKind.JOB, subtype=JobType.REAL_TIME)
    offset = 0
    while True:
        total, jobs = uow.objects.page(wanted, offset=offset, limit=_PAGE)
        texts = dict(uow.contents.texts([job.digest for job in jobs]))
        for job in jobs:
            if parse_known(texts[job.digest]).get("singleNodeJobFlag") is not True:
                return job.name
        offset += len(jobs)
        if offset >= total or not jobs:
            return ""


def _refused(subject: str, message: str, hint: str) -> Conflict:
    return Conflict(ErrorCode.MODE_REFUSED, message, subject=subject, hint=hint)
