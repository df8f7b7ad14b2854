"""The error for a target that is not as it was planned for."""

from __future__ import annotations

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.editing.tags import Tags
from jobferry.store.ports import UnitOfWork


class TargetMoved(Conflict):
    """The target changed between plan and apply; whoever planned may plan again."""


def moved(message: str, subject: str = "") -> TargetMoved:
    """The error, which names what has moved."""
    return TargetMoved(ErrorCode.TARGET_MOVED, message, subject=subject, hint="check and plan again")


def refuse_other_tags(uow: UnitOfWork, workspace_id: str, planned: Tags) -> None:
    """Which tags there are, and which are locked, is part of the target's state.

    Raises:
        TargetMoved: they are not those that the plan was made for.
    """
    if uow.tags.of_workspace(workspace_id) != planned:
        raise moved("the tags of this workspace have changed since the plan was made", "tags")
