"""One thing that is wrong inside a document, with the path to it."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A fault in a document. ``code`` and ``args`` are looked up in the message catalogue."""

    code: str
    path: str = ""
    args: dict[str, str] = {}


DOCUMENTED = frozenset({"field-value", "word-former", "value-required", "schedule-missing", "zone-unknown"})
"""What breaks only what the service documents (enumerations, required values): a save refuses it, and an
import's options decide what it does in a package."""

TOLD = frozenset({"cron-monthly"})
"""What is only worth knowing, wherever it is met."""


def is_illegal(problem: Problem) -> bool:
    """Whether no document with it can ever do, wherever it is met."""
    return problem.code not in DOCUMENTED and problem.code not in TOLD


def pointer(path: tuple[str | int, ...]) -> str:
    """How a path is written for people: ``nodes[2].properties[0].value``."""
    written = ""
    for part in path:
        if isinstance(part, int):
            written += f"[{part}]"
        else:
            written += f".{part}" if written else part
    return written
