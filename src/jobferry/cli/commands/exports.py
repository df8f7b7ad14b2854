"""export: write a package, or show beforehand what it would hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import unquote

import typer
from msgspec.structs import asdict

from jobferry.api.native import exports
from jobferry.api.native.downloads import BackgroundExportBody, begin_export
from jobferry.api.native.exports import ExportBody, ExtentBody, LeavingAnswer, StayingAnswer, UseAnswer
from jobferry.api.native.exports import export as export_package
from jobferry.cli.call import Call, Lines, command
from jobferry.cli.commands.downloads import made, show_record
from jobferry.cli.files import STDOUT, destination
from jobferry.cli.options import moment
from jobferry.cli.session import platform
from jobferry.cli.show.out import Out, line_limit, subject
from jobferry.cli.show.plan import show_listed
from jobferry.cli.show.progress import progress
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.kinds import ObjectKind
from jobferry.model.package import Deletion, ExportState
from jobferry.model.transfer.export import ExportScope, ExtentKind
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.cli.client import Client

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Jobs, with all that they use.")]
Scripts = Annotated[
    list[str] | None, typer.Option("--script", metavar="NAME", help="A script; may be said several times.")
]
Directories = Annotated[
    list[str] | None,
    typer.Option("--directory", metavar="DIR", help="What lies in or below this directory."),
]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="Jobs that have this tag.")]
Query = Annotated[str | None, typer.Option("--query", metavar="TEXT", help="What has this in its name.")]
Kinds = Annotated[
    Literal["job", "script", "all"],
    typer.Option("--kind", help="For --directory and --query; script also limits a workspace export."),
]
JobsOnly = Annotated[bool, typer.Option("--jobs-only", help="Leave out what the jobs use.")]
WithFiles = Annotated[
    bool, typer.Option("--with-files", help="Bring along the files that resources name in object storage.")
]
State = Annotated[
    Literal["draft", "submitted"], typer.Option("--state", help="Drafts, or what was submitted last.")
]
Schedule = Annotated[bool, typer.Option("--schedule/--no-schedule", help="Whether schedules come along.")]
All = Annotated[bool, typer.Option("--all", help="The whole workspace.")]
Full = Annotated[
    bool, typer.Option("--full", help="A workspace export of everything; --since-last goes on from it.")
]
SinceLast = Annotated[
    bool,
    typer.Option("--since-last", help="What has changed or is gone since the last workspace export."),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="What has changed since 2026-11-21 or 2026-11-21T12:00."),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help="Until then; not included. Else now.")
]
SinceReceipt = Annotated[
    Path | None,
    typer.Option("--since-receipt", metavar="FILE", help="What the target that wrote this receipt lacks."),
]
Output = Annotated[
    str | None,
    typer.Option(
        "-o", "--output", metavar="FILE", help="The file or folder where the package goes; - is stdout."
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would come along and what stays a need; make nothing.")
]
Background = Annotated[
    bool,
    typer.Option(
        "--background", help="Make it on the platform and keep it there: see jobferry download list."
    ),
]
Into = Annotated[
    str | None,
    typer.Option("--into", metavar="OBS", help="Write it to obs://bucket/folder, or to the default place."),
]


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "export")(export)


def export(
    call: Call,
    names: Names = None,
    *,
    output: Output = None,
    all_: All = False,
    full: Full = False,
    since_last: SinceLast = False,
    since: Since = None,
    until: Until = None,
    since_receipt: SinceReceipt = None,
    script: Scripts = None,
    directory: Directories = None,
    tag: Tags = None,
    query: Query = None,
    kind: Kinds = "job",
    jobs_only: JobsOnly = False,
    with_files: WithFiles = False,
    state: State = "draft",
    schedule: Schedule = True,
    dry_run: DryRun = False,
    background: Background = False,
    into: Into = None,
    lines: Lines = None,
) -> None:
    """Export jobs with all that they use as one package; also a whole workspace, or its changes."""
    extents = extents_said(full=full, since_last=since_last, span=(since, until), receipt=since_receipt)
    _refuse_unclear(bool(names or script or directory or tag or query) + all_ + len(extents))
    wanted = ExportBody(
        names=tuple(names) if names else None,
        scripts=tuple(script) if script else None,
        directories=tuple(directory or ()),
        tags=tuple(tag or ()),
        query=query or "",
        kinds=(ObjectKind.JOB, ObjectKind.SCRIPT) if kind == "all" else (ObjectKind(kind),),
        scope=_scope(jobs_only=jobs_only, with_files=with_files),
        state=ExportState(state),
        schedule=schedule,
        extent=extents[0] if extents else None,
    )
    if dry_run:
        _preview(call, wanted, lines)
    elif background or into:
        _produce(call, BackgroundExportBody(**asdict(wanted), into=into or ""))
    else:
        _write(call, wanted, output)


def _refuse_unclear(ways: int) -> None:
    """Raises: InvalidRequest: not one way of choosing was said, but none or several."""
    if ways != 1:
        raise _bad_call(
            "name the jobs to export, choose by --directory, --tag or --query, or give one of "
            "--all, --full, --since, --since-last or --since-receipt",
            "for example `jobferry export ods_orders -o orders.zip`",
        )


def _scope(*, jobs_only: bool, with_files: bool) -> ExportScope:
    if jobs_only and with_files:
        raise _bad_call("--jobs-only and --with-files exclude each other", "leave one of them out")
    return ExportScope.CHOSEN if jobs_only else ExportScope.FILES if with_files else ExportScope.CLOSURE


def _preview(call: Call, wanted: ExportBody, lines: int | None) -> None:
    with platform(call) as there:
        found = there.ask(exports.preview_export, wanted)
        if call.json:
            call.out.value(_whole(there, found))
        else:
            _show_preview(call.out, there, found, lines)


def _whole(there: Client, found: exports.ExportPreviewAnswer) -> dict[str, Any]:
    """A preview as one value, with all its pages."""
    return {
        "chosen": found.chosen,
        "bytes": found.bytes,
        "objects": there.all(exports.show_leaving, found.id, exports.LeavingQuery()),
        "needs": there.all(exports.show_staying, found.id, exports.StayingQuery()),
        "left_out": there.all(exports.show_left_out, found.id),
        "deletions": there.all(exports.show_gone, found.id),
        "note": found.note,
    }


def _produce(call: Call, wanted: BackgroundExportBody) -> None:
    """Has it made on the platform, and waits for its end.

    Raises:
        Refused: it failed; its record stays in the download center.
    """
    with platform(call) as there, progress("export", call.out.say) as shown:
        record = made(there, there.ask(begin_export, wanted).task_id, shown)
    call.out.value(record)
    show_record(call, record)


def _write(call: Call, wanted: ExportBody, output: str | None) -> None:
    if output is None:
        raise _bad_call("say where the package goes", "add -o FILE, or -o - for stdout")
    with (
        destination(call, output, f"{call.workspace_name}.zip") as (file, write),
        platform(call) as there,
        progress("export", call.out.say) as shown,
        there.stream(export_package, wanted) as (headers, chunks),
    ):
        size = 0
        for chunk in chunks:
            write(chunk)
            size += len(chunk)
            shown.note(size)
        told = _told(headers, file, size)
    _show_export(call, told)


def _told(headers: Mapping[str, str], output: str, size: int) -> dict[str, Any]:
    left_out = headers.get("X-Jobferry-Left-Out")
    return {
        "file": output,
        "size": size,
        "digest": headers.get("X-Jobferry-Package-Digest", ""),
        "objects": int(headers.get("X-Jobferry-Objects", "0")),
        "left_out": json.loads(unquote(left_out)) if left_out else [],
        "deletions": int(headers.get("X-Jobferry-Deletions", "0")),
        "note": unquote(headers.get("X-Jobferry-Note", "")),
    }


def _show_export(call: Call, told: dict[str, Any]) -> None:
    out, say = call.out, call.out.say
    out.value(told)
    tell = out.note if told["file"] == STDOUT else out.line
    if told["file"] != STDOUT:
        tell(say("wrote {file}: {count} objects", file=told["file"], count=told["objects"]))
    tell(say("digest: {digest}", digest=told["digest"]))
    if told["deletions"]:
        tell(say("{count} deletions", count=told["deletions"]))
    if told["note"]:
        tell(told["note"])
    if told["left_out"]:
        tell(say("{count} left out, because they were never submitted:", count=len(told["left_out"])))
        tell("  " + ", ".join(told["left_out"]))


def _bad_call(message: str, hint: str) -> InvalidRequest:
    return InvalidRequest(ErrorCode.MISSING_VALUE, message, hint=hint)


def extents_said(
    *, full: bool, since_last: bool, span: tuple[str | None, str | None], receipt: Path | None
) -> list[ExtentBody]:
    """Every extent that was said; only one makes sense.

    Raises:
        InvalidRequest: a time is none, an end is said without a beginning, or the receipt is no JSON.
        NotFound: the receipt's file cannot be read.
    """
    since, until = span
    said: list[ExtentBody] = []
    if full:
        said.append(ExtentBody(kind=ExtentKind.FULL))
    if since_last:
        said.append(ExtentBody(kind=ExtentKind.LAST))
    if since is not None:
        ends = moment(until or "", "--until") or 0
        said.append(ExtentBody(kind=ExtentKind.RANGE, since=moment(since, "--since") or 0, until=ends))
    elif until is not None:
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            "--until gives the end of a range, but no --since gives its beginning",
            subject="--until",
            hint="add --since TIME",
        )
    if receipt is not None:
        said.append(ExtentBody(kind=ExtentKind.RECEIPT, receipt=_read(receipt)))
    return said


def _read(file: Path) -> dict[str, Any]:
    from jobferry.cli.files import json_value, text_of

    try:
        found = json_value(text_of(file))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise InvalidRequest(
            ErrorCode.RECEIPT_INVALID,
            sentence("the file {file} is no receipt", file=file),
            subject=str(file),
            hint="write one where the package was imported: `jobferry receipt show ID -o FILE`",
        )
    return found


def _show_preview(out: Out, there: Client, found: exports.ExportPreviewAnswer, lines: int | None) -> None:
    """Prints what is chosen, what comes along through which reference, and what is needed there."""
    say, limit = out.say, line_limit(lines)
    mebibytes = f"{found.bytes / 1024 / 1024:.1f} MiB"
    out.line(
        say("would export {count} objects, {size} unpacked", count=found.objects, size=mebibytes), "bold"
    )

    def listed(heading: str, count: int, page: Callable[..., Any], *query: Any) -> None:
        if count:
            items = there.newest(limit, page, found.id, *query).items if limit else []
            show_listed(out, heading, [_object(out, item) for item in items], count, lines)

    chosen, others = exports.LeavingQuery(chosen=True), exports.LeavingQuery(chosen=False)
    listed("chosen", found.chosen, exports.show_leaving, chosen)
    listed("comes along", found.objects - found.chosen, exports.show_leaving, others)
    listed("needed where it arrives", found.needs, exports.show_staying, exports.StayingQuery())
    listed("gone here", found.deletions, exports.show_gone)
    if found.note:
        out.line(found.note)
    listed("left out, never submitted", found.left_out, exports.show_left_out)


def _object(out: Out, thing: LeavingAnswer | StayingAnswer | Deletion | str) -> str:
    match thing:
        case LeavingAnswer(version=number, through=use):
            version = f" v{number}" if number else ""
            return subject(thing.kind, thing.name, out.say) + version + _used(out, use)
        case StayingAnswer(workspace=workspace, through=use):
            name = f"{workspace}/{thing.name}" if workspace else thing.name
            return subject(thing.kind, name, out.say) + _used(out, use)
        case Deletion():
            return subject(thing.kind, thing.name, out.say)
        case _:
            return thing


def _used(out: Out, use: UseAnswer | None) -> str:
    if use is None:
        return ""
    by = subject(use.kind, use.name, out.say)
    if not use.path:  # somewhere in the text, as environment variables are
        return "  " + out.say("used by {object}", object=by)
    return "  " + out.say("used by {object} at {path}", object=by, path=use.path)
