"""The bodies that calls about exports take. Unknown keys are refused by name."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from jobferry.model.kinds import ObjectKind
from jobferry.model.package import ExportState
from jobferry.model.report.receipt_file import ReceiptFile, read_receipt_file
from jobferry.services.exporting.request import ExportRequest, ExportScope, Extent, ExtentKind

_LAST_MOMENT = 253_402_300_799_000
"""The end of the year 9999, in ms."""


class ExtentBody(BaseModel):
    """Which changes a workspace export is about.

    Everything (``full``), those of a ``range`` of time from ``since`` to ``until`` (ms; 0 for now), those
    since the ``last`` such export, or what the target lacks by the ``receipt`` file that was brought back.
    """

    model_config = ConfigDict(extra="forbid")

    kind: ExtentKind
    since: int = Field(0, ge=0, le=_LAST_MOMENT)
    until: int = Field(0, ge=0, le=_LAST_MOMENT)
    receipt: dict[str, Any] | None = None

    def receipt_file(self) -> ReceiptFile | None:
        """The receipt, which an export by one must have."""
        if self.kind is ExtentKind.RECEIPT:
            return read_receipt_file(self.receipt or {})
        return None


class ExportBody(BaseModel):
    """What to export: jobs and scripts by name, and by directory, tag or a piece of the name (``query``).

    Nothing of these means everything; with an ``extent`` that is a workspace export, by its changes.
    ``scope`` ``closure`` takes along the scripts, resources and CDM definitions that chosen jobs use;
    ``state`` ``submitted`` takes live versions instead of drafts; ``schedule`` false leaves the schedules of
    jobs out.
    """

    model_config = ConfigDict(extra="forbid")

    names: list[str] | None = None
    scripts: list[str] | None = None
    directories: list[str] = []
    tags: list[str] = []
    query: str = ""
    kinds: list[ObjectKind] = [ObjectKind.JOB]
    scope: ExportScope = ExportScope.CLOSURE
    state: ExportState = ExportState.DRAFT
    schedule: bool = True
    extent: ExtentBody | None = None

    def receipt(self) -> ReceiptFile | None:
        """The receipt that the extent goes by, if it does."""
        return self.extent.receipt_file() if self.extent else None

    def request(self) -> ExportRequest:
        """The same in the engine's words."""
        chosen = ExportRequest(
            jobs=tuple(self.names or ()),
            scripts=tuple(self.scripts or ()),
            directories=tuple(self.directories),
            tags=tuple(self.tags),
            query=self.query,
            kinds=tuple(self.kinds),
            everything=self.names is None and self.scripts is None and not self._filters,
            scope=self.scope,
            state=self.state,
            schedule=self.schedule,
            extent=Extent(kind=self.extent.kind, since=self.extent.since, until=self.extent.until)
            if self.extent
            else None,
        )
        return chosen.checked()

    @property
    def _filters(self) -> bool:
        return bool(self.directories or self.tags or self.query)


class NameListBody(BaseModel):
    """A list of names of live jobs, one a line. ``with_files`` false leaves the files of resources out."""

    model_config = ConfigDict(extra="forbid")

    names: str
    with_files: bool = True


class BackgroundExportBody(ExportBody):
    """The same, made in the background and kept for download, or written ``into`` a folder in object storage:
    ``obs://bucket/folder``, or ``default`` for the workspace's own."""

    into: str = ""
