"""receipt: what came of imports."""

from __future__ import annotations

from operator import attrgetter
from typing import Annotated

import msgspec
import typer

from jobferry.api.native import receipts as api
from jobferry.cli import html_report
from jobferry.cli.call import Call, Lines, Report, command, group
from jobferry.cli.files import new_file, placed
from jobferry.cli.ids import receipt_to_show, short
from jobferry.cli.report_pages import kept_out_of, receipt_value, show_whole_receipt
from jobferry.cli.session import ask_all, platform
from jobferry.cli.show.out import when
from jobferry.cli.show.receipt import outcomes


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    receipts = group(app, "receipt", "What came of imports.")
    command(receipts, "list")(list_receipts)
    command(receipts, "show")(show)


def list_receipts(call: Call) -> None:
    """List the receipts of the workspace's imports, newest first."""
    call.listed(
        ("receipt", "when", "package", "outcome"),
        ask_all(call, api.list_receipts, api.ReceiptQuery()),
        lambda receipt: (
            short(receipt.id),
            when(receipt.imported_at),
            receipt.package_name,
            outcomes(receipt.counts, call.out.say),
        ),
        name=attrgetter("id"),
    )


def show(
    call: Call,
    receipt: Annotated[
        str, typer.Argument(metavar="[ID]", help="The receipt's id, or its beginning.", show_default=False)
    ] = "",
    last: Annotated[bool, typer.Option("--last", help="The newest receipt.")] = False,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write it as JSON to this file or folder."),
    ] = None,
    report: Report = None,
    lines: Lines = None,
) -> None:
    """Show a receipt, or write it to a file that can be carried back."""
    html_report.refuse_unready(report, only=False)
    with platform(call) as there:
        receipt = receipt_to_show(there, receipt, last=last)
        found = there.ask(api.show_receipt, receipt)
        if output is not None:
            carried = there.ask(api.show_receipt_file, receipt)
            file = placed(output, f"receipt-{found.id}.json")
            with new_file(file) as write:
                write(msgspec.json.format(carried.text, indent=2) + b"\n")
            call.out.note(call.out.say("wrote {file}", file=file))
        if report is not None and html_report.is_html(report):
            html_report.save(call, report, html_report.of_receipt(call, there, found))
        elif report is not None:
            from jobferry.cli.detection import save_report

            save_report(call, report, kept_out_of(there, found))
        if call.json:
            call.out.value(receipt_value(there, found))
        if output is None and report is None:
            show_whole_receipt(call.out, there, found, lines)
