"""import-record: imports of every origin, what was asked for and how far each is."""

from __future__ import annotations

from operator import attrgetter
from typing import Annotated

import typer

from jobferry.api.native import imports as api
from jobferry.api.native import receipts
from jobferry.cli import ids
from jobferry.cli.call import Call, Lines, command, group
from jobferry.cli.ids import short, whole_id
from jobferry.cli.options import moment
from jobferry.cli.report_pages import show_check, show_whole_receipt
from jobferry.cli.session import ask_all, platform
from jobferry.cli.show.out import Out, when
from jobferry.model.transfer.checked_import import ImportClient, ImportState

Id = Annotated[str, typer.Argument(metavar="ID", help="The import's id, or its beginning.")]
State = Annotated[ImportState | None, typer.Option("--state", help="Only imports in this state.")]
Origin = Annotated[
    ImportClient | None, typer.Option("--origin", help="Only what was asked for with this client.")
]
Piece = Annotated[str, typer.Option("--name", metavar="PIECE", help="Only packages with this in the name.")]
By = Annotated[str, typer.Option("--by", metavar="USER", help="Only imports that this user began.")]
Since = Annotated[str, typer.Option("--since", metavar="TIME", help="Only imports begun at or after this.")]
Until = Annotated[str, typer.Option("--until", metavar="TIME", help="Only imports begun before this.")]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    records = group(app, "import-record", "Imports of every origin, and how far each is.")
    command(records, "list")(list_imports)
    command(records, "show")(show)


def list_imports(
    call: Call,
    *,
    state: State = None,
    origin: Origin = None,
    name: Piece = "",
    by: By = "",
    since: Since = "",
    until: Until = "",
) -> None:
    """List imports of every origin, newest first: your own, or all if you run the workspace."""
    wanted = api.ImportQuery(
        state=state,
        by=by,
        origin=origin,
        since=moment(since, "--since"),
        until=moment(until, "--until"),
        name=name,
    )
    say = call.out.say
    call.listed(
        ("import", "when", "who", "from", "state", "package"),
        ask_all(call, api.list_imports, wanted),
        lambda made: (
            short(made.id),
            when(made.created_at),
            made.created_by,
            say(made.origin.value),
            say(_state(made)),
            made.package_name,
        ),
        name=attrgetter("id"),
    )


def show(call: Call, record: Id, lines: Lines = None) -> None:
    """Show an import: its receipt if it was applied, else what its check found, or why it ended."""
    with platform(call) as there:
        made = there.ask(api.show_import, whole_id(there, record, ids.imports))
        call.out.value(made)
        if call.json:
            return
        _show_head(call.out, made)
        if made.receipt_id:
            receipt = there.ask(receipts.show_receipt, made.receipt_id)
            show_whole_receipt(call.out, there, receipt, lines)
        elif made.check is not None:
            show_check(call.out, there, made, lines)


def _state(made: api.ImportHead) -> str:
    return "undone" if made.undone_by else made.state.value


def _show_head(out: Out, made: api.ImportAnswer) -> None:
    say = out.say
    out.line(f"{made.package_name}  {say(_state(made))}", "bold")
    out.line(f"  {when(made.created_at)}  {made.created_by}  {say(made.origin.value)}")
    for text in filter(None, (made.message, made.hint)):
        out.line(f"  {text}")
