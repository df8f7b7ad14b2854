"""inspect and diff: look into packages, and compare them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from msgspec.structs import asdict

from jobferry.cli import files
from jobferry.cli.call import Call, Lines, command
from jobferry.cli.files import OBJECT_SCHEME, handed_in
from jobferry.cli.problems import BLOCKED, DONE
from jobferry.cli.show.findings import show_findings
from jobferry.cli.show.out import Out
from jobferry.cli.show.plan import show_listed, subject
from jobferry.errors import ErrorCode, InvalidRequest

if TYPE_CHECKING:
    from jobferry.model.package import Provenance
    from jobferry.services.packages import Inspection

State = Annotated[
    Literal["draft", "submitted"],
    typer.Option("--state", help="With which state of the workspace a single package is compared."),
]
Everything = Annotated[
    bool, typer.Option("--everything", help="Tell also of what only the workspace has, as removed.")
]
_MARKS = {"added": "+", "removed": "-", "renamed": "»", "moved": ">", "changed": "~"}
_STYLES = {"added": "green", "removed": "red"}
_LONGEST = 100


def add_to(app: typer.Typer) -> None:
    """Adds the two commands."""
    command(app, "inspect")(inspect)
    command(app, "diff")(diff)


def inspect(
    call: Call,
    package: Annotated[str, typer.Argument(metavar="PACKAGE", help="A package file, or a folder of one.")],
    lines: Lines = None,
) -> None:
    """Show what a package holds and needs. No platform is asked."""
    if package.startswith(OBJECT_SCHEME):
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            "inspect looks at files and folders only",
            hint="use jobferry check for obs:// paths",
        )
    from jobferry.services.packages import inspect as read

    with files.package_file(Path(package)) as file:
        told = _inspected(read(file), call)
    call.out.value(told)
    _show_contents(call.out, told, lines)
    paths = {(one["kind"], one["name"]): one["path"] for one in told["objects"]}
    show_findings(call.out, told["problems"], lines, paths)


def diff(
    call: Call,
    former: Annotated[str, typer.Argument(metavar="PACKAGE", help="A package file, or a folder of one.")],
    latter: Annotated[
        str | None, typer.Argument(metavar="[PACKAGE]", help="The package that it is compared with.")
    ] = None,
    *,
    state: State = "draft",
    everything: Everything = False,
) -> int:
    """Show what differs from one package to another; no platform is asked.

    With one package only: what it has otherwise than a platform's workspace. Exit code 3 if anything differs.
    """
    if latter is None:
        found = _with_workspace(call, former, {"state": state, "everything": everything})
        return _shown(call, found["objects"], lambda: found["same"])
    if former.startswith(OBJECT_SCHEME) or latter.startswith(OBJECT_SCHEME):
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            "two packages are compared as files and folders only",
            hint="name one package alone to compare it with a workspace",
        )
    if everything or state != "draft":
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "--state and --everything are about a workspace, and two packages are compared here",
            hint="leave them out, or name one package alone",
        )
    return _packages(call, Path(former), Path(latter))


def _inspected(found: Inspection, call: Call) -> dict[str, Any]:
    contents = found.contents
    return {
        "digest": found.digest,
        "layout": contents.layout.value,
        "source": _source(found.provenance),
        "objects": [
            {
                "kind": item.entry.kind.value,
                "name": item.entry.name,
                "uid": item.entry.uid,
                "path": item.entry.path,
                "size": item.entry.size,
                "sha256": item.entry.sha256,
                "directory": item.facts.directory,
            }
            for item in contents.items
        ],
        "needs": [
            {"kind": need.kind.value, "name": need.name, "workspace": need.workspace} for need in found.needs
        ],
        "problems": list(_problems(found, call)),
    }


def _source(found: Provenance | None) -> dict[str, str] | None:
    if found is None:
        return None
    return {
        "platform_id": found.platform_id,
        "platform_name": found.platform_name,
        "workspace": found.workspace,
    }


def _problems(found: Inspection, call: Call) -> Iterator[dict[str, str]]:
    """What every platform would object to, and what is odd about the package, in the words of findings."""
    from jobferry.model.document.problems import is_illegal
    from jobferry.model.messages import Language, phrase

    language = Language(call.spoken)
    held_against = [
        ("block" if is_illegal(problem) else "warn", item.entry.kind.value, item.entry.name, problem)
        for item in found.contents.items
        for problem in (*item.unusable, *item.facts.problems)
    ]
    oddities = [("warn", oddity.kind, oddity.name, oddity.problem) for oddity in found.contents.oddities]
    for severity, kind, name, problem in (*held_against, *oddities):
        words = phrase(problem.code, problem.args, language)
        yield {
            "severity": severity,
            "code": problem.code,
            "kind": kind,
            "name": name,
            "path": problem.path,
            "message": words.message,
            "remedy": words.remedy,
        }


def _show_contents(out: Out, package: dict[str, Any], lines: int | None) -> None:
    """Prints digest, origin, objects and needs."""
    say = out.say
    _show_origin(out, package)
    show_listed(
        out, "contents", [subject(one["kind"], one["name"], say) for one in package["objects"]], lines
    )
    needs = [
        subject(
            one["kind"], f"{one['workspace']}/{one['name']}" if one.get("workspace") else one["name"], say
        )
        for one in package["needs"]
    ]
    if needs:
        show_listed(out, "needs", needs, lines)
    else:
        out.line(say("needs nothing from outside"))


def _show_origin(out: Out, package: dict[str, Any]) -> None:
    """Prints how to recognise a package, and where it comes from."""
    say = out.say
    out.line(f"{say('digest')}: {package['digest']}", "bold")
    out.line(f"{say('layout')}: {package['layout']}; {len(package['objects'])} {say('objects')}")
    source = package.get("source")
    if source:
        place = say(
            "{platform}, workspace {workspace}",
            platform=source["platform_name"],
            workspace=source["workspace"],
        )
        out.line(f"{say('from')}: {place}")


def _packages(call: Call, former: Path, latter: Path) -> int:
    from msgspec import to_builtins

    from jobferry.services.packages import compare

    with (
        files.package_file(former) as one,
        files.package_file(latter) as other,
        compare(one, other) as found,
    ):
        return _shown(call, map(to_builtins, found), lambda: found.same)


def _shown(call: Call, objects: Iterable[dict[str, Any]], same: Callable[[], int]) -> int:
    """Shows what differs as it is found. ``same`` is asked when all is."""
    counts: Counter[str] = Counter()

    def counted() -> Iterator[dict[str, Any]]:
        for one in objects:
            counts.update(one["changes"])
            yield one

    if call.json:
        call.out.long_value("objects", counted(), lambda: {"same": same()})
    else:
        for one in counted():
            _show_compared(call.out, one)
        _show_sum(call.out, counts, same())
    return BLOCKED if counts else DONE


def _with_workspace(call: Call, package: str, asked: dict[str, Any]) -> dict[str, Any]:
    from jobferry.cli.session import platform
    from jobferry.cli.show.progress import progress

    with platform(call) as api, progress("check"):
        place = call.at("comparisons")
        found: dict[str, Any] = api.post(place, {"package": asdict(handed_in(api, package)), **asked})
    return found


def _show_compared(out: Out, one: dict[str, Any]) -> None:
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


def _show_sum(out: Out, counts: Counter[str], same: int) -> None:
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
