"""Packages going out: made and sent at once, or only looked at beforehand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from msgspec import Meta, Struct

from jobferry.api.calls import Body, Calls, Package
from jobferry.api.native.call import Placed
from jobferry.model.document.problems import pointer
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.package import Deletion, ExportState
from jobferry.model.report.receipt_file import ReceiptFile, read_receipt_file
from jobferry.model.transfer.export import ExportRequest, ExportScope, Extent, ExtentKind

if TYPE_CHECKING:
    from jobferry.services.exporting.selected_objects import Use
    from jobferry.services.exporting.selection import Selection

api = Calls("/api/workspaces/{workspace}", tag="exports")

_HEADER_BYTES = 16 * 1024
_LAST_MOMENT = 253_402_300_799_000
"""The end of the year 9999, in ms."""
Moment = Annotated[int, Meta(ge=0, le=_LAST_MOMENT)]


class ExtentBody(Body):
    """Which changes a workspace export is about.

    Everything (``full``), those of a ``range`` of time from ``since`` to ``until`` (ms; 0 for now), those
    since the ``last`` such export, or what the target lacks by the ``receipt`` file that was brought back.
    """

    kind: ExtentKind
    since: Moment = 0
    until: Moment = 0
    receipt: dict[str, Any] | None = None

    def receipt_file(self) -> ReceiptFile | None:
        """The receipt, which an export by one must have."""
        if self.kind is ExtentKind.RECEIPT:
            return read_receipt_file(self.receipt or {})
        return None


class ExportBody(Body):
    """What to export: jobs and scripts by name, and by directory, tag or a piece of the name (``query``).

    Nothing of these means everything; with an ``extent`` that is a workspace export, by its changes.
    ``scope`` ``closure`` takes along the scripts, resources and CDM definitions that chosen jobs use;
    ``state`` ``submitted`` takes live versions instead of drafts; ``schedule`` false leaves the schedules of
    jobs out.
    """

    names: tuple[str, ...] | None = None
    scripts: tuple[str, ...] | None = None
    directories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    query: str = ""
    kinds: tuple[ObjectKind, ...] = (ObjectKind.JOB,)
    scope: ExportScope = ExportScope.CLOSURE
    state: ExportState = ExportState.DRAFT
    schedule: bool = True
    extent: ExtentBody | None = None

    def receipt(self) -> ReceiptFile | None:
        """The receipt that the extent goes by, if it does."""
        return self.extent.receipt_file() if self.extent else None

    def request(self) -> ExportRequest:
        """The same in the engine's words."""
        named = self.names is not None or self.scripts is not None
        extent = self.extent
        chosen = ExportRequest(
            jobs=self.names or (),
            scripts=self.scripts or (),
            directories=self.directories,
            tags=self.tags,
            query=self.query,
            kinds=self.kinds,
            everything=not (named or self.directories or self.tags or self.query),
            scope=self.scope,
            state=self.state,
            schedule=self.schedule,
            extent=Extent(kind=extent.kind, since=extent.since, until=extent.until) if extent else None,
        )
        return chosen.checked()


class UseAnswer(Struct, frozen=True, gc=False):
    """Where something is referred to: the object, and the place in its document."""

    kind: ObjectKind
    name: str
    path: str


class LeavingAnswer(Struct, frozen=True, gc=False):
    """An object that would leave. ``through`` is null for what was chosen; ``version`` 0 is a draft."""

    kind: ObjectKind
    name: str
    uid: str
    version: int
    size: int
    sha256: str
    emptied: int
    through: UseAnswer | None


class StayingAnswer(Struct, frozen=True, gc=False):
    """Something that the package would need and does not hold, and where it is referred to."""

    kind: NeedKind
    name: str
    workspace: str
    through: UseAnswer | None


class ExportPreviewAnswer(Struct, frozen=True):
    """What an export would take along; nothing was made. ``bytes`` is of the documents, unpacked.

    ``left_out`` names objects without a submitted state, ``deletions`` what a workspace export tells to be
    gone; ``note`` is what its reader should know.
    """

    chosen: int
    bytes: int
    objects: list[LeavingAnswer]
    needs: list[StayingAnswer]
    left_out: tuple[str, ...]
    deletions: tuple[Deletion, ...]
    note: str


@api.post("/exports")
def export(call: Placed, body: ExportBody) -> Package:
    """A package with a manifest; what is wrong is said before its first byte."""
    stream = call.platform.exports.package(call.grant, body.request(), body.receipt())
    headers = {"X-Jobferry-Package-Digest": stream.digest, "X-Jobferry-Objects": str(stream.objects)}
    if body.extent is not None:
        headers |= {"X-Jobferry-Deletions": str(stream.deletions), "X-Jobferry-Note": quote(stream.note)}
    if stream.left_out:
        headers["X-Jobferry-Left-Out"] = _header_list(stream.left_out)
    return Package(stream.filename, stream.chunks, headers)


@api.post("/export-previews")
def preview_export(call: Placed, body: ExportBody) -> ExportPreviewAnswer:
    """What an export would take along and through which references, and what stays a need."""
    return _preview(call.platform.exports.preview(call.grant, body.request(), body.receipt()))


def _preview(selection: Selection) -> ExportPreviewAnswer:
    return ExportPreviewAnswer(
        chosen=selection.chosen,
        bytes=sum(picked.size for picked in selection.picked),
        objects=_leaving(selection),
        needs=_staying(selection),
        left_out=selection.left_out,
        deletions=selection.deletions,
        note=selection.note,
    )


def _leaving(selection: Selection) -> list[LeavingAnswer]:
    uses, chosen = selection.uses, selection.chosen
    return [
        LeavingAnswer(
            picked.kind,
            picked.name,
            picked.uid,
            picked.version,
            picked.size,
            picked.digest,
            len(picked.sensitive),
            None if index < chosen else _use(uses.get((NeedKind(picked.kind.value), "", picked.name))),
        )
        for index, picked in enumerate(selection.picked)
    ]


def _staying(selection: Selection) -> list[StayingAnswer]:
    uses = selection.uses
    return [
        StayingAnswer(
            need.kind, need.name, need.workspace, _use(uses.get((need.kind, need.workspace, need.name)))
        )
        for need in selection.needs
    ]


def _use(use: Use | None) -> UseAnswer | None:
    return UseAnswer(*use.by, pointer(use.path)) if use else None


def _header_list(names: tuple[str, ...]) -> str:
    """A percent-encoded JSON list; what does not fit into a header is only counted."""
    kept: list[str] = []
    size = 0
    for name in names:
        size += len(quote(json.dumps(name)))
        if size > _HEADER_BYTES:
            kept.append(f"… ({len(names) - len(kept)} more)")
            break
        kept.append(name)
    return quote(json.dumps(kept))
