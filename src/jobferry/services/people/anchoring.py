"""Keeps the audit's anchor: how far the chain has come, noted outside of the database.

The anchor follows the chain and is never ahead of it: it moves to an end that is committed, and only along
rows that lead there from where it stands. A chain that was emptied or cut back does not hold its anchor,
which then stays where it is.
"""

from __future__ import annotations

import threading
from typing import Protocol

from jobferry.access.chain import Chain, written_anchor
from jobferry.errors import JobferryError
from jobferry.events import Events
from jobferry.model.audit import AuditAnchor, AuditBreach, AuditEnd
from jobferry.store.ports import Snapshot, Store

_events = Events("audit")


class AnchorPlace(Protocol):
    """Where an anchor is kept: a place that a writer of the database does not reach."""

    def read(self) -> bytes | None:
        """What was written last; None if nothing is there.

        Raises:
            FilesError: the place cannot be read.
        """
        ...

    def write(self, anchor: bytes) -> None:
        """Puts it there, whole or not at all, and remembers for good that there is one.

        Raises:
            FilesError: the place cannot be written.
        """
        ...

    def is_promised(self) -> bool:
        """Whether one was ever written, even if it is gone."""
        ...


class Anchoring:
    """The anchor of one platform's audit. One process at a time moves it."""

    def __init__(self, store: Store, chain: Chain, place: AnchorPlace) -> None:
        self._store = store
        self._chain = chain
        self._place = place
        self._lock = threading.Lock()
        self._anchor: AuditAnchor | None = None
        self._written = b""
        self._breach: AuditBreach | None = None
        self._is_adrift = False
        self._is_late = False
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
                rows = snapshot.audit.rows(after=self._anchor.number)
                self._is_adrift = not self._chain.follows(self._anchor, rows, end)
                moved = None if self._is_adrift else self._chain.anchor(end, self._anchor.first)
        if moved is not None:
            self._put(moved)
        else:
            _events.say("error", "audit-anchor-broken", row=end.number)

    def _first_anchor(self, snapshot: Snapshot) -> AuditAnchor:
        first = next(snapshot.audit.rows(), None) if snapshot.audit.start() == AuditEnd() else None
        return self._chain.anchor(snapshot.audit.end(), first.mark if first else "")

    def _put(self, anchor: AuditAnchor) -> None:
        written = written_anchor(anchor)
        self._place.write(written)
        self._anchor, self._written, self._is_late = anchor, written, False
