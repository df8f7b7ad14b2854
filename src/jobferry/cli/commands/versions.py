"""version: what was submitted of jobs and scripts, and submitting them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from jobferry.api.decoding import decoded
from jobferry.api.native import versions as api
from jobferry.api.native.objects import SaidEditing, show_document
from jobferry.cli.call import Call, command, group
from jobferry.cli.problems import DIFFERS
from jobferry.cli.session import ask
from jobferry.cli.show.out import when
from jobferry.model.kinds import ObjectKind

if TYPE_CHECKING:
    from jobferry.model.document.difference import Difference

Name = Annotated[str, typer.Argument(metavar="NAME", help="A job, or with --script a script.")]
Script = Annotated[bool, typer.Option("--script", help="It is about a script, not a job.")]
Number = Annotated[int, typer.Argument(metavar="N", help="The version's number.")]
TakeLock = Annotated[bool, typer.Option("--lock", help="Take its lock with it, if nobody holds it.")]
Approver = Annotated[
    list[str] | None,
    typer.Option("--approver", metavar="NAME", help="Who is asked where a review is wanted; repeat it."),
]


_NEWEST = 5
"""Versions that are shown with the job or script itself."""


@dataclass(frozen=True)
class SubmitChoices:
    """How a draft is submitted, of a job as of a script."""

    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="What changed; at most 128 characters.")
    ] = None
    lock: TakeLock = False
    approver: Approver = None
    publish: Annotated[
        bool, typer.Option("--publish", help="Put it live without review; for owner and administrators.")
    ] = False


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    versions = group(app, "version", "What was submitted of a job or script.")
    command(versions, "list")(list_versions)
    command(versions, "show")(show)
    command(versions, "diff")(diff)
    command(versions, "rollback")(roll_back)


def list_versions(call: Call, name: Name, script: Script = False) -> None:
    """List the versions that are kept, newest first."""
    call.listed(
        ("version", "state", "by", "when", "note"),
        ask(call, api.list_versions, _kind(script), name).items,
        lambda version: (
            f"v{version.number}",
            _state(call, version),
            version.submitted_by,
            when(version.submitted_at),
            version.note or version.import_id,
        ),
        name=attrgetter("number"),
    )


def show_newest_versions(call: Call, kind: ObjectKind, name: str) -> None:
    """Prints the newest versions of a job or script below what else is shown of it."""
    kept = ask(call, api.list_versions, kind, name).items
    if not kept:
        return
    out, say = call.out, call.out.say
    out.line(say("versions"), "bold")
    for version in kept[:_NEWEST]:
        told = (_state(call, version), version.submitted_by, when(version.submitted_at), version.note)
        out.line(f"  v{version.number}  {'  '.join(filter(None, told))}")
    if len(kept) > _NEWEST:
        out.line("  " + say("and {count} more", count=len(kept) - _NEWEST))


def show(call: Call, name: Name, number: Number, script: Script = False) -> None:
    """Print a version's document, exactly as it was submitted."""
    text = ask(call, show_document, _kind(script), name, version=str(number)).text
    call.out.raw(text if text.endswith(b"\n") or not call.out.is_terminal else text + b"\n")


def diff(
    call: Call,
    name: Name,
    number: Number,
    other: Annotated[
        int, typer.Argument(metavar="[N]", help="The version to compare with; else the draft.")
    ] = 0,
    script: Script = False,
) -> int | None:
    """Compare a version with the draft or another version; exit code 10 if anything differs."""
    found = ask(call, api.compare_versions, _kind(script), name, former=number, latter=other).items
    call.out.value(found)
    for difference in found:
        _tell(call, difference)
    return DIFFERS if found else None


def roll_back(call: Call, name: Name, number: Number, script: Script = False, lock: TakeLock = False) -> None:
    """Make a version's text the draft; name, place and what is live stay."""
    wanted = decoded(api.RollbackRequest, msgspec.json.encode({"version": number}))
    changed = ask(call, api.roll_back, _kind(script), name, wanted, SaidEditing(take_lock=lock))
    call.done(changed, f"{name}: {call.out.say('draft')} = v{number}")


def submit_job(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The job's name.")],
    chosen: SubmitChoices,
) -> None:
    """Make the draft of a job its next version."""
    _submit(call, ObjectKind.JOB, name, chosen)


def submit_script(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The script's name.")],
    chosen: SubmitChoices,
) -> None:
    """Make the draft of a script its next version."""
    _submit(call, ObjectKind.SCRIPT, name, chosen)


def _submit(call: Call, kind: ObjectKind, name: str, chosen: SubmitChoices) -> None:
    how = SaidEditing(
        take_lock=chosen.lock,
        approver=tuple(chosen.approver or ()),
        note=chosen.note or "",
        publish=chosen.publish,
    )
    saved = ask(call, api.submit_object, kind, name, how)
    if saved.review:
        line = call.out.say("waits for review {id}", id=saved.review)
    else:
        line = f"v{saved.last_version}"
    call.done(saved, f"{name}: {line}")


def _state(call: Call, version: api.VersionAnswer) -> str:
    if version.live:
        return call.out.say("live")
    return call.out.say("undone") if version.undone else ""


def _tell(call: Call, difference: Difference) -> None:
    call.out.line(difference.path or "/", "bold")
    call.out.quoted(call.out.translate_lines(difference.lines), "  ")
    if difference.lines:
        return
    if difference.in_former:
        call.out.line(f"  - {json.dumps(difference.former, ensure_ascii=False)}", "red")
    if difference.in_latter:
        call.out.line(f"  + {json.dumps(difference.latter, ensure_ascii=False)}", "green")


def _kind(script: bool) -> ObjectKind:
    return ObjectKind.SCRIPT if script else ObjectKind.JOB
