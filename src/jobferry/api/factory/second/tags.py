"""The tags of a job: the one call of the second version that writes them."""

from __future__ import annotations

from pydantic import BaseModel

from jobferry.api.factory.call import InWorkspace
from jobferry.api.late import LateRouter
from jobferry.api.wire import PathText, read_body
from jobferry.services.object_access import Editing

router = LateRouter(prefix="/v2/{project_id}/factory/jobs")


class TagsBody(BaseModel):
    """The tags that a job is to have; an empty list takes all off."""

    tag_names: list[str]


@router.post("/{job_name}/tags", status_code=204)
def put_tags(call: InWorkspace, job_name: PathText) -> None:
    """Gives a job these tags instead of those that it has."""
    asked = read_body(TagsBody, call.body)
    call.platform.tags.put(call.grant, job_name, asked.tag_names, Editing(take_lock=True))
