"""What came of an import, per object; kept for audit, and a file that can be carried back."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from jobferry.model.kinds import ObjectKind
from jobferry.model.records import ObjectKey
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.finding_group import Reason
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.policy import ImportAct
from jobferry.model.transfer.prior import Prior
from jobferry.sentences import Sentence, sentence


class ReceiptKind(StrEnum):
    """What a receipt is of: of a package that came in, or of taking such a one back."""

    IMPORT = "import"
    UNDO = "undo"


class ReceiptItem(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One object's outcome. ``version`` is the submitted version's number, 0 where none was made.

    ``object_id`` is 0 where nothing was written; else ``left_mark`` and ``left_holder`` tell how the object
    was left, so that an undo sees whether anybody has touched it since.
    """

    kind: ObjectKind
    name: str
    outcome: ObjectOutcome
    digest: str = ""
    version: int = 0
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()
    prior: Prior | None = None
    object_id: int = 0
    left_mark: str = ""
    left_holder: str = ""

    @property
    def key(self) -> ObjectKey:
        return (self.kind, self.name)


class LineOrder(StrEnum):
    """In which order a receipt's lines are shown; that of the plan where nothing else is said."""

    PLAN = "plan"
    NAME = "name"
    NAME_DOWN = "-name"
    KIND = "kind"
    OUTCOME = "outcome"


class LineFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines of a receipt are wanted; ``name_part`` is a part of the name."""

    kind: ObjectKind | None = None
    outcome: ObjectOutcome | None = None
    name_part: str = ""
    order: LineOrder = LineOrder.PLAN


class ReceiptFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which receipts are wanted. Times are in ms, ``until`` is not included.

    ``outcome`` is one that an object had, ``package_part`` a part of the package's name.
    """

    imported_by: str | None = None
    plan_digest: str = ""
    outcome: ObjectOutcome | None = None
    package_part: str = ""
    since: int | None = None
    until: int | None = None
    act: ImportAct | None = None
    kind: ReceiptKind | None = None


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """An import's record; its id is that of the task that made it. Times are in ms.

    ``counts`` holds how many objects had each outcome, ``findings`` how many findings there are of each
    severity.
    """

    id: str
    workspace_id: str
    workspace: str
    platform_id: str
    imported_by: str
    imported_at: int
    package_name: str
    package_digest: str
    source_platform: str = ""
    source_workspace: str = ""
    source_name: str = ""
    """What the platform was called that the package comes from; empty where the package does not say it."""
    kind: ReceiptKind = ReceiptKind.IMPORT
    undoes: str = ""
    """The receipt that this one takes back."""
    undone_by: str = ""
    """The receipt that took this one back."""
    plan_digest: str = ""
    """That of the plan that was looked at before; empty where nobody looked."""
    act: ImportAct | None = None
    """What the import was done as; none for an undo, and for imports of before acts were kept."""
    comment: str = ""
    """What whoever applied the plan has said about it."""
    counts: dict[ObjectOutcome, int] = {}
    findings: dict[Severity, int] = {}

    @property
    def told(self) -> Sentence:
        """The counts in words, in the order of the outcomes; empty for an empty package."""
        return told_counts(self.counts)


def told_counts(counts: Mapping[ObjectOutcome, int]) -> Sentence:
    """How many objects had each outcome, in words."""
    counted = [
        sentence("{count} {outcome}", count=counts[outcome], outcome=outcome)
        for outcome in ObjectOutcome
        if counts.get(outcome)
    ]
    return sentence("{counts}", counts=counted)
