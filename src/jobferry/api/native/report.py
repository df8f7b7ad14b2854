"""What an import would do, as reports say it: findings, needs, the plan step by step, the mapping."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.messages import Language, say
from jobferry.model.package import Need, Provenance
from jobferry.model.review import ReleaseMode
from jobferry.model.transfer.contents import PackageEntry, needs_of
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.import_context import ImportItem
from jobferry.model.transfer.mapped_texts import Replacement
from jobferry.model.transfer.mapping import Guess, Section, guesses
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.plan_view import Change, PlanLine, Verdict, lines_of
from jobferry.model.transfer.preview import ScheduleRuns

if TYPE_CHECKING:
    from jobferry.services.importing.preview import ImportPreview, NeedMet


class FindingAnswer(Struct, frozen=True, gc=False):
    """What a rule saw, in the caller's language, with the code and arguments it was said from."""

    code: str
    severity: Severity
    kind: str
    name: str
    path: str
    need_kind: str
    need_name: str
    args: dict[str, str]
    message: str
    remedy: str


class PackagedObject(Struct, frozen=True, gc=False):
    """One object of a package."""

    kind: ObjectKind
    name: str
    uid: str
    path: str
    size: int
    sha256: str
    directory: str


class NeedAnswer(Struct, frozen=True, gc=False):
    """A reference of the package that the package does not itself satisfy."""

    kind: NeedKind
    name: str
    workspace: str


class StepAnswer(Struct, frozen=True, gc=False):
    """What would become of one object. ``submits`` is a version or 0, ``way`` how it goes live; ``tag`` is
    the failed tag that a blocked job gets; ``files`` are where those of a resource are put."""

    verdict: Verdict
    kind: ObjectKind
    name: str
    directory: str
    note: str
    change: Change | None
    submits: int
    way: ReleaseMode
    lock_from: str
    tag: str
    held: tuple[str, ...]
    files: tuple[str, ...]
    reasons: list[FindingAnswer]


class PlanAnswer(Struct, frozen=True):
    """What apply would do, in order, and how many objects would come out how."""

    fingerprint: str
    refused: bool
    steps: list[StepAnswer]
    counts: dict[ObjectOutcome, int]


class DeletedAnswer(Struct, frozen=True):
    """An object that the source no longer has; ``here`` is its name here. It is told, and nothing is done."""

    kind: ObjectKind
    name: str
    uid: str
    here: str | None


class LocalIdAnswer(Struct, frozen=True):
    """An inventoried thing that is referred to, by its name here, and the id that it has here."""

    kind: NeedKind
    name: str
    local_id: str


class ReplacementAnswer(Struct, frozen=True, gc=False):
    """A place in an object that the mapping changes. ``line`` is 0 where the whole value is meant."""

    object_kind: ObjectKind
    object: str
    kind: NeedKind
    path: str
    line: int
    former: str = field(name="from")
    local: str = field(name="to")


class ImportReport(Struct, frozen=True):
    """Everything known of an import before anything is written."""

    digest: str
    layout: str
    source: Provenance | None
    objects: list[PackagedObject]
    needs: list[NeedAnswer]
    findings: list[FindingAnswer]
    plan: PlanAnswer
    deleted_at_source: list[DeletedAnswer]
    mapping_suggestion: dict[str, dict[str, str]]
    mapping_candidates: dict[str, dict[str, list[str]]]
    bindings: list[LocalIdAnswer]
    hits: list[ReplacementAnswer]
    schedules: tuple[ScheduleRuns, ...]


class Sums(NamedTuple):
    """What of a preview takes a while to sum up, in no language."""

    needs: Iterable[Need | NeedMet]
    lines: Iterable[PlanLine]
    counts: dict[ObjectOutcome, int]


def sums_of(seen: ImportPreview) -> Sums:
    """The same of a check that nothing was kept of."""
    return Sums(needs_of(seen.contents), lines_of(seen.plan, seen.context), seen.counts)


