"""What a check found, as it lies beside its package or in memory, for whoever shows or applies it later."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

import msgspec

from jobferry.errors import FilesError
from jobferry.files.ports import Note, PackageStorage
from jobferry.model.package import Provenance
from jobferry.model.people import Grant
from jobferry.model.transfer.binding import Binding
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.plan_view import PlanLine, lines_of
from jobferry.model.transfer.preview import RouteOffer, ScheduleRuns
from jobferry.services.importing.preview import ImportPreview, NeedMet


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """A check's result in no language: plan, findings, needs, schedules, and what the plan is bound to."""

    layout: str
    source: Provenance | None
    lines: tuple[PlanLine, ...]
    findings: tuple[Finding, ...]
    needs: tuple[NeedMet, ...]
    counts: dict[ObjectOutcome, int]
    binding: Binding
    schedules: tuple[ScheduleRuns, ...] = ()
    route: RouteOffer | None = None

    @property
    def refused(self) -> bool:
        """Whether apply would write nothing, because one blocked object keeps all out."""
        return self.binding.refused


_decoder = msgspec.msgpack.Decoder(CheckResult)


def check_result_of(
    seen: ImportPreview, needs: tuple[NeedMet, ...], schedules: tuple[ScheduleRuns, ...]
) -> CheckResult:
    """What of a preview is kept, with what was looked up beside it."""
    manifest = seen.contents.manifest
    return CheckResult(
        layout=seen.contents.layout,
        source=manifest.provenance if manifest else None,
        lines=tuple(lines_of(seen.plan, seen.context)),
        findings=seen.findings,
        needs=needs,
        counts=seen.counts,
        binding=seen.binding,
        schedules=schedules,
        route=seen.route,
    )


def keep(uploads: PackageStorage, package_id: str, found: CheckResult) -> None:
    """Lays it beside the package.

    Raises:
        NotFound, FilesError: the package is gone, or the disk does not take it.
    """
    uploads.keep(package_id, Note.REPORT, msgspec.msgpack.encode(found))


def kept(uploads: PackageStorage, package_id: str) -> CheckResult | None:
    """What the last check of a package found, if that is still there."""
    with suppress(FilesError, msgspec.DecodeError):
        content = uploads.kept(package_id, Note.REPORT)
        if content is not None:
            return _decoder.decode(content)
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
