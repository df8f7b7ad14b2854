"""inspect: look into a package. No platform is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobferry.cli import sources
from jobferry.cli.call import Call, command
from jobferry.cli.commands.importing import Lines
from jobferry.cli.show.contents import show_contents
from jobferry.cli.show.findings import show_findings
from jobferry.cli.transfer.flow import OBJECT_SCHEME
from jobferry.errors import ErrorCode, InvalidRequest

if TYPE_CHECKING:
    from jobferry.model.package import Provenance
    from jobferry.services.packages import Inspection


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "inspect")(inspect)


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

    with sources.package_file(Path(package)) as file:
        told = _inspected(read(file), call)
    if call.json:
        call.out.value(told)
        return
    show_contents(call.out, told, lines)
    paths = {(one["kind"], one["name"]): one["path"] for one in told["objects"]}
    show_findings(call.out, told["problems"], lines, paths)


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
