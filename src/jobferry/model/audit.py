"""The audit: what was done or refused, by whom, from where; one row after the other, chained."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple, Self

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.sentences import sentence

_KEPT_LINE = re.compile(r"jobferry-audit-([0-9]{1,18})-([0-9a-f]{64})")


class AuditOutcome(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class AuditEvent(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One thing that somebody did or tried.

    ``at`` is milliseconds since 1970 (UTC); ``action`` is one of the names in ``docs/reference/audit.md``;
    ``kind`` and ``subject`` say what it was about; ``detail`` is a code, counts or changed keys, never
    anything that could be a secret. ``workspace_id`` is empty for what concerns the whole platform.
    """

    at: int
    actor: str
    action: str
    origin: str = ""
    workspace_id: str = ""
    workspace: str = ""
    kind: str = ""
    subject: str = ""
    outcome: AuditOutcome = AuditOutcome.DONE
    detail: str = ""


class AuditRow(msgspec.Struct, frozen=True, kw_only=True):
    """An event at its place in the chain. ``mark`` seals it together with all rows before it."""

    number: int
    event: AuditEvent
    mark: str


class AuditEnd(msgspec.Struct, frozen=True, kw_only=True):
    """Where the chain ends, or where its kept part begins: a row's number and mark, and a seal over both.

    Without it nobody would notice that rows at an end are gone.
    """

    number: int = 0
    mark: str = ""
    seal: str = ""


class AuditAnchor(msgspec.Struct, frozen=True, kw_only=True):
    """How far a chain had come, kept outside of its database: a row's number and mark, and a seal.

    ``first`` is the mark of row 1, empty where retention had removed it before there was an anchor.
    """

    number: int
    mark: str
    first: str
    seal: str


class KeptLine(NamedTuple):
    """The end of a chain as a line that people keep: a row's number and mark.

    The mark is made of all rows up to that one, so whoever holds the line sees whether they are the same.
    """

    number: int
    mark: str

    def __str__(self) -> str:
        return f"jobferry-audit-{self.number}-{self.mark}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The line that somebody kept.

        Raises:
            InvalidRequest: it is none, or not whole.
        """
        found = _KEPT_LINE.fullmatch("".join(text.split()))
        if found is None:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                sentence("{text} is not a line that `jobferry audit anchor` prints", text=repr(text[:100])),
                subject=text[:100],
                hint="give the whole line: jobferry-audit-, the number of a row, and 64 letters and digits",
            )
        return cls(int(found[1]), found[2])


class AuditBreach(StrEnum):
    """What is wrong with a chain."""

    ALTERED = "altered"
    """The row is not what was written, or does not follow the row before it."""
    MISSING = "missing"
    """The row is gone."""
    MISPLACED = "misplaced"
    """The row stands where another one should, or stands there twice."""
    ADDED = "added"
    """The row comes after the end."""
    START_ALTERED = "start-altered"
    """The note of where the kept part begins is not what was written."""
    END_ALTERED = "end-altered"
    """The note of where the chain ends is gone or not what was written."""
    EMPTIED = "emptied"
    """All rows were taken away, whether or not others have begun a chain since."""
    CUT_BACK = "cut-back"
    """The chain was put back to an earlier end, whether or not it has gone on from there."""
    ANCHOR_MISSING = "anchor-missing"
    """The chain fits, but its anchor is gone, so rows may be missing at the end."""
    ANCHOR_ALTERED = "anchor-altered"
    """The chain fits, but its anchor is not what was written, so rows may be missing at the end."""


class AuditFault(msgspec.Struct, frozen=True):
    """The first place where a chain is not what was written: a row's number, and what is wrong there."""

    number: int
    breach: AuditBreach


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows a page shows; empty fields do not filter. ``text`` is looked for anywhere, case ignored.

    ``workspace_id`` is None for all workspaces. Times are milliseconds, ``until`` exclusive.
    """

    workspace_id: str | None = None
    actor: str = ""
    action: str = ""
    kind: str = ""
    outcome: AuditOutcome | None = None
    since: int = 0
    until: int = 0
    text: str = ""
