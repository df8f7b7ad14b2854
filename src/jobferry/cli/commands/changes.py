"""changes: what was recorded of a workspace's objects."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from jobferry.cli.call import Call, command
from jobferry.cli.options import moment, said
from jobferry.cli.session import ask
from jobferry.cli.show.out import when


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "changes")(changes)


def changes(
    call: Call,
    *,
    kind: Annotated[Literal["job", "script", "resource", "cdm"] | None, typer.Option("--kind")] = None,
    change: Annotated[
        Literal["added", "changed", "renamed", "moved", "submitted", "deleted"] | None,
        typer.Option("--change", help="What happened."),
    ] = None,
    user: Annotated[str, typer.Option("--user", metavar="NAME", help="Who did it.")] = "",
    search: Annotated[
        str, typer.Option("--search", metavar="TEXT", help="In name, former name or directory.")
    ] = "",
    since: Annotated[
        str, typer.Option("--from", metavar="TIME", help="2026-11-21 or 2026-11-21T12:00, local time.")
    ] = "",
    until: Annotated[str, typer.Option("--to", metavar="TIME", help="Not included.")] = "",
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At most so many.")] = 100,
) -> None:
    """List what happened to the workspace's objects while change management was on, newest first."""
    query: dict[str, Any] = {"kind": kind, "change": change, "user": user, "search": search}
    query |= {"since": moment(since, "--from"), "until": moment(until, "--to")}
    wanted = {name: value for name, value in said(**query).items() if value != ""}
    page = ask(call, "newest", call.at("changes"), limit, **wanted)
    if page["since"] is None and not call.json:
        call.out.note(call.out.say("change management is off here: nothing is recorded now"))
    call.listed(("when", "who", "change", "kind", "name", "before"), page["items"], _row)


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    before = one["former_name"] if one["former_name"] != one["name"] else ""
    if not before and one["former_directory"] != one["directory"]:
        before = one["former_directory"]
    told = (one["changed_by"], one["change"], one["kind"], one["name"], before)
    return (when(one["changed_at"]), *told)
