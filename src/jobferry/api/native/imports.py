"""Check a package, and import it: at once, or as a resource that is looked at, changed and then applied."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import msgspec
from msgspec import Meta, Struct, field
from msgspec.structs import asdict

from jobferry.api.bodies import BodyLimit, LongMap, LongTuple, ShortTuple
from jobferry.api.calls import Body, Calls, Instant, Limit, Offset, QueryGroup, Threads
from jobferry.api.native.call import Placed
from jobferry.api.native.packages import PackageRequest, package_of
from jobferry.api.native.tasks import StartedAnswer, Wait, wait_for
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.messages.reader import Reader
from jobferry.model.package import Provenance
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.checked_import import ImportClient, ImportFilter, ImportState
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.mapping import Section, mapping_of
from jobferry.model.transfer.plan_view import Change, Verdict
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
from jobferry.model.transfer.preview import Presence, RouteOffer

if TYPE_CHECKING:
    from jobferry.services.importing.check_result import CheckResult
    from jobferry.services.importing.checked import ImportStatus

api = Calls("/api/workspaces/{workspace}", tag="imports")

_COMMENT_CHARACTERS = 1_000
_PAGES = ("plan", "findings", "needs", "replacements", "schedules", "deletions", "differences", "binding")
"""What of a check comes in pages (:mod:`checks`)."""

MappedSection = StrEnum("MappedSection", [(one.name, one.value) for one in (*NeedKind, *Section)])  # type: ignore[misc]
"""What a mapping speaks of: one type, since no key can be of two."""
_NAMED = Meta(extra_json_schema={"propertyNames": {"$ref": "#/components/schemas/MappedSection"}})
Sections = Annotated[dict[MappedSection, LongMap[str]], _NAMED]


_KINDS = Meta(extra_json_schema={"propertyNames": {"$ref": "#/components/schemas/NeedKind"}})
HeldNames = Annotated[dict[NeedKind, LongTuple[str]], _KINDS]
_OBJECT_KINDS = Meta(extra_json_schema={"propertyNames": {"$ref": "#/components/schemas/ObjectKind"}})
DeletedNames = Annotated[dict[ObjectKind, LongTuple[str]], _OBJECT_KINDS]


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
    before it. ``hold`` names, by kind, what may be missing: what refers to it lands held.
    ``apply_deletions``: what the source has deleted goes here too; ``delete`` names, by kind, the objects
    here of which alone that holds. ``act`` is what this is done as: each act has its own limits and
    conditions, and nothing is told by the package.
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
    params: LongMap[str] = field(default_factory=dict)
    job_params: LongMap[LongMap[str]] = field(default_factory=dict)
    mapping: Sections = field(default_factory=dict)
    hold: HeldNames = field(default_factory=dict)
    rules: LongTuple[ObjectRuleBody] = ()
    approvers: ShortTuple[str] = ()
    copy_name: str | None = None
    route: RouteChoice = RouteChoice.OFF
    apply_deletions: bool = False
    delete: DeletedNames = field(default_factory=dict)
    act: ImportAct = ImportAct.PACKAGE

    def options(self) -> ImportOptions:
        """The same in the engine's words."""
        rules = tuple(rule.rule() for rule in self.rules)
        return ImportOptions(**{**asdict(self), "mapping": mapping_of(self.mapping), "rules": rules})


class ImportRequest(PackageRequest):
    """A package and how to import it; with ``apply`` it is applied without being looked at."""

    options: ImportOptionsBody = field(default_factory=ImportOptionsBody)
    apply: bool = False


class ApplyRequest(Body):
    """The plan that was looked at, and what is to be kept about it in the receipt."""

    plan_digest: str
    comment: Annotated[str, Meta(max_length=_COMMENT_CHARACTERS)] = ""


class ImportHead(Struct, frozen=True):
    """An import. ``task_id`` is the task of its last check, or of the last try to apply it; ``plan_digest``
    is what apply is to be given. ``undone_by`` is the receipt of the undo that took it back.

    ``message``, ``code`` and ``hint`` tell why its check or that try came to nothing. ``revision`` is another
    one after every change, progress of its task included.
    """

    id: str
    state: ImportState
    revision: str
    origin: ImportClient
    created_by: str
    created_at: int
    checked_at: int
    package_name: str
    package_digest: str
    options: dict[str, Any]
    plan_digest: str
    task_id: str
    receipt_id: str | None
    undone_by: str | None
    message: str
    code: str
    hint: str


class ImportList(Struct, frozen=True):
    """How many imports there are, and one page, newest first."""

    total: int
    items: list[ImportHead]


class ImportQuery(QueryGroup):
    """Which imports; what is not said does not filter. ``name`` is a part of the package's name."""

    state: ImportState | None = None
    by: Annotated[str, Meta(description="Who began them.")] = ""
    origin: ImportClient | None = None
    since: Annotated[Instant, Meta(description="Milliseconds since 1970 (UTC).")] = 0
    until: Annotated[Instant, Meta(description="Exclusive; 0 for now.")] = 0
    name: str = ""

    def wanted(self, workspace_id: str) -> ImportFilter:
        """The same in the engine's words."""
        return ImportFilter(
            workspace_id=workspace_id,
            state=self.state,
            created_by=self.by,
            origin=self.origin,
            since=self.since,
            until=self.until,
            name=self.name,
        )


