"""job: see, make, change, start and stop the jobs of a workspace."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from jobferry.api.native.objects import (
    ObjectAnswer,
    SaidApproval,
    SaidEditing,
    SavedAnswer,
    create_object,
    delete_object,
    list_objects,
    show_document,
    start_job,
    stop_job,
    update_object,
)
from jobferry.cli import files
from jobferry.cli.asking import Yes, confirm_deletion
from jobferry.cli.call import Call, command, group
from jobferry.cli.commands.versions import submit_job
from jobferry.cli.session import ask, ask_all
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.kinds import Engine, ObjectKind
from jobferry.sentences import sentence

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


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    jobs = group(app, "job", "The jobs of a workspace.")
    command(jobs, "list")(list_jobs)
    command(jobs, "show")(show)
    command(jobs, "create")(create)
    command(jobs, "edit")(edit)
    command(jobs, "delete")(delete)
    command(jobs, "start")(start)
    command(jobs, "stop")(stop)
    command(jobs, "submit")(submit_job)


def list_jobs(call: Call) -> None:
    """List the workspace's jobs."""
    call.listed(
        ("name", "state", "live", "directory", "held", "locked by"),
        ask_all(call, list_objects, ObjectKind.JOB),
        lambda job: (
            job.name,
            job.state or "",
            f"v{job.live_version}" if job.live_version else "-",
            job.directory,
            ", ".join(job.held),
            job.locked_by,
        ),
    )


def show(call: Call, name: Name, *, version: Version = None, etag: Etag = False) -> None:
    """Print a job's document, exactly as it is stored."""
    found = ask(call, show_document, ObjectKind.JOB, name, version=version or "")
    if etag:
        call.out.note(f"etag: {found.etag}")
    text = found.text
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
    approval = SaidApproval(approver=tuple(approver or ()), note=note or "", publish=publish)
    text = files.document(file)
    _answer(call, ask(call, create_object, ObjectKind.JOB, text, approval, submit=not draft))


def edit(
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
    how = SaidEditing(
        take_lock=lock,
        if_match=_etag(if_match, name),
        approver=tuple(approver or ()),
        note=note or "",
        publish=publish,
    )
    text = files.document(file)
    _answer(call, ask(call, update_object, ObjectKind.JOB, name, text, how, submit=not draft))


def delete(call: Call, name: Name, approver: Approver = None, note: Note = None, yes: Yes = False) -> None:
    """Delete a job with its versions, or ask for that where a review is wanted."""
    confirm_deletion(call, "job", name, yes=yes)
    approval = SaidApproval(approver=tuple(approver or ()), note=note or "")
    waiting = ask(call, delete_object, ObjectKind.JOB, name, approval)
    if waiting is None:
        call.done({"name": name, "done": "deleted"}, f"{name}: deleted")
    else:
        call.done({"name": name, "review": waiting.review}, f"{name}: {_waits(call, waiting.review)}")


def start(call: Call, name: Name) -> None:
    """Start the scheduling of a job's live version."""
    job = ask(call, start_job, name)
    _scheduled(call, job, "started")
    if job.engine is Engine.NONE:
        call.out.note(call.out.say("no engine is attached to this platform: the state is kept, nothing runs"))


def stop(call: Call, name: Name) -> None:
    """Stop the scheduling of a job."""
    _scheduled(call, ask(call, stop_job, name), "stopped")


def _scheduled(call: Call, job: ObjectAnswer, done: str) -> None:
    answer = {"name": job.name, "done": done, "state": job.state, "engine": job.engine}
    call.done(answer, f"{job.name}: {done}")


def _answer(call: Call, job: SavedAnswer) -> None:
    waits = f"; {_waits(call, job.review)}" if job.review else ""
    call.done(job, f"{job.name}: " + (f"v{job.live_version}" if job.live_version else "draft") + waits)


def _waits(call: Call, review: str) -> str:
    return call.out.say("waits for review {id}", id=review)


def _etag(said: str | None, name: str) -> str:
    """An entity tag as HTTP has it; empty for none."""
    if said is None:
        return ""
    etag = said.strip().strip('"')
    if not _ETAG.fullmatch(etag):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("--if-match is {said}, which is no ETag", said=repr(said)),
            subject="--if-match",
            hint=sentence("use the one that `jobferry job show {name} --etag` prints", name=name),
        )
    return f'"{etag}"'
