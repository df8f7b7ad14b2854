"""The download center: exports in the background, their records, the packages that are kept, and batch task
packages by a list of names, which lie there too."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Annotated, BinaryIO

from msgspec import Meta, Struct

from jobferry.api.bodies import BodyLimit
from jobferry.api.calls import (
    Body,
    Calls,
    Instant,
    Limit,
    Offset,
    Package,
    QueryGroup,
    Status,
    Threads,
    Until,
)
from jobferry.api.native.call import Placed
from jobferry.api.native.exports import ExportBody
from jobferry.model.lists import DownloadSort
from jobferry.model.messages.reader import Reader
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.download import Download, DownloadFilter, DownloadKind

if TYPE_CHECKING:
    from jobferry.services.exporting.downloads import Listed

api = Calls("/api/workspaces/{workspace}", tag="exports")

_PIECE = 256 * 1024


class DownloadAnswer(Struct, frozen=True):
    """A record of the download center. Times are in ms.

    ``place`` says where it was written in object storage; ``available`` whether the package can be had here,
    ``until`` how long the record is kept. ``reason`` says why it failed, or what was left out.
    """

    id: str
    kind: DownloadKind
    file_name: str
    subject: str
    operator: str
    status: TaskStatus
    started_at: int
    ended_at: int
    size: int
    objects: int
    digest: str
    place: str
    reason: str
    available: bool
    until: int


class DownloadList(Struct, frozen=True):
    """How many records fit, and one page of them."""

    total: int
    items: list[DownloadAnswer]


class BackgroundExportBody(ExportBody):
    """The same, made in the background and kept for download, or written ``into`` a folder in object storage:
    ``obs://bucket/folder``, or ``default`` for the workspace's own."""

    into: str = ""


class BegunAnswer(Struct, frozen=True):
    """An export that was begun: the record of that id is the task's too."""

    task_id: str
    download_id: str


class DownloadQuery(QueryGroup):
    """Which records; what is not said does not filter."""

    kind: DownloadKind | None = None
    status: TaskStatus | None = None
    operator: str = ""
    file_name: Annotated[str, Meta(description="A piece of it.")] = ""
    path: Annotated[str, Meta(description="A piece of where it was written in object storage.")] = ""
    search: Annotated[str, Meta(description="A piece of file name, subject, operator, place or reason.")] = ""
    since: Instant = 0
    until: Until = 0

    def wanted(self, workspace_id: str) -> DownloadFilter:
        """The same in the engine's words."""
        return DownloadFilter(
            workspace_id=workspace_id,
            operator=self.operator,
            kind=self.kind,
            status=self.status,
            text=self.search,
            file_name=self.file_name,
            path=self.path,
            since=self.since,
            until=self.until,
        )


class NameListBody(Body):
    """A list of names of live jobs, one a line. ``with_files`` false leaves the files of resources out."""

    names: str
    with_files: bool = True


class GeneratingAnswer(Struct, frozen=True):
    """How many names are live jobs, which is all. The package's download has the id of the task."""

    matched: int
    failed: tuple[str, ...]
    task_id: str


class NotGeneratedAnswer(Struct, frozen=True):
    """How many names are live jobs, and those that are none: nothing is generated."""

    matched: int
    failed: tuple[str, ...]
    task_id: None


class TaskPackagesAnswer(Struct, frozen=True):
    """The names given last, the newest generation, and the last package that can be exported."""

    names: tuple[str, ...]
    newest: DownloadAnswer | None
    last: DownloadAnswer | None
    most_names: int
    most_characters: int


@api.post("/downloads", status=202, body_limit=BodyLimit.DOCUMENT, threads=Threads.EXTERNAL)
def begin_export(call: Placed, body: BackgroundExportBody) -> BegunAnswer:
    """Begins an export in the background; its record has the task's id."""
    task = call.platform.producing.begin(call.grant, body.request(), into=body.into, receipt=body.receipt())
    return BegunAnswer(task.id, task.id)


