"""check, import and undo: judge a package before this platform, bring it in, take that back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobferry.api.native import checks, imports, receipts
from jobferry.api.native.tasks import TaskAnswer
from jobferry.cli import html_report
from jobferry.cli.asking import Yes, confirm
from jobferry.cli.call import Call, Lines, Report, command
from jobferry.cli.choices import PackageChoices
from jobferry.cli.commands import routes
from jobferry.cli.commands.routes import SaveRoute
from jobferry.cli.files import handed_in_sized, new_file
from jobferry.cli.ids import import_to_undo
from jobferry.cli.plan_graph import plan_drawing
from jobferry.cli.problems import BLOCKED, DONE, EXIT_CODES, PACKAGE_REFUSED, UNREACHABLE, Refused
from jobferry.cli.report_pages import (
    check_of,
    check_value,
    is_blocked,
    kept_out,
    receipt_value,
    show_check,
    show_undo,
    undo_value,
)
from jobferry.cli.session import platform
from jobferry.cli.show.graph import DrawnFormat, show_drawing
from jobferry.cli.show.progress import progress
from jobferry.cli.show.receipt import exit_code, show_receipt
from jobferry.cli.waiting import ended as task_ended
from jobferry.cli.words import Say
from jobferry.errors import ErrorCode, JobferryError
from jobferry.model.kinds import NeedKind
from jobferry.model.printable import printable
from jobferry.model.transfer.checked_import import ImportState
from jobferry.model.transfer.mapping import UNMAPPABLE
from jobferry.model.transfer.preview import Presence

if TYPE_CHECKING:
    from jobferry.api.native.packages import PackageReference
    from jobferry.api.native.receipts import ReceiptAnswer
    from jobferry.cli.client import Client
    from jobferry.cli.show.progress import Progress
    from jobferry.model.transfer.preview import ObjectDifference

_CONFLICT = 409
_DIFFERENCES = 1_000
"""Objects whose differences are asked for at once."""
Package = Annotated[
    str, typer.Argument(metavar="PACKAGE", help="A package file, a folder of one, or obs://bucket/key.")
]
Suggest = Annotated[
    Path | None,
    typer.Option("--suggest-mapping", metavar="FILE", help="Write there a mapping for what is missing."),
]
GraphOption = Annotated[
    DrawnFormat | None,
    typer.Option("--graph", help="Draw the package's jobs instead, coloured by the plan."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would happen, and change nothing.")]


@dataclass
class Waiting:
    """An import that is checked and waits; ``size`` of its package in bytes, 0 where that is not known."""

    checked: imports.ImportAnswer
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
    graph: GraphOption = None,
    lines: Lines = None,
) -> int:
    """Check a package against this platform. The plan is shown, and nothing is written.

    Exit code 3 if anything would stay out.
    """
    html_report.refuse_unready(report, only=False)
    with (
        platform(call) as api,
        _refusal_saved(call, report, package),
        checked(api, package, chosen.body()) as waiting,
    ):
        made = waiting.checked
        if save_route:
            routes.save_used(api, call, check_of(made).source, made.options)
        _save(call, api, made, report, suggest_mapping)
        if graph is not None:
            show_drawing(call.out, plan_drawing(api, package, made.id, call.out.say), graph)
            return BLOCKED if is_blocked(check_of(made)) else DONE
        if call.json:
            call.out.value(made_value(api, made))
        routes.show_offer(call.out, check_of(made).route)
        show_check(call.out, api, made, lines)
    return BLOCKED if is_blocked(check_of(made)) else DONE


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
            routes.refuse_sourceless(check_of(made).source)
        routes.show_offer(call.out, check_of(made).route)
        show_check(call.out, api, made, lines)
        report = made_value(api, made) if call.json else None
        if not dry_run:
            confirm(call, call.out.say("carry this plan out?"), yes=yes)
        receipt = None if dry_run else applied(api, waiting)
        if save_route:
            routes.save_used(api, call, check_of(made).source, made.options)
        if call.json:
            told = receipt_value(api, receipt, reported=False) if receipt is not None else None
            call.out.value({"report": report, "receipt": told})
    return concluded(call, made, receipt)


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
        show_undo(call.out, api, seen, lines, rest=rest)
        plan = undo_value(api, seen, rest=rest) if call.json else None
        made = None
        if not dry_run and not seen.refused:
            confirm(call, call.out.say("carry this plan out?"), yes=yes)
            body = receipts.UndoRequest(rest=rest, plan_digest=seen.plan_digest)
            made = ended(api, api.ask(receipts.undo, receipt, body).task_id)
        if call.json:
            told = receipt_value(api, made, reported=False) if made is not None else None
            call.out.value({"undo": plan, "receipt": told})
    if made is not None:
        show_receipt(call.out, made)
    elif dry_run:
        call.out.line(call.out.say("this was a dry run; nothing was changed"))
    if seen.refused:
        return BLOCKED
    return DONE if made is None else exit_code(made.counts)


def made_value(api: Client, made: imports.ImportAnswer) -> dict[str, Any]:
    """A checked import as one value, with all that its check found."""
    return {"plan_digest": made.plan_digest, "options": made.options, **check_value(api, made)}


def _save(
    call: Call, api: Client, made: imports.ImportAnswer, report: Path | None, suggest_mapping: Path | None
) -> None:
    if report is not None and html_report.is_html(report):
        html_report.save(call, report, html_report.of_check(call, api, made))
    elif report is not None:
        from jobferry.cli.detection import save_report

        save_report(call, report, kept_out(api, made))
    if suggest_mapping is not None:
        missing = api.all(checks.show_needs, made.id, checks.NeedQuery(presence=Presence.MISSING))
        save_suggestion(call, suggest_mapping, missing)


@contextmanager
def _refusal_saved(call: Call, report: Path | None, package: str) -> Iterator[None]:
    """Writes a report of a package that is refused as a whole, too; of any other error there is none."""
    try:
        yield
    except (Refused, JobferryError) as refused:
        exit_code = refused.exit_code if isinstance(refused, Refused) else EXIT_CODES[refused.code]
        if report is not None and exit_code == PACKAGE_REFUSED:
            if html_report.is_html(report):
                html_report.save(call, report, html_report.of_refusal(call, package, refused))
            else:
                from jobferry.cli.detection import save_refusal

                save_refusal(call, report, package, refused)
        raise


def concluded(call: Call, made: imports.ImportAnswer, receipt: ReceiptAnswer | None) -> int:
    """Shows what came of an import and gives the exit code."""
    if receipt is None:
        call.out.line(call.out.say("this was a dry run; nothing was changed"))
        return BLOCKED if is_blocked(check_of(made)) else DONE
    show_receipt(call.out, receipt)
    return exit_code(receipt.counts)


def save_suggestion(call: Call, file: Path, missing: list[checks.NeedMetAnswer]) -> None:
    """Writes what could stand for missing things as a file that ``--mapping`` takes."""
    with new_file(file) as write:
        write("\n".join(_lines(call, missing)).encode() + b"\n")
    call.out.note(call.out.say("wrote {file}", file=file))


def _lines(call: Call, missing: list[checks.NeedMetAnswer]) -> list[str]:
    say = call.out.say
    lines = [f"# {say('what is missing here; a line without # is a guess by name and type, so look at it')}"]
    sections: dict[NeedKind, list[checks.NeedMetAnswer]] = {}
    for need in missing:
        if not need.workspace and need.kind not in UNMAPPABLE:
            sections.setdefault(need.kind, []).append(need)
    for section, needs in sections.items():
        lines.append(f"{section}:" if any(need.suggested for need in needs) else f"# {section}:")
        lines += [_line(say, need) for need in needs]
    return lines


def _line(say: Say, need: checks.NeedMetAnswer) -> str:
    """A pair that holds if one candidate fits by name and type; else a comment with what there is."""
    if need.suggested:
        return f"  {_quoted(need.name)}: {_quoted(need.suggested)}"
    if not need.candidates:
        return f"#  {_quoted(need.name)}: " + say("nothing of this kind is here")
    likest, *others = need.candidates
    more = f"  # {say('or')}: {', '.join(map(_quoted, others))}" if others else ""
    return f"#  {_quoted(need.name)}: {_quoted(likest)}{more}"


def _quoted(name: str) -> str:
    """In double quotes, as YAML reads it, on one line."""
    return printable(json.dumps(name, ensure_ascii=False))


@contextmanager
def checked(api: Client, package: str, options: imports.ImportOptionsBody) -> Iterator[Waiting]:
    """An import that is checked and waits; it is let go of unless it was applied in between."""
    reference, size = handed_in_sized(api, package)
    with checked_as(api, reference, options, size) as waiting:
        yield waiting


@contextmanager
def checked_as(
    api: Client, reference: PackageReference, options: imports.ImportOptionsBody, size: int = 0
) -> Iterator[Waiting]:
    """The same of a package that the platform has."""
    begun = api.ask(imports.make_import, imports.ImportRequest(reference, options=options))
    waiting = Waiting(begun, size)
    try:
        with progress("check", api.say) as shown:
            waiting.checked = _check_ended(api, begun, shown)
        yield waiting
    finally:
        if not waiting.is_applied:
            with suppress(Refused, JobferryError):  # it goes by itself after a day
                api.ask(imports.discard_import, waiting.checked.id)


def _check_ended(api: Client, begun: imports.ImportAnswer, shown: Progress) -> imports.ImportAnswer:
    """The import, once its check is over.

    Raises:
        Refused: it came to nothing; the import says why.
    """
    task_ended(api, begun.task_id, shown)
    made = api.ask(imports.show_import, begun.id)
    if made.state is ImportState.CHECKED:
        return made
    told = {"code": made.code, "message": made.message, "subject": made.package_name, "hint": made.hint}
    raise Refused(_CONFLICT, told)


def differences(api: Client, import_id: str) -> list[ObjectDifference]:
    """What would change, object by object, of all that is here and that a checked import is about."""
    items: list[ObjectDifference] = []
    with progress("differences", api.say) as shown:
        while True:
            query = checks.ChangeQuery()
            page = api.ask(checks.show_differences, import_id, query, offset=len(items), limit=_DIFFERENCES)
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
    with progress("import", api.say) as shown:
        task = task_ended(api, task_id, shown)
    if not task.receipt_id:
        raise _ended_early(task)
    return api.ask(receipts.show_receipt, task.receipt_id)


def _ended_early(task: TaskAnswer) -> Refused:
    code = task.code or ErrorCode.TARGET_CHANGED.value
    told = {
        "code": code,
        "message": task.message or "the import ended without a word",
        "subject": task.name,
        "hint": "import again once that is mended"
        if EXIT_CODES.get(code) == UNREACHABLE
        else "check again, then import again",
    }
    return Refused(_CONFLICT, told)
