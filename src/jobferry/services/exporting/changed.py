"""What a workspace export is about: the objects that changed, and those that are gone.

By the change log for a range of time or since the last export; by content where the target's receipt tells
what it holds. Only the last state counts: what came and went in between is not told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest
from jobferry.model.change_log import ChangeKind, ExportPoint, LogStart, ObjectChange
from jobferry.model.document.times import written
from jobferry.model.kinds import PLACED_KINDS, VERSIONED_KINDS, ObjectKind
from jobferry.model.names import Limits
from jobferry.model.package import Deletion, ExportState
from jobferry.model.people import Grant
from jobferry.model.records import ObjectKey, StoredObject, Workspace
from jobferry.model.report.receipt_file import ReceiptFile
from jobferry.model.settings import is_recording
from jobferry.model.transfer.export import ExportRequest, ExportScope, Extent, ExtentKind
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.store import Snapshot


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """Objects to choose among, and what is gone. ``held`` has digests of what the target has, by kind and
    uid; ``point`` is how far the export will have reached; ``note`` is what its reader should know.
    """

    objects: Iterable[StoredObject]
    deletions: tuple[Deletion, ...] = ()
    held: dict[ObjectKey, str] = {}
    point: ExportPoint | None = None
    note: str = ""


def refuse_unrecorded(workspace: Workspace) -> None:
    """Raises: Conflict: change management is off in the workspace (``changes-off``)."""
    if not is_recording(workspace.settings):
        raise Conflict(
            ErrorCode.CHANGES_OFF,
            sentence(
                "change management is off in the workspace {name}, so its changes are not known",
                name=workspace.name,
            ),
            subject=workspace.name,
            hint="have its setting change_management set to true; until then export with --all",
        )


def refuse_other_receipt(receipt: ReceiptFile, platform_id: str, workspace: Workspace) -> None:
    """Raises: InvalidRequest: the receipt is about another platform or workspace (``receipt-invalid``)."""
    if (receipt.source_platform, receipt.source_workspace) != (platform_id, workspace.name):
        raise InvalidRequest(
            ErrorCode.RECEIPT_INVALID,
            sentence(
                "the receipt {id} is of a package from the workspace {other} here, not from {name}"
                if receipt.source_platform == platform_id
                else "the receipt {id} is of a package from another platform (workspace {other}), "
                "not from {name}",
                id=receipt.id,
                other=receipt.source_workspace or "-",
                name=workspace.name,
            ),
            subject=receipt.id,
            hint="use the receipt of an import of a package of this workspace",
        )


def refuse_too_many(counts: Counter[ObjectKind], limits: Limits = Limits()) -> None:
    """Raises: Conflict: there are more jobs, or scripts, than one export holds (``export-too-large``)."""
    most = limits.workspace_export
    for kind in (ObjectKind.JOB, ObjectKind.SCRIPT):
        if counts[kind] > most:
            raise Conflict(
                ErrorCode.EXPORT_TOO_LARGE,
                sentence(
                    "{counts} objects of the kind {kind}, deletions included; "
                    "a workspace export holds at most {most}",
                    counts=counts[kind],
                    kind=kind,
                    most=most,
                ),
                subject=kind,
                hint="export a shorter range, or choose by --directory or --tag; --all has no such limit",
            )


def changed(snapshot: Snapshot, grant: Grant, request: ExportRequest, receipt: ReceiptFile | None) -> Changed:
    """What the export is about, as the extent says.

    Raises:
        Conflict: change management is off (``changes-off``), there was no export to go on from, or what
            happened since is not all recorded (``changes-incomplete``).
        InvalidRequest: the receipt is about something else (``receipt-invalid``).
    """
    refuse_unrecorded(grant.workspace)
    extent = request.extent or Extent(kind=ExtentKind.FULL)
    match extent.kind:
        case ExtentKind.FULL:
            point = _point(grant, request, snapshot.changes.last(grant.workspace.id), extent.until)
            return Changed(objects=_every(snapshot, grant, request), point=point)
        case ExtentKind.RECEIPT:
            if receipt is None:
                raise AssertionError("an export since a receipt is given one")
            return _since_receipt(snapshot, grant, request, receipt)
        case ExtentKind.LAST:
            return _since_last(snapshot, grant, request, extent)
        case ExtentKind.RANGE:
            return _in_range(snapshot, grant, request, extent)


def way_of(request: ExportRequest) -> str:
    """Exports that hold the same of everything: the next of them goes on where the last ended."""
    scope = "scripts" if request.scripts_alone else request.scope
    return f"{scope} {request.state}" + ("" if request.schedule else " without schedules")


def _since_receipt(snapshot: Snapshot, grant: Grant, request: ExportRequest, receipt: ReceiptFile) -> Changed:
    platform = snapshot.platform()
    refuse_other_receipt(receipt, platform.id if platform else "", grant.workspace)
    kinds, place = _kinds(request), grant.workspace.id
    held = {(hold.kind, hold.uid): hold for hold in receipt.holds if hold.kind in kinds}
    there = snapshot.objects.by_uids(place, [uid for _, uid in held])
    gone = [
        Deletion(kind=held_object.kind, name=held_object.name, uid=held_object.uid)
        for held_object in held.values()
    ]
    gone = [deletion for deletion in gone if (deletion.kind, deletion.uid) not in there]
    return Changed(
        objects=_every(snapshot, grant, request),
        deletions=_ordered(gone),
        held={key: held_object.sha256 for key, held_object in held.items()},
    )


def _since_last(snapshot: Snapshot, grant: Grant, request: ExportRequest, extent: Extent) -> Changed:
    place = grant.workspace.id
    last, start = snapshot.changes.point(place, way_of(request)), snapshot.changes.start(place)
    if last is None:
        raise _incomplete(
            grant.workspace, sentence("nothing was exported yet as {request}", request=way_of(request))
        )
    if start is None or start.number > last.number:
        since = sentence("changes are recorded since {since} only", since=written(start.at)) if start else ""
        raise _incomplete(grant.workspace, since or sentence("changes are recorded only from now on"))
    rows = list(snapshot.changes.between(place, after=last.number))
    found = _of_rows(snapshot, grant, request, rows)
    point = _point(grant, request, snapshot.changes.last(grant.workspace.id), extent.until)
    return msgspec.structs.replace(found, point=point)


def _in_range(snapshot: Snapshot, grant: Grant, request: ExportRequest, extent: Extent) -> Changed:
    place = grant.workspace.id
    start = snapshot.changes.start(place)
    rows = list(snapshot.changes.between(place, since=extent.since, until=extent.until))
    later = next(snapshot.changes.between(place, since=extent.until), None)
    number = later.number - 1 if later else snapshot.changes.last(grant.workspace.id)
    last = snapshot.changes.point(place, way_of(request))
    follows = _follows(snapshot, place, extent, last) and not _begins_before(extent, start)
    return msgspec.structs.replace(
        _of_rows(snapshot, grant, request, rows),
        point=_point(grant, request, number, extent.until) if follows else None,
        note=str(
            sentence(
                "changes are recorded since {at}; what was changed before is not in the package",
                at=written(start.at),
            )
        )
        if start and _begins_before(extent, start)
        else "",
    )


def _follows(snapshot: Snapshot, place: str, extent: Extent, last: ExportPoint | None) -> bool:
    """Whether nothing lies between what was exported last and a range of time. Where the clock was set back
    since, something may that came later and is dated before the range."""
    if last is None or not extent.since:
        return True
    between = snapshot.changes.between(place, after=last.number, until=extent.since)
    return extent.since <= last.at and next(between, None) is None


def _begins_before(extent: Extent, start: LogStart | None) -> bool:
    return start is not None and extent.since < start.at


def _of_rows(snapshot: Snapshot, grant: Grant, request: ExportRequest, rows: list[ObjectChange]) -> Changed:
    """The last state of everything that the rows tell of, as far as the state asked for changed."""
    kinds = _kinds(request)
    first: dict[ObjectKey, ObjectChange] = {}
    last: dict[ObjectKey, ObjectChange] = {}
    told: set[ObjectKey] = set()
    for row in rows:
        if row.kind in kinds:
            key = (row.kind, row.uid)
            first.setdefault(key, row)
            last[key] = row
            if _matters(row, request.state):
                told.add(key)
    there = snapshot.objects.by_uids(grant.workspace.id, {uid for _, uid in told})
    gone = [
        Deletion(kind=kind, name=last[kind, uid].name, uid=uid)
        for kind, uid in told - there.keys()
        if first[kind, uid].change is not ChangeKind.ADDED and _reached(grant, last[kind, uid])
    ]
    present = [stored for key, stored in there.items() if key in told and grant.reaches(stored)]
    present.sort(key=lambda stored: (_ORDER[stored.kind], stored.name))
    return Changed(objects=present, deletions=_ordered(gone))


_ORDER = {kind: index for index, kind in enumerate(ObjectKind)}


def _matters(row: ObjectChange, state: ExportState) -> bool:
    """What changes only the draft does not change a live version, and the other way round."""
    if row.kind not in VERSIONED_KINDS or state is ExportState.DRAFT:
        return row.change is not ChangeKind.SUBMITTED
    return row.live or row.change is ChangeKind.RENAMED


def _reached(grant: Grant, row: ObjectChange) -> bool:
    return row.kind not in PLACED_KINDS or grant.covers(row.directory)


def _every(snapshot: Snapshot, grant: Grant, request: ExportRequest) -> Iterator[StoredObject]:
    for kind in _kinds(request):
        yield from (
            stored for stored in snapshot.objects.every(grant.workspace.id, kind) if grant.reaches(stored)
        )


def _kinds(request: ExportRequest) -> tuple[ObjectKind, ...]:
    if request.scripts_alone:
        return (ObjectKind.SCRIPT,)
    return (ObjectKind.JOB,) if request.scope is ExportScope.CHOSEN else tuple(ObjectKind)


def _ordered(gone: Iterable[Deletion]) -> tuple[Deletion, ...]:
    return tuple(sorted(gone, key=lambda deletion: (deletion.kind, deletion.name, deletion.uid)))


def _point(grant: Grant, request: ExportRequest, number: int, at: int) -> ExportPoint | None:
    """An export that reaches only some directories is no point for others to go on from."""
    if grant.directories is not None:
        return None
    return ExportPoint(workspace_id=grant.workspace.id, way=way_of(request), number=number, at=at)


def _incomplete(workspace: Workspace, reason: str) -> Conflict:
    return Conflict(
        ErrorCode.CHANGES_INCOMPLETE,
        sentence(
            "the changes in {name} since the last export are not known: {reason}",
            name=workspace.name,
            reason=reason,
        ),
        subject=workspace.name,
        hint="export in full (--full), or by a range of time, or since a receipt",
    )
