"""What differs between two packages or a workspace and a package, object by object."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from jobferry.cli.show.out import Out
from jobferry.cli.show.plan import subject

_MARKS = {"added": "+", "removed": "-", "renamed": "»", "moved": ">", "changed": "~"}
_STYLES = {"added": "green", "removed": "red"}
_LONGEST = 100


def show_compared(out: Out, one: dict[str, Any]) -> None:
    """Prints an object with what differs in it."""
    first = one["changes"][0]
    changes = ", ".join(out.say(change) for change in one["changes"])
    what = subject(one["kind"], one["name"], out.say)
    out.line(f"{_MARKS[first]} {what}: {changes}{_places(out, one)}", _STYLES.get(first, "yellow"))
    for difference in one["differences"]:
        _show_difference(out, difference)
    if "changed" in one["changes"] and not one["differences"]:
        reason = "cannot be read as a document" if one["unusable"] else "only written otherwise"
        out.line(f"    {out.say(reason)}")


def show_sum(out: Out, counts: Counter[str], same: int) -> None:
    """Prints how many objects are the same, and how many not."""
    parts = [f"{counts[one]} {out.say(one)}" for one in _MARKS if counts[one]]
    out.line(", ".join([*parts, f"{same} {out.say('the same')}"]), "bold")


def _places(out: Out, one: dict[str, Any]) -> str:
    said = []
    if one["was"]:
        said.append(out.say("was {name}", name=one["was"]))
    if one["was_in"]:
        said.append(f"{one['was_in']} → {one['directory']}")
    elif one["directory"] and one["changes"][0] in ("added", "removed"):
        said.append(one["directory"])
    return f" ({'; '.join(said)})" if said else ""


def _show_difference(out: Out, one: dict[str, Any]) -> None:
    out.line(f"    {one['path'] or '/'}")
    out.quoted(one["lines"], "      ")
    if one["lines"]:
        return
    if one["in_former"]:
        out.line(f"      - {_value(one['former'])}", "red")
    if one["in_latter"]:
        out.line(f"      + {_value(one['latter'])}", "green")


def _value(value: Any) -> str:
    told = json.dumps(value, ensure_ascii=False)
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"
