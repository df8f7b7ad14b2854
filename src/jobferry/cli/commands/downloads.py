"""downloads: the download center."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from jobferry.cli.call import Call, at, command, default, group
from jobferry.cli.files import new_file
from jobferry.cli.problems import Refused
from jobferry.cli.session import ask_path, platform
from jobferry.cli.show.out import when
from jobferry.cli.show.progress import Progress, progress
from jobferry.errors import ErrorCode, InvalidRequest

if TYPE_CHECKING:
    from jobferry.cli.remote import Api


_CONFLICT = 409

Id = Annotated[str, typer.Argument(metavar="ID", help="The record's id.")]
Kind = Annotated[str | None, typer.Option("--kind", metavar="KIND", help="Only this kind of export.")]
Status = Annotated[
    Literal["running", "successful", "failed"] | None, typer.Option("--status", help="How they stand.")
]
Operator = Annotated[str | None, typer.Option("--operator", metavar="USER", help="Who exported.")]
Search = Annotated[
    str | None,
    typer.Option("--search", metavar="TEXT", help="A piece of file name, subject, user, place or reason."),
]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    downloads = group(app, "downloads", "The download center: what was exported; alone, lists the records.")
    default(downloads)(_list_all)
    command(downloads, "list")(list_downloads)
    command(downloads, "show")(show)
    command(downloads, "get")(get)
    command(downloads, "delete")(delete)


def _list_all(call: Call) -> None:
    list_downloads(call)


def list_downloads(
    call: Call, kind: Kind = None, status: Status = None, operator: Operator = None, search: Search = None
) -> None:
    """List exports, newest first: your own, or all if you run the workspace."""
    wanted = {"kind": kind, "status": status and status.upper(), "operator": operator, "search": search}
    items = ask_path(call, "all", call.at("downloads"), **wanted)
    call.listed(("download", "when", "who", "kind", "state", "file", "size"), items, _row)


def show(call: Call, download: Id) -> None:
    """Show one record: what was exported, where it is, and why it failed if it did."""
    found = ask_path(call, "get", call.at("downloads", download))
    call.out.value(found)
    show_record(call, found)


def get(
    call: Call,
    download: Id,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Where the package goes.")],
) -> None:
    """Fetch a package that is kept here."""
    saved(call, call.at("downloads", download, "package"), output)


def delete(
    call: Call,
    download: Id,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Delete a record with its package; it cannot be downloaded any more."""
    question = call.out.say("delete {download} and its package?", download=download)
    if not yes:
        if call.json:
            raise InvalidRequest(ErrorCode.MISSING_VALUE, "nobody can be asked with --json", hint="say --yes")
        typer.confirm(question, abort=True, err=True)
    ask_path(call, "delete", call.at("downloads", download))
    call.out.value({"deleted": download})


def saved(call: Call, path: str, output: Path) -> None:
    """Writes a package that lies at a path of the API into a file, and says so."""
    with (
        new_file(output) as write,
        platform(call) as api,
        progress("download") as shown,
        api.fetched(path) as (headers, chunks),
    ):
        size = 0
        for chunk in chunks:
            write(chunk)
            size += len(chunk)
            shown.note(size)
        digest = headers.get("X-Jobferry-Package-Digest", "")
    call.done(
        {"file": str(output), "size": size, "digest": digest}, call.out.say("wrote {file}", file=output)
    )


def show_record(call: Call, found: dict[str, Any]) -> None:
    """Prints a record."""
    out, say = call.out, call.out.say
    out.line(f"{found['file_name']}  {say(found['status'].lower())}", "bold")
    told = {
        "download": found["id"],
        "about": found["subject"],
        "who": found["operator"],
        "when": when(found["started_at"]),
        "objects": str(found["objects"]),
        "size": str(found["size"]),
        "digest": found["digest"],
        "place": found["place"],
        "detail": found["reason"],
        "good until": when(found["until"]) if found["available"] else "",
    }
    for heading, text in told.items():
        if text:
            out.line(f"  {say(heading)}: {text}")


def made(api: Api, call: Call, task_id: str, shown: Progress) -> dict[str, Any]:
    """The record of an export in the background, once that is over.

    Raises:
        Refused: it failed; its record stays in the download center.
    """
    task: dict[str, Any] = {"status": "RUNNING"}
    while task["status"] == "RUNNING":
        task = api.get(at("tasks", task_id), wait=api.patience)
        shown.note(task["done"], task["total"] or None)
    if task["status"] == "FAILED":
        told = {"code": task["code"], "message": task["message"], "subject": task_id}
        raise Refused(_CONFLICT, told)
    found: dict[str, Any] = api.get(call.at("downloads", task_id))
    return found


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    state = "kept here" if one["available"] else one["status"].lower()
    return (
        one["id"],
        when(one["started_at"]),
        one["operator"],
        one["kind"],
        state,
        one["place"] or one["file_name"],
        str(one["size"]),
    )
