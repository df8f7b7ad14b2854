"""check, import and undo: judge a package before this platform, bring it in, take that back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec.structs import asdict

from jobferry.cli.call import Call, Lines, Report, at, command
from jobferry.cli.choices import PackageChoices
from jobferry.cli.commands import routes
from jobferry.cli.commands.routes import SaveRoute
from jobferry.cli.files import handed_in, handed_in_sized, new_file
from jobferry.cli.problems import BLOCKED, BORDER_DOWN, DONE, EXIT_CODES, Refused
from jobferry.cli.session import platform
from jobferry.cli.show.findings import show_findings, show_suggestion
from jobferry.cli.show.out import Out
from jobferry.cli.show.plan import TOUCHED_SINCE, is_blocked, show_hits, show_plan, show_schedules
from jobferry.cli.show.progress import progress
from jobferry.cli.show.receipt import has_failed, show_receipt
from jobferry.errors import ErrorCode, JobferryError
from jobferry.model.printable import printable

if TYPE_CHECKING:
    from jobferry.cli.remote import Api

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
    """Judge a package before this platform and show the plan. Nothing is written.

    Exit code 3 if anything would stay out.
    """
    with platform(call) as api, _refusal_saved(call, report, package):
        found = _judged(api, call, package, chosen.body(), suggest=suggest_mapping is not None)
        routes.save_used(api, call, found, found, save_route=save_route)
    _save(call, found, report, suggest_mapping)
    return _told(call, found, lines)


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
    routes.refuse_dry(dry_run=dry_run, save_route=save_route)
    with platform(call) as api, checked(api, call, package, chosen.body()) as made:
        report = made["report"] | {"route": made["route"]}
        routes.refuse_sourceless(report, save_route=save_route)
        show_report(call.out, report, lines)
        receipt = None if dry_run else applied(api, call, made)
        routes.save_used(api, call, report, made, save_route=save_route)
    return _concluded(call, report, receipt, lines)


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
    with platform(call) as api:
        seen = api.get(at("receipts", receipt, "undo-plan"), rest=rest)
        show_plan(call.out, seen["plan"], lines, refused=TOUCHED_SINCE)
        show_findings(call.out, seen["findings"], lines, {})
        is_refused = seen["plan"]["refused"]
        made = None
        if not dry_run and not is_refused:
            asked = {"rest": rest, "plan_digest": seen["plan_digest"]}
            made = ended(api, api.post(at("receipts", receipt, "undo"), asked)["task_id"])
    call.out.value({"undo": seen, "receipt": made})
    if made is not None:
        show_receipt(call.out, made, lines)
    elif dry_run:
        call.out.line(call.out.say("this was a dry run; nothing was changed"))
    return BLOCKED if is_refused or (made is not None and has_failed(made)) else DONE


def _told(call: Call, found: dict[str, Any], lines: int | None) -> int:
    call.out.value(found)
    show_report(call.out, found, lines)
    return BLOCKED if is_blocked(found["plan"]) else DONE


def _save(call: Call, found: dict[str, Any], report: Path | None, suggest_mapping: Path | None) -> None:
    if report is not None:
        from jobferry.cli.detection import save_report

        save_report(call, report, found["findings"])
    if suggest_mapping is not None:
        save_suggestion(call, suggest_mapping, found)


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
    wanted = {"package": asdict(handed_in(api, package)), "options": chosen, "suggest": suggest}
    with progress("check"):
        report: dict[str, Any] = api.post(call.at("checks"), wanted)
    return report


def _concluded(call: Call, report: dict[str, Any], receipt: dict[str, Any] | None, lines: int | None) -> int:
    """Shows what came of an import and gives the exit code."""
    call.out.value({"report": report, "receipt": receipt})
    if receipt is None:
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
    routes.show_offer(out, report.get("route"))
    show_plan(out, report["plan"], lines)
    show_hits(out, report["hits"], lines)
    show_schedules(out, report.get("schedules", []))
    steps = report["plan"]["steps"]
    blocked = {(one["kind"], one["name"]) for one in steps if one["verdict"] == "blocked"}
    show_findings(out, report["findings"], lines, paths, blocked)
    show_suggestion(out, report.get("mapping_suggestion") or {})


def save_suggestion(call: Call, file: Path, report: dict[str, Any]) -> None:
    """Writes what a check suggests as a file that ``--mapping`` takes."""
    with new_file(file) as write:
        write("\n".join(_lines(call, report)).encode() + b"\n")
    call.out.note(call.out.say("wrote {file}", file=file))


def _lines(call: Call, report: dict[str, Any]) -> list[str]:
    say = call.out.say
    lines = [
        "# " + say("what is missing here, with what is most like it; look at each line before you use it")
    ]
    for section, names in report["mapping_suggestion"].items():
        others = report["mapping_candidates"].get(section, {})
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
def checked(api: Api, call: Call, package: str, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """An import that is checked and waits; it is let go of unless it was applied in between."""
    place = call.at("imports")
    reference, size = handed_in_sized(api, package)
    with progress("check"):
        made: dict[str, Any] = api.post(place, {"package": asdict(reference), "options": options})
    made["size"] = size
    try:
        yield made
    finally:
        if "applied" not in made:
            with suppress(Refused, JobferryError):  # it goes by itself after a day
                api.post(f"{place}/{made['id']}/discard")


def differences(api: Api, call: Call, made: dict[str, Any]) -> list[dict[str, Any]]:
    """What would change, object by object, of all that is here and that a checked import is about."""
    place = call.at("imports", made["id"], "differences")
    items: list[dict[str, Any]] = []
    total = 1
    with progress("differences") as shown:
        while len(items) < total:
            page = api.get(place, offset=len(items), limit=_DIFFERENCES)
            items, total = items + page["items"], page["total"] if page["items"] else 0
            shown.note(len(items), total or None)
    return items


def applied(api: Api, call: Call, made: dict[str, Any]) -> dict[str, Any]:
    """Carries out the plan of a checked import, waits for its end, and gives the receipt.

    Raises:
        Refused: it ended without one; its last words say why.
    """
    place = call.at("imports", made["id"], "apply")
    receipt = ended(api, api.post(place, {"plan_digest": made["plan_digest"]})["task_id"])
    made["applied"] = True
    return receipt


def ended(api: Api, task_id: str) -> dict[str, Any]:
    """The receipt of a task, once it is over.

    Raises:
        Refused: it ended without one; its last words say why.
    """
    task: dict[str, Any] = {"id": task_id, "status": "RUNNING"}
    with progress("import") as shown:
        while task["status"] == "RUNNING":
            task = api.get(at("tasks", task_id), wait=api.patience)
            shown.note(task["done"], task["total"] or None)
    if not task.get("receipt_id"):
        raise _ended_early(task)
    receipt: dict[str, Any] = api.get(at("receipts", task["receipt_id"]))
    return receipt


def _ended_early(task: dict[str, Any]) -> Refused:
    code = task.get("code") or ErrorCode.TARGET_MOVED.value
    told = {
        "code": code,
        "message": task["message"] or "the import ended without a word",
        "subject": task["name"],
        "hint": "import again once that is mended"
        if EXIT_CODES.get(code) == BORDER_DOWN
        else "check again, then import again",
    }
    return Refused(_CONFLICT, told)
