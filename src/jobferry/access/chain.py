"""The audit's chain: every row's mark depends on its content and on all rows before it.

Marks are HMAC-SHA-256 under a key derived from the data folder's. Whoever changes the database without that
key cannot make a mark that fits. An earlier state of the whole chain fits too; an anchor, which is kept
outside of the database, tells it from the present one.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain as joined

import msgspec

from jobferry.access.sealing import whole_key
from jobferry.model.audit import AuditAnchor, AuditBreach, AuditEnd, AuditEvent, AuditFault, AuditRow

_LABEL = b"jobferry audit chain 1"


class Chain:
    """Marks, seals and verifies audit rows with one key."""

    def __init__(self, key: bytes) -> None:
        """``key`` is the data folder's; what chains is derived from it, so that nothing else uses it.

        Raises:
            StoreError: it has another length than a key has.
        """
        self._key = hmac.digest(whole_key(key), _LABEL, "sha256")

    def mark(self, previous_mark: str, number: int, event: AuditEvent) -> str:
        """The mark of a row that follows one with the previous mark; the first row follows an empty one."""
        return self._hmac(
            *("row", previous_mark, str(number)),
            *(str(event.at), event.actor, event.action, event.origin, event.workspace_id, event.workspace),
            *(event.kind, event.subject, event.outcome.value, event.detail),
        )

    def seal(self, number: int, mark: str) -> str:
        """The seal of the chain's end."""
        return self._hmac("end", str(number), mark)

    def cut(self, row: AuditRow) -> AuditEnd:
        """Where the kept part begins once a row and all before it are removed. Its seal is none of an end."""
        return AuditEnd(number=row.number, mark=row.mark, seal=self._start_seal(row.number, row.mark))

    def grown(
        self, end: AuditEnd, last: AuditRow | AuditEnd, events: Sequence[AuditEvent]
    ) -> tuple[list[AuditRow], AuditEnd]:
        """Rows for events at the end of a chain, and its new end.

        ``last`` is the last row, or the start where there is none. An end that does not fit is never sealed
        again, so that going on does not cover up what was done to it.
        """
        number, mark = max(end.number, last.number), last.mark
        whole = self._ends_well(end, last)
        rows: list[AuditRow] = []
        for event in events:
            number += 1
            mark = self.mark(mark, number, event)
            rows.append(AuditRow(number=number, event=event, mark=mark))
        return rows, AuditEnd(number=number, mark=mark, seal=self.seal(number, mark) if whole else "")

    def anchor(self, end: AuditEnd, first: str) -> AuditAnchor:
        """An anchor at a chain's end; ``first`` is the mark of row 1."""
        seal = self._hmac("anchor", str(end.number), end.mark, first)
        return AuditAnchor(number=end.number, mark=end.mark, first=first, seal=seal)

    def read_anchor(self, written: bytes) -> AuditAnchor | None:
        """An anchor as :func:`written_anchor` gave it; None for what was not sealed with this key."""
        try:
            anchor = msgspec.json.decode(written, type=AuditAnchor)
        except (msgspec.MsgspecError, UnicodeError):
            return None
        seal = self._hmac("anchor", str(anchor.number), anchor.mark, anchor.first)
        fits = hmac.compare_digest(anchor.seal.encode("utf-8", "replace"), seal.encode())
        return anchor if fits else None

    def verify(
        self,
        rows: Iterable[AuditRow],
        start: AuditEnd,
        end: AuditEnd,
        anchor: AuditAnchor | None = None,
    ) -> AuditFault | None:
        """The first place where the rows are not those that were written, or None.

        With an anchor, also whether the chain is the one that had come so far.
        """
        if start != AuditEnd() and not self.is_start(start):
            return AuditFault(start.number, AuditBreach.START_ALTERED)
        if anchor is None:
            return self._walked(rows, start.number, start.mark, end)
        coming = iter(rows)
        first = next(coming, None)
        if first is None and start == end == AuditEnd():
            return AuditFault(anchor.number, AuditBreach.EMPTIED)
        marks = {start.number: start.mark}
        noted = _noting(joined([first] if first else [], coming), (1, anchor.number), marks)
        return self._walked(noted, start.number, start.mark, end) or _adrift(marks, start, end, anchor)

    def follows(self, since: AuditAnchor | AuditEnd, rows: Iterable[AuditRow], end: AuditEnd) -> bool:
        """Whether the rows lead from an anchor or a start to the end, every one of them as it was written."""
        return self._walked(rows, since.number, since.mark, end) is None

    def is_start(self, start: AuditEnd) -> bool:
        """Whether rows were removed up to there by somebody with this key."""
        return hmac.compare_digest(
            start.seal.encode("utf-8", "replace"), self._start_seal(start.number, start.mark).encode()
        )

    def is_end(self, end: AuditEnd) -> bool:
        """Whether an end was sealed with this key."""
        return hmac.compare_digest(
            end.seal.encode("utf-8", "replace"), self.seal(end.number, end.mark).encode()
        )

    def _walked(self, rows: Iterable[AuditRow], number: int, mark: str, end: AuditEnd) -> AuditFault | None:
        """The first fault of rows that come after the one with this number and mark."""
        for row in rows:
            if breach := self._breach(row, number + 1, mark):
                return AuditFault(number + 1 if breach is AuditBreach.MISSING else row.number, breach)
            number, mark = row.number, row.mark
            if number > end.number:
                break
        return self._end_fault(end, number, mark)

    def _breach(self, row: AuditRow, expected: int, previous_mark: str) -> AuditBreach | None:
        if row.number != expected:
            return AuditBreach.MISSING if row.number > expected else AuditBreach.MISPLACED
        fits = hmac.compare_digest(
            self.mark(previous_mark, row.number, row.event).encode(), row.mark.encode("utf-8", "replace")
        )
        return None if fits else AuditBreach.ALTERED

    def _end_fault(self, end: AuditEnd, number: int, mark: str) -> AuditFault | None:
        if not self.is_end(end):
            return AuditFault(end.number, AuditBreach.END_ALTERED)
        if number < end.number:
            return AuditFault(number + 1, AuditBreach.MISSING)
        if number > end.number:
            return AuditFault(number, AuditBreach.ADDED)
        return None if mark == end.mark else AuditFault(number, AuditBreach.ALTERED)

    def _ends_well(self, end: AuditEnd, last: AuditRow | AuditEnd) -> bool:
        """Whether a chain may go on: it never began, or its end is sealed and is where the rows end."""
        if end == AuditEnd():
            return last == end
        if isinstance(last, AuditEnd) and not self.is_start(last):
            return False
        return self.is_end(end) and (last.number, last.mark) == (end.number, end.mark)

    def _start_seal(self, number: int, mark: str) -> str:
        return self._hmac("start", str(number), mark)

    def _hmac(self, *parts: str) -> str:
        """Every part goes in with its length before it, so that no two lists of parts read alike."""
        encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
        pieces = joined.from_iterable((b"%d:" % len(one), one) for one in encoded)
        return hmac.digest(self._key, b"".join(pieces), "sha256").hex()


def written_anchor(anchor: AuditAnchor) -> bytes:
    """An anchor as a line of text, to be kept."""
    return msgspec.json.encode(anchor) + b"\n"


def _noting(rows: Iterable[AuditRow], watched: Sequence[int], marks: dict[int, str]) -> Iterator[AuditRow]:
    """The rows, while the marks of those with a watched number are written down."""
    for row in rows:
        if row.number in watched:
            marks[row.number] = row.mark
        yield row


def _adrift(marks: dict[int, str], start: AuditEnd, end: AuditEnd, anchor: AuditAnchor) -> AuditFault | None:
    """What was done to a chain that fits in itself but does not hold its anchor; None if it holds it.

    Another server may have removed the anchor's row because of its age.
    """
    if anchor.number < start.number or marks.get(anchor.number) == anchor.mark:
        return None
    if start == AuditEnd() and marks.get(1) != anchor.first:
        return AuditFault(anchor.number, AuditBreach.EMPTIED)
    return AuditFault(min(end.number + 1, anchor.number), AuditBreach.CUT_BACK)
