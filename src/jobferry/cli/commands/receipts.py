"""receipts: what came of imports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from msgspec import convert

from jobferry.api.native.receipts import ReceiptAnswer
from jobferry.cli.call import Call, Lines, Report, at, command, default, group
from jobferry.cli.files import new_file
from jobferry.cli.session import ask_path, platform
from jobferry.cli.show.out import when
from jobferry.cli.show.receipt import counted, show_receipt


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    receipts = group(app, "receipts", "What came of imports; alone, lists the receipts.")
    default(receipts)(list_receipts)
    command(receipts, "list")(list_receipts)
    command(receipts, "show")(show)


def list_receipts(call: Call) -> None:
    """List the receipts of the workspace's imports, newest first."""
    items = ask_path(call, "all", call.at("receipts"))
    call.listed(
        ("receipt", "when", "package", "outcome"),
        items,
        lambda item: (
            item["id"],
            when(item["imported_at"]),
            item["package_name"],
            counted(item["counts"], call.out.say),
        ),
    )


def show(
    call: Call,
    receipt: Annotated[str, typer.Argument(metavar="ID", help="The receipt's id.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the receipt there, as JSON.")
    ] = None,
    report: Report = None,
    lines: Lines = None,
) -> None:
    """Show a receipt, or write it to a file that can be carried back."""
    with platform(call) as api:
        found = api.get(at("receipts", receipt))
        carried = api.get(at("receipts", receipt, "file")) if output is not None else None
    if output is not None:
        with new_file(output) as write:
            write((json.dumps(carried, ensure_ascii=False, indent=2) + "\n").encode())
        call.out.note(call.out.say("wrote {file}", file=output))
    if report is not None:
        from jobferry.cli.detection import save_report

        reasons = [one for item in found["items"] for one in item["reasons"]]
        save_report(call, report, reasons)
    call.out.value(found)
    if output is None and report is None:
        show_receipt(call.out, convert(found, ReceiptAnswer), lines, warnings=True)
