"""plan and apply: look at a plan now, carry exactly that one out later."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from jobferry.api.native.checks import show_binding, show_findings, show_plan
from jobferry.api.native.platform import show_platform
from jobferry.api.native.receipts import ReceiptQuery, list_receipts
from jobferry.api.native.receipts import show_receipt as receipt_of
from jobferry.api.native.report import FindingQuery, StepQuery
from jobferry.api.native.workspaces import show_workspace
from jobferry.cli import html_report, plan_file
from jobferry.cli.call import Call, Lines, Page, command
from jobferry.cli.choices import PackageChoices, options_body
from jobferry.cli.commands import routes
from jobferry.cli.commands.imports import Package, Waiting, applied, checked, differences, made_value
from jobferry.cli.commands.routes import SaveRoute
from jobferry.cli.files import OBJECT_SCHEME, placed
from jobferry.cli.plan_file import PlanFile
from jobferry.cli.problems import BLOCKED, DONE
from jobferry.cli.report_pages import (
    check_of,
    is_blocked,
    receipt_value,
    show_check,
    show_whole_receipt,
)
from jobferry.cli.session import platform
from jobferry.cli.show.out import Out, subject
from jobferry.cli.show.receipt import exit_code
from jobferry.errors import Conflict, ErrorCode
from jobferry.model.transfer.binding import Binding, changed_parts, told
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.api.native.receipts import ReceiptAnswer
    from jobferry.cli.client import Client
    from jobferry.model.transfer.plan_view import Side
    from jobferry.model.transfer.preview import ObjectDifference

Diff = Annotated[bool, typer.Option("--diff", help="Show what differs, field by field.")]
PlanOutput = Annotated[
    str, typer.Option("-o", "--output", metavar="PLAN", help="The file or folder for the plan.")
]
_LONGEST = 60


def add_to(app: typer.Typer) -> None:
    """Adds the two commands."""
    command(app, "plan")(plan)
    command(app, "apply")(apply)


def plan(
    call: Call,
    package: Package,
    chosen: PackageChoices,
    *,
    output: PlanOutput,
    save_route: SaveRoute = False,
    diff: Diff = False,
    report: Page = None,
    lines: Lines = None,
) -> int:
    """Check a package and write its plan into a file. The command apply carries that out.

    Nothing is changed. Exit code 3 if anything would stay out.
    """
    html_report.refuse_unready(report, only=True)
    with platform(call) as api, checked(api, package, chosen.body()) as waiting:
        made_plan = _plan_file(api, package, waiting)
        made = waiting.checked
        differing = differences(api, made.id) if diff or report else None
        if save_route:
            routes.save_used(api, call, check_of(made).source, made.options)
        file = placed(output, f"{Path(package).stem}.plan.json")
        plan_file.write(file, made_plan)
        call.out.note(call.out.say("wrote {file}", file=file))
        if report is not None:
            page = html_report.of_check(call, api, made, differing or (), about="plan")
            html_report.save(call, report, page)
        if call.json:
            value = made_value(api, made)
            call.out.value(value | {"differences": differing} if diff else value)
        routes.show_offer(call.out, check_of(made).route)
        show_check(call.out, api, made, lines)
        _show_differences(call.out, (differing or []) if diff else [])
    return BLOCKED if is_blocked(check_of(made)) else DONE


def apply(
    call: Call,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A file that jobferry plan wrote.")],
    package: Annotated[
        str | None,
        typer.Argument(metavar="[PACKAGE]", help="The package, if it is not where it was when planned."),
    ] = None,
    *,
    save_route: SaveRoute = False,
    lines: Lines = None,
) -> int:
    """Carry out exactly what a plan file says, or nothing.

    Exit code 5 if anything that the plan was made for has moved; what, is said by name. A plan that was
    applied already answers with its receipt.
    """
    wanted = plan_file.read(plan)
    placed = replace(call, workspace=_workspace(call, wanted))
    with platform(placed) as api:
        _refuse_elsewhere(api, wanted)
        with checked(api, package or wanted.package, options_body(wanted.options)) as waiting:
            made = waiting.checked
            fits = made.plan_digest == wanted.plan_digest
            if save_route:
                routes.refuse_sourceless(check_of(made).source)
            receipt = applied(api, waiting) if fits else _former_receipt(api, wanted)
            if receipt is None:
                raise _changed(wanted.binding, _binding(api, made.id))
            if save_route:
                routes.save_used(api, placed, check_of(made).source, made.options)
            told = receipt_value(api, receipt) if call.json else None
        if wanted.route:
            call.out.note(call.out.say("the plan goes by the route {name}", name=wanted.route))
        if not fits:
            call.out.note(call.out.say("this plan was applied already"))
        call.out.value({"receipt": told})
        show_whole_receipt(call.out, api, receipt, lines)
    return exit_code(receipt.counts)


def _plan_file(api: Client, package: str, waiting: Waiting) -> PlanFile:
    here, made = api.ask(show_workspace), waiting.checked
    route = check_of(made).route
    return PlanFile(
        platform_id=api.ask(show_platform).id,
        workspace_id=here.id,
        workspace=here.name,
        package=package if package.startswith(OBJECT_SCHEME) else str(Path(package).resolve()),
        package_digest=check_of(made).package_digest,
        package_size=waiting.size,
        options=made.options,
        plan_digest=made.plan_digest,
        binding=_binding(api, made.id),
        steps=msgspec.to_builtins(api.all(show_plan, made.id, StepQuery())),
        findings=msgspec.to_builtins(api.all(show_findings, made.id, FindingQuery())),
        route=route.name if route and route.used else "",
    )


def _binding(api: Client, import_id: str) -> Binding:
    objects = api.all(show_binding, import_id)
    head = api.ask(show_binding, import_id, limit=1)
    return Binding(
        package=head.package,
        options=head.options,
        policy=head.policy,
        rights=head.rights,
        targets={bound.object: bound.target for bound in objects if bound.target},
        deeds={bound.object: bound.deed for bound in objects if bound.deed},
        refused=head.refused,
    )


def _workspace(call: Call, plan: PlanFile) -> str:
    """What was said on the line or in the environment, else the plan's own."""
    return call.workspace or os.environ.get("JOBFERRY_WORKSPACE") or plan.workspace_id


