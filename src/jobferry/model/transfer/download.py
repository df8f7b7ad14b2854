"""The download center's records: every export that was made, or tried, and what became of it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from jobferry.model.task import TaskStatus


class DownloadKind(StrEnum):
    """What kind of export a record is of."""

    SELECTION = "selection"
    WORKSPACE = "workspace"
    FACTORY = "factory"
    """One of the Factory API's own exports."""
    TASK_PACKAGE = "task-package"
    """A batch task package, generated from a list of names."""
    CONNECTIONS = "connections"
    VARIABLES = "variables"
    """All environment variables."""


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """One export. Times are in ms, ``size`` in bytes.

    ``place`` says where it was written in object storage; ``file`` names the file that the platform keeps.
    Both are empty for a package that went straight to who asked. ``request`` is what was asked for, as JSON;
    ``server`` sends or makes the package.
    """

    id: str
    workspace_id: str
    kind: DownloadKind
    file_name: str
    operator: str
    started_at: int
    ended_at: int = 0
    status: TaskStatus = TaskStatus.RUNNING
    subject: str = ""
    size: int = 0
    objects: int = 0
    digest: str = ""
    place: str = ""
    file: str = ""
    reason: str = ""
    request: str = ""
    server: str = ""


class DownloadFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which records a page shows; what is empty does not narrow.

    ``text`` is a piece of the file name, subject, operator, place or reason, ``file_name`` one of the file
    name, ``path`` one of the place; case is ignored (ASCII letters). Times are in ms; ``until`` is left out.
    """

    workspace_id: str
    operator: str = ""
    kind: DownloadKind | None = None
    status: TaskStatus | None = None
    text: str = ""
    file_name: str = ""
    path: str = ""
    since: int = 0
    until: int = 0
