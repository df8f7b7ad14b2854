"""The audit: read it, verify it against its chain and its anchor, and let go of what is old."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple, Protocol, Unpack

import msgspec

from jobferry.access.chain import Chain, written_anchor
from jobferry.errors import Conflict, ErrorCode, JobferryError
from jobferry.events import Events
from jobferry.model.audit import (
    AuditAnchor,
    AuditBreach,
    AuditEnd,
    AuditFault,
    AuditFilter,
    AuditRow,
    KeptLine,
)
from jobferry.model.lists import PageOptions
from jobferry.model.parts import AUDIT
from jobferry.model.people import Caller, Grant
from jobferry.model.rights import Action
from jobferry.sentences import sentence
from jobferry.services.granting import allow_everywhere, everywhere
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import Snapshot, Store

_events = Events("audit")


class SharedAnchorPlace(Protocol):
    """Where an anchor is kept that a writer of the database does not reach; of several servers together,
    for those that are still to come."""

    def read(self) -> bytes | None:
        """What was written last; None if nothing is there.

        Raises:
            FilesError: the place cannot be read.
        """
        ...

    def write(self, anchor: bytes) -> None:
        """Puts it there, whole or not at all.

        Raises:
            FilesError: the place cannot be written.
        """
        ...


class AnchorPlace(SharedAnchorPlace, Protocol):
    """Where one server keeps its own anchor: once it has written one, it remembers that for good."""

    def is_promised(self) -> bool:
        """Whether one was ever written, even if it is gone."""
        ...


class Anchoring:
    """The anchor of one platform's audit. One process at a time moves it."""

    def __init__(
        self, store: Store, chain: Chain, place: AnchorPlace, shared: SharedAnchorPlace | None = None
    ) -> None:
        self._store = store
        self._chain = chain
        self._place = place
        self._shared = shared
        self._lock = threading.Lock()
        self._anchor: AuditAnchor | None = None
        self._written = b""
        self._breach: AuditBreach | None = None
        self._is_adrift = False
        self._is_late = False
        self._has_asked = True
        self._wanted = 0

    def begin(self) -> None:
        """Reads the anchor that an earlier process left, and lets it catch up with the chain.

        Raises:
            FilesError: it cannot be read, or what is left to write for it cannot be written.
        """
        with self._lock:
            found = self._place.read()
            self._anchor, self._breach = self._judged(found)
            self._written = found or b""
            self._is_adrift = False
            self._has_asked = self._shared is None
            if found is not None and self._breach is None and not self._place.is_promised():
                self._place.write(found)
        if self._breach is not None:
            _events.say("error", "audit-anchor-broken", breach=self._breach.value)
        self._try()

    def wanted(self, number: int) -> None:
        """Told that a row of that number is about to be committed."""
        self._wanted = number

    def move(self) -> None:
        """Moves the anchor to the chain's end, if it is behind; costs next to nothing if it is not.

        A place that cannot be written now is tried again at the next call; nobody's work fails for it.
        """
        if self._anchor is None or self._wanted > self._anchor.number:
            self._try()

    def catch_up(self) -> None:
        """Moves the anchor to the chain's end, which other servers may have moved too."""
        self._try()

    def held(self) -> tuple[AuditAnchor | None, AuditBreach | None]:
        """The anchor, and what is wrong with the place where it is kept.

        Ask before looking at the chain: the anchor then is not ahead of what is seen.

        Raises:
            FilesError: the place cannot be read.
        """
        with self._lock:
            if self._breach is not None or self._anchor is None:
                return self._anchor, self._breach
            found = self._place.read()
            if found == self._written:
                return self._anchor, None
            gone = found is None
            return self._anchor, AuditBreach.ANCHOR_MISSING if gone else AuditBreach.ANCHOR_ALTERED

    def reaches(self, number: int) -> bool:
        """Whether the chain holds its anchor, and that stands at this row or a later one."""
        self._try()
        with self._lock:
            sound = self._breach is None and not self._is_adrift
            return sound and self._anchor is not None and number <= self._anchor.number

    def renew(self) -> None:
        """Puts the anchor at the chain's end, wherever it stood.

        Raises:
            FilesError, StoreError: it cannot be written, or the chain not be read.
        """
        with self._lock, self._store.read() as snapshot:
            self._put(self._first_anchor(snapshot))
            self._breach, self._is_adrift = None, False

    def _try(self) -> None:
        try:
            with self._lock:
                if self._breach is None and not self._is_adrift:
                    self._take_shared()
                if self._breach is None and not self._is_adrift:
                    self._move()
        except JobferryError as error:
            if not self._is_late:
                _events.say("warning", "audit-anchor-late", code=str(error.code), reason=error.message)
            self._is_late = True

    def _judged(self, found: bytes | None) -> tuple[AuditAnchor | None, AuditBreach | None]:
        if found is None:
            return None, AuditBreach.ANCHOR_MISSING if self._place.is_promised() else None
        anchor = self._chain.read_anchor(found)
        return anchor, None if anchor else AuditBreach.ANCHOR_ALTERED

    def _take_shared(self) -> None:
        """Goes, once, by the anchor of the other servers where it is further than this one's. Nothing is
        anchored before that place could be read."""
        found = None if self._has_asked or self._shared is None else self._shared.read()
        self._has_asked = True
        shared = self._chain.read_anchor(found) if found is not None else None
        if found is not None and shared is None:
            self._breach = AuditBreach.ANCHOR_ALTERED
            _events.say("error", "audit-anchor-broken", breach=self._breach.value)
        elif shared is not None and (self._anchor is None or shared.number > self._anchor.number):
            self._keep(shared)

    def _move(self) -> None:
        with self._store.read() as snapshot:
            end = snapshot.audit.end()
            if self._anchor is None and end == AuditEnd():
                return
            if self._anchor is None:
                self._is_adrift = not self._chain.is_end(end)
                moved = None if self._is_adrift else self._first_anchor(snapshot)
            elif (end.number, end.mark) == (self._anchor.number, self._anchor.mark):
                return
            else:
                since = self._since(self._anchor, snapshot.audit.start())
                rows = snapshot.audit.rows(after=since.number)
                self._is_adrift = not self._chain.follows(since, rows, end)
                moved = None if self._is_adrift else self._chain.anchor(end, self._anchor.first)
        if moved is not None:
            self._put(moved)
        else:
            _events.say("error", "audit-anchor-broken", row=end.number)

    def _since(self, anchor: AuditAnchor, start: AuditEnd) -> AuditAnchor | AuditEnd:
        """Where to go on from: the anchor, or where the kept rows begin, if another server swept past it."""
        return start if start.number > anchor.number and self._chain.is_start(start) else anchor

    def _first_anchor(self, snapshot: Snapshot) -> AuditAnchor:
        first = next(snapshot.audit.rows(), None) if snapshot.audit.start() == AuditEnd() else None
        return self._chain.anchor(snapshot.audit.end(), first.mark if first else "")

    def _put(self, anchor: AuditAnchor) -> None:
        self._keep(anchor)
        if self._shared is not None:
            self._shared.write(self._written)
        self._is_late = False

    def _keep(self, anchor: AuditAnchor) -> None:
        written = written_anchor(anchor)
        self._place.write(written)
        self._anchor, self._written = anchor, written


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

    def __init__(self, runtime: Runtime, anchoring: Anchoring) -> None:
        self._runtime = runtime
        self._anchoring = anchoring

    def of_workspace(
        self, grant: Grant, wanted: AuditFilter, **which: Unpack[PageOptions]
    ) -> tuple[int, list[AuditRow]]:
        """How many rows of a workspace fit the filter, and one page of them, newest first.

        Raises:
            Forbidden: the caller may not look at the workspace's audit.
        """
        self._runtime.allow(grant, Action.AUDIT_VIEW, kind="audit")
        wanted = msgspec.structs.replace(wanted, workspace_id=grant.workspace.id)
        with self._runtime.store.read() as snapshot:
            return snapshot.audit.page(wanted, **which)

    def of_platform(
        self, caller: Caller, wanted: AuditFilter, **which: Unpack[PageOptions]
    ) -> tuple[int, list[AuditRow]]:
        """The same for all workspaces and what concerns none.

        Raises:
            Forbidden: the caller is not operations.
        """
        allow_everywhere(self._runtime, caller, Action.PLATFORM_AUDIT_VIEW, kind="audit")
        with self._runtime.store.read() as snapshot:
            return snapshot.audit.page(wanted, **which)

    def verify(self, caller: Caller) -> Verified:
        """Looks at every row, whether it and its neighbours are as they were written, and at the anchor.

        Raises:
            Forbidden: the caller is not operations.
        """
        allow_everywhere(self._runtime, caller, Action.PLATFORM_AUDIT_VIEW, kind="audit")
        return self._verified()

    def anchor(self, caller: Caller) -> KeptLine:
        """Where the chain ends now, to be kept elsewhere.

        Raises:
            Forbidden: the caller is not operations.
        """
        allow_everywhere(self._runtime, caller, Action.PLATFORM_AUDIT_VIEW, kind="audit")
        with self._runtime.store.read() as snapshot:
            end = snapshot.audit.end()
        return KeptLine(end.number, end.mark)

    def follows(self, caller: Caller, since: KeptLine) -> bool:
        """Whether the row that a kept line names is here, and all rows up to it are the same.

        Raises:
            Forbidden: the caller is not operations.
            Conflict: retention has removed the row (``audit-altered``).
        """
        allow_everywhere(self._runtime, caller, Action.PLATFORM_AUDIT_VIEW, kind="audit")
        with self._runtime.store.read() as snapshot:
            start = snapshot.audit.start()
            row = next(snapshot.audit.rows(after=since.number - 1), None)
        if since.number < start.number:
            raise Conflict(
                ErrorCode.AUDIT_ALTERED,
                sentence("row {number} of the audit was removed because of its age", number=since.number),
                subject=str(since.number),
                hint="give a line that was kept later; the anchor in a backup tells of earlier rows",
            )
        if since.number == start.number:
            return since.mark == start.mark
        return row is not None and (row.number, row.mark) == since

    def accept(self, caller: Caller, reason: str) -> Verified:
        """Takes the chain as it is, where rows are missing because an older copy was put back on purpose.

        That is a row of its own, with what was found and the reason. Where nothing is wrong, nothing is done.

        Raises:
            Forbidden: the caller is not operations.
            Conflict: rows were altered or removed within the chain (``audit-altered``).
        """
        allow_everywhere(self._runtime, caller, Action.PLATFORM_AUDIT_ACCEPT, kind="audit")
        grant = everywhere(caller)
        with self._runtime.attempt(grant, "audit-accept", kind="audit") as attempt:
            seen = self._verified()
            if seen.fault is None:
                return seen
            breach = seen.fault.breach
            if breach not in _ACCEPTABLE:
                raise Conflict(
                    ErrorCode.AUDIT_ALTERED,
                    sentence(
                        "row {number} of the audit is not as it was written ({breach}); only rows that are "
                        "missing at the end can be accepted",
                        number=seen.fault.number,
                        breach=breach,
                    ),
                    subject=str(seen.fault.number),
                    hint="restore a copy of the database in which the audit is complete",
                )
            with attempt.change() as change:
                ends = f"ends at row {seen.number}, anchored at row {seen.anchored}"
                change.audit(detail=f"{breach.value}: {ends}: {reason}")
        self._anchoring.renew()
        return self._verified()

    def sweep(self, days: int) -> int:
        """Removes rows older than so many days; how many there were.

        Rows are kept that the anchor has not reached, and all of them while the chain does not hold it.
        """
        before = self._runtime.now() - days * _DAY_MS
        with self._runtime.store.read() as snapshot:
            old = snapshot.audit.last_before(before)
        if old is None or not self._anchoring.reaches(old.number):
            return 0
        with self._runtime.store.write(only=AUDIT) as uow:
            removed = uow.audit.forget(self._runtime.chain.cut(old))
            uow.commit()
        return removed

    def _verified(self) -> Verified:
        anchor, breach = self._anchoring.held()
        with self._runtime.store.read() as snapshot:
            start, end = snapshot.audit.start(), snapshot.audit.end()
            fault = self._runtime.chain.verify(snapshot.audit.rows(), start, end, anchor)
            is_empty = start == end == AuditEnd() and snapshot.audit.last() is None
        if breach is not None and (fault is None or is_empty):
            fault = AuditFault(end.number, breach)
        anchored = anchor.number if anchor else 0
        return Verified(end.number - start.number, end.number, start.number, anchored, fault)
