"""check and import: judge a package before this platform, and bring it in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from jobferry.cli import options
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
from jobferry.cli.transfer.routing import SaveRoute, UseRoute

if TYPE_CHECKING:
    from jobferry.cli.client import Api

Package = Annotated[
    str, typer.Argument(metavar="PACKAGE", help="A package file, a folder of one, or obs://bucket/key.")
]
Duplicates = Annotated[
    Literal["skip", "overwrite", "fail", "copy"] | None,
    typer.Option("--duplicates", help="What exists here already."),
]
CopyName = Annotated[
    str | None,
    typer.Option("--copy-name", metavar="PATTERN", help="What copies are called; {name}_copy if not said."),
]
Target = Annotated[
    Literal["saved", "submitted", "production"] | None,
    typer.Option("--target", help="What imported jobs and scripts become."),
]
Outcome = Annotated[
    Literal["job", "package"] | None,
    typer.Option(
        "--outcome", help="Whether one failing object stays out alone, or keeps the whole package out."
    ),
]
Missing = Annotated[
    Literal["block", "hold"] | None,
    typer.Option(
        "--missing", help="What refers to something missing stays out, or lands and cannot start yet."
    ),
]
Maps = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="KIND:FROM=TO", help="What stands for a thing that the package names."),
]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", metavar="FILE", help="A YAML or JSON file of such pairs, by kind.")
]
Rules = Annotated[
    Path | None,
    typer.Option("--rules", metavar="FILE", help="A YAML or JSON list of rules for single objects."),
]
Suggest = Annotated[
    Path | None,
    typer.Option("--suggest-mapping", metavar="FILE", help="Write there a mapping for what is missing."),
]
Directory = Annotated[
    str | None,
    typer.Option("--directory", metavar="DIR", help="Where new objects go, instead of the package's."),
]
Zone = Annotated[str | None, typer.Option("--time-zone", metavar="ZONE", help="The zone of all schedules.")]
ZoneMode = Annotated[
    Literal["keep", "relabel", "convert"] | None,
    typer.Option("--zone-mode", help="The same wall clock in another zone, the same instants, or nothing."),
]
User = Annotated[str | None, typer.Option("--execute-user", metavar="USER", help="Who runs the jobs here.")]
Params = Annotated[
    list[str] | None,
    typer.Option("--param", metavar="NAME=VALUE", help="A value for the parameter of any job."),
]
JobParams = Annotated[
    list[str] | None,
    typer.Option("--job-param", metavar="JOB:NAME=VALUE", help="A value for the parameter of one job."),
]
Digest = Annotated[
    str | None, typer.Option("--expect-digest", metavar="DIGEST", help="Refuse any other package than this.")
]
Approvers = Annotated[
    list[str] | None,
    typer.Option("--approver", metavar="NAME", help="Who is asked where a review is wanted; repeat it."),
]
Deletions = Annotated[
    bool,
    typer.Option("--apply-deletions", help="Delete here what the source has deleted."),
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
    *,
    duplicates: Duplicates = None,
    copy_name: CopyName = None,
    target: Target = None,
    outcome: Outcome = None,
    missing: Missing = None,
    map_: Maps = None,
    mapping: MappingFile = None,
    rules: Rules = None,
    directory: Directory = None,
    time_zone: Zone = None,
    zone_mode: ZoneMode = None,
    execute_user: User = None,
    param: Params = None,
    job_param: JobParams = None,
    expect_digest: Digest = None,
    approver: Approvers = None,
    apply_deletions: Deletions = False,
    route: UseRoute = None,
    save_route: SaveRoute = False,
    report: Report = None,
    suggest_mapping: Suggest = None,
    lines: Lines = None,
) -> int:
    """Judge a package before this platform and show the plan. Nothing is written.

    Exit code 3 if anything would stay out.
    """
    chosen = options.said(
        duplicates=duplicates,
        copy_name=copy_name,
        target_status=target,
        outcome=outcome,
        missing=missing,
        directory=directory,
        time_zone=time_zone,
        zone_mode=zone_mode,
        execute_user=execute_user,
        expect_digest=expect_digest,
        **options.values(param, job_param, map_, mapping),
        **options.consents(approver, apply_deletions=apply_deletions),
        rules=mapping_files.rules(rules),
        route=routing.choice(route),
    )
    with platform(call) as api, _refusal_saved(call, report, package):
        found = _judged(api, call, package, chosen, suggest=suggest_mapping is not None)
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
    *,
    duplicates: Duplicates = None,
    copy_name: CopyName = None,
    target: Target = None,
    outcome: Outcome = None,
    missing: Missing = None,
    map_: Maps = None,
    mapping: MappingFile = None,
    rules: Rules = None,
    directory: Directory = None,
    time_zone: Zone = None,
    zone_mode: ZoneMode = None,
    execute_user: User = None,
    param: Params = None,
    job_param: JobParams = None,
    expect_digest: Digest = None,
    approver: Approvers = None,
    apply_deletions: Deletions = False,
    route: UseRoute = None,
    save_route: SaveRoute = False,
    dry_run: DryRun = False,
    lines: Lines = None,
) -> int:
    """Import a package: check it, show the plan, carry the plan out, show the receipt.

    Exit code 3 if anything stays out; the receipt says what and why.
    """
    chosen = options.said(
        duplicates=duplicates,
        copy_name=copy_name,
        target_status=target,
        outcome=outcome,
        missing=missing,
        directory=directory,
        time_zone=time_zone,
        zone_mode=zone_mode,
        execute_user=execute_user,
        expect_digest=expect_digest,
        **options.values(param, job_param, map_, mapping),
        **options.consents(approver, apply_deletions=apply_deletions),
        rules=mapping_files.rules(rules),
        route=routing.choice(route),
    )
    routing.refuse_dry(dry_run=dry_run, save_route=save_route)
    with platform(call) as api, flow.checked(api, call, package, chosen) as made:
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
    show_findings(out, report["findings"], lines, paths)
    show_suggestion(out, report.get("mapping_suggestion") or {})