def _refuse_elsewhere(api: Client, plan: PlanFile) -> None:
    """Raises: Conflict: it was made for another platform or workspace (``plan-for-another-workspace``)."""
    if api.ask(show_platform).id != plan.platform_id:
        raise _elsewhere(
            sentence(
                "this plan was made for the platform {platform}, and {place} is another one",
                platform=plan.platform_id,
                place=api.place,
            ),
            plan,
        )
    here = api.ask(show_workspace)
    if here.id != plan.workspace_id:
        raise _elsewhere(
            sentence(
                "this plan was made for the workspace {workspace}, not for {name}",
                workspace=plan.workspace,
                name=here.name,
            ),
            plan,
        )


def _elsewhere(message: str, plan: PlanFile) -> Conflict:
    return Conflict(
        ErrorCode.PLAN_FOR_ANOTHER_WORKSPACE,
        message,
        subject=plan.workspace,
        hint="apply it there, or make a plan for this one",
    )


def _former_receipt(api: Client, plan: PlanFile) -> ReceiptAnswer | None:
    """The receipt of this very plan, if it was applied before."""
    found = api.ask(list_receipts, ReceiptQuery(plan=plan.plan_digest), limit=1).items
    return api.ask(receipt_of, found[0].id) if found else None


def _changed(then: Binding, now: Binding) -> Conflict:
    changes = list(changed_parts(then, now))
    names = [name for change in changes for name in change.names]
    return Conflict(
        ErrorCode.TARGET_CHANGED,
        sentence(
            "not applied, because this changed since the plan was made: {changes}", changes=told(changes)
        ),
        subject=names[0] if names else "",
        hint="look at a new plan: `jobferry plan`",
    )


def _show_differences(out: Out, differing: Iterable[ObjectDifference]) -> None:
    """Prints objects with the paths at which they differ."""
    for differs in differing:
        what = subject(differs.kind, differs.name, out.say)
        out.line(f"{what}: {out.say(differs.change)}", "bold")
        for sides in differs.sides:
            out.line(f"  {sides.path}")
            if sides.lines:
                out.quoted(out.translate_lines(sides.lines), "      ")
                continue
            for name, side in (("base", sides.base), ("here", sides.here), ("package", sides.package)):
                if side is not None:
                    out.line(f"    {out.say(name)}: {_value(out, side)}")


def _value(out: Out, side: Side) -> str:
    if not side.there:
        return out.say("nothing")
    told = json.dumps(side.value, ensure_ascii=False)
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"
