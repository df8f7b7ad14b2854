"""Reports as one HTML file: the console's own components with the data inside, opened without a network.

The page is built with the console (``web/src/report``); this puts the data of one report into it. What is in
the data is only ever shown: the page's policy runs no script but its own, and no text of the data can end the
element that holds it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from jobferry.api.native import checks, receipts
from jobferry.api.native.report import FindingQuery, StepQuery
from jobferry.cli.call import Call
from jobferry.cli.files import new_file
from jobferry.cli.report_pages import check_of
from jobferry.errors import ErrorCode, InvalidRequest, JobferryError, NotFound
from jobferry.model.messages import Language, told
from jobferry.model.report.comparison import ObjectChange
from jobferry.model.transfer.plan_view import Verdict
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.api.native.imports import ImportAnswer
    from jobferry.api.native.receipts import ReceiptAnswer
    from jobferry.cli.client import Client
    from jobferry.cli.problems import Refused
    from jobferry.model.report.comparison import Compared
    from jobferry.model.transfer.plan_view import Side
    from jobferry.model.transfer.preview import ObjectDifference

SUFFIX = ".html"
_SUFFIXES = (".csv", ".json", ".txt")
"""Of reports that are no page; see ``detection``."""
_PAGE = Path(__file__).parents[1] / "console" / "report.html"
"""Where ``make console`` puts it, and where the wheel has it."""
_PLACE = "{report-data}"
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""What could end the element that holds the data, or a line of a script, as JSON spells it otherwise."""
_VERDICTS = {
    ObjectChange.ADDED: Verdict.CREATE,
    ObjectChange.REMOVED: Verdict.DELETE,
    ObjectChange.CHANGED: Verdict.OVERWRITE,
}
"""How a comparison's changes look; the page says what each of them is."""


class ReportDifference(msgspec.Struct, frozen=True):
    """A place where two texts differ, each side as JSON; None where it has nothing there."""

    path: str
    before: str | None
    after: str | None
    lines: tuple[str, ...]


class ReportRow(msgspec.Struct, frozen=True, kw_only=True):
    """An object: its verdict or outcome, what is said about it, and the numbers of findings about it."""

    verdict: str
    kind: str
    name: str
    directory: str = ""
    notes: list[str] = []
    findings: list[int] = []
    differences: list[ReportDifference] = []


