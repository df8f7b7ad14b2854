"""What a check found, as it lies beside its package or in memory, for whoever shows or applies it later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import NamedTuple

import msgspec

from jobferry.errors import FilesError
from jobferry.files.ports import Note, PackageStorage
from jobferry.model.document.edits import Edit
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.package import Provenance
from jobferry.model.people import Grant
from jobferry.model.task import noted
from jobferry.model.transfer.binding import Binding
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.import_context import ImportContext, ImportItem
from jobferry.model.transfer.plan_pages import PlanPages, packed
from jobferry.model.transfer.plan_view import Change, PlanLine, Verdict, change_of, lines_of
from jobferry.model.transfer.preview import DeletedObject, Presence, Replaced, RouteOffer, ScheduleRuns
from jobferry.services.importing.preview import ImportPreview, NeedMet


class CheckSums(msgspec.Struct, frozen=True, kw_only=True):
    """A check in numbers. ``counts`` is of the plan's verdicts, ``findings`` of things that are the matter.

    ``skipped_differing`` is how many of the skipped objects would have become different ones.
    """

    package_digest: str
    layout: str
    source: Provenance | None
    refused: bool
    steps: int
    counts: dict[Verdict, int]
    changes: dict[Change, int]
    skipped_differing: int
    findings: dict[Severity, int]
    needs: dict[NeedKind, dict[Presence, int]]
    replacements: int
    schedules: int
    deletions: int
    route: RouteOffer | None


class ChangingObject(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An object that is here and would become another: what its difference is made from.

    ``entry_path`` is where its text lies in the package, empty where that cannot be read; ``here`` and
    ``landed`` are digests of the texts that it has here and that last came in.
    """

    kind: ObjectKind
    name: str
    change: Change
    entry_path: str
    edits: tuple[Edit, ...]
    here: str
    landed: str


