"""Findings as lines, the worst first; what is the matter with many objects is said once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Set
from typing import Any

from jobferry.cli.show.out import Out
from jobferry.cli.show.plan import line_limit, show_rest, subject
from jobferry.cli.words import Say
from jobferry.model.printable import printable

_HEADINGS = {
    "block": ("keeps objects out", "bold red"),
    "hold": ("lands, but cannot start yet", "yellow"),
    "warn": ("worth knowing", "cyan"),
}
_NAMED = 4
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_YAML_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
_Group = tuple[str, str, str]


def show_findings(
    out: Out,
    findings: Iterable[dict[str, Any]],
    lines: int | None,
    paths: dict[tuple[str, str], str],
    staying_out: Set[tuple[str, str]] = frozenset(),
) -> None:
    """Prints findings by severity. ``paths`` tells where in the package an object lies.

    What would only hold an object that stays out for another reason is merely worth knowing; ``staying_out``
    names such objects besides those that a finding keeps out.
    """
    found = list(findings)
    out_of_it = staying_out | {(one["kind"], one["name"]) for one in found if one["severity"] == "block"}
    limit = line_limit(out, lines)
    for severity, (heading, style) in _HEADINGS.items():
        groups = _grouped(one for one in found if _heading(one, out_of_it) == severity)
        if not groups:
            continue
        out.line(f"{out.say(heading)}:", style)
        for shown, (group, subjects) in enumerate(groups.items()):
            if limit is not None and shown == limit:
                show_rest(out, len(groups) - limit, "  ")
                break
            _show_group(out, group, subjects, paths)


def _heading(finding: dict[str, Any], out_of_it: Set[tuple[str, str]]) -> str:
    """The severity under which a finding is shown."""
    severity = str(finding["severity"])
    return "warn" if severity == "hold" and (finding["kind"], finding["name"]) in out_of_it else severity


def show_suggestion(out: Out, suggestion: dict[str, dict[str, str]]) -> None:
    """Prints a mapping to fill in, as the file that ``--mapping`` takes."""
    if not any(suggestion.values()):
        return
    out.line(out.say("to map what is missing, fill this in and give it with --mapping FILE:"))
    for kind, names in suggestion.items():
        out.line(f"  {kind}:")
        for name in names:
            out.line(f"    {_quoted(name)}: ")


def _grouped(findings: Iterable[dict[str, Any]]) -> dict[_Group, list[dict[str, Any]]]:
    groups: dict[_Group, list[dict[str, Any]]] = {}
    for one in findings:
        groups.setdefault((one["code"], one["message"], one["remedy"]), []).append(one)
    return groups


def _show_group(
    out: Out, group: _Group, subjects: list[dict[str, Any]], paths: dict[tuple[str, str], str]
) -> None:
    code, message, remedy = group
    colon = ":" if len(subjects) > 1 else ""
    out.line(f"  {_names(subjects, out.say, paths)}{colon} {message} ({code})")
    out.line(f"    → {remedy}", "dim")


def _names(subjects: list[dict[str, Any]], say: Say, paths: dict[tuple[str, str], str]) -> str:
    """Who has the finding: each with the place in its document, or in the package."""
    named = list(dict.fromkeys(_name(one, say, paths) for one in subjects))
    more = len(named) - _NAMED
    if more > 1:
        return ", ".join(named[:_NAMED]) + " " + say("and {count} more", count=more)
    return ", ".join(named)


def _name(one: dict[str, Any], say: Say, paths: dict[tuple[str, str], str]) -> str:
    name = subject(one["kind"], one["name"], say).strip()
    if one.get("need_name"):
        return name
    place = one.get("path") or paths.get((one["kind"], one["name"]), "")
    return f"{name} ({place})" if place else name


def _quoted(name: str) -> str:
    """The name as YAML reads it back: bare where that is safe, in double quotes where it needs escapes."""
    if _BARE.fullmatch(name) and name.lower() not in _YAML_WORDS:
        return name
    if name.isprintable():
        return "'" + name.replace("'", "''") + "'"
    return printable(json.dumps(name, ensure_ascii=False))
