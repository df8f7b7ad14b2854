"""undo: take an import back as a unit."""

from __future__ import annotations

from typing import Annotated

import typer

from jobferry.cli.call import Call, command
from jobferry.cli.commands.importing import DryRun, Lines
from jobferry.cli.problems import BLOCKED, DONE
from jobferry.cli.session import platform
from jobferry.cli.show.findings import show_findings
from jobferry.cli.show.plan import TOUCHED_SINCE, show_plan
from jobferry.cli.show.receipt import has_failed, show_receipt
from jobferry.cli.transfer import flow


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "undo")(undo)


def undo(
    call: Call,
    receipt: Annotated[str, typer.Argument(metavar="RECEIPT", help="The receipt of the import.")],
    *,
    rest: Annotated[
        bool, typer.Option("--rest", help="Leave alone what was touched since, and take back the others.")
    ] = False,
    dry_run: DryRun = False,
    lines: Lines = None,
) -> int:
    """Take an import back: what it changed is as it was before, what was new is gone.

    Exit code 3 if anything was touched since; nothing is changed then, unless with --rest.
    """
    from jobferry.cli.client import at

    with platform(call) as api:
        seen = api.get(at("receipts", receipt, "undo-plan"), rest=rest)
        if not call.json:
            show_plan(call.out, seen["plan"], lines, refused=TOUCHED_SINCE)
            show_findings(call.out, seen["findings"], lines, {})
        is_refused = seen["plan"]["refused"]
        made = None
        if not dry_run and not is_refused:
            asked = {"rest": rest, "plan_digest": seen["plan_digest"]}
            made = flow.ended(api, api.post(at("receipts", receipt, "undo"), asked)["task_id"])
    if call.json:
        call.out.value({"undo": seen, "receipt": made})
    elif made is not None:
        show_receipt(call.out, made, lines)
    elif dry_run:
        call.out.line(call.out.say("this was a dry run; nothing was changed"))
    return BLOCKED if is_refused or (made is not None and has_failed(made)) else DONE
