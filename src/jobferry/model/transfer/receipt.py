"""What came of an import, per object; kept for audit, and a file that can be carried back."""

from __future__ import annotations

import msgspec

from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.plan import ObjectOutcome


class Prior(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An object's state before an import, enough to put it back."""

    object_id: int
    name: str
    directory: str
    subtype: str
    digest: str
    live_version: int
    held: tuple[str, ...] = ()
    locked_by: str = ""
    locked_at: int = 0


class ReceiptItem(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One object's outcome. ``version`` is the submitted version's number, 0 where none was made."""

    kind: ObjectKind
    name: str
    outcome: ObjectOutcome
    digest: str = ""
    version: int = 0
    reasons: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()
    prior: Prior | None = None


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """An import's record; its id is that of the task that made it. Times are in ms.

    ``counts`` holds how many objects had each outcome; ``warnings`` are findings that kept nothing out.
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
    plan_digest: str = ""
    """That of the plan that was looked at before; empty where nobody looked."""
    counts: dict[ObjectOutcome, int] = {}
    warnings: tuple[Finding, ...] = ()

    @property
    def told(self) -> str:
        """The counts in words, in the order of the outcomes; empty for an empty package."""
        counted = (outcome for outcome in ObjectOutcome if outcome in self.counts)
        return ", ".join(f"{self.counts[outcome]} {outcome}" for outcome in counted)
