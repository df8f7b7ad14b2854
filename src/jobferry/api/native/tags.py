"""The tags of a workspace, those of one job, and those of all jobs as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from jobferry.api.bodies import BodyLimit, ShortList
from jobferry.api.calls import Body, Calls, File, Media, Threads
from jobferry.api.native.call import Placed
from jobferry.api.native.objects import ObjectAnswer, object_answer
from jobferry.model.tags import MOST_TAGS, Tag

if TYPE_CHECKING:
    from jobferry.services.editing.tag_files import Brought

api = Calls("/api/workspaces/{workspace}", tag="editing")

_CSV = "text/csv"
TagTable = Annotated[bytes, Media((_CSV,))]
"""A line for each job, a column with 1 or 0 for each tag."""


class TagsOfJob(Body):
    """The tags that a job is to have, instead of those that it has."""

    tags: ShortList[str]


class StoredTagFile(Body):
    """A file in object storage; with ``overwrite``, its tags instead of those that its jobs have."""

    path: str
    overwrite: bool = False


class TagAnswer(Struct, frozen=True):
    """A tag; ``changed_by`` made it, or last locked or unlocked it. ``jobs`` is how many have it in their
    drafts, of those that the caller reaches."""

    name: str
    locked: bool
    changed_by: str
    changed_at: int
    jobs: int


class TagList(Struct, frozen=True):
    """All tags of a workspace, by name, and how many it may have."""

    total: int
    limit: int
    items: list[TagAnswer]


class TagFileAnswer(Struct, frozen=True):
    """How many jobs the file names, how many got or lost tags, and which tags are new."""

    jobs: int
    changed: int
    tags_made: list[str]


@api.get("/tags")
def list_tags(call: Placed) -> TagList:
    """All tags of the workspace."""
    found = call.platform.tags.all(call.grant)
    counts = call.platform.tags.counts(call.grant)
    items = [_answer(tag, counts) for tag in found]
    return TagList(len(found), MOST_TAGS, items)


@api.put("/tags/{name:path}")
def create_tag(call: Placed, name: str) -> TagAnswer:
    """Makes a tag; one that is there stays as it is."""
    return _shown(call, call.platform.tags.create(call.grant, name))


@api.delete("/tags/{name:path}")
def delete_tag(call: Placed, name: str) -> None:
    """Deletes a tag that no job has and that is not locked."""
    call.platform.tags.delete(call.grant, name)


@api.put("/tag-locks/{name:path}")
def lock_tag(call: Placed, name: str) -> TagAnswer:
    """Locks a tag: no job gets or loses it, and nobody deletes it."""
    return _shown(call, call.platform.tags.lock(call.grant, name, locked=True))


@api.delete("/tag-locks/{name:path}")
def unlock_tag(call: Placed, name: str) -> TagAnswer:
    """Unlocks a tag."""
    return _shown(call, call.platform.tags.lock(call.grant, name, locked=False))


@api.put("/jobs/{name:path}/tags")
def put_tags(call: Placed, name: str, body: TagsOfJob, take_lock: bool = False) -> ObjectAnswer:
    """Gives a job these tags instead of those that it has. Its draft changes, what is live does not."""
    from jobferry.services.object_access import Editing

    return object_answer(
        call, call.platform.tags.put(call.grant, name, body.tags, Editing(take_lock=take_lock))
    )


@api.get("/tag-file")
def export_tags(call: Placed, tag: tuple[str, ...] = ()) -> Annotated[File, Media((_CSV,))]:
    """Every job, and for each tag (or each that is named) a column with 1 or 0."""
    return File(call.platform.tag_files.export(call.grant, tag), _CSV, f"{call.workspace.name}-tags.csv")


@api.post("/tag-file", body_limit=BodyLimit.TABLE)
def import_tags(call: Placed, body: TagTable, overwrite: bool = False) -> TagFileAnswer:
    """Gives jobs the tags of a file, besides those they have or instead: all of it or nothing."""
    return _brought(call.platform.tag_files.bring(call.grant, body, overwrite=overwrite))


@api.post("/stored-tag-file", threads=Threads.EXTERNAL)
def import_stored_tags(call: Placed, body: StoredTagFile) -> TagFileAnswer:
    """The same with a file that lies in object storage."""
    return _brought(call.platform.tag_files.fetch(call.grant, body.path, overwrite=body.overwrite))


def _shown(call: Placed, tag: Tag) -> TagAnswer:
    return _answer(tag, call.platform.tags.counts(call.grant))


def _answer(tag: Tag, counts: Mapping[str, int]) -> TagAnswer:
    return TagAnswer(tag.name, tag.locked, tag.changed_by, tag.changed_at, counts.get(tag.name, 0))


def _brought(brought: Brought) -> TagFileAnswer:
    return TagFileAnswer(brought.jobs, brought.changed, brought.tags_made)
