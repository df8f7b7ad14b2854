"""The part of ``docs/reference/findings.md`` that is made of the examples, and of what comes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from string import Formatter

from findings import EXAMPLES, FAMILIES
from findings.example import Case, Example, File, Undo
from findings.running import findings_of
from jobferry.model.document.problems import pointer
from jobferry.model.messages import Language
from jobferry.model.messages.english import ENGLISH
from jobferry.model.report.detection import REASONS, category_of
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.policy import Profile

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "findings.md"
_BEGIN, _END = "<!-- codes:begin -->\n", "<!-- codes:end -->"
_SHOWN = 240


def generated(page: str) -> str:
    """The page with a section for every family."""
    before, _, rest = page.partition(_BEGIN)
    sections = "\n".join(_family(doc, examples) for doc, examples in FAMILIES.values())
    return before + _BEGIN + "\n" + _overview() + sections + "\n" + _END + rest.partition(_END)[2]


def _overview() -> str:
    """Every code in one table: how grave it is by default, and whether a mapping can answer it."""
    head = "## All codes\n\n| code | severity (`factory`) | a mapping can answer this |\n|---|---|---|\n"
    rows = [
        f"| [`{one.code}`](#{one.code}) | {_severity(one, Profile.FACTORY)} | {_answered(one)} |\n"
        for one in sorted(EXAMPLES, key=lambda one: one.code)
    ]
    return head + "".join(rows) + "\n"


def _answered(example: Example) -> str:
    return "yes" if example.answer else "no"


def _family(doc: str, examples: tuple[Example, ...]) -> str:
    title, _, about = doc.strip().partition("\n\n")
    return f"## {title}\n\n{about}\n\n" + "\n".join(map(_section, examples))


def _section(example: Example) -> str:
    found = next(one for one in findings_of(example.fails) if one.code == example.code)
    message, remedy = ENGLISH[example.code]
    category = category_of(found)
    lines = [
        f"### `{example.code}`\n",
        f"{example.meaning}\n",
        f"- says: {message} → {remedy}",
        f"- severity: {_severities(example)}",
        f"- category: `{category}`, {REASONS[Language.ENGLISH][category]}",
        f"- arguments: {_arguments(found, message + remedy)}",
        f"- a mapping {'can' if example.answer else 'cannot'} answer it\n",
        "```text",
        *_labelled("fails", example.fails),
        *_labelled("passes", example.passes),
        "```\n",
    ]
    return "\n".join(lines)


def _severities(example: Example) -> str:
    return ", ".join(f"`{profile}` {_severity(example, profile)}" for profile in Profile)


@cache
def _severity_of(code: str, profile: Profile) -> str:
    example = next(one for one in EXAMPLES if one.code == code)
    found = {one.severity for one in findings_of(example.fails, profile=profile) if one.code == code}
    return max(found) if found else "none"


def _severity(example: Example, profile: Profile) -> str:
    return _severity_of(example.code, profile)


def _arguments(found: Finding, words: str) -> str:
    named = {name for _, name, _, _ in Formatter().parse(words) if name} | found.args.keys()
    return ", ".join(f"`{name}`" for name in sorted(named)) or "none"


def _labelled(label: str, case: Case) -> Iterator[str]:
    for number, line in enumerate(_case(case)):
        yield f"{label if number == 0 else '':8}{line}"


def _case(case: Case) -> Iterator[str]:
    yield from map(_file, case.files)
    yield from (f"connection {_plain(one)}" for one in case.saved)
    for undo in case.undone:
        yield from _undo(undo)
    for here in case.here:
        told = ", ".join(f"{key}={value}" for key, value in here.fields.items())
        edited = "" if here.landed else " edited here since it was last imported"
        yield f"here: {here.kind} {_plain(here.document)} {told}{edited}".rstrip()
    yield from (f"here: {kind} {', '.join(names)}" for kind, names in case.inventory.items())
    for name in case.connections:
        yield f"here: connection {name}" + (", without its password" if name in case.incomplete else "")
    for name in case.variables:
        yield f"here: variable {name}" + (", without a value" if name in case.valueless else "")
    if case.tags:
        tags = [f"{name} (locked)" if locked else name for name, locked in case.tags.items()]
        yield f"here: tags {', '.join(tags[:3])}" + (f" and {len(tags) - 3} more" if len(tags) > 3 else "")
    for workspace, jobs in case.elsewhere.items():
        closed = ", whose jobs nobody else may wait for" if workspace in case.closed else ""
        yield f"here: workspace {workspace} with {', '.join(jobs) or 'no job'}{closed}"
    yield from (f"setting: {key}={value}" for key, value in case.settings.items())
    yield from (f"said: {key}={_plain(value)}" for key, value in case.options.items())
    yield from (f"mapping: {section} {_plain(pairs)}" for section, pairs in case.mapping.items())
    if case.powers:
        yield f"user: {', '.join(case.powers)}"
    if case.directories is not None:
        yield f"user: covered in {', '.join(case.directories)}"


def _undo(undo: Undo) -> Iterator[str]:
    before = "new" if undo.before is None else f"{undo.former_name or undo.name} with {undo.before!r} before"
    yield f"imported: script {undo.name} with {undo.after!r}, {before}"
    told = ", ".join(f"{key}={value}" for key, value in undo.fields.items())
    yield (
        f"here: script {undo.name} with {undo.now!r} {told}".rstrip() if undo.now else "here: no such script"
    )
    yield from (f"here: script {name}" for name in undo.others)
    if undo.user:
        yield f"here: job {undo.user}, which runs {undo.name}"


def _file(file: File) -> str:
    text = file.text
    with suppress(ValueError):
        text = _plain(json.loads(text)).encode()
    shown = text[: _SHOWN * 2].decode(errors="backslashreplace").replace("\n", "\\n")[:_SHOWN]
    cut = " …" if len(text) > len(shown.encode()) else ""
    name = f"{file.kind or 'file'} {file.path}" + (" (in GBK)" if file.old_name else "")
    uid = f" uid={file.uid}" if file.uid else ""
    uid += f", {pointer(file.emptied)} left empty" if file.emptied else ""
    return f"{name}{uid} {shown}{cut}"


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
