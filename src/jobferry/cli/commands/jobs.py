"""jobs: see, make, change, start and stop the jobs of a workspace."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from jobferry.cli import files
from jobferry.cli.call import Call, command, default, group
from jobferry.cli.options import said
from jobferry.cli.session import ask
from jobferry.errors import ErrorCode, InvalidRequest

Name = Annotated[str, typer.Argument(metavar="NAME", help="The job's name.")]
File = Annotated[str, typer.Argument(metavar="FILE", help="The job's document; - is stdin.")]
Draft = Annotated[bool, typer.Option("--draft", help="Save only; do not submit.")]
Approver = Annotated[
    list[str] | None,
    typer.Option("--approver", metavar="NAME", help="Who is asked where a review is wanted; repeat it."),
]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="What approvers are told.")]
Publish = Annotated[
    bool, typer.Option("--publish", help="Put it live without review; for owner and administrators.")
]
TakeLock = Annotated[bool, typer.Option("--lock", help="Take the job's lock with it, if nobody holds it.")]
IfMatch = Annotated[
    str | None,
    typer.Option("--if-match", metavar="ETAG", help="Save only if the draft is still the one of this ETag."),
]
Etag = Annotated[bool, typer.Option("--etag", help="Say the document's ETag on stderr.")]
Version = Annotated[
    str | None, typer.Option("--version", metavar="N|live", help="A submitted version, not the draft.")
]

_ETAG = re.compile("[0-9a-f]{64}")
_DONE = {"start": "started", "stop": "stopped"}


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    jobs = group(app, "jobs", "The jobs of a workspace; alone, lists them.")
    default(jobs)(list_jobs)
    command(jobs, "list")(list_jobs)
    command(jobs, "show")(show)
    command(jobs, "create")(create)
    command(jobs, "update")(update)
    command(jobs, "delete")(delete)
    command(jobs, "start")(start)
    command(jobs, "stop")(stop)


def list_jobs(call: Call) -> None:
    """List the workspace's jobs."""
    items = ask(call, "all", call.at("objects", "job"))
    call.listed(
        ("name", "state", "live", "directory", "held", "locked by"),
        items,
        lambda item: (
            item["name"],
            item.get("state") or "",
            f"v{item['live_version']}" if item["live_version"] else "-",
            item["directory"],
            ", ".join(item["held"]),
            item["locked_by"],
        ),
    )


def show(call: Call, name: Name, *, version: Version = None, etag: Etag = False) -> None:
    """Print a job's document, exactly as it is stored."""
    import hashlib

    text = ask(call, "document", call.at("documents", "job", name), version=version)
    if etag:
        call.out.note(f"etag: {hashlib.sha256(text).hexdigest()}")
    call.out.raw(text if text.endswith(b"\n") or not call.out.is_terminal else text + b"\n")


def create(
    call: Call,
    file: File,
    *,
    draft: Draft = False,
    approver: Approver = None,
    note: Note = None,
    publish: Publish = False,
) -> None:
    """Create a job from a document, and submit it."""
    text = files.document(file)
    asked = _approval(approver, note, publish=publish) | {"submit": _flag(not draft)}
    _answer(call, ask(call, "send", "POST", call.at("objects", "job"), text, **asked))


def update(
    call: Call,
    name: Name,
    file: File,
    *,
    draft: Draft = False,
    lock: TakeLock = False,
    if_match: IfMatch = None,
    approver: Approver = None,
    note: Note = None,
    publish: Publish = False,
) -> None:
    """Replace a job's document, and submit it; another name in the document renames the job.

    You have to hold the job's lock: jobferry lock take NAME, or --lock. What somebody saved since you read
    the job is overwritten, unless --if-match says what you read.
    """
    etag = _etag(if_match, name)
    text = files.document(file)
    asked = _approval(approver, note, publish=publish)
    asked |= {"submit": _flag(not draft), "take_lock": _flag(lock)}
    _answer(call, ask(call, "send", "PUT", call.at("objects", "job", name), text, if_match=etag, **asked))


def delete(call: Call, name: Name, approver: Approver = None, note: Note = None) -> None:
    """Delete a job with its versions, or ask for that where a review is wanted."""
    asked = _approval(approver, note, publish=False)
    waiting = ask(call, "delete", call.at("objects", "job", name), **asked)
    if waiting is None:
        call.done({"name": name, "done": "deleted"}, f"{name}: deleted")
    else:
        call.done({"name": name, **waiting}, f"{name}: {_waits(call, waiting['review'])}")


def start(call: Call, name: Name) -> None:
    """Start the scheduling of a job's live version."""
    _scheduling(call, name, "start")


def stop(call: Call, name: Name) -> None:
    """Stop the scheduling of a job."""
    _scheduling(call, name, "stop")


def _scheduling(call: Call, name: str, action: str) -> None:
    item = ask(call, "post", call.at("jobs", name, action))
    answer = {"name": name, "done": _DONE[action], "state": item["state"], "engine": item["engine"]}
    call.done(answer, f"{name}: {_DONE[action]}")
    if action == "start" and item["engine"] == "none":
        call.out.note(call.out.say("no engine is attached to this platform: the state is kept, nothing runs"))


def _answer(call: Call, item: dict[str, object]) -> None:
    call.out.value(item)
    live = item["live_version"]
    waits = f"; {_waits(call, str(item['review']))}" if item.get("review") else ""
    call.out.line(f"{item['name']}: " + (f"v{live}" if live else "draft") + waits)


def _waits(call: Call, review: str) -> str:
    return call.out.say("waits for review {id}", id=review)


def _approval(approver: list[str] | None, note: str | None, *, publish: bool) -> dict[str, Any]:
    return said(approver=approver or None, note=note, publish="true" if publish else None)


def _etag(said: str | None, name: str) -> str | None:
    etag = said.strip().strip('"') if said is not None else None
    if etag is not None and not _ETAG.fullmatch(etag):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            f"--if-match is {said!r}, which is no ETag",
            subject="--if-match",
            hint=f"use the one that jobferry jobs show {name} --etag says",
        )
    return etag


def _flag(value: bool) -> str:
    return "true" if value else "false"
