"""check and import: judge a package before this platform, and bring it in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobferry.cli.call import Call, command
from jobferry.cli.problems import BLOCKED, DONE, Refused
from jobferry.cli.session import platform
from jobferry.cli.show.findings import show_findings, show_suggestion
from jobferry.cli.show.mapped import show_hits, show_schedules
from jobferry.cli.show.out import Out
from jobferry.cli.show.plan import is_blocked, show_plan
from jobferry.cli.show.progress import progress
from jobferry.cli.show.receipt import has_failed, show_receipt
from jobferry.cli.transfer import flow, mapping_files, routing
from jobferry.cli.transfer.choices import PackageChoices
from jobferry.cli.transfer.routing import SaveRoute

if TYPE_CHECKING:
    from jobferry.cli.client import Api

Package = Annotated[
    str, typer.Argument(metavar="PACKAGE", help="A package file, a folder of one, or obs://bucket/key.")
]
Suggest = Annotated[
    Path | None,
    typer.Option("--suggest-mapping", metavar="FILE", help="Write there a mapping for what is missing."),
]
Lines = Annotated[
    int | None,
    typer.Option(
        "--lines", min=0, metavar="N", help="At most so many lines of a kind (a terminal: 40; else all)."
    ),
]
Report = Annotated[
    Path | None,
    typer.Option("--report", metavar="FILE", help="Write there why what did not pass: .csv, .json or .txt."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would happen, and change nothing.")]


def add_to(app: typer.Typer) -> None:
    """Adds the two commands."""
    command(app, "check")(check)
    command(app, "import")(import_)


def check(
    call: Call,
    package: Package,
    chosen: PackageChoices,
    *,
    save_route: SaveRoute = False,
    report: Report = None,
    suggest_mapping: Suggest = None,
    lines: Lines = None,
) -> int:
    """Judge a package before this platform and show the plan. Nothing is written.

    Exit code 3 if anything would stay out.
    """
    with platform(call) as api, _refusal_saved(call, report, package):
        found = _judged(api, call, package, chosen.body(), suggest=suggest_mapping is not None)
        routing.save_used(api, call, found, found, save_route=save_route)
    _save(call, found, report, suggest_mapping)
    return _told(call, found, lines)


def _told(call: Call, found: dict[str, Any], lines: int | None) -> int:
    if call.json:
        call.out.value(found)
    show_report(call.out, found, lines)
    return BLOCKED if is_blocked(found["plan"]) else DONE


def _save(call: Call, found: dict[str, Any], report: Path | None, suggest_mapping: Path | None) -> None:
    if report is not None:
        from jobferry.cli.detection import save_report

        save_report(call, report, found["findings"])
    if suggest_mapping is not None:
        mapping_files.save_suggestion(call, suggest_mapping, found)


def import_(
    call: Call,
    package: Package,
    chosen: PackageChoices,
    *,
    save_route: SaveRoute = False,
    dry_run: DryRun = False,
    lines: Lines = None,
) -> int:
    """Import a package: check it, show the plan, carry the plan out, show the receipt.

    Exit code 3 if anything stays out; the receipt says what and why.
    """
    routing.refuse_dry(dry_run=dry_run, save_route=save_route)
    with platform(call) as api, flow.checked(api, call, package, chosen.body()) as made:
        report = made["report"] | {"route": made["route"]}
        routing.refuse_sourceless(report, save_route=save_route)
        show_report(call.out, report, lines)
        receipt = None if dry_run else flow.applied(api, call, made)
        routing.save_used(api, call, report, made, save_route=save_route)
    return concluded(call, report, receipt, lines)


@contextmanager
def _refusal_saved(call: Call, report: Path | None, package: str) -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        if report is not None:
            from jobferry.cli.detection import save_refusal

            save_refusal(call, report, package, refused)
        raise


def _judged(api: Api, call: Call, package: str, chosen: dict[str, Any], *, suggest: bool) -> dict[str, Any]:
    from jobferry.cli.client import at

    wanted = {"package": flow.handed_in(api, package), "options": chosen, "suggest": suggest}
    with progress("check"):
        report: dict[str, Any] = api.post(at("workspaces", call.workspace_name, "checks"), wanted)
    return report


def concluded(call: Call, report: dict[str, Any], receipt: dict[str, Any] | None, lines: int | None) -> int:
    """Shows what came of an import and gives the exit code."""
    if call.json:
        call.out.value({"report": report, "receipt": receipt})
    elif receipt is None:
        call.out.line(call.out.say("this was a dry run; nothing was changed"))
    else:
        show_receipt(call.out, receipt, lines)
    kept_out = is_blocked(report["plan"]) if receipt is None else has_failed(receipt)
    return BLOCKED if kept_out else DONE


def show_report(out: Out, report: dict[str, Any], lines: int | None) -> None:
    """Shows what an import would do."""
    if out.as_json:
        return
    paths = {(one["kind"], one["name"]): one["path"] for one in report["objects"]}
    out.line(f"{out.say('digest')}: {report['digest']}")
    routing.show_offer(out, report.get("route"))
    show_plan(out, report["plan"], lines)
    show_hits(out, report["hits"], lines)
    show_schedules(out, report.get("schedules", []))
    steps = report["plan"]["steps"]
    blocked = {(one["kind"], one["name"]) for one in steps if one["verdict"] == "blocked"}
    show_findings(out, report["findings"], lines, paths, blocked)
    show_suggestion(out, report.get("mapping_suggestion") or {})
