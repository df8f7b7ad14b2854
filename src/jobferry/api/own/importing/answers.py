"""What calls about checked imports answer with."""

from __future__ import annotations

from typing import Any

from jobferry.api.late import Shape
from jobferry.api.own.answers import (
    FindingAnswer,
    ReceiptHead,
    ReceiptLine,
    ReportAnswer,
    SourceAnswer,
    StepAnswer,
)
from jobferry.api.own.importing.mapped import FiringAnswer, RouteOfferAnswer
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.transfer.checked_import import ImportState
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.plan_view import Change
from jobferry.services.importing.preview import Presence


class ImportHead(Shape):
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


class ImportList(Shape):
    """How many checked imports there are, and one page, newest first."""

    total: int
    items: list[ImportHead]


class NeedMetAnswer(Shape):
    """Something the package refers to, its name here by the mapping, and what of its kind is here instead."""

    kind: NeedKind
    name: str
    workspace: str
    local: str
    presence: Presence
    candidates: list[str]


class CheckedAnswer(ImportHead):
    """A checked import with everything that its check found."""

    route: RouteOfferAnswer | None
    needs_met: list[NeedMetAnswer]
    report: ReportAnswer


class ImportAnswer(ImportHead):
    """A checked import with the sums of its last check; they are gone when its package is."""

    refused: bool
    route: RouteOfferAnswer | None
    source: SourceAnswer | None
    counts: dict[ObjectOutcome, int]
    steps: int
    findings: int
    needs_met: list[NeedMetAnswer]
    schedules: list[FiringAnswer]


class StepList(Shape):
    """How many objects a plan has, and one page of them, in its order."""

    total: int
    items: list[StepAnswer]


class FindingList(Shape):
    """How many findings there are, and one page of them, the gravest first."""

    total: int
    items: list[FindingAnswer]


class BindingAnswer(Shape):
    """What a plan is bound to, each part as a digest; ``digest`` is that of the whole."""

    digest: str
    package: str
    options: str
    policy: dict[str, str]
    rights: str
    targets: dict[str, str]
    deeds: dict[str, str]
    refused: bool


class UndoPlan(Shape):
    """What taking an import back would do, in order; ``refused`` if something stands in the way."""

    refused: bool
    steps: list[StepAnswer]


class UndoAnswer(Shape):
    """An undo before anything is done."""

    receipt_id: str
    package_name: str
    plan_digest: str
    findings: list[FindingAnswer]
    plan: UndoPlan


class SideAnswer(Shape):
    """What one side has at a path."""

    there: bool
    value: Any


class SidesAnswer(Shape):
    """One path at which the sides differ; ``lines`` for texts of several lines."""

    path: str
    base: SideAnswer | None
    here: SideAnswer
    package: SideAnswer
    lines: list[str]


class DifferenceAnswer(Shape):
    """One object's sides; ``is_three_way`` if what last came in is still kept."""

    kind: ObjectKind
    name: str
    change: Change
    is_three_way: bool
    sides: list[SidesAnswer]


class DifferenceList(Shape):
    """How many objects that are here would change, and one page of them, by kind and name."""

    total: int
    items: list[DifferenceAnswer]


class HeldAnswer(Shape):
    """Something that the workspace holds now of where the package came from: its uid there, the digest of the
    text that left there, and its name here."""

    kind: ObjectKind
    uid: str
    name: str
    sha256: str


class ReceiptFileAnswer(ReceiptHead):
    """A receipt with all that the workspace holds now of where the package came from; ``seal`` is a digest of
    the rest."""

    items: list[ReceiptLine]
    holds: list[HeldAnswer]
    seal: str