def report_of(
    seen: ImportPreview,
    sums: Sums,
    language: Language,
    *,
    schedules: tuple[ScheduleRuns, ...] = (),
    guessed: tuple[Guess, ...] = (),
) -> ImportReport:
    """The whole report. What is missing is named in the suggestion, ``guessed`` or not."""
    named = guesses(seen.findings, seen.context.options.mapping.names, lambda _: ())
    missing = [guess for guess in named if guess.section != Section.TIME_ZONE]
    contents = seen.contents
    return ImportReport(
        digest=contents.digest,
        layout=contents.layout,
        source=contents.manifest.provenance if contents.manifest else None,
        objects=[_packaged(entry) for entry in contents.entries],
        needs=[NeedAnswer(need.kind, need.name, need.workspace) for need in sums.needs],
        findings=[finding_answer(finding, language) for finding in seen.findings],
        plan=PlanAnswer(
            seen.plan.fingerprint,
            seen.plan.refused,
            [step_answer(line, language) for line in sums.lines],
            sums.counts,
        ),
        deleted_at_source=[
            DeletedAnswer(gone.kind, gone.name, gone.uid, here or None)
            for gone, here in seen.context.target_state.deleted
        ],
        mapping_suggestion={
            section: {guess.name: guess.candidates[0] if guess.candidates else "" for guess in found}
            for section, found in _by_section(guessed or missing).items()
        },
        mapping_candidates={
            section: {guess.name: list(guess.candidates[1:]) for guess in found}
            for section, found in _by_section(guessed).items()
        },
        bindings=_local_ids(seen),
        hits=[
            _replacement(item, replacement)
            for item in seen.context.items
            for replacement in item.replacements
        ],
        schedules=schedules,
    )


def finding_answer(finding: Finding, language: Language) -> FindingAnswer:
    """A finding with its sentence and remedy."""
    said = say(finding, language)
    return FindingAnswer(
        finding.code,
        finding.severity,
        finding.kind,
        finding.name,
        finding.path,
        finding.need_kind,
        finding.need_name,
        finding.args,
        said.message,
        said.remedy,
    )


def step_answer(line: PlanLine, language: Language) -> StepAnswer:
    """One object's line of a plan."""
    return StepAnswer(
        line.verdict,
        line.kind,
        line.name,
        line.directory,
        _note(line),
        line.change,
        line.submits,
        line.way,
        line.lock_from,
        line.tag,
        line.held,
        line.files,
        [finding_answer(reason, language) for reason in line.reasons],
    )


def _packaged(entry: PackageEntry) -> PackagedObject:
    info = entry.info
    return PackagedObject(
        info.kind, info.name, info.uid, info.path, info.size, info.sha256, entry.facts.directory
    )


def _replacement(item: ImportItem, replacement: Replacement) -> ReplacementAnswer:
    return ReplacementAnswer(
        item.kind,
        item.name,
        replacement.kind,
        replacement.path,
        replacement.line,
        replacement.former,
        replacement.local,
    )


def _local_ids(seen: ImportPreview) -> list[LocalIdAnswer]:
    ids = seen.context.target_state.local_ids
    return [
        LocalIdAnswer(kind, name, ids[kind, name])
        for kind, name, _ in sorted(seen.context.needs)
        if (kind, name) in ids
    ]


def _note(line: PlanLine) -> str:
    if line.former_name:
        return f"renamed from {line.former_name}"
    if line.copy_of:
        return f"copy of {line.copy_of}"
    if line.former_directory:
        return f"moved from {line.former_directory}"
    if line.verdict is Verdict.DELETE or line.reasons:
        return ""
    if line.verdict is Verdict.UNCHANGED:
        return "same digest"
    return "exists; duplicate policy is skip" if line.verdict is Verdict.SKIP else ""


def _by_section(found: Iterable[Guess]) -> dict[str, list[Guess]]:
    sections: dict[str, list[Guess]] = {}
    for guess in found:
        sections.setdefault(guess.section, []).append(guess)
    return sections
