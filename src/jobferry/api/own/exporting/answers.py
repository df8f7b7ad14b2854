"""What calls about exports answer with, for the API's description."""

from __future__ import annotations

from jobferry.api.late import Shape
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.download import DownloadKind


class UseAnswer(Shape):
    """Where something is referred to: the object, and the place in its document."""

    kind: ObjectKind
    name: str
    path: str


class LeavingAnswer(Shape):
    """An object that would leave. ``through`` is null for what was chosen; ``version`` 0 is a draft."""

    kind: ObjectKind
    name: str
    uid: str
    version: int
    size: int
    sha256: str
    emptied: int
    through: UseAnswer | None


class StayingAnswer(Shape):
    """Something that the package would need and does not hold, and where it is referred to."""

    kind: NeedKind
    name: str
    workspace: str
    through: UseAnswer | None


class GoneAnswer(Shape):
    """An object that is told to be gone."""

    kind: ObjectKind
    name: str
    uid: str


class ExportPreviewAnswer(Shape):
    """What an export would take along; nothing was made. ``bytes`` is of the documents, unpacked.

    ``left_out`` names objects without a submitted state, ``deletions`` what a workspace export tells to be
    gone; ``note`` is what its reader should know.
    """

    chosen: int
    bytes: int
    objects: list[LeavingAnswer]
    needs: list[StayingAnswer]
    left_out: list[str]
    deletions: list[GoneAnswer]
    note: str


class DownloadAnswer(Shape):
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


class DownloadList(Shape):
    """One page of records, newest first."""

    total: int
    items: list[DownloadAnswer]


class BegunAnswer(Shape):
    """An export that was begun: the record of that id is the task's too."""

    task_id: str
    download_id: str


class GeneratedAnswer(Shape):
    """How many names are live jobs, and those that are none.

    ``task_id`` is null if nothing is generated; else the package's download has the same id.
    """

    matched: int
    failed: list[str]
    task_id: str | None


class TaskPackagesAnswer(Shape):
    """The names given last, the newest generation, and the last package that can be exported."""

    names: list[str]
    newest: DownloadAnswer | None
    last: DownloadAnswer | None
    most_names: int
    most_characters: int
