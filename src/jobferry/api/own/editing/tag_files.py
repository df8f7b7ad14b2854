"""Which jobs have which tags, as a file: out of the workspace, and into it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict

from jobferry.api.late import LateRouter
from jobferry.api.own.call import Placed, described, described_bytes
from jobferry.api.wire import answer, disposition, read_body
from jobferry.services.editing.tag_files import Brought

router = LateRouter(prefix="/api/workspaces/{workspace}", tags=["editing"])

_CSV = "text/csv"


class StoredTagFile(BaseModel):
    """A file in object storage; with ``overwrite``, its tags instead of those that its jobs have."""

    model_config = ConfigDict(extra="forbid")

    path: str
    overwrite: bool = False


class TagFileAnswer(BaseModel):
    """How many jobs the file names, how many got or lost tags, and which tags are new."""

    jobs: int
    changed: int
    tags_made: list[str]


@router.get("/tag-file", response_class=Response, responses={200: {"content": {_CSV: {}}}})
def export_tags(call: Placed, tag: Annotated[list[str], Query()] = []) -> Response:  # noqa: B006 - never changed
    """Every job, and for each tag (or each that is named) a column with 1 or 0."""
    content = call.platform.tag_files.export(call.grant, tag)
    headers = {"Content-Disposition": disposition(f"{call.workspace.name}-tags.csv")}
    return Response(content, media_type=_CSV, headers=headers)


@router.post("/tag-file", response_model=TagFileAnswer, openapi_extra=described_bytes(_CSV))
def import_tags(call: Placed, overwrite: bool = False) -> Response:
    """Gives jobs the tags of a file, besides those they have or instead: all of it or nothing."""
    return _answered(call.platform.tag_files.bring(call.grant, call.body, overwrite=overwrite))


@router.post("/stored-tag-file", response_model=TagFileAnswer, openapi_extra=described(StoredTagFile))
def import_stored_tags(call: Placed) -> Response:
    """The same with a file that lies in object storage."""
    asked = read_body(StoredTagFile, call.body)
    return _answered(call.platform.tag_files.fetch(call.grant, asked.path, overwrite=asked.overwrite))


def _answered(brought: Brought) -> Response:
    return answer(brought._asdict())
