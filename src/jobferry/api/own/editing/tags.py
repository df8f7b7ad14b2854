"""The tags of a workspace, and those of one job."""

from __future__ import annotations

from typing import Any

from fastapi import Response
from pydantic import BaseModel, ConfigDict

from jobferry.api.late import LateRouter
from jobferry.api.own import answers
from jobferry.api.own.call import Placed, described
from jobferry.api.own.objects import shown
from jobferry.api.wire import PathText, answer, read_body
from jobferry.model.tags import MOST_TAGS, Tag
from jobferry.services.object_access import Editing

router = LateRouter(prefix="/api/workspaces/{workspace}", tags=["editing"])


class TagsOfJob(BaseModel):
    """The tags that a job is to have, instead of those that it has."""

    model_config = ConfigDict(extra="forbid")

    tags: list[str]


class TagAnswer(BaseModel):
    """A tag; ``changed_by`` made it, or last locked or unlocked it."""

    name: str
    locked: bool
    changed_by: str
    changed_at: int


class TagList(BaseModel):
    """All tags of a workspace, by name, and how many it may have."""

    total: int
    limit: int
    items: list[TagAnswer]


@router.get("/tags", response_model=TagList)
def list_tags(call: Placed) -> Response:
    """All tags of the workspace."""
    found = call.platform.tags.all(call.grant)
    return answer({"total": len(found), "limit": MOST_TAGS, "items": [_shown(tag) for tag in found]})


@router.put("/tags/{name:path}", response_model=TagAnswer)
def create_tag(call: Placed, name: PathText) -> Response:
    """Makes a tag; one that is there stays as it is."""
    return answer(_shown(call.platform.tags.create(call.grant, name)))


@router.delete("/tags/{name:path}", status_code=204)
def delete_tag(call: Placed, name: PathText) -> None:
    """Deletes a tag that no job has and that is not locked."""
    call.platform.tags.delete(call.grant, name)


@router.put("/tag-locks/{name:path}", response_model=TagAnswer)
def lock_tag(call: Placed, name: PathText) -> Response:
    """Locks a tag: no job gets or loses it, and nobody deletes it."""
    return answer(_shown(call.platform.tags.lock(call.grant, name, locked=True)))


@router.delete("/tag-locks/{name:path}", response_model=TagAnswer)
def unlock_tag(call: Placed, name: PathText) -> Response:
    """Unlocks a tag."""
    return answer(_shown(call.platform.tags.lock(call.grant, name, locked=False)))


@router.put("/jobs/{name:path}/tags", response_model=answers.ObjectAnswer, openapi_extra=described(TagsOfJob))
def put_tags(call: Placed, name: PathText, take_lock: bool = False) -> Response:
    """Gives a job these tags instead of those that it has. Its draft changes, what is live does not."""
    asked = read_body(TagsOfJob, call.body)
    return answer(shown(call.platform.tags.put(call.grant, name, asked.tags, Editing(take_lock=take_lock))))


def _shown(tag: Tag) -> dict[str, Any]:
    return {
        "name": tag.name,
        "locked": tag.locked,
        "changed_by": tag.changed_by,
        "changed_at": tag.changed_at,
    }
