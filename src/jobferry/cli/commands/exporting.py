"""export and inspect: write a package, and look into one."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import unquote

import typer

from jobferry.cli import sources
from jobferry.cli.call import Call, command
from jobferry.cli.commands.importing import OBJECT_SCHEME, Lines
from jobferry.cli.new_file import new_file
from jobferry.cli.session import platform
from jobferry.cli.show.contents import show_contents
from jobferry.cli.show.findings import show_findings
from jobferry.cli.show.progress import progress
from jobferry.errors import ErrorCode, InvalidRequest

if TYPE_CHECKING:
    from jobferry.model.package import Provenance
    from jobferry.services.packages import Inspection

STDOUT = "-"


def add_to(app: typer.Typer) -> None:
    """Adds the two commands."""
    command(app, "export")(export)
    command(app, "inspect")(inspect)


def export(
    call: Call,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Jobs, with all that they use.")
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="FILE", help="Where the package goes; - is stdout."),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="The whole workspace.")] = False,
    jobs_only: Annotated[bool, typer.Option("--jobs-only", help="Leave out what the jobs use.")] = False,
    state: Annotated[
        Literal["draft", "submitted"], typer.Option("--state", help="Drafts, or what was submitted last.")
    ] = "draft",
) -> None:
    """Export jobs with all that they use, or a whole workspace, as one package."""
    from jobferry.cli.client import at

    if bool(names) == all_:
        raise _bad_call("name the jobs to export, or say --all", "jobferry export ods_orders -o orders.zip")
    if output is None:
        raise _bad_call("say where the package goes", "add -o FILE, or -o - for stdout")
    if output == STDOUT and call.json:
        raise _bad_call("stdout cannot hold both a package and --json", "add -o FILE")
    wanted = {"names": None if all_ else names, "jobs_only": jobs_only, "state": state}
    with (
        _destination(call, output) as file,
        platform(call) as api,
        progress("export") as shown,
        api.stream(at("workspaces", call.workspace_name, "exports"), wanted) as (headers, chunks),
    ):
        size = 0
        for chunk in chunks:
            file(chunk)
            size += len(chunk)
            shown.note(size)
        told = _told(headers, output, size)
    _show_export(call, told)


def inspect(
    call: Call,
    package: Annotated[str, typer.Argument(metavar="PACKAGE", help="A package file, or a folder of one.")],
    lines: Lines = None,
) -> None:
    """Show what a package holds and needs. No platform is asked."""
    if package.startswith(OBJECT_SCHEME):
        raise _bad_call("inspect looks at files and folders only", "use jobferry check for obs:// paths")
    from jobferry.services.packages import inspect as read

    with sources.package_file(Path(package)) as file:
        told = _inspected(read(file), call)
    if call.json:
        call.out.value(told)
        return
    show_contents(call.out, told, lines)
    paths = {(one["kind"], one["name"]): one["path"] for one in told["objects"]}
    show_findings(call.out, told["problems"], lines, paths)


@contextlib.contextmanager
def _destination(call: Call, output: str) -> Iterator[Callable[[bytes], None]]:
    """Takes a package's chunks."""
    if output == STDOUT:
        yield call.out.raw
        return
    with new_file(Path(output)) as write:
        yield write


def _told(headers: Any, output: str, size: int) -> dict[str, Any]:
    left_out = headers.get("X-Jobferry-Left-Out")
    return {
        "file": output,
        "size": size,
        "digest": headers.get("X-Jobferry-Package-Digest", ""),
        "objects": int(headers.get("X-Jobferry-Objects", "0")),
        "left_out": json.loads(unquote(left_out)) if left_out else [],
    }


def _show_export(call: Call, told: dict[str, Any]) -> None:
    out, say = call.out, call.out.say
    if call.json:
        out.value(told)
        return
    tell = out.note if told["file"] == STDOUT else out.line
    if told["file"] != STDOUT:
        tell(say("wrote {file}", file=told["file"]) + f": {told['objects']} {say('objects')}")
    tell(f"{say('digest')}: {told['digest']}")
    if told["left_out"]:
        tell(say("{count} left out, because they were never submitted:", count=len(told["left_out"])))
        tell("  " + ", ".join(told["left_out"]))


def _inspected(found: Inspection, call: Call) -> dict[str, Any]:
    cargo = found.cargo
    return {
        "digest": found.digest,
        "layout": cargo.layout.value,
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
            for item in cargo.items
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
    from jobferry.model.words import Language, phrase

    language = Language(call.spoken)
    held_against = [
        ("block", item.entry.kind.value, item.entry.name, problem)
        for item in found.cargo.items
        for problem in (*item.unusable, *item.facts.problems)
    ]
    oddities = [("warn", oddity.kind, oddity.name, oddity.problem) for oddity in found.cargo.oddities]
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


def _bad_call(message: str, hint: str) -> InvalidRequest:
    return InvalidRequest(ErrorCode.MISSING_VALUE, message, hint=hint)
