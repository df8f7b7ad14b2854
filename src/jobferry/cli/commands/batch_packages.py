"""batch-package: batch task packages by a list of names."""

from __future__ import annotations

from typing import Annotated

import typer
from msgspec.structs import asdict

from jobferry.api.native.downloads import (
    DownloadAnswer,
    GeneratingAnswer,
    NameListBody,
    NotGeneratedAnswer,
    export_task_package,
    show_task_packages,
)
from jobferry.api.native.downloads import generate as generate_package
from jobferry.cli import files
from jobferry.cli.call import Call, command, group
from jobferry.cli.commands.downloads import made, saved, show_record
from jobferry.cli.files import Output
from jobferry.cli.problems import DONE, NOT_FOUND
from jobferry.cli.session import ask, platform
from jobferry.cli.show.progress import progress

Names = Annotated[
    str, typer.Option("--names", metavar="FILE", help="A file with one job name a line; - is stdin.")
]

WithFiles = Annotated[
    bool,
    typer.Option(
        "--with-files/--no-files", help="Whether the files come along that resources name in object storage."
    ),
]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    packages = group(app, "batch-package", "Batch task packages, of live jobs by a list of names.")
    command(packages, "create")(create)
    command(packages, "show")(show)
    command(packages, "get")(get)


def create(call: Call, names: Names, *, with_files: WithFiles = True) -> int:
    """Match all names with live jobs, and generate their package. One unknown name, and nothing is generated.

    Exit code 4 if a name is unknown.
    """
    text = files.document(names).decode("utf-8-sig", "replace")
    with platform(call) as there, progress("generate", call.out.say) as shown:
        found = there.ask(generate_package, NameListBody(names=text, with_files=with_files))
        package = made(there, found.task_id, shown) if found.task_id else None
    call.out.value(asdict(found) | ({"package": package} if package else {}))
    _show_generated(call, found, package)
    return DONE if package else NOT_FOUND


def show(call: Call) -> None:
    """Show the names that were given last, how that went, and what can be exported."""
    found = ask(call, show_task_packages)
    call.out.value(found)
    out, say = call.out, call.out.say
    if found.newest is None:
        out.line(say("no task package was generated yet"))
        return
    show_record(call, found.newest)
    if found.last is not None and found.last.id != found.newest.id:
        out.line(say("what was generated before can be exported:"))
        show_record(call, found.last)
    out.line(say("names") + ":")
    for name in found.names:
        out.line(f"  {name}")


def get(
    call: Call,
    output: Output,
) -> None:
    """Fetch the package that was generated last, whatever changed since."""
    saved(call, output, "batch-package.zip", export_task_package)


def _show_generated(
    call: Call, found: GeneratingAnswer | NotGeneratedAnswer, package: DownloadAnswer | None
) -> None:
    out, say = call.out, call.out.say
    told = say("matched {matched}, failed {failed}", matched=found.matched, failed=len(found.failed))
    out.line(told, "bold")
    if package is None:
        out.line(say("nothing was generated; these are no live jobs here:"))
        for name in found.failed:
            out.line(f"  {name}")
        return
    out.line(say("generation finished, ready to export"))
    show_record(call, package)
