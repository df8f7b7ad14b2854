"""version, submit: what was submitted of jobs and scripts; version alone is this program's."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from jobferry.cli.call import Call, command, default, group
from jobferry.cli.options import said
from jobferry.cli.problems import BLOCKED
from jobferry.cli.session import ask_path
from jobferry.cli.show.out import when

Name = Annotated[str, typer.Argument(metavar="NAME", help="A job, or with --script a script.")]
Script = Annotated[bool, typer.Option("--script", help="It is about a script, not a job.")]
Number = Annotated[int, typer.Argument(metavar="N", help="The version's number.")]
TakeLock = Annotated[bool, typer.Option("--lock", help="Take its lock with it, if nobody holds it.")]
Approver = Annotated[
    list[str] | None,
    typer.Option("--approver", metavar="NAME", help="Who is asked where a review is wanted; repeat it."),
]


def add_to(app: typer.Typer) -> None:
    """Adds the group and the command."""
    versions = group(app, "version", "What was submitted of a job or script; alone, this program's version.")
    default(versions)(of_program)
    command(versions, "list")(list_versions)
    command(versions, "show")(show)
    command(versions, "diff")(diff)
    command(versions, "rollback")(roll_back)
    command(app, "submit")(submit)


def of_program(call: Call) -> None:
    """Show this program's version."""
    from importlib.metadata import version as installed

    found = installed("jobferry")
    call.done({"version": found}, f"jobferry {found}")


def list_versions(call: Call, name: Name, script: Script = False) -> None:
    """List the versions that are kept, newest first."""
    items = ask_path(call, "get", call.at("versions", _kind(script), name))["items"]
    call.listed(
        ("version", "state", "by", "when", "note"),
        items,
        lambda item: (
            f"v{item['number']}",
            _state(call, item),
            item["submitted_by"],
            when(item["submitted_at"]),
            item["note"] or item["import_id"],
        ),
    )


def show(call: Call, name: Name, number: Number, script: Script = False) -> None:
    """Print a version's document, exactly as it was submitted."""
    text = ask_path(call, "document", call.at("documents", _kind(script), name), version=number)
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
    """Show what differs between a version and the draft, or another version; exit code 3 if anything does."""
    items = ask_path(call, "get", call.at("differences", _kind(script), name), former=number, latter=other)[
        "items"
    ]
    call.out.value(items)
    for one in items:
        _tell(call, one)
    return BLOCKED if items else None


def roll_back(call: Call, name: Name, number: Number, script: Script = False, lock: TakeLock = False) -> None:
    """Make a version's text the draft; name, place and what is live stay."""
    body = json.dumps({"version": number}).encode()
    item = ask_path(
        call, "send", "POST", call.at("rollbacks", _kind(script), name), body, take_lock=_flag(lock)
    )
    call.done(item, f"{name}: {call.out.say('draft')} = v{number}")


def submit(
    call: Call,
    name: Name,
    *,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="What changed; at most 128 characters.")
    ] = None,
    script: Script = False,
    lock: TakeLock = False,
    approver: Approver = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Put it live without review; for owner and administrators.")
    ] = False,
) -> None:
    """Make the draft of a job or script its next version."""
    asked = said(approver=approver or None, note=note, publish="true" if publish else None)
    item = ask_path(
        call, "send", "POST", call.at("submits", _kind(script), name), b"", take_lock=_flag(lock), **asked
    )
    if item["review"]:
        line = call.out.say("waits for review {id}", id=item["review"])
    else:
        line = f"v{item['last_version']}"
    call.done(item, f"{name}: {line}")


def _state(call: Call, one: dict[str, Any]) -> str:
    if one["live"]:
        return call.out.say("live")
    return call.out.say("undone") if one["undone"] else ""


def _tell(call: Call, one: dict[str, Any]) -> None:
    call.out.line(one["path"] or "/", "bold")
    call.out.quoted(one["lines"], "  ")
    if one["lines"]:
        return
    if one["in_former"]:
        call.out.line(f"  - {json.dumps(one['former'], ensure_ascii=False)}", "red")
    if one["in_latter"]:
        call.out.line(f"  + {json.dumps(one['latter'], ensure_ascii=False)}", "green")


def _kind(script: bool) -> str:
    return "script" if script else "job"


def _flag(value: bool) -> str:
    return "true" if value else "false"