class NewObject(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An object that is not here yet, or hidden by a directory policy: what its text is made from.
    ``entry_path`` is where that lies in the package, empty where it cannot be read.
    """

    kind: ObjectKind
    name: str
    entry_path: str
    edits: tuple[Edit, ...]


class _Parts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is kept, each part packed."""

    sums: CheckSums
    plan: PlanPages
    needs: msgspec.Raw
    schedules: msgspec.Raw
    replacements: msgspec.Raw
    deletions: msgspec.Raw
    changing: bytes
    """As JSON, since edits may hold pieces of JSON as they are written."""
    new: bytes = b"[]"
    """As JSON, too; results that an earlier Jobferry kept have none."""
    digest: str
    binding: msgspec.Raw


class CheckResult:
    """A check's result in no language. What of it is asked for is decoded then."""

    def __init__(self, content: bytes) -> None:
        """Raises: msgspec.DecodeError: the content is not what a check of this Jobferry has left."""
        self.content = content
        self._parts = _parts.decode(content)

    @property
    def sums(self) -> CheckSums:
        return self._parts.sums

    @property
    def plan(self) -> PlanPages:
        return self._parts.plan

    @property
    def needs(self) -> list[NeedMet]:
        return _needs.decode(self._parts.needs)

    @property
    def schedules(self) -> list[ScheduleRuns]:
        return _schedules.decode(self._parts.schedules)

    @property
    def replacements(self) -> list[Replaced]:
        return _replacements.decode(self._parts.replacements)

    @property
    def deletions(self) -> list[DeletedObject]:
        return _deletions.decode(self._parts.deletions)

    @property
    def changing(self) -> list[ChangingObject]:
        """By kind and name."""
        return _changing.decode(self._parts.changing)

    @property
    def new(self) -> list[NewObject]:
        """By kind and name."""
        return _new.decode(self._parts.new)

    @property
    def digest(self) -> str:
        """What the plan is bound to."""
        return self._parts.digest

    @cached_property
    def binding(self) -> Binding:
        return _binding.decode(self._parts.binding)


_parts = msgspec.msgpack.Decoder(_Parts)
_needs = msgspec.msgpack.Decoder(list[NeedMet])
_schedules = msgspec.msgpack.Decoder(list[ScheduleRuns])
_replacements = msgspec.msgpack.Decoder(list[Replaced])
_deletions = msgspec.msgpack.Decoder(list[DeletedObject])
_changing = msgspec.json.Decoder(list[ChangingObject])
_new = msgspec.json.Decoder(list[NewObject])
_binding = msgspec.msgpack.Decoder(Binding)


def check_result_of(
    seen: ImportPreview,
    needs: tuple[NeedMet, ...],
    schedules: tuple[ScheduleRuns, ...],
    note: Callable[[], None] = lambda: None,
) -> CheckResult:
    """What of a preview is kept, with what was looked up beside it. ``note`` is called for each object and
    each place that a mapping changes, and may stop the work by an exception."""
    lines = list(noted(lines_of(seen.plan, seen.found, seen.context), note))
    replaced = list(noted(_replaced(seen.context), note))
    deletions = _deleted(seen.context)
    sums = _sums(seen, lines, needs)
    sums = msgspec.structs.replace(
        sums, replacements=len(replaced), schedules=len(schedules), deletions=len(deletions)
    )
    binding = seen.binding
    parts = _Parts(
        sums=sums,
        plan=PlanPages.of(lines, seen.found),
        needs=packed(needs),
        schedules=packed(schedules),
        replacements=packed(replaced),
        deletions=packed(deletions),
        changing=msgspec.json.encode(_changing_objects(seen.context)),
        new=msgspec.json.encode(_new_objects(seen.context)),
        digest=binding.digest,
        binding=packed(binding),
    )
    return CheckResult(msgspec.msgpack.encode(parts))


def _sums(seen: ImportPreview, lines: list[PlanLine], needs: Iterable[NeedMet]) -> CheckSums:
    manifest = seen.contents.manifest
    verdicts = Counter(line.verdict for line in lines)
    changes = Counter(line.change for line in lines if line.change is not None)
    skipped = (line for line in lines if line.verdict is Verdict.SKIP)
    return CheckSums(
        package_digest=seen.contents.digest,
        layout=seen.contents.layout,
        source=manifest.provenance if manifest else None,
        refused=seen.plan.refused,
        steps=len(lines),
        counts={verdict: verdicts[verdict] for verdict in Verdict if verdicts[verdict]},
        changes={change: changes[change] for change in Change if changes[change]},
        skipped_differing=sum(line.change not in _ALIKE for line in skipped),
        findings=seen.found.counts,
        needs=_need_counts(needs),
        replacements=0,
        schedules=0,
        deletions=0,
        route=seen.route,
    )


_ALIKE = (Change.NEW, Change.UNCHANGED, Change.DELETED_AT_SOURCE)
"""Changes by which what is here is not replaced by something else."""


def _need_counts(needs: Iterable[NeedMet]) -> dict[NeedKind, dict[Presence, int]]:
    counted = Counter((need.kind, need.presence) for need in needs)
    kinds = sorted({kind for kind, _ in counted})
    return {
        kind: {presence: counted[kind, presence] for presence in Presence if counted[kind, presence]}
        for kind in kinds
    }


def _replaced(context: ImportContext) -> Iterable[Replaced]:
    for item in context.items:
        for place in item.replacements:
            yield Replaced(
                item.kind, item.name, place.kind, place.path, place.line, place.former, place.local
            )


def _deleted(context: ImportContext) -> list[DeletedObject]:
    return [
        DeletedObject(gone.kind, gone.name, gone.uid, here) for gone, here in context.target_state.deleted
    ]


def _changing_objects(context: ImportContext) -> Sequence[ChangingObject]:
    state = context.target_state
    found = []
    for item in sorted(context.items, key=lambda item: item.key):
        change = change_of(item, state)
        if item.target is not None and state.grant.reaches(item.target) and change not in _ALIKE:
            made = ChangingObject(
                kind=item.kind,
                name=item.name,
                change=change,
                entry_path=_path_of(item),
                edits=item.edits,
                here=item.target.digest,
                landed=state.landed.get(item.target.id, ""),
            )
            found.append(made)
    return found


def _new_objects(context: ImportContext) -> Sequence[NewObject]:
    return [
        NewObject(item.kind, item.name, _path_of(item), item.edits)
        for item in sorted(context.items, key=lambda item: item.key)
        if item.target is None or not context.target_state.grant.reaches(item.target)
    ]


def _path_of(item: ImportItem) -> str:
    """Where an object's text lies in the package; empty where it cannot be read."""
    return "" if item.entry.unusable else item.entry.info.path


def keep(uploads: PackageStorage, package_id: str, found: CheckResult) -> None:
    """Lays it beside the package.

    Raises:
        NotFound, FilesError: the package is gone, or the disk does not take it.
    """
    uploads.keep(package_id, Note.REPORT, found.content)


def kept(uploads: PackageStorage, package_id: str) -> CheckResult | None:
    """What the last check of a package found, if that is still there."""
    with suppress(FilesError, msgspec.DecodeError):
        content = uploads.kept(package_id, Note.REPORT)
        if content is not None:
            return CheckResult(content)
    return None


class _Kept(NamedTuple):
    package_id: str
    plan_digest: str
    seen: ImportPreview


class LastCheck:
    """At most one check; none at all where it ``keeps`` nothing, as on a platform that is served."""

    def __init__(self, *, keeps: bool) -> None:
        self.keeps = keeps
        self._kept: _Kept | None = None

    def keep(self, package_id: str, plan_digest: str, seen: ImportPreview) -> None:
        """Remembers what was seen, in the place of what was there."""
        if self.keeps:
            self._kept = _Kept(package_id, plan_digest, seen)

    def of(self, package_id: str, plan_digest: str, grant: Grant) -> ImportPreview | None:
        """What a check of that package has shown, if it was the last one and the caller may do now what it
        was made for."""
        kept = self._kept
        if kept is None or (kept.package_id, kept.plan_digest) != (package_id, plan_digest):
            return None
        return kept.seen if kept.seen.context.target_state.grant == grant else None

    def drop(self) -> None:
        """Forgets it: it was applied or let go of, or is not true any more."""
        self._kept = None
