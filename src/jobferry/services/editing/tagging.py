"""What a workspace's tags say to a job that gets others, and the tags that become known with a job."""

from __future__ import annotations

from collections.abc import Iterable

from jobferry.errors import Conflict, ErrorCode, InvalidRequest
from jobferry.model.editing.tags import MOST_TAGS, Tag, Tags, fresh_among, is_tag, locked_among
from jobferry.model.grant import Grant
from jobferry.services.ground import Ground
from jobferry.store.ports import UnitOfWork


def tag_job(
    uow: UnitOfWork, ground: Ground, grant: Grant, job: str, before: Iterable[str], after: Iterable[str]
) -> None:
    """Judges a job's new tags against those it had, and makes those that are new to the workspace.

    Raises:
        Conflict: it would get or lose a locked tag (``tag-locked``), or the workspace too many
            (``quota-reached``).
        InvalidRequest: a new tag cannot be called that.
    """
    had, has = list(before), list(after)
    if set(had) == set(has):
        return
    known = uow.tags.of_workspace(grant.workspace.id)
    locked = locked_among(set(had) ^ set(has), known)
    if locked:
        moved = "lose" if locked[0] in had else "get"
        raise tag_locked(known[locked[0]], f"{job} cannot {moved} it")
    make_tags(uow, ground, grant, known, [tag for tag in has if tag not in had])


def make_tags(uow: UnitOfWork, ground: Ground, grant: Grant, known: Tags, names: Iterable[str]) -> None:
    """Makes those of the tags that the workspace does not have yet.

    Raises:
        Conflict: these would be too many (``quota-reached``).
        InvalidRequest: one cannot be called that.
    """
    fresh = fresh_among(names, known)
    unfit = next((name for name in fresh if not is_tag(name)), None)
    if unfit is not None:
        raise InvalidRequest(
            ErrorCode.INVALID_NAME,
            f"{unfit[:140]!r} is no name for a tag",
            subject=unfit[:140],
            hint="use 1 to 128 printable characters, without spaces at either end",
        )
    if len(known) + len(fresh) > MOST_TAGS and fresh:
        raise Conflict(
            ErrorCode.QUOTA_REACHED,
            f"this workspace would have {len(known) + len(fresh)} tags; at most {MOST_TAGS} are allowed",
            subject=fresh[-1],
            hint="delete tags that no job has, or use one that is there",
        )
    add_tags(uow, ground, grant, fresh)


def add_tags(uow: UnitOfWork, ground: Ground, grant: Grant, names: Iterable[str]) -> None:
    """Makes tags that are new and allowed, and records it."""
    by, now = grant.caller.name, ground.now()
    made = [Tag(workspace_id=grant.workspace.id, name=name, changed_by=by, changed_at=now) for name in names]
    uow.tags.save(made)
    ground.record(uow, *(ground.event(grant, "tag-create", kind="tag", subject=tag.name) for tag in made))


def tag_locked(tag: Tag, consequence: str) -> Conflict:
    """The error for a tag that is locked."""
    by = f" by {tag.changed_by}" if tag.changed_by else ""
    return Conflict(
        ErrorCode.TAG_LOCKED,
        f"the tag {tag.name} is locked{by}: {consequence}",
        subject=tag.name,
        hint="leave the tag as it is, or ask an owner or administrator to unlock it",
    )
