"""What an export would take along, packed, for whoever pages through it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from jobferry.errors import ErrorCode, NotFound
from jobferry.model.document.problems import pointer
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.package import Deletion
from jobferry.sentences import sentence
from jobferry.services.exporting.selected_objects import Use
from jobferry.services.exporting.selection import Selection


class UsePlace(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Where something is referred to: the object, and the path in its document."""

    kind: ObjectKind
    name: str
    path: str


class LeavingObject(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An object that would leave. ``through`` is none for what was chosen; ``version`` 0 is a draft."""

    kind: ObjectKind
    name: str
    uid: str
    version: int
    size: int
    sha256: str
    emptied: int
    through: UsePlace | None


class StayingThing(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Something that the package would need and does not hold, and where it is referred to."""

    kind: NeedKind
    name: str
    workspace: str
    through: UsePlace | None


class ExportPreview(msgspec.Struct, frozen=True, kw_only=True):
    """A selection in numbers, with its packed parts. Objects: first ``chosen`` ones, then what comes along.

    ``size`` is of the documents, unpacked. ``left_out`` names objects without a submitted state.
    """

    id: str
    workspace_id: str
    owner: str
    chosen: int
    size: int
    sizes: dict[str, int]
    packed_objects: bytes
    packed_needs: bytes
    left_out: tuple[str, ...]
    deletions: tuple[Deletion, ...]
    note: str

    @property
    def objects(self) -> list[LeavingObject]:
        """Everything that would leave, in order."""
        return _objects.decode(self.packed_objects)

    @property
    def needs(self) -> list[StayingThing]:
        """What would be needed, by kind and name."""
        return _needs.decode(self.packed_needs)


_objects = msgspec.msgpack.Decoder(list[LeavingObject])
_needs = msgspec.msgpack.Decoder(list[StayingThing])


def preview_of(preview_id: str, workspace_id: str, owner: str, selection: Selection) -> ExportPreview:
    """A selection, packed."""
    needs = list(_staying(selection))
    sizes = {
        "objects": len(selection.picked),
        "needs": len(needs),
        "left_out": len(selection.left_out),
        "deletions": len(selection.deletions),
    }
    return ExportPreview(
        id=preview_id,
        workspace_id=workspace_id,
        owner=owner,
        chosen=selection.chosen,
        size=sum(picked.size for picked in selection.picked),
        sizes=sizes,
        packed_objects=msgspec.msgpack.encode(list(_leaving(selection))),
        packed_needs=msgspec.msgpack.encode(needs),
        left_out=selection.left_out,
        deletions=selection.deletions,
        note=selection.note,
    )


def preview_gone(preview_id: str) -> NotFound:
    """There is no such preview that the caller is to see, or it was made too long ago."""
    return NotFound(
        ErrorCode.PREVIEW_MISSING,
        sentence("the preview {preview_id} of an export is no longer kept", preview_id=preview_id),
        subject=preview_id,
        hint="look at the export again; only the last previews are kept",
    )


def _leaving(selection: Selection) -> Iterable[LeavingObject]:
    uses, chosen = selection.uses, selection.chosen
    for index, picked in enumerate(selection.picked):
        use = None if index < chosen else uses.get((NeedKind(picked.kind.value), "", picked.name))
        yield LeavingObject(
            picked.kind,
            picked.name,
            picked.uid,
            picked.version,
            picked.size,
            picked.digest,
            len(picked.sensitive),
            _place(use),
        )


def _staying(selection: Selection) -> Iterator[StayingThing]:
    for need in selection.needs:
        use = selection.uses.get((need.kind, need.workspace, need.name))
        yield StayingThing(need.kind, need.name, need.workspace, _place(use))


def _place(use: Use | None) -> UsePlace | None:
    return UsePlace(*use.by, pointer(use.path)) if use else None
