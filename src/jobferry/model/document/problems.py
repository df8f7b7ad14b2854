"""What can be wrong in a document: problems with paths, rules of fields, and of scripts and resources."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import msgspec

from jobferry.model.document.edits import Path
from jobferry.model.names import RESOURCE_NAME, SCRIPT_NAME, Limits, directory_fault


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


@lru_cache(maxsize=8192)
def pointer(path: tuple[str | int, ...]) -> str:
    """How a path is written for people: ``nodes[2].properties[0].value``."""
    written = ""
    for part in path:
        if isinstance(part, int):
            written += f"[{part}]"
        else:
            written += f".{part}" if written else part
    return written


_MOST_TOLD = 100
_WHOLE = re.compile(r"-?[0-9]{1,18}(?:\.0+)?\Z")


class Faults:
    """Collects what is wrong with one document, so that all of it is told at once.

    The first hundred faults are told: a document may hold millions.
    """

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, code: str, path: Path, **args: str) -> None:
        if len(self.found) < _MOST_TOLD:
            self.found.append(Problem(code, pointer(path), args))

    def name(self, value: Any, path: Path, pattern: re.Pattern[str]) -> bool:
        """A required name of the given alphabet and length."""
        if type(value) is str and pattern.match(value):
            return True
        if value is None or value == "":
            self.add("name-missing", path)
        elif not isinstance(value, str):
            self.add("field-type", path, expected="text")
        else:
            self.add("name-illegal", path, name=value[:140])
        return False

    def text(self, value: Any, path: Path, limit: int | None = None) -> None:
        """A text of at most ``limit`` characters; absent is fine."""
        if value is None:
            return
        if not isinstance(value, str):
            self.add("field-type", path, expected="text")
        elif limit is not None and len(value) > limit:
            self.add("field-too-long", path, length=str(len(value)), limit=str(limit))

    def whole(self, value: Any, path: Path, low: int, high: int, *, zero: bool = False) -> None:
        """A whole number, possibly spelled as a text; ``zero`` admits 0 besides the range."""
        if value is None or value == "":
            return
        number = whole_number(value)
        if number is None:
            self.add("field-type", path, expected="a whole number")
        elif not (low <= number <= high or (zero and number == 0)):
            self.add("field-range", path, value=str(value)[:40], low=str(low), high=str(high))

    def choice(self, value: Any, path: Path, allowed: tuple[str, ...]) -> None:
        """One of a few words; absent or empty is fine."""
        if value is None or value == "":
            return
        if not isinstance(value, str):
            self.add("field-type", path, expected="text")
        elif value not in allowed:
            self.add("field-value", path, value=str(value)[:40], allowed=", ".join(allowed))

    def required(self, value: Any, path: Path) -> None:
        """A value that the service documents as required; an empty text is none."""
        if value is None or value == "":
            self.add("value-required", path)

    def directory(self, value: Any, limits: Limits) -> None:
        if value is None:
            return
        if not isinstance(value, str):
            self.add("field-type", ("directory",), expected="text")
        elif directory_fault(value, limits):
            depth = str(limits.directory_depth)
            self.add("directory-illegal", ("directory",), directory=value[:200], depth=depth)

    def objects(self, value: Any, path: Path) -> list[dict[str, Any]]:
        """The objects of a list; absent is an empty list, anything else is a fault."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.add("field-type", path, expected="a list")
            return []
        if {dict}.issuperset(map(type, value)):
            return value
        place = next(place for place, item in enumerate(value) if type(item) is not dict)
        self.add("field-type", (*path, place), expected="an object")
        return []

    def object(self, value: Any, path: Path) -> dict[str, Any]:
        """An object; absent is an empty one, anything else is a fault."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.add("field-type", path, expected="an object")
            return {}
        return value


def whole_number(value: Any) -> int | None:
    """A whole number read from a number or a text, or none where there is no sensible one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and _WHOLE.match(value.strip()):
        return int(value.strip().split(".")[0])
    return None


_RESOURCE_TYPES = ("archive", "file", "jar", "pyFile")


def script_problems(document: dict[str, Any], limits: Limits) -> list[Problem]:
    """Everything that is wrong in a script document, each with its path. The content may be empty."""
    faults = Faults()
    faults.name(document.get("name"), ("name",), SCRIPT_NAME)
    if not document.get("type") or not isinstance(document["type"], str):
        faults.add("type-missing", ("type",))
    content = document.get("content")
    if content is None:
        faults.add("value-required", ("content",))
    faults.text(content, ("content",))
    if isinstance(content, str) and len(content) > limits.script_bytes // 4:
        size = len(content.encode())
        if size > limits.script_bytes:
            faults.add("content-too-large", ("content",), size=str(size), limit=str(limits.script_bytes))
    faults.directory(document.get("directory"), limits)
    faults.text(document.get("description"), ("description",), 255)
    for key in ("connectionName", "database", "queueName"):
        faults.text(document.get(key), (key,))
    faults.object(document.get("configuration"), ("configuration",))
    return faults.found


def resource_problems(document: dict[str, Any], limits: Limits) -> list[Problem]:
    """Everything in a resource document that a save or an import refuses, each with its path."""
    faults = Faults()
    faults.name(document.get("name"), ("name",), RESOURCE_NAME)
    if not document.get("type"):
        faults.add("field-missing", ("type",))
    faults.choice(document.get("type"), ("type",), _RESOURCE_TYPES)
    location = document.get("location")
    if not location or not isinstance(location, str):
        faults.add("field-missing", ("location",))
    faults.text(location, ("location",), 1023)
    depend = document.get("dependFiles")
    if isinstance(depend, list):
        length = sum(len(str(item)) for item in depend)
        if length > 10_240:
            faults.add("field-too-long", ("dependFiles",), length=str(length), limit="10240")
    faults.text(document.get("desc"), ("desc",), 255)
    faults.directory(document.get("directory"), limits)
    return faults.found
