"""Packages going out: made and sent at once, or only looked at beforehand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from msgspec import Meta, Struct

from jobferry.api.bodies import BodyLimit, LongMap, LongTuple, ShortTuple
from jobferry.api.calls import Body, Calls, Limit, Offset, Package, QueryGroup, Threads
from jobferry.api.native.call import Placed
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.package import Deletion, ExportState
from jobferry.model.report.receipt_file import ReceiptFile, read_receipt_file
from jobferry.model.transfer.export import ExportRequest, ExportScope, Extent, ExtentKind
from jobferry.model.transfer.plan_pages import Span

if TYPE_CHECKING:
    from jobferry.services.exporting.export_preview import LeavingObject, UsePlace

api = Calls("/api/workspaces/{workspace}", tag="exports", threads=Threads.EXTERNAL)

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
    receipt: LongMap[Any] | None = None

    def receipt_file(self) -> ReceiptFile | None:
        """The receipt, which an export by one must have."""
        if self.kind is ExtentKind.RECEIPT:
            return read_receipt_file(self.receipt or {})
        return None


class ExportBody(Body):
    """What to export: jobs and scripts by name, and by directory, tag or a piece of the name (``query``).

    Nothing of these means everything; with an ``extent`` that is a workspace export, by its changes, of which
    ``kinds`` ``script`` takes scripts alone.
    ``scope`` ``closure`` takes along the scripts, resources and CDM definitions that chosen jobs use;
    ``state`` ``submitted`` takes live versions instead of drafts; ``schedule`` false leaves the schedules of
    jobs out.
    """

    names: LongTuple[str] | None = None
    scripts: LongTuple[str] | None = None
    directories: LongTuple[str] = ()
    tags: LongTuple[str] = ()
    query: str = ""
    kinds: ShortTuple[ObjectKind] = (ObjectKind.JOB,)
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
    """What an export would take along, in numbers; nothing was made. ``bytes`` is of the documents, unpacked.

    ``id`` names it while it is paged through. Of the ``objects`` so many were ``chosen``; the rest comes
    along through references. ``left_out`` counts objects without a submitted state,
    ``deletions`` what a workspace export tells to be gone; ``note`` is what its reader should know.
    """

    id: str
    bytes: int
    objects: int
    chosen: int
    needs: int
    left_out: int
    deletions: int
    note: str


class LeavingList(Struct, frozen=True):
    """How many objects fit, and one page of them: those that were chosen, then what comes along."""

    total: int
    items: list[LeavingAnswer]


class StayingList(Struct, frozen=True):
    """How many needs fit, and one page of them, by kind and name."""

    total: int
    items: list[StayingAnswer]


class LeftOutList(Struct, frozen=True):
    """How many objects have no submitted state, and one page of their names."""

    total: int
    items: list[str]


class GoneList(Struct, frozen=True):
    """How many objects are gone, and one page of them."""

    total: int
    items: list[Deletion]


class LeavingQuery(QueryGroup):
    """Which objects: ``name`` is a part of the name, ``chosen`` whether they were chosen or
    come along."""

    kind: ObjectKind | None = None
    name: str = ""
    chosen: bool | None = None


class StayingQuery(QueryGroup):
    """Which needs: ``name`` is a part of the name."""

    kind: NeedKind | None = None
    name: str = ""


@api.post("/exports", body_limit=BodyLimit.DOCUMENT)
def export(call: Placed, body: ExportBody) -> Package:
    """A package with a manifest; what is wrong is said before its first byte."""
    stream = call.platform.exports.package(call.grant, body.request(), body.receipt())
    headers = {"X-Jobferry-Package-Digest": stream.digest, "X-Jobferry-Objects": str(stream.objects)}
    if body.extent is not None:
        headers |= {"X-Jobferry-Deletions": str(stream.deletions), "X-Jobferry-Note": quote(stream.note)}
    if stream.left_out:
        headers["X-Jobferry-Left-Out"] = _header_list(stream.left_out)
    return Package(stream.filename, stream.chunks, headers)


@api.post("/export-previews", body_limit=BodyLimit.DOCUMENT)
def preview_export(call: Placed, body: ExportBody) -> ExportPreviewAnswer:
    """What an export would take along; its parts come in pages, for a while."""
    seen = call.platform.exports.preview(call.grant, body.request(), body.receipt())
    return ExportPreviewAnswer(id=seen.id, bytes=seen.size, chosen=seen.chosen, note=seen.note, **seen.sizes)


@api.get("/export-previews/{preview_id}/objects")
def show_leaving(
    call: Placed, preview_id: str, query: LeavingQuery, offset: Offset = 0, limit: Limit = 100
) -> LeavingList:
    """What would leave, and through which references."""
    seen = call.platform.exports.previewed(call.grant, preview_id)
    total, page = Span(offset, limit).of(
        [
            taken
            for index, taken in enumerate(seen.objects)
            if query.kind in (None, taken.kind)
            and query.chosen in (None, index < seen.chosen)
            and query.name.lower() in taken.name.lower()
        ]
    )
    return LeavingList(total, [_leaving(taken) for taken in page])


@api.get("/export-previews/{preview_id}/needs")
def show_staying(
    call: Placed, preview_id: str, query: StayingQuery, offset: Offset = 0, limit: Limit = 100
) -> StayingList:
    """What the package would need where it arrives."""
    needs = [
        need
        for need in call.platform.exports.previewed(call.grant, preview_id).needs
        if query.kind in (None, need.kind) and query.name.lower() in need.name.lower()
    ]
    total, page = Span(offset, limit).of(needs)
    return StayingList(
        total, [StayingAnswer(need.kind, need.name, need.workspace, _use(need.through)) for need in page]
    )


@api.get("/export-previews/{preview_id}/left-out")
def show_left_out(call: Placed, preview_id: str, offset: Offset = 0, limit: Limit = 100) -> LeftOutList:
    """Objects that stay here because they have no submitted state."""
    seen = call.platform.exports.previewed(call.grant, preview_id)
    return LeftOutList(*Span(offset, limit).of(seen.left_out))


@api.get("/export-previews/{preview_id}/deletions")
def show_gone(call: Placed, preview_id: str, offset: Offset = 0, limit: Limit = 100) -> GoneList:
    """What a workspace export would tell to be gone."""
    seen = call.platform.exports.previewed(call.grant, preview_id)
    return GoneList(*Span(offset, limit).of(seen.deletions))


def _leaving(taken: LeavingObject) -> LeavingAnswer:
    return LeavingAnswer(
        taken.kind,
        taken.name,
        taken.uid,
        taken.version,
        taken.size,
        taken.sha256,
        taken.emptied,
        _use(taken.through),
    )


def _use(use: UsePlace | None) -> UseAnswer | None:
    return UseAnswer(use.kind, use.name, use.path) if use else None


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