@api.get("/downloads")
def list_downloads(
    call: Placed,
    asked: DownloadQuery,
    sort: DownloadSort = "-started_at",
    offset: Offset = 0,
    limit: Limit = 100,
) -> DownloadList:
    """One page of records of exports: one's own; those who run the workspace see all."""
    wanted = asked.wanted(call.workspace.id)
    total, found = call.platform.downloads.page(call.grant, wanted, sort=sort, offset=offset, limit=limit)
    return DownloadList(total, [_shown(listed, call.reader) for listed in found])


@api.get("/downloads/{download_id}")
def show_download(call: Placed, download_id: str) -> DownloadAnswer:
    """One record."""
    return _shown(call.platform.downloads.show(call.grant, download_id), call.reader)


@api.get("/downloads/{download_id}/package", threads=Threads.EXTERNAL)
def download(call: Placed, download_id: str) -> Package:
    """The package, while it is kept."""
    return _kept(call.platform.downloads.open(call.grant, download_id))


@api.delete("/downloads/{download_id}", threads=Threads.EXTERNAL)
def delete_download(call: Placed, download_id: str) -> None:
    """Takes a record away; its package cannot be downloaded any more."""
    call.platform.downloads.delete(call.grant, download_id)


@api.post("/task-packages", status=202, body_limit=BodyLimit.NAMES)
def generate(
    call: Placed, body: NameListBody
) -> GeneratingAnswer | Annotated[NotGeneratedAnswer, Status(200)]:
    """Matches all names with live jobs first; one that is unknown, and nothing is generated (200)."""
    made = call.platform.batches.generate(call.grant, body.names, with_files=body.with_files)
    if made.task is None:
        return NotGeneratedAnswer(made.matched, made.failed, None)
    return GeneratingAnswer(made.matched, made.failed, made.task.id)


@api.get("/task-packages")
def show_task_packages(call: Placed) -> TaskPackagesAnswer:
    """The names that were given last, how that went, and the package that can be exported."""
    from jobferry.services.exporting.request import MOST_CHARACTERS, MOST_NAMES

    found = call.platform.batches.status(call.grant)
    return TaskPackagesAnswer(
        names=found.names,
        newest=_shown(found.newest, call.reader) if found.newest else None,
        last=_shown(found.last, call.reader) if found.last else None,
        most_names=MOST_NAMES,
        most_characters=MOST_CHARACTERS,
    )


@api.get("/task-packages/last", threads=Threads.EXTERNAL)
def export_task_package(call: Placed) -> Package:
    """The package that was generated last."""
    return _kept(call.platform.batches.open(call.grant))


def _kept(opening: AbstractContextManager[tuple[Download, BinaryIO]]) -> Package:
    """A package that lies here, as it is read; what is wrong is said before its first byte."""
    with ExitStack() as held:
        found, file = held.enter_context(opening)
        kept = held.pop_all()
    headers = {
        "Content-Length": str(found.size),
        "X-Jobferry-Package-Digest": found.digest,
        "X-Jobferry-Objects": str(found.objects),
    }
    return Package(found.file_name, _read(file, kept), headers)


def _read(file: BinaryIO, kept: ExitStack) -> Generator[bytes, None, None]:
    with kept:
        yield from iter(lambda: file.read(_PIECE), b"")


def _shown(listed: Listed, reader: Reader) -> DownloadAnswer:
    """A record as answers show it."""
    found = listed.download
    return DownloadAnswer(
        id=found.id,
        kind=found.kind,
        file_name=found.file_name,
        subject=found.subject,
        operator=found.operator,
        status=found.status,
        started_at=found.started_at,
        ended_at=found.ended_at,
        size=found.size,
        objects=found.objects,
        digest=found.digest,
        place=found.place,
        reason=reader.whole(found.reason),
        available=listed.available,
        until=listed.until,
    )
