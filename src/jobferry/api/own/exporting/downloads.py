"""The download center: exports in the background, their records, and the packages that are kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Annotated, Any, BinaryIO

from fastapi import Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from jobferry.api.late import LateRouter
from jobferry.api.own.call import Placed, described
from jobferry.api.own.exporting import answers
from jobferry.api.own.exporting.bodies import BackgroundExportBody
from jobferry.api.wire import LATEST, ZIP_ANSWER, PathText, answer, disposition, read_body
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.download import Download, DownloadFilter, DownloadKind
from jobferry.services.exporting.downloads import Listed

router = LateRouter(prefix="/api/workspaces/{workspace}/downloads", tags=["exports"])

_PIECE = 256 * 1024


@router.post(
    "", status_code=202, response_model=answers.BegunAnswer, openapi_extra=described(BackgroundExportBody)
)
def begin_export(call: Placed) -> Response:
    """Begins an export in the background; its record has the task's id."""
    asked = read_body(BackgroundExportBody, call.body)
    task = call.platform.producing.begin(
        call.grant, asked.request(), into=asked.into, receipt=asked.receipt()
    )
    return answer({"task_id": task.id, "download_id": task.id}, 202)


class DownloadQuery(BaseModel):
    """Which records, and which page of them; what is not said does not filter."""

    kind: DownloadKind | None = None
    status: TaskStatus | None = None
    operator: str = ""
    search: str = Field("", description="A piece of file name, subject, operator, place or reason.")
    since: int = Field(0, ge=0, le=LATEST, description="Milliseconds since 1970 (UTC).")
    until: int = Field(0, ge=0, le=LATEST, description="Exclusive; 0 for now.")
    offset: int = Field(0, ge=0, le=LATEST)
    limit: int = Field(100, ge=1, le=1000)

    def wanted(self, workspace_id: str) -> DownloadFilter:
        """The same in the engine's words."""
        said = {name: getattr(self, name) for name in ("kind", "status", "operator", "since", "until")}
        return DownloadFilter(workspace_id=workspace_id, text=self.search, **said)


@router.get("", response_model=answers.DownloadList)
def list_downloads(call: Placed, asked: Annotated[DownloadQuery, Query()]) -> Response:
    """Records of exports, newest first: one's own; those who run the workspace see all."""
    wanted = asked.wanted(call.workspace.id)
    total, found = call.platform.downloads.page(call.grant, wanted, offset=asked.offset, limit=asked.limit)
    return answer({"total": total, "items": [shown_download(one) for one in found]})


@router.get("/{download_id}", response_model=answers.DownloadAnswer)
def show_download(call: Placed, download_id: PathText) -> Response:
    """One record."""
    return answer(shown_download(call.platform.downloads.show(call.grant, download_id)))


@router.get("/{download_id}/package", response_class=Response, responses=ZIP_ANSWER)
def download(call: Placed, download_id: PathText) -> Response:
    """The package, while it is kept."""
    return kept_package(call.platform.downloads.open(call.grant, download_id))


def kept_package(opening: AbstractContextManager[tuple[Download, BinaryIO]]) -> Response:
    """A package that lies here, as it is read; what is wrong is said before its first byte."""
    with ExitStack() as held:
        found, file = held.enter_context(opening)
        kept = held.pop_all()

    def pieces() -> Iterator[bytes]:
        with kept:
            yield from iter(lambda: file.read(_PIECE), b"")

    headers = {
        "Content-Disposition": disposition(found.file_name),
        "Content-Length": str(found.size),
        "X-Jobferry-Package-Digest": found.digest,
        "X-Jobferry-Objects": str(found.objects),
    }
    return StreamingResponse(pieces(), media_type="application/octet-stream", headers=headers)


@router.delete("/{download_id}", status_code=204)
def delete_download(call: Placed, download_id: PathText) -> None:
    """Takes a record away; its package cannot be downloaded any more."""
    call.platform.downloads.delete(call.grant, download_id)


def shown_download(listed: Listed) -> dict[str, Any]:
    """A record as answers show it."""
    one = listed.download
    return {
        "id": one.id,
        "kind": one.kind,
        "file_name": one.file_name,
        "subject": one.subject,
        "operator": one.operator,
        "status": one.status,
        "started_at": one.started_at,
        "ended_at": one.ended_at,
        "size": one.size,
        "objects": one.objects,
        "digest": one.digest,
        "place": one.place,
        "reason": one.reason,
        "available": listed.available,
        "until": listed.until,
    }
