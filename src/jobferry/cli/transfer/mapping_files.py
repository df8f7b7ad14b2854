"""Files about mappings: a suggestion to be looked through, and rules for single objects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jobferry.cli import options
from jobferry.cli.call import Call
from jobferry.cli.new_file import new_file
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.printable import printable

_KEYS = frozenset({"directory", "name", "kind", "tag", "duplicates", "target_status", "mapping"})


def save_suggestion(call: Call, file: Path, report: dict[str, Any]) -> None:
    """Writes what a check suggests as a file that ``--mapping`` takes."""
    with new_file(file) as write:
        write("\n".join(_lines(call, report)).encode() + b"\n")
    call.out.note(call.out.say("wrote {file}", file=file))


def _lines(call: Call, report: dict[str, Any]) -> list[str]:
    say = call.out.say
    lines = [
        "# " + say("what is missing here, with what is most like it; look at each line before you use it")
    ]
    for section, names in report["mapping_suggestion"].items():
        others = report["mapping_candidates"].get(section, {})
        guessed = any(names.values())
        lines.append(f"{section}:" if guessed else f"# {section}:")
        for name, likest in names.items():
            if not likest:
                lines.append(f"#  {_text(name)}: " + say("nothing of this kind is here"))
                continue
            more = ", ".join(map(_text, others.get(name, ())))
            lines.append(f"  {_text(name)}: {_text(likest)}" + (f"  # {say('or')}: {more}" if more else ""))
    return lines


def rules(file: Path | None) -> list[dict[str, Any]]:
    """A YAML or JSON list of rules, in order.

    Raises:
        InvalidRequest: it is no such list; the message says which rule.
        NotFound: it cannot be read.
    """
    if file is None:
        return []
    found = options.parsed(file) or []
    if not isinstance(found, list):
        raise _bad(file, "it is not a list")
    for place, one in enumerate(found, 1):
        if not isinstance(one, dict):
            raise _bad(file, f"rule {place} holds no keys")
        if unknown := sorted(map(str, one.keys() - _KEYS)):
            raise _bad(file, f"rule {place} has the unknown key {unknown[0]}")
    return found


def _text(value: str) -> str:
    """In double quotes, as YAML reads it, on one line."""
    return printable(json.dumps(value, ensure_ascii=False))


def _bad(file: Path, reason: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        f"the rules file {file} cannot be used: {reason}",
        subject=str(file),
        hint="a list; each rule has directory, name, kind or tag, and duplicates, target_status or mapping",
    )
