"""download: the download center."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, Literal, ParamSpec

import typer

from jobferry.api.calls import Package
from jobferry.api.native import downloads as api
from jobferry.cli import ids
from jobferry.cli.asking import Yes, confirm
from jobferry.cli.call import Call, command, group
from jobferry.cli.files import STDOUT, Output, destination
from jobferry.cli.ids import ask_about, short
from jobferry.cli.listing import ListOptions, ask_list
from jobferry.cli.options import moment
from jobferry.cli.problems import Refused
from jobferry.cli.session import ask, platform
from jobferry.cli.show.out import when
from jobferry.cli.show.progress import Progress, progress
from jobferry.cli.waiting import ended
from jobferry.cli.words import Say
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.download import DownloadKind

if TYPE_CHECKING:
    from jobferry.cli.client import Client

P = ParamSpec("P")

_CONFLICT = 409

Id = Annotated[str, typer.Argument(metavar="ID", help="The record's id, or its beginning.")]
Kind = Annotated[DownloadKind | None, typer.Option("--kind", help="Only this kind of export.")]
Status = Annotated[
    Literal["running", "successful", "failed", "cancelled"] | None,
    typer.Option("--status", help="How they stand."),
]
Operator = Annotated[str | None, typer.Option("--operator", metavar="USER", help="Who exported.")]
Search = Annotated[
    str | None,
    typer.Option("--search", metavar="TEXT", help="A piece of file name, subject, user, place or reason."),
]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    downloads = group(app, "download", "The download center, which keeps what was exported.")
    command(downloads, "list")(list_downloads)
    command(downloads, "show")(show)
    command(downloads, "get")(get)
    command(downloads, "delete")(delete)


@dataclass(frozen=True)
class DownloadChoice:
    """Which exports are listed."""

    kind: Kind = None
    status: Status = None
    operator: Operator = None
    search: Search = None
    file_name: Annotated[
        str, typer.Option("--file", metavar="PIECE", help="Only those with this in the file's name.")
    ] = ""
    path: Annotated[
        str,
        typer.Option("--path", metavar="PIECE", help="Only those with this in their place."),
    ] = ""
    since: Annotated[
        str, typer.Option("--since", metavar="TIME", help="2026-11-21 or 2026-11-21T12:00, local time.")
    ] = ""
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="Not included.")] = ""


def list_downloads(call: Call, said: ListOptions, choice: DownloadChoice) -> None:
    """List exports, newest first: your own, or all if you run the workspace."""
    query = api.DownloadQuery(
        kind=choice.kind,
        status=TaskStatus(choice.status.upper()) if choice.status else None,
        operator=choice.operator or "",
        search=choice.search or "",
        file_name=choice.file_name,
        path=choice.path,
        since=moment(choice.since, "--since"),
        until=moment(choice.until, "--until"),
    )
    found = ask_list(call, said, api.list_downloads, query).items
    call.listed(
        ("download", "when", "who", "kind", "state", "file", "size"),
        found,
        lambda record: _row(record, call.out.say),
        name=attrgetter("id"),
    )


def show(call: Call, download: Id) -> None:
    """Show one record: what was exported, where it is, and why it failed if it did."""
    found = ask_about(call, download, ids.downloads, api.show_download)
    call.out.value(found)
    show_record(call, found)


def get(
    call: Call,
    download: Id,
    output: Output,
) -> None:
    """Fetch a package that is kept here."""
    record = ask_about(call, download, ids.downloads, api.show_download)
    saved(call, output, record.file_name, api.download, record.id)


def delete(call: Call, download: Id, yes: Yes = False) -> None:
    """Delete a record with its package; it cannot be downloaded any more."""
    record = ask_about(call, download, ids.downloads, api.show_download)
    confirm(call, call.out.say("delete {download} and its package?", download=record.file_name), yes=yes)
    ask(call, api.delete_download, record.id)
    call.out.value({"deleted": record.id})


def saved(
    call: Call,
    output: str,
    usual: str,
    run: Callable[Concatenate[Any, P], Package],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Writes a package that a function of the API answers with into a file or stdout, and says so."""
    with (
        destination(call, output, usual) as (file, write),
        platform(call) as there,
        progress("download", call.out.say) as shown,
        there.stream(run, *args, **kwargs) as (headers, chunks),
    ):
        size = 0
        for chunk in chunks:
            write(chunk)
            size += len(chunk)
            shown.note(size)
        digest = headers.get("X-Jobferry-Package-Digest", "")
    call.out.value({"file": file, "size": size, "digest": digest})
    if file != STDOUT:
        call.out.line(call.out.say("wrote {file}", file=file))


def show_record(call: Call, record: api.DownloadAnswer) -> None:
    """Prints a record."""
    out, say = call.out, call.out.say
    out.line(f"{record.file_name}  {say(record.status.lower())}", "bold")
    told = {
        "download": record.id,
        "about": record.subject,
        "who": record.operator,
        "when": when(record.started_at),
        "objects": str(record.objects),
        "size": str(record.size),
        "digest": record.digest,
        "place": record.place,
        "detail": record.reason,
        "good until": when(record.until) if record.available else "",
    }
    for heading, text in told.items():
        if text:
            out.line(f"  {say(heading)}: {text}")


def made(there: Client, task_id: str, shown: Progress) -> api.DownloadAnswer:
    """The record of an export in the background, once that is over.

    Raises:
        Refused: it failed or was cancelled; its record stays in the download center.
    """
    task = ended(there, task_id, shown)
    if task.status is not TaskStatus.SUCCESSFUL:
        raise Refused(_CONFLICT, {"code": task.code, "message": task.message, "subject": task_id})
    return there.ask(api.show_download, task_id)


def _row(record: api.DownloadAnswer, say: Say) -> tuple[str, ...]:
    state = "kept here" if record.available else record.status.lower()
    return (
        short(record.id),
        when(record.started_at),
        record.operator,
        say(record.kind),
        say(state),
        record.place or record.file_name,
        str(record.size),
    )
