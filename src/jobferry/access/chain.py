"""The audit's chain: every row's mark depends on its content and on all rows before it.

Marks are HMAC-SHA-256 under a key derived from the data folder's. Whoever changes the database without that
key cannot make a mark that fits. Putting back an older copy of the whole database is not noticed: that takes
a mark kept elsewhere.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from itertools import chain as joined

from jobferry.access.sealing import whole_key
from jobferry.model.audit import AuditBreach, AuditEnd, AuditEvent, AuditFault, AuditRow

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
        return AuditEnd(number=row.number, mark=row.mark, seal=self._hmac("start", str(row.number), row.mark))

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

    def verify(self, rows: Iterable[AuditRow], start: AuditEnd, end: AuditEnd) -> AuditFault | None:
        """The first place where the rows are not those that were written, or None."""
        if start != AuditEnd() and not self._is_cut(start):
            return AuditFault(start.number, AuditBreach.START_ALTERED)
        number, mark = start.number, start.mark
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
        if not self._is_end(end):
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
        if isinstance(last, AuditEnd) and not self._is_cut(last):
            return False
        return self._is_end(end) and (last.number, last.mark) == (end.number, end.mark)

    def _is_end(self, end: AuditEnd) -> bool:
        return hmac.compare_digest(
            end.seal.encode("utf-8", "replace"), self.seal(end.number, end.mark).encode()
        )

    def _is_cut(self, start: AuditEnd) -> bool:
        seal = self._hmac("start", str(start.number), start.mark)
        return hmac.compare_digest(start.seal.encode("utf-8", "replace"), seal.encode())

    def _hmac(self, *parts: str) -> str:
        """Every part goes in with its length before it, so that no two lists of parts read alike."""
        encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
        pieces = joined.from_iterable((b"%d:" % len(one), one) for one in encoded)
        return hmac.digest(self._key, b"".join(pieces), "sha256").hex()