class CheckAnswer(Struct, frozen=True):
    """A check in numbers. ``counts`` is of the plan's verdicts, ``findings`` of each severity,
    ``skipped_differing`` of skipped objects that would have become different ones."""

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


class ImportAnswer(ImportHead, frozen=True):
    """An import with the numbers of its last check, null before its end and once they are gone with its
    package; ``links`` are where its pages begin."""

    check: CheckAnswer | None
    links: dict[str, str]


@api.post("/imports", status=202, body_limit=BodyLimit.LIST, threads=Threads.EXTERNAL)
def make_import(call: Placed, body: ImportRequest) -> ImportAnswer:
    """Begins to check a package, and keeps the import for whoever decides. With ``apply`` it is applied as
    soon as that is done; a second one in the same workspace is refused."""
    asked = body.checked()
    options, client = asked.options.options(), _client(call)
    package = package_of(call, asked.package, options.act)
    imports, checked = call.platform.imports, call.platform.checked
    try:
        if asked.apply:
            begun = checked.of_task(imports.begin(call.grant, package, options, client=client).id)
        else:
            begun = checked.check(call.grant, package, options, client)
    except BaseException:
        if asked.package.path:
            imports.discard(package)
        raise
    return _answer(call, begun, None)


@api.get("/imports")
def list_imports(call: Placed, asked: ImportQuery, offset: Offset = 0, limit: Limit = 100) -> ImportList:
    """Imports of every origin, newest first: one's own; those who run the workspace see all."""
    wanted = asked.wanted(call.workspace.id)
    total, found = call.platform.checked.page(call.grant, wanted, offset=offset, limit=limit)
    return ImportList(total, [_head(shown, call.reader) for shown in found])


@api.get("/imports/{import_id}", threads=Threads.WAITING)
def show_import(call: Placed, import_id: str, wait: Wait = 0, seen: str | None = None) -> ImportAnswer:
    """How far an import is, and what its check found in numbers. With ``wait`` the answer comes at the end of
    its task, or as soon as its revision is another than the one ``seen``; at the latest after so many
    seconds."""
    checked = call.platform.checked
    shown = checked.standing(call.grant, import_id)
    task = shown.task
    if wait and task is not None and task.status is TaskStatus.RUNNING and seen in (None, shown.revision):
        wait_for(call, task.id, wait, None if seen is None else task.revision)
    return _answer(call, *checked.show(call.grant, import_id))


@api.put("/imports/{import_id}/options", status=202, body_limit=BodyLimit.LIST, threads=Threads.EXTERNAL)
def change_options(call: Placed, import_id: str, body: ImportOptionsBody) -> ImportAnswer:
    """Begins to check again, by these options and this mapping in the place of the former."""
    return _answer(call, call.platform.checked.change(call.grant, import_id, body.options()), None)


@api.post("/imports/{import_id}/apply", status=202, threads=Threads.EXTERNAL)
def apply_import(call: Placed, import_id: str, body: ApplyRequest) -> StartedAnswer:
    """Does what the plan of that digest says, in the background, or nothing. Asked again: the same task."""
    return StartedAnswer(call.platform.checked.apply(call.grant, import_id, body.plan_digest, body.comment))


@api.post("/imports/{import_id}/discard", threads=Threads.EXTERNAL)
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


def _answer(call: Placed, shown: ImportStatus, found: CheckResult | None) -> ImportAnswer:
    place = f"/api/workspaces/{quote(call.grant.workspace.name, safe='')}/imports/{shown.record.id}"
    return ImportAnswer(
        **asdict(_head(shown, call.reader)),
        check=CheckAnswer(**asdict(found.sums)) if found is not None else None,
        links={page: f"{place}/{page}" for page in _PAGES} if found is not None else {},
    )


def _head(shown: ImportStatus, reader: Reader) -> ImportHead:
    """An import without what its check found."""
    record = shown.record
    return ImportHead(
        id=record.id,
        state=record.state,
        revision=shown.revision,
        origin=record.origin,
        created_by=record.created_by,
        created_at=record.created_at,
        checked_at=record.checked_at,
        package_name=record.package_name,
        package_digest=record.package_digest,
        options=options_as_told(record.options),
        plan_digest=record.plan_digest,
        task_id=record.task_id,
        receipt_id=record.task_id if record.state is ImportState.APPLIED else None,
        undone_by=shown.undone_by or None,
        message=reader.whole(record.message),
        code=record.code,
        hint=reader.whole(record.hint),
    )


def _client(call: Placed) -> ImportClient:
    """What an import is asked for with; who says nothing, or something else, is another client."""
    said = call.client
    return ImportClient(said) if said in (ImportClient.CLI, ImportClient.CONSOLE) else ImportClient.API
