"""Field rules shared by all documents: each takes a value and adds what is wrong with it."""

from __future__ import annotations

import re
from typing import Any

from jobferry.model.document.edits import Path
from jobferry.model.document.problem import Problem, pointer
from jobferry.model.names import Limits, directory_fault

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
        elif fault := directory_fault(value, limits):
            self.add("directory-illegal", ("directory",), directory=value[:200], fault=fault)

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
