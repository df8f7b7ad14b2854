"""Check a package, and import it: at once, or as a resource that is looked at, changed and then applied."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta, Struct, field
from msgspec.structs import asdict

from jobferry.api.calls import Body, Calls, Limit, Offset, Status
from jobferry.api.native.call import Placed
from jobferry.api.native.packages import PackageRequest, package_of
from jobferry.api.native.report import (
    FindingAnswer,
    ImportReport,
    StepAnswer,
    Sums,
    finding_answer,
    report_of,
    step_answer,
    sums_of,
)
from jobferry.api.native.tasks import StartedAnswer
from jobferry.errors import ErrorCode, NotFound
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.messages import Language, told
from jobferry.model.package import Provenance
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.checked_import import ImportState
from jobferry.model.transfer.mapping import Section, mapping_of
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.policy import (
    Duplicates,
    ImportAct,
    ImportOptions,
    MissingReference,
    ObjectRule,
    Outcome,
    RouteChoice,
    TargetStatus,
    UnknownInventory,
    ZoneMode,
)
from jobferry.model.transfer.preview import ObjectDifference, Presence, RouteOffer, ScheduleRuns
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.services.importing.check_result import CheckResult
    from jobferry.services.importing.checked import Checked, ImportStatus
    from jobferry.services.importing.preview import NeedMet

api = Calls("/api/workspaces/{workspace}", tag="imports")

_DIFFERENCES = 10_000
"""At most so many objects' differences in one answer."""

MappedSection = StrEnum("MappedSection", [(one.name, one.value) for one in (*NeedKind, *Section)])  # type: ignore[misc]
"""What a mapping speaks of: one type, since no key can be of two."""
_NAMED = Meta(extra_json_schema={"propertyNames": {"$ref": "#/components/schemas/MappedSection"}})
Sections = Annotated[dict[MappedSection, dict[str, str]], _NAMED]


class ObjectRuleBody(Body):
    """What holds for objects that fit all that is said of them; the first rule that fits is taken."""

    directory: str | None = None
    name: str | None = None
    kind: ObjectKind | None = None
    tag: str | None = None
    duplicates: Duplicates | None = None
    target_status: TargetStatus | None = None
    mapping: Sections = field(default_factory=dict)

    def rule(self) -> ObjectRule:
        """The same in the engine's words."""
        return ObjectRule(**{**asdict(self), "mapping": mapping_of(self.mapping)})


class ImportOptionsBody(Body):
    """How to import; what is not said is left to the workspace.

    ``route`` says whether to go by the route that is saved for the package's source; what is said here goes
    before it. ``apply_deletions``: what the source has deleted goes here too. ``act`` is what this is done
    as: each act has its own limits and conditions, and nothing is told by the package.
    """

    duplicates: Duplicates | None = None
    target_status: TargetStatus | None = None
    outcome: Outcome | None = None
    missing: MissingReference | None = None
    unknown_inventory: UnknownInventory | None = None
    directory: str | None = None
    time_zone: str | None = None
    zone_mode: ZoneMode | None = None
    execute_user: str | None = None
    expect_digest: str | None = None
    params: dict[str, str] = field(default_factory=dict)
    job_params: dict[str, dict[str, str]] = field(default_factory=dict)
    mapping: Sections = field(default_factory=dict)
    rules: tuple[ObjectRuleBody, ...] = ()
    approvers: tuple[str, ...] = ()
    copy_name: str | None = None
    route: RouteChoice = RouteChoice.OFF
    apply_deletions: bool = False
    act: ImportAct = ImportAct.PACKAGE

    def options(self) -> ImportOptions:
        """The same in the engine's words."""
        rules = tuple(rule.rule() for rule in self.rules)
        return ImportOptions(**{**asdict(self), "mapping": mapping_of(self.mapping), "rules": rules})


class TransferRequest(PackageRequest):
    """A package and how to import it. A check that is to ``suggest`` looks for what could stand for missing
    things; it takes longer then."""

    options: ImportOptionsBody = field(default_factory=ImportOptionsBody)
    suggest: bool = False


class ImportRequest(TransferRequest):
    """The same; with ``apply`` it is not kept to be looked at, but starts at once."""

    apply: bool = False


class ApplyRequest(Body):
    """The plan that was looked at."""

    plan_digest: str


class ReportAnswer(ImportReport, frozen=True):
    """The report of a check; ``options`` is what it went by, with those of the route, where it was used."""

    route: RouteOffer | None
    options: dict[str, Any]


class NeedMetAnswer(Struct, frozen=True, gc=False):
    """Something the package refers to, its name here by the mapping, and what of its kind is here instead."""

    kind: NeedKind
    name: str
    workspace: str
    local: str
    presence: Presence
    candidates: tuple[str, ...]


