"""tag export, tag import: which jobs have which tags, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jobferry.cli import sources
from jobferry.cli.call import Call, command
from jobferry.cli.commands.people.own import done
from jobferry.cli.new_file import new_file
from jobferry.cli.session import platform


def add_to(tags: typer.Typer) -> None:
    """Adds both commands to the group of tags."""
    command(tags, "export")(export)
    command(tags, "import")(import_)


def export(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The CSV file to write.")],
    tag: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="Only this tag; may be given again.")
    ] = None,
) -> None:
    """Write which jobs have which tags: a row for every job, a column for every tag, 1 or 0."""
    from jobferry.cli.client import at

    with platform(call) as api:
        content = api.document(at("workspaces", call.workspace_name, "tag-file"), tag=tag or None)
    with new_file(file) as write:
        write(content)
    done(call, {"file": str(file)}, call.out.say("wrote {file}", file=file))


def import_(
    call: Call,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A CSV file, obs://bucket/key, or - for stdin.")
    ],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Instead of the tags that its jobs have, not on top of them.")
    ] = False,
) -> None:
    """Give jobs the tags of a file: the whole file, or nothing of it."""
    from jobferry.cli.client import at

    place = at("workspaces", call.workspace_name)
    with platform(call) as api:
        if file.startswith("obs://"):
            brought = api.post(f"{place}/stored-tag-file", {"path": file, "overwrite": overwrite})
        else:
            mode = "true" if overwrite else "false"
            brought = api.send("POST", f"{place}/tag-file", sources.document(file), overwrite=mode)
    line = call.out.say("{changed} of {jobs} jobs have other tags now", **brought)
    done(call, brought, line)
