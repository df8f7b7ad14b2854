"""Findings as lines, the worst first; what is the matter with many objects is said once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Protocol

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


class Shown(Protocol):
    """What is shown of a finding, whoever found it."""

    @property
    def severity(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def need_name(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def remedy(self) -> str: ...


def show_findings(
    out: Out,
    findings: Sequence[Shown],
    lines: int | None,
    paths: Mapping[tuple[str, str], str],
    staying_out: Set[tuple[str, str]] = frozenset(),
) -> None:
    """Prints findings by severity. ``paths`` tells where in the package an object lies.

    What would only hold an object that stays out for another reason is merely worth knowing; ``staying_out``
    names such objects besides those that a finding keeps out.
    """
    blocking = {(finding.kind, finding.name) for finding in findings if finding.severity == "block"}
    out_of_it = staying_out | blocking
    limit = line_limit(out, lines)
    for severity, (heading, style) in _HEADINGS.items():
        groups = _grouped(finding for finding in findings if _heading(finding, out_of_it) == severity)
        if not groups:
            continue
        out.line(f"{out.say(heading)}:", style)
        for shown, (group, alike) in enumerate(groups.items()):
            if limit is not None and shown == limit:
                show_rest(out, len(groups) - limit, "  ")
                break
            _show_group(out, group, alike, paths)


def _heading(finding: Shown, out_of_it: Set[tuple[str, str]]) -> str:
    """The severity under which a finding is shown."""
    is_out = finding.severity == "hold" and (finding.kind, finding.name) in out_of_it
    return "warn" if is_out else finding.severity


def show_suggestion(out: Out, suggestion: dict[str, dict[str, str]]) -> None:
    """Prints a mapping to fill in, as the file that ``--mapping`` takes."""
    if not any(suggestion.values()):
        return
    out.line(out.say("to map what is missing, fill this in and give it with --mapping FILE:"))
    for kind, names in suggestion.items():
        out.line(f"  {kind}:")
        for name in names:
            out.line(f"    {_quoted(name)}: ")


def _grouped(findings: Iterable[Shown]) -> dict[_Group, list[Shown]]:
    groups: dict[_Group, list[Shown]] = {}
    for finding in findings:
        groups.setdefault((finding.code, finding.message, finding.remedy), []).append(finding)
    return groups


def _show_group(out: Out, group: _Group, findings: list[Shown], paths: Mapping[tuple[str, str], str]) -> None:
    code, message, remedy = group
    colon = ":" if len(findings) > 1 else ""
    out.line(f"  {_names(findings, out.say, paths)}{colon} {message} ({code})")
    out.line(f"    → {remedy}", "dim")


def _names(findings: list[Shown], say: Say, paths: Mapping[tuple[str, str], str]) -> str:
    """Who has the finding: each with the place in its document, or in the package."""
    named = list(dict.fromkeys(_name(finding, say, paths) for finding in findings))
    more = len(named) - _NAMED
    if more > 1:
        return ", ".join(named[:_NAMED]) + " " + say("and {count} more", count=more)
    return ", ".join(named)


def _name(finding: Shown, say: Say, paths: Mapping[tuple[str, str], str]) -> str:
    name = subject(finding.kind, finding.name, say).strip()
    if finding.need_name:
        return name
    place = finding.path or paths.get((finding.kind, finding.name), "")
    return f"{name} ({place})" if place else name


def _quoted(name: str) -> str:
    """The name as YAML reads it back: bare where that is safe, in double quotes where it needs escapes."""
    if _BARE.fullmatch(name) and name.lower() not in _YAML_WORDS:
        return name
    if name.isprintable():
        return "'" + name.replace("'", "''") + "'"
    return printable(json.dumps(name, ensure_ascii=False))
