"""The bodies that calls about exports take. Unknown keys are refused by name."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from jobferry.model.kinds import ObjectKind
from jobferry.model.package import ExportState
from jobferry.services.exporting.request import ExportRequest, ExportScope


class ExportBody(BaseModel):
    """What to export: jobs and scripts by name, and by directory, tag or a piece of the name (``query``).

    Nothing of these means everything. ``scope`` ``closure`` takes along the scripts, resources and CDM
    definitions that chosen jobs use; ``state`` ``submitted`` takes live versions instead of drafts;
    ``schedule`` false leaves the schedules of jobs out.
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
        )
        return chosen.checked()

    @property
    def _filters(self) -> bool:
        return bool(self.directories or self.tags or self.query)


class NameListBody(BaseModel):
    """A list of names of live jobs, one a line."""

    model_config = ConfigDict(extra="forbid")

    names: str


class BackgroundExportBody(ExportBody):
    """The same, made in the background and kept for download, or written ``into`` a folder in object storage:
    ``obs://bucket/folder``, or ``default`` for the workspace's own."""

    into: str = ""