class ImportHead(Struct, frozen=True):
    """A checked import. ``plan_digest`` is what apply is to be given, ``task_id`` that of the last try.

    ``message`` and ``code`` tell how that try ended, if it changed nothing.
    """

    id: str
    state: ImportState
    created_by: str
    created_at: int
    checked_at: int
    package_name: str
    package_digest: str
    options: dict[str, Any]
    plan_digest: str
    task_id: str | None
    receipt_id: str | None
    message: str
    code: str


class ImportList(Struct, frozen=True):
    """How many checked imports there are, and one page, newest first."""

    total: int
    items: list[ImportHead]


class CheckedAnswer(ImportHead, frozen=True):
    """A checked import with everything that its check found."""

    route: RouteOffer | None
    needs_met: list[NeedMetAnswer]
    report: ImportReport


class ImportAnswer(ImportHead, frozen=True):
    """A checked import with the sums of its last check; they are gone when its package is."""

    refused: bool
    route: RouteOffer | None
    source: Provenance | None
    counts: dict[ObjectOutcome, int]
    steps: int
    findings: int
    needs_met: list[NeedMetAnswer]
    schedules: tuple[ScheduleRuns, ...]


class StepList(Struct, frozen=True):
    """How many objects a plan has, and one page of them, in its order."""

    total: int
    items: list[StepAnswer]


class FindingList(Struct, frozen=True):
    """How many findings there are, and one page of them, the gravest first."""

    total: int
    items: list[FindingAnswer]


class BindingAnswer(Struct, frozen=True):
    """What a plan is bound to, each part as a digest; ``digest`` is that of the whole."""

    digest: str
    package: str
    options: str
    policy: dict[str, str]
    rights: str
    targets: dict[str, str]
    deeds: dict[str, str]
    refused: bool


class ImportDifferences(Struct, frozen=True):
    """How many objects that are here would change, and one page of them, by kind and name."""

    total: int
    items: list[ObjectDifference]


@api.post("/checks")
def check(call: Placed, body: TransferRequest) -> ReportAnswer:
    """Findings and plan. Nothing is written; a package given by id stays for the import."""
    asked = body.checked()
    options = asked.options.options()
    package = package_of(call, asked.package, options.act)
    try:
        seen = call.platform.imports.preview(call.grant, package, options)
        guessed = call.platform.candidates.of(call.grant, seen) if asked.suggest else ()
        next_runs = call.platform.next_runs.of(call.grant, seen)
    finally:
        if asked.package.path:
            call.platform.imports.discard(package)
    report = report_of(seen, sums_of(seen), call.language, schedules=next_runs, guessed=guessed)
    return ReportAnswer(**asdict(report), route=seen.route, options=options_as_told(seen.context.options))


@api.post("/imports", status=201)
def make_import(call: Placed, body: ImportRequest) -> CheckedAnswer | Annotated[StartedAnswer, Status(202)]:
    """Checks a package and keeps the import for whoever decides. With ``apply`` it starts at once instead, in
    the background; a second one in the same workspace is refused."""
    asked = body.checked()
    options = asked.options.options()
    package = package_of(call, asked.package, options.act)
    try:
        if asked.apply:
            return StartedAnswer(call.platform.imports.begin(call.grant, package, options).id)
        checked = call.platform.checked.check(call.grant, package, options)
    except BaseException:
        if asked.package.path:
            call.platform.imports.discard(package)
        raise
    return _checked(call, checked)


@api.get("/imports")
def list_imports(call: Placed, offset: Offset = 0, limit: Limit = 100) -> ImportList:
    """Imports that wait to be applied, or were within a day; newest first."""
    total, found = call.platform.checked.page(call.grant, offset=offset, limit=limit)
    return ImportList(total, [_head(shown, call.language) for shown in found])


@api.get("/imports/{import_id}")
def show_import(call: Placed, import_id: str) -> ImportAnswer:
    """How far an import is, and what its check found in numbers."""
    shown, found = call.platform.checked.show(call.grant, import_id)
    return ImportAnswer(
        **asdict(_head(shown, call.language)),
        refused=found is not None and found.refused,
        route=found.route if found else None,
        source=found.source if found else None,
        counts=found.counts if found else {},
        steps=len(found.lines) if found else 0,
        findings=len(found.findings) if found else 0,
        needs_met=_needs_met(found.needs if found else ()),
        schedules=found.schedules if found else (),
    )


@api.get("/imports/{import_id}/plan")
def show_plan(call: Placed, import_id: str, offset: Offset = 0, limit: Limit = 100) -> StepList:
    """What apply would do, object by object."""
    lines = _still_there(call, import_id).lines
    page = lines[offset : offset + limit]
    return StepList(len(lines), [step_answer(line, call.language) for line in page])


