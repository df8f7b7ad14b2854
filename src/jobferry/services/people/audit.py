"""The audit: read it, verify that nobody changed it, and let go of what is old."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.audit import AuditBreach, AuditEnd, AuditFault, AuditFilter, AuditRow
from jobferry.model.grant import Grant
from jobferry.model.people import Caller
from jobferry.model.rights import Action
from jobferry.services.ground import Ground
from jobferry.services.people.anchoring import Anchoring
from jobferry.services.people.owning import allow_everywhere, everywhere

_DAY_MS = 24 * 60 * 60 * 1000
_ACCEPTABLE = frozenset(
    {
        AuditBreach.EMPTIED,
        AuditBreach.CUT_BACK,
        AuditBreach.ANCHOR_MISSING,
        AuditBreach.ANCHOR_ALTERED,
    }
)
"""What putting back an older copy of the database, or of parts of the data folder, comes to."""


class Verified(NamedTuple):
    """What came of looking at every row. ``number`` is that of the last row, ``removed_until`` of the last
    one that retention has removed, ``anchored`` that at which the anchor stands (0: there is none that can be
    read); ``fault`` is None if nothing was changed."""

    rows: int
    number: int
    removed_until: int
    anchored: int
    fault: AuditFault | None


class Audits:
    """The audit of one workspace, or of everything."""

    def __init__(self, ground: Ground, anchoring: Anchoring) -> None:
        self._ground = ground
        self._anchoring = anchoring

    def of_workspace(
        self, grant: Grant, wanted: AuditFilter, *, offset: int, limit: int
    ) -> tuple[int, list[AuditRow]]:
        """How many rows of a workspace fit the filter, and one page of them, newest first.

        Raises:
            Forbidden: the caller may not look at the workspace's audit.
        """
        self._ground.allow(grant, Action.AUDIT_VIEW, kind="audit")
        wanted = msgspec.structs.replace(wanted, workspace_id=grant.workspace.id)
        with self._ground.store.read() as snapshot:
            return snapshot.audit.page(wanted, offset=offset, limit=limit)

    def of_platform(
        self, caller: Caller, wanted: AuditFilter, *, offset: int, limit: int
    ) -> tuple[int, list[AuditRow]]:
        """The same for all workspaces and what concerns none.

        Raises:
            Forbidden: the caller is not operations.
        """
        allow_everywhere(self._ground, caller, Action.PLATFORM_AUDIT_VIEW, kind="audit")
        with self._ground.store.read() as snapshot:
            return snapshot.audit.page(wanted, offset=offset, limit=limit)

    def verify(self, caller: Caller) -> Verified:
        """Looks at every row, whether it and its neighbours are as they were written, and at the anchor.

        Raises:
            Forbidden: the caller is not operations.
        """
        allow_everywhere(self._ground, caller, Action.PLATFORM_AUDIT_VIEW, kind="audit")
        return self._verified()

    def accept(self, caller: Caller, reason: str) -> Verified:
        """Takes the chain as it is, where rows are missing because an older copy was put back on purpose.

        That is a row of its own, with what was found and the reason. Where nothing is wrong, nothing is done.

        Raises:
            Forbidden: the caller is not operations.
            Conflict: rows were altered or removed within the chain (``audit-altered``).
        """
        allow_everywhere(self._ground, caller, Action.PLATFORM_AUDIT_ACCEPT, kind="audit")
        seen = self._verified()
        if seen.fault is None:
            return seen
        if seen.fault.breach not in _ACCEPTABLE:
            raise Conflict(
                ErrorCode.AUDIT_ALTERED,
                f"row {seen.fault.number} of the audit is not as it was written ({seen.fault.breach}); "
                "only rows that are missing at the end can be accepted",
                subject=str(seen.fault.number),
                hint="put back a copy of the database in which the audit is whole",
            )
        detail = (
            f"{seen.fault.breach.value}: ends at row {seen.number}, anchored at row {seen.anchored}: {reason}"
        )
        event = self._ground.event(everywhere(caller), "audit-accept", kind="audit", detail=detail)
        self._ground.note(event)
        self._anchoring.renew()
        return self._verified()

    def sweep(self, days: int) -> int:
        """Removes rows older than so many days; how many there were.

        Rows are kept that the anchor has not reached, and all of them while the chain does not hold it.
        """
        before = self._ground.now() - days * _DAY_MS
        with self._ground.store.read() as snapshot:
            old = snapshot.audit.last_before(before)
        if old is None or not self._anchoring.reaches(old.number):
            return 0
        with self._ground.store.write() as uow:
            removed = uow.audit.forget(self._ground.chain.cut(old))
            uow.commit()
        return removed

    def _verified(self) -> Verified:
        anchor, breach = self._anchoring.held()
        with self._ground.store.read() as snapshot:
            start, end = snapshot.audit.start(), snapshot.audit.end()
            fault = self._ground.chain.verify(snapshot.audit.rows(), start, end, anchor)
            is_empty = start == end == AuditEnd() and snapshot.audit.last() is None
        if breach is not None and (fault is None or is_empty):
            fault = AuditFault(end.number, breach)
        anchored = anchor.number if anchor else 0
        return Verified(end.number - start.number, end.number, start.number, anchored, fault)
