"""check, import and undo: judge a package before this platform, bring it in, take that back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer
from msgspec.structs import asdict

from jobferry.api.native import imports, receipts
from jobferry.api.native.tasks import TaskAnswer
from jobferry.cli.asking import Yes, confirm
from jobferry.cli.call import Call, Lines, Report, command
from jobferry.cli.choices import PackageChoices
from jobferry.cli.commands import routes
from jobferry.cli.commands.routes import SaveRoute
from jobferry.cli.files import handed_in, handed_in_sized, new_file
from jobferry.cli.ids import import_to_undo
from jobferry.cli.problems import BLOCKED, DONE, EXIT_CODES, UNREACHABLE, Refused
from jobferry.cli.session import platform
from jobferry.cli.show.findings import show_findings, show_suggestion
from jobferry.cli.show.out import Out
from jobferry.cli.show.plan import TOUCHED_SINCE, is_blocked, show_plan, show_replacements, show_schedules
from jobferry.cli.show.progress import progress
from jobferry.cli.show.receipt import exit_code, show_receipt
from jobferry.cli.waiting import ended as task_ended
from jobferry.errors import ErrorCode, JobferryError
from jobferry.model.printable import printable
from jobferry.model.transfer.plan_view import Verdict

if TYPE_CHECKING:
    from jobferry.api.native.receipts import ReceiptAnswer
    from jobferry.api.native.report import ImportReport
    from jobferry.cli.client import Client
    from jobferry.model.transfer.preview import ObjectDifference, RouteOffer

_CONFLICT = 409
_DIFFERENCES = 5_000
"""Objects whose differences are asked for at once."""
Package = Annotated[
    str, typer.Argument(metavar="PACKAGE", help="A package file, a folder of one, or obs://bucket/key.")
]
Suggest = Annotated[
    Path | None,
    typer.Option("--suggest-mapping", metavar="FILE", help="Write there a mapping for what is missing."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would happen, and change nothing.")]


@dataclass
class Waiting:
    """An import that is checked and waits; ``size`` of its package in bytes, 0 where that is not known."""

    checked: imports.CheckedAnswer
    size: int
    is_applied: bool = False


def add_to(app: typer.Typer) -> None:
    """Adds the three commands."""
    command(app, "check")(check)
    command(app, "import")(import_)
    command(app, "undo")(undo)


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
    """Check a package against this platform. The plan is shown, and nothing is written.

    Exit code 3 if anything would stay out.
    """
    with platform(call) as api, _refusal_saved(call, report, package):
        found = _judged(api, package, chosen.body(), suggest=suggest_mapping is not None)
        if save_route:
            routes.save_used(api, call, found.source, found.options)
    _save(call, found, report, suggest_mapping)
    return _told(call, found, lines)


def import_(
    call: Call,
    package: Package,
    chosen: PackageChoices,
    *,
    save_route: SaveRoute = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    lines: Lines = None,
) -> int:
    """Import a package: check it, show the plan, carry the plan out, show the receipt.

    Exit code 3 if everything stays out, 9 if some of it does or is held; the receipt says what and why.
    """
    routes.refuse_dry(dry_run=dry_run, save_route=save_route)
    with platform(call) as api, checked(api, package, chosen.body()) as waiting:
        made = waiting.checked
        if save_route:
            routes.refuse_sourceless(made.report.source)
        show_report(call.out, made.report, made.route, lines)
        if not dry_run:
            confirm(call, call.out.say("carry this plan out?"), yes=yes)
        receipt = None if dry_run else applied(api, waiting)
        if save_route:
            routes.save_used(api, call, made.report.source, made.options)
    return _concluded(call, made, receipt, lines)


def undo(
    call: Call,
    receipt: Annotated[
        str, typer.Argument(metavar="[RECEIPT]", help="The receipt of the import, or its beginning.")
    ] = "",
    *,
    last: Annotated[bool, typer.Option("--last", help="The newest import that was not taken back.")] = False,
    rest: Annotated[
        bool, typer.Option("--rest", help="Leave alone what was touched since, and take back the others.")
    ] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    lines: Lines = None,
) -> int:
    """Take an import back: what it changed is as it was before, what was new is gone.

    Exit code 3 if anything was touched since; nothing is changed then, unless with --rest (exit code 9).
    """
    with platform(call) as api:
        receipt = import_to_undo(api, receipt, last=last)
        seen = api.ask(receipts.plan_undo, receipt, rest=rest)
        show_plan(call.out, seen.plan, lines, refused=TOUCHED_SINCE)
        show_findings(call.out, seen.findings, lines, {})
        is_refused = seen.plan.refused
        made = None
        if not dry_run and not is_refused:
            confirm(call, call.out.say("carry this plan out?"), yes=yes)
            body = receipts.UndoRequest(rest=rest, plan_digest=seen.plan_digest)
            made = ended(api, api.ask(receipts.undo, receipt, body).task_id)
    call.out.value({"undo": seen, "receipt": made})
    if made is not None:
        show_receipt(call.out, made, lines)
    elif dry_run:
        call.out.line(call.out.say("this was a dry run; nothing was changed"))
    if is_refused:
        return BLOCKED
    return DONE if made is None else exit_code(made.counts)


def _told(call: Call, found: imports.ReportAnswer, lines: int | None) -> int:
    call.out.value(found)
    show_report(call.out, found, found.route, lines)
    return BLOCKED if is_blocked(found.plan) else DONE


def _save(call: Call, found: imports.ReportAnswer, report: Path | None, suggest_mapping: Path | None) -> None:
    if report is not None:
        from jobferry.cli.detection import save_report

        save_report(call, report, found.findings)
    if suggest_mapping is not None:
        save_suggestion(call, suggest_mapping, found)


@contextmanager
def _refusal_saved(call: Call, report: Path | None, package: str) -> Iterator[None]:
    try:
        yield
    except (Refused, JobferryError) as refused:
        if report is not None:
            from jobferry.cli.detection import save_refusal

            save_refusal(call, report, package, refused)
        raise


def _judged(
    api: Client, package: str, chosen: imports.ImportOptionsBody, *, suggest: bool
) -> imports.ReportAnswer:
    wanted = imports.TransferRequest(handed_in(api, package), options=chosen, suggest=suggest)
    with progress("check"):
        return api.ask(imports.check, wanted)


def _concluded(
    call: Call, made: imports.CheckedAnswer, receipt: ReceiptAnswer | None, lines: int | None
) -> int:
    """Shows what came of an import and gives the exit code."""
    call.out.value({"report": {**asdict(made.report), "route": made.route}, "receipt": receipt})
    if receipt is None:
        call.out.line(call.out.say("this was a dry run; nothing was changed"))
    else:
        show_receipt(call.out, receipt, lines)
    if receipt is not None:
        return exit_code(receipt.counts)
    return BLOCKED if is_blocked(made.report.plan) else DONE


def show_report(out: Out, report: ImportReport, route: RouteOffer | None, lines: int | None) -> None:
    """Shows what an import would do, and the route that it goes by or could."""
    if out.as_json:
        return
    paths: dict[tuple[str, str], str] = {(packed.kind, packed.name): packed.path for packed in report.objects}
    out.line(f"{out.say('digest')}: {report.digest}")
    routes.show_offer(out, route)
    show_plan(out, report.plan, lines)
    show_replacements(out, report.hits, lines)
    show_schedules(out, report.schedules)
    blocked = {(step.kind, step.name) for step in report.plan.steps if step.verdict is Verdict.BLOCKED}
    show_findings(out, report.findings, lines, paths, blocked)
    show_suggestion(out, report.mapping_suggestion)


def save_suggestion(call: Call, file: Path, report: ImportReport) -> None:
    """Writes what a check suggests as a file that ``--mapping`` takes."""
    with new_file(file) as write:
        write("\n".join(_lines(call, report)).encode() + b"\n")
    call.out.note(call.out.say("wrote {file}", file=file))


def _lines(call: Call, report: ImportReport) -> list[str]:
    say = call.out.say
    lines = [
        "# " + say("what is missing here, with what is most like it; look at each line before you use it")
    ]
    for section, names in report.mapping_suggestion.items():
        others = report.mapping_candidates.get(section, {})
        guessed = any(names.values())
        lines.append(f"{section}:" if guessed else f"# {section}:")
        for name, likest in names.items():
            if not likest:
                lines.append(f"#  {_quoted(name)}: " + say("nothing of this kind is here"))
                continue
            more = ", ".join(map(_quoted, others.get(name, ())))
            lines.append(
                f"  {_quoted(name)}: {_quoted(likest)}" + (f"  # {say('or')}: {more}" if more else "")
            )
    return lines


def _quoted(name: str) -> str:
    """In double quotes, as YAML reads it, on one line."""
    return printable(json.dumps(name, ensure_ascii=False))


@contextmanager
def checked(api: Client, package: str, options: imports.ImportOptionsBody) -> Iterator[Waiting]:
    """An import that is checked and waits; it is let go of unless it was applied in between."""
    reference, size = handed_in_sized(api, package)
    with progress("check"):
        made = api.ask(imports.make_import, imports.ImportRequest(reference, options=options))
    waiting = Waiting(cast("imports.CheckedAnswer", made), size)
    try:
        yield waiting
    finally:
        if not waiting.is_applied:
            with suppress(Refused, JobferryError):  # it goes by itself after a day
                api.ask(imports.discard_import, waiting.checked.id)


def differences(api: Client, import_id: str) -> list[ObjectDifference]:
    """What would change, object by object, of all that is here and that a checked import is about."""
    items: list[ObjectDifference] = []
    with progress("differences") as shown:
        while True:
            page = api.ask(imports.show_differences, import_id, offset=len(items), limit=_DIFFERENCES)
            items += page.items
            shown.note(len(items), page.total or None)
            if len(items) >= page.total or not page.items:
                return items


def applied(api: Client, waiting: Waiting) -> ReceiptAnswer:
    """Carries out the plan of a checked import, waits for its end, and gives the receipt.

    Raises:
        Refused: it ended without one; its last words say why.
    """
    made = waiting.checked
    started = api.ask(imports.apply_import, made.id, imports.ApplyRequest(made.plan_digest))
    receipt = ended(api, started.task_id)
    waiting.is_applied = True
    return receipt


def ended(api: Client, task_id: str) -> ReceiptAnswer:
    """The receipt of a task, once it is over.

    Raises:
        Refused: it ended without one; its last words say why.
    """
    with progress("import") as shown:
        task = task_ended(api, task_id, shown)
    if not task.receipt_id:
        raise _ended_early(task)
    return api.ask(receipts.show_receipt, task.receipt_id)


def _ended_early(task: TaskAnswer) -> Refused:
    code = task.code or ErrorCode.TARGET_MOVED.value
    told = {
        "code": code,
        "message": task.message or "the import ended without a word",
        "subject": task.name,
        "hint": "import again once that is mended"
        if EXIT_CODES.get(code) == UNREACHABLE
        else "check again, then import again",
    }
    return Refused(_CONFLICT, told)
