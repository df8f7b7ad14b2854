"""version, submit: what was submitted of jobs and scripts; version alone is this program's."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from jobferry.cli.call import Call, command, default, group
from jobferry.cli.commands.people.own import done, when
from jobferry.cli.options import said
from jobferry.cli.problems import BLOCKED
from jobferry.cli.session import platform

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
    done(call, {"version": found}, f"jobferry {found}")


def list_versions(call: Call, name: Name, script: Script = False) -> None:
    """List the versions that are kept, newest first."""
    from jobferry.cli.client import at

    with platform(call) as api:
        items = api.get(at("workspaces", call.workspace_name, "versions", _kind(script), name))["items"]
    if call.json:
        call.out.value(items)
        return
    rows = [
        (
            f"v{one['number']}",
            _state(call, one),
            one["submitted_by"],
            when(one["submitted_at"]),
            one["note"] or one["import_id"],
        )
        for one in items
    ]
    call.out.table(("version", "state", "by", "when", "note"), rows)


def show(call: Call, name: Name, number: Number, script: Script = False) -> None:
    """Print a version's document, exactly as it was submitted."""
    from jobferry.cli.client import at

    with platform(call) as api:
        path = at("workspaces", call.workspace_name, "documents", _kind(script), name)
        text = api.document(path, version=number)
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
    from jobferry.cli.client import at

    with platform(call) as api:
        path = at("workspaces", call.workspace_name, "differences", _kind(script), name)
        items = api.get(path, former=number, latter=other)["items"]
    if call.json:
        call.out.value(items)
        return BLOCKED if items else None
    for one in items:
        _tell(call, one)
    return BLOCKED if items else None


def roll_back(call: Call, name: Name, number: Number, script: Script = False, lock: TakeLock = False) -> None:
    """Make a version's text the draft; name, place and what is live stay."""
    from jobferry.cli.client import at

    body = json.dumps({"version": number}).encode()
    with platform(call) as api:
        path = at("workspaces", call.workspace_name, "rollbacks", _kind(script), name)
        item = api.send("POST", path, body, take_lock=_flag(lock))
    done(call, item, f"{name}: {call.out.say('draft')} = v{number}")


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
    from jobferry.cli.client import at

    asked = said(approver=approver or None, note=note, publish="true" if publish else None)
    with platform(call) as api:
        path = at("workspaces", call.workspace_name, "submits", _kind(script), name)
        item = api.send("POST", path, b"", take_lock=_flag(lock), **asked)
    if item["review"]:
        line = call.out.say("waits for review {id}", id=item["review"])
    else:
        line = f"v{item['last_version']}"
    done(call, item, f"{name}: {line}")


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
