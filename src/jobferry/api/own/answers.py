"""What the own API answers with, for its description: one class per shape.

Answers are encoded from the nouns themselves; the tests hold every answer against these classes.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from jobferry.api.late import Shape
from jobferry.api.own.importing.mapped import FiringAnswer, HitAnswer, LocalIdAnswer, RouteOfferAnswer
from jobferry.model.kinds import Engine, NeedKind, ObjectKind, SchedulingState
from jobferry.model.report.detection import Category
from jobferry.model.review import ReviewState, Way
from jobferry.model.rights import Role
from jobferry.model.settings import Acts, SettingType, Source
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.plan_view import Change
from jobferry.model.transfer.policy import ImportAct
from jobferry.model.transfer.receipt import ReceiptKind


class FaultDetail(Shape):
    """One of the things that are wrong, and where in the document; ``code`` is that of findings."""

    code: str
    path: str
    message: str
    hint: str


class ErrorDetail(Shape):
    """What went wrong, in words and as a code; ``errors`` are all things that are wrong with a document, or
    missing to a job that is to be started."""

    code: str
    message: str
    subject: str
    hint: str
    request_id: str
    errors: list[FaultDetail] = Field(default=[])


class ErrorAnswer(Shape):
    """Every failure, whatever its status."""

    error: ErrorDetail


class Health(Shape):
    """The process answers."""

    status: str


class PlatformAnswer(Shape):
    """Limits are in bytes where their names say so."""

    id: str
    name: str
    project_id: str
    version: str
    limits: dict[str, int]


class SettingAnswer(Shape):
    """A setting of the platform or of a workspace: its value, and what it means.

    Where ``default`` is empty, ``follows`` says what holds instead. ``source`` is where ``value`` comes from;
    ``set_by`` names the roles that may set it, ``acts`` says from when on a change holds.
    """

    key: str
    type: SettingType
    value: str
    source: Source
    default: str
    follows: str
    choices: list[str]
    meaning: str
    acts: Acts
    set_by: list[Role]


class WorkspaceAnswer(Shape):
    """Times are milliseconds since 1970 (UTC), here and everywhere."""

    id: str
    name: str
    description: str
    created_by: str
    created_at: int
    settings: dict[str, str]


class WorkspaceList(Shape):
    """All workspaces, by name."""

    total: int
    items: list[WorkspaceAnswer]


class ObjectAnswer(Shape):
    """``state`` and ``engine`` only for jobs; versions are 0 before the first submit, ``locked_by`` is empty
    when free."""

    kind: ObjectKind
    name: str
    uid: str
    directory: str
    type: str
    digest: str
    live_version: int
    last_version: int
    state: SchedulingState | None
    engine: Engine | None
    held: list[str]
    created_by: str
    created_at: int
    updated_by: str
    updated_at: int
    locked_by: str
    locked_at: int


class ObjectList(Shape):
    """How many objects match in all, and one page of them."""

    total: int
    items: list[ObjectAnswer]


class FindingAnswer(Shape):
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


class PackagedObject(Shape):
    """One object of a package."""

    kind: ObjectKind
    name: str
    uid: str
    path: str
    size: int
    sha256: str
    directory: str


class NeedAnswer(Shape):
    """A reference of the package that the package does not itself satisfy."""

    kind: NeedKind
    name: str
    workspace: str


class SourceAnswer(Shape):
    """Where a package comes from."""

    platform_id: str
    platform_name: str
    workspace: str


class StepAnswer(Shape):
    """What would become of one object. ``submits`` is a version or 0, ``way`` how it goes live; ``tag`` is
    the failed tag that a blocked job gets; ``files`` are where those of a resource are put."""

    verdict: str
    kind: ObjectKind
    name: str
    directory: str
    note: str
    change: Change | None
    submits: int
    way: Way
    lock_from: str
    tag: str
    held: list[str]
    files: list[str]
    reasons: list[FindingAnswer]


class PlanAnswer(Shape):
    """What apply would do, in order, and how many objects would come out how."""

    fingerprint: str
    refused: bool
    steps: list[StepAnswer]
    counts: dict[ObjectOutcome, int]


class DeletedAnswer(Shape):
    """An object that the source no longer has; ``here`` is its name here. It is told, and nothing is done."""

    kind: ObjectKind
    name: str
    uid: str
    here: str | None


class ReportAnswer(Shape):
    """Everything known of an import before anything is written."""

    digest: str
    layout: str
    source: SourceAnswer | None
    objects: list[PackagedObject]
    needs: list[NeedAnswer]
    findings: list[FindingAnswer]
    plan: PlanAnswer
    deleted_at_source: list[DeletedAnswer]
    mapping_suggestion: dict[str, dict[str, str]]
    mapping_candidates: dict[str, dict[str, list[str]]]
    bindings: list[LocalIdAnswer]
    hits: list[HitAnswer]
    schedules: list[FiringAnswer] = Field(default=[])
    """Told by a check; an import that is kept does not look at the clock."""
    route: RouteOfferAnswer | None = None
    options: dict[str, Any] = Field(default={})
    """What the check went by; with those of the route, where it was used."""


class DetectedItem(Shape):
    """A missing thing with the objects that need it, or an object with what is wrong with it."""

    name: str
    details: list[str]


class DetectedRow(Shape):
    """One reason with everything that it is the reason of."""

    category: Category
    reason: str
    items: list[DetectedItem]


class DetectionAnswer(Shape):
    """Why objects stay out: no row, if none does."""

    passed: bool
    rows: list[DetectedRow]


class StartedAnswer(Shape):
    """The task that carries an import out."""

    task_id: str


class TaskAnswer(Shape):
    """A task as it stands; times in ms, ``receipt_id`` once there is a receipt.

    ``code`` names the error that ended it, if one did.
    """

    id: str
    kind: str
    name: str
    workspace_id: str
    status: TaskStatus
    message: str
    code: str
    done: int
    total: int
    started_at: int
    updated_at: int
    ended_at: int
    receipt_id: str | None


class ReceiptHead(Shape):
    """An import without its objects. ``act`` is what it was done as; null for an undo."""

    id: str
    workspace: str
    platform_id: str
    imported_by: str
    imported_at: int
    package_name: str
    package_digest: str
    source_platform: str
    source_workspace: str
    kind: ReceiptKind
    undoes: str | None
    undone_by: str | None
    plan_digest: str
    act: ImportAct | None
    counts: dict[ObjectOutcome, int]
    warnings: list[FindingAnswer]


class ReceiptList(Shape):
    """How many receipts there are, and one page, newest first."""

    total: int
    items: list[ReceiptHead]


class ReceiptLine(Shape):
    """What came of one object."""

    kind: ObjectKind
    name: str
    outcome: ObjectOutcome
    digest: str
    version: int
    message: str
    reasons: list[FindingAnswer]
    missing: list[str]


class ReceiptReview(Shape):
    """The review that an import asked for, and how it stands."""

    id: str
    state: ReviewState


class ReceiptAnswer(ReceiptHead):
    """An import with all its objects; ``review`` is null where it asked for none."""

    review: ReceiptReview | None

    items: list[ReceiptLine]
