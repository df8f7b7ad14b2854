"""Something that matters in a package that can be read: collected, and shown all together."""

from __future__ import annotations

from enum import StrEnum

import msgspec


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
