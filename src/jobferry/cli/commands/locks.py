"""lock: who may change which jobs and scripts."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jobferry.cli.call import Call, command, default, group
from jobferry.cli.problems import CONFLICT
from jobferry.cli.session import ask_path
from jobferry.cli.show.out import when

Names = Annotated[list[str], typer.Argument(metavar="NAME...", help="Jobs, or with --script scripts.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="A job, or with --script a script.")]
Script = Annotated[bool, typer.Option("--script", help="It is about scripts, not jobs.")]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    locks = group(app, "lock", "Who may change which jobs and scripts; alone, lists locked jobs.")
    default(locks)(list_locked_jobs)
    command(locks, "list")(list_locks)
    command(locks, "take")(take)
    command(locks, "release")(release)


def list_locked_jobs(call: Call) -> None:
    """List the jobs that are locked."""
    list_locks(call)


def list_locks(
    call: Call,
    holder: Annotated[str, typer.Option("--holder", metavar="USER", help="Only this user's.")] = "",
    script: Script = False,
) -> None:
    """List what is locked, by whom, since when."""
    items = ask_path(call, "all", call.at("locks"), kind=_kind(script), holder=holder)
    call.listed(
        ("name", "locked by", "since"),
        items,
        lambda item: (item["name"], item["locked_by"], when(item["locked_at"])),
    )


def take(call: Call, name: Name, script: Script = False) -> None:
    """Take a lock, so that you may change the object; who held it is told."""
    taken = ask_path(call, "post", call.at("locks", _kind(script), name))
    call.done(taken, f"{name}: {call.out.say('locked by')} {taken['locked_by']}")


def release(call: Call, names: Names, script: Script = False) -> int | None:
    """Release locks; those that you may not release are named, and the others released."""
    items = [{"kind": _kind(script), "name": name} for name in names]
    answer = ask_path(call, "post", call.at("locks", "release"), {"items": items})
    call.out.value(answer)
    _tell(call, answer)
    return CONFLICT if answer["refused"] else None


def _tell(call: Call, answer: dict[str, Any]) -> None:
    for one in answer["unlocked"]:
        call.out.line(f"{one['name']}: {call.out.say('unlocked')}")
    if call.json:
        return
    for refusal in answer["refused"]:
        call.out.note(f"{refusal['message']}: {refusal['hint']}")


def _kind(script: bool) -> str:
    return "script" if script else "job"