@api.get("/imports/{import_id}/findings")
def show_findings(call: Placed, import_id: str, offset: Offset = 0, limit: Limit = 100) -> FindingList:
    """What the rules saw."""
    findings = _still_there(call, import_id).findings
    page = findings[offset : offset + limit]
    return FindingList(len(findings), [finding_answer(finding, call.language) for finding in page])


@api.get("/imports/{import_id}/differences")
def show_differences(
    call: Placed,
    import_id: str,
    offset: Offset = 0,
    limit: Annotated[int, Meta(ge=1, le=_DIFFERENCES)] = 100,
) -> ImportDifferences:
    """What objects that are here would change, by field. Larger pages are quicker: each looks at the whole
    package once."""
    page = slice(offset, offset + limit)
    return ImportDifferences(*call.platform.checked.differences(call.grant, import_id, page))


@api.get("/imports/{import_id}/objects/{kind}/{name}/diff")
def show_difference(call: Placed, import_id: str, kind: ObjectKind, name: str) -> ObjectDifference:
    """What one object would change, by field; with what last came in as the base, where that is kept."""
    return call.platform.checked.difference(call.grant, import_id, (kind, name))


@api.get("/imports/{import_id}/binding")
def show_binding(call: Placed, import_id: str) -> BindingAnswer:
    """What the plan was made for and what it does, in digests: what a plan file holds."""
    binding = _still_there(call, import_id).binding
    return BindingAnswer(digest=binding.digest, **asdict(binding))


@api.put("/imports/{import_id}/options")
def change_options(call: Placed, import_id: str, body: ImportOptionsBody) -> CheckedAnswer:
    """Takes these options and this mapping in the place of the former, and checks again."""
    return _checked(call, call.platform.checked.change(call.grant, import_id, body.options()))


@api.post("/imports/{import_id}/apply", status=202)
def apply_import(call: Placed, import_id: str, body: ApplyRequest) -> StartedAnswer:
    """Does what the plan of that digest says, in the background, or nothing. Asked again: the same task."""
    return StartedAnswer(call.platform.checked.apply(call.grant, import_id, body.plan_digest))


@api.post("/imports/{import_id}/discard")
def discard_import(call: Placed, import_id: str) -> None:
    """Lets go of an import and its package."""
    call.platform.checked.discard(call.grant, import_id)


def options_as_told(options: ImportOptions) -> dict[str, Any]:
    """Only what was said, as bodies have it, with the options of the route where one was used."""
    said = msgspec.to_builtins(options) | {
        "mapping": dict(options.mapping.sections()),
        "apply_deletions": options.apply_deletions or None,
        "rules": [_said(rule) | {"mapping": dict(rule.mapping.sections())} for rule in options.rules],
    }
    if options.route is not RouteChoice.USED:
        del said["route"]
    if options.act is ImportAct.PACKAGE:
        del said["act"]
    return {name: value for name, value in said.items() if value}


def _said(rule: ObjectRule) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(rule).items() if value}


def _checked(call: Placed, checked: Checked) -> CheckedAnswer:
    found = checked.found
    sums = Sums(found.needs, found.lines, found.counts)
    return CheckedAnswer(
        **asdict(_head(checked.shown, call.language)),
        route=found.route,
        needs_met=_needs_met(found.needs),
        report=report_of(checked.seen, sums, call.language, schedules=found.schedules),
    )


def _head(shown: ImportStatus, language: Language) -> ImportHead:
    """An import without what its check found."""
    record, state, task = shown
    ended = task if task is not None and task.status is TaskStatus.FAILED else None
    return ImportHead(
        id=record.id,
        state=state,
        created_by=record.created_by,
        created_at=record.created_at,
        checked_at=record.checked_at,
        package_name=record.package_name,
        package_digest=record.package_digest,
        options=options_as_told(record.options),
        plan_digest=record.plan_digest,
        task_id=record.task_id or None,
        receipt_id=record.task_id if state is ImportState.APPLIED else None,
        message=told(ended.message, language) if ended else "",
        code=ended.code if ended else "",
    )


def _needs_met(needs: Iterable[NeedMet]) -> list[NeedMetAnswer]:
    return [
        NeedMetAnswer(need.kind, need.name, need.workspace, need.local, need.presence, need.candidates)
        for need in needs
    ]


def _still_there(call: Placed, import_id: str) -> CheckResult:
    """Raises: NotFound: what the check found went with the package."""
    shown, found = call.platform.checked.show(call.grant, import_id)
    if found is not None:
        return found
    raise NotFound(
        ErrorCode.PACKAGE_MISSING,
        sentence(
            "what the check of {package_name} found is gone with its package",
            package_name=shown.record.package_name,
        ),
        subject=shown.record.id,
        hint="look at the receipt, or upload the package again",
    )