class Refusal(msgspec.Struct, frozen=True):
    """Why a package could not be read, and what to do next."""

    message: str
    hint: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows; ``web/src/report/data.ts`` says the same. ``at`` is in milliseconds since 1970."""

    about: str
    language: str
    title: str
    rows: list[ReportRow]
    counts: dict[str, int]
    workspace: str = ""
    source: str = ""
    by: str = ""
    at: int = 0
    digest: str = ""
    comment: str = ""
    refused: bool = False
    refusal: dict[str, Refusal] = {}
    """Why a package was refused as a whole, by language; empty where it was read."""
    same: int = 0
    findings: list[Any] = []


def is_html(file: Path | None) -> bool:
    """Whether a report is asked for as a page."""
    return file is not None and file.suffix.lower() == SUFFIX


def refuse_unready(file: Path | None, *, only: bool) -> None:
    """Refuses a page that could not be written, before anything is asked; ``only``: it must be one.

    Raises:
        InvalidRequest: the file is to be something else.
        NotFound: the page was not built.
    """
    if only and file is not None and not is_html(file):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("a report of this command is a page: {file} does not end in .html", file=file),
            subject="--report",
            hint="name a file such as report.html",
        )
    if file is not None and file.suffix not in _SUFFIXES and not is_html(file):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("a report is no {suffix} file: {file}", suffix=file.suffix or "-", file=file),
            subject="--report",
            hint="name a file that ends in .csv, .json, .txt or .html",
        )
    if is_html(file) and not _PAGE.is_file():
        raise NotFound(
            ErrorCode.OBJECT_UNREADABLE,
            "the page for reports was not built",
            subject=_PAGE.name,
            hint="run `make console`, or install Jobferry from a wheel",
        )


def save(call: Call, file: Path, report: Report) -> None:
    """Writes a report as one page.

    Raises:
        FilesError: it cannot be written.
    """
    page = filled(_PAGE.read_text(encoding="utf-8"), report)
    with new_file(file, private=True) as write:
        write(page.encode())
    call.out.note(call.out.say("wrote {file}", file=file))


def filled(page: str, report: Report) -> str:
    """The page with a report at its place. No text of the report can end the element that holds it."""
    before, _, after = page.partition(_PLACE)
    data = msgspec.json.encode(report).decode()
    for letter, spelled in _UNSAFE.items():
        data = data.replace(letter, spelled)
    return f"{before}{data}{after}"


def of_check(
    call: Call,
    api: Client,
    made: ImportAnswer,
    differing: Iterable[ObjectDifference] = (),
    *,
    about: str = "check",
) -> Report:
    """The report of a check, or of a plan with what differs."""
    check = check_of(made)
    changes = {(one.kind, one.name): [_sides(call, side) for side in one.sides] for one in differing}
    return Report(
        about=about,
        language=call.spoken,
        title=made.package_name,
        workspace=call.workspace_name,
        source=f"{check.source.workspace}, {check.source.platform_name}" if check.source else "",
        by=made.created_by,
        at=made.checked_at,
        digest=check.package_digest,
        refused=check.refused,
        counts={str(verdict): count for verdict, count in check.counts.items()},
        rows=[
            ReportRow(
                verdict=step.verdict,
                kind=step.kind,
                name=step.name,
                directory=step.directory,
                notes=[step.note] if step.note else [],
                findings=[reason.finding for reason in step.reasons],
                differences=changes.get((step.kind, step.name), []),
            )
            for step in api.all(checks.show_plan, made.id, StepQuery())
        ],
        findings=api.all(checks.show_findings, made.id, FindingQuery()),
    )


def of_refusal(call: Call, package: str, refused: Refused | JobferryError) -> Report:
    """The report of a package that was refused as a whole. A platform that is asked over HTTP has told it in
    one language; that stands for both then."""
    said = {
        language.value: Refusal(told(refused.message, language), told(refused.hint, language))
        for language in Language
    }
    return Report(
        about="check",
        language=call.spoken,
        title=Path(package).name,
        refusal=said,
        rows=[],
        counts={},
    )


def of_receipt(call: Call, api: Client, receipt: ReceiptAnswer) -> Report:
    """The report of what came of an import."""
    return Report(
        about="receipt",
        language=call.spoken,
        title=receipt.package_name,
        workspace=receipt.workspace,
        source=", ".join(
            filter(None, (receipt.source_workspace, receipt.source_name or receipt.source_platform))
        ),
        by=receipt.imported_by,
        at=receipt.imported_at,
        digest=receipt.package_digest,
        comment=receipt.comment,
        counts={str(outcome): count for outcome, count in receipt.counts.items()},
        rows=[
            ReportRow(
                verdict=line.outcome,
                kind=line.kind,
                name=line.name,
                notes=[f"v{line.version}"] if line.version else [],
                findings=[reason.finding for reason in line.reasons],
            )
            for line in api.all(receipts.show_receipt_lines, receipt.id, receipts.LineQuery())
        ],
        findings=api.all(receipts.show_receipt_findings, receipt.id, FindingQuery()),
    )


def of_comparison(call: Call, title: str, objects: Iterable[Compared], same: int) -> Report:
    """The report of what differs between two packages, or a package and a workspace."""
    rows = [_compared(call, one) for one in objects]
    return Report(
        about="diff",
        language=call.spoken,
        title=title,
        same=same,
        counts=dict(Counter(row.verdict for row in rows)),
        rows=rows,
    )


def _compared(call: Call, one: Compared) -> ReportRow:
    said = [call.out.say(change) for change in one.changes if change not in _VERDICTS]
    return ReportRow(
        verdict=_VERDICTS.get(one.changes[0], Verdict.OVERWRITE),
        kind=one.kind,
        name=one.name,
        directory=one.directory,
        notes=[*said, *(f"← {was}" for was in (one.was, one.was_in) if was)],
        differences=[
            ReportDifference(
                differs.path,
                _json(differs.former) if differs.in_former else None,
                _json(differs.latter) if differs.in_latter else None,
                call.out.translate_lines(differs.lines),
            )
            for differs in one.differences
        ],
    )


def _sides(call: Call, one: Any) -> ReportDifference:
    lines = call.out.translate_lines(one.lines)
    return ReportDifference(one.path, _side(one.here), _side(one.package), lines)


def _side(side: Side) -> str | None:
    return _json(side.value) if side.there else None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
