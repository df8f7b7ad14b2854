"""Something that matters in a package that can be read: collected, and shown all together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from jobferry.errors import ErrorCode, PackageRefused
from jobferry.model.tags import MOST_TAGS
from jobferry.sentences import sentence

MOST_FINDING_BYTES = 40 * 1024 * 1024
"""What all findings of a package may measure together where nobody says otherwise; about 120,000 of them."""
_FINDING_BYTES = 256


class Severity(StrEnum):
    """Whether a finding keeps its object out, holds it, or only tells."""

    BLOCK = "block"
    HOLD = "hold"
    WARN = "warn"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule saw. ``code`` and ``args`` are looked up in the message catalogue.

    ``kind`` and ``name`` say whose finding it is (``package`` for the package as a whole), ``path`` where in
    its document, ``need_kind`` and ``need_name`` which thing is missing, where one is.
    """

    code: str
    severity: Severity
    kind: str
    name: str
    path: str = ""
    need_kind: str = ""
    need_name: str = ""
    args: dict[str, str] = {}

    @classmethod
    def on(
        cls,
        subject: tuple[str, str],
        code: str,
        severity: Severity = Severity.BLOCK,
        /,
        *,
        path: str = "",
        **args: str,
    ) -> Finding:
        """A finding on the object of that kind and name, or on :data:`PACKAGE`."""
        kind, name = subject
        return cls(code=code, severity=severity, kind=kind, name=name, path=path, args=args)


def quota_reached(subject: tuple[str, str], number: int, limit: int, things: str, setting: str) -> Finding:
    """The finding on an object that would be one too many; ``number`` counts it."""
    counts = {"number": str(number), "limit": str(limit)}
    return Finding.on(subject, "quota-reached", **counts, things=things, setting=setting)


def tags_too_many(subject: tuple[str, str], tag: str) -> Finding:
    """The finding on a job whose new ``tag`` would be one too many."""
    return Finding.on(subject, "tags-too-many", tag=tag, limit=str(MOST_TAGS))


PACKAGE = ("package", "")
"""Whose findings those are that concern the package as a whole."""

CONSEQUENCES = (
    "needed-left-out",
    "only-used-left-out",
    "package-held-back",
    "deletion-held-back",
    "name-not-freed",
)
"""Findings on objects that stay out only because others do."""


class FindingRoom:
    """How much may be found in one package, so that no answer is out of proportion.

    A finding measures 256 bytes, and one more for each letter of what it names.
    """

    def __init__(self, most_bytes: int = MOST_FINDING_BYTES) -> None:
        self._most = self._rest = most_bytes
        self._codes: Counter[str] = Counter()

    def take(self, code: str, *names: str, args: Mapping[str, str]) -> None:
        """Makes room for a finding.

        Raises:
            PackageRefused: there is none left (``package-too-large``); the most frequent findings are named.
        """
        self._codes[code] += 1
        self._rest -= _FINDING_BYTES + sum(map(len, names)) + sum(map(len, args.values()))
        if self._rest < 0:
            raise self._full()

    def _full(self) -> PackageRefused:
        often = ", ".join(f"{code} ({count:,})" for code, count in self._codes.most_common(3))
        return PackageRefused(
            ErrorCode.PACKAGE_TOO_LARGE,
            sentence(
                "the package has more findings than can be reported: {total:,} so far, mostly "
                "{often}; the limit finding_bytes is {most:,}",
                total=self._codes.total(),
                often=often,
                most=self._most,
            ),
            hint="fix what is found most often, or split the package; or have operations raise the "
            "limit: `jobferry setting set --platform finding_bytes=N`",
        )
