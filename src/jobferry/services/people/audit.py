"""The audit: read it, verify that nobody changed it, and let go of what is old."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from jobferry.model.audit import AuditFault, AuditFilter, AuditRow
from jobferry.model.grant import Grant
from jobferry.model.people import Caller
from jobferry.model.rights import Action
from jobferry.services.ground import Ground
from jobferry.services.people.owning import allow_everywhere

_DAY_MS = 24 * 60 * 60 * 1000


class Verified(NamedTuple):
    """What came of looking at every row. ``number`` is that of the last row, ``removed_until`` of the last
    one that retention has removed; ``fault`` is None if nothing was changed."""

    rows: int
    number: int
    removed_until: int
    fault: AuditFault | None


class Audits:
    """The audit of one workspace, or of everything."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

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
        """Looks at every row, whether it and its neighbours are as they were written.

        Raises:
            Forbidden: the caller is not operations.
        """
        allow_everywhere(self._ground, caller, Action.PLATFORM_AUDIT_VIEW, kind="audit")
        with self._ground.store.read() as snapshot:
            start, end = snapshot.audit.start(), snapshot.audit.end()
            fault = self._ground.chain.verify(snapshot.audit.rows(), start, end)
        return Verified(end.number - start.number, end.number, start.number, fault)

    def sweep(self, days: int) -> int:
        """Removes rows older than so many days; how many there were."""
        with self._ground.store.write() as uow:
            last = uow.audit.last_before(self._ground.now() - days * _DAY_MS)
            removed = uow.audit.forget(self._ground.chain.cut(last)) if last else 0
            uow.commit()
        return removed
