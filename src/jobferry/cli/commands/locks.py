"""lock: who may change which jobs and scripts."""

from __future__ import annotations

from typing import Annotated

import typer

from jobferry.api.native import locks as api
from jobferry.cli.call import Call, command, group
from jobferry.cli.problems import CONFLICT, DONE, DONE_IN_PART
from jobferry.cli.session import ask, ask_all
from jobferry.cli.show.out import when
from jobferry.model.kinds import ObjectKind

Names = Annotated[list[str], typer.Argument(metavar="NAME...", help="Jobs, or with --script scripts.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="A job, or with --script a script.")]
Script = Annotated[bool, typer.Option("--script", help="It is about scripts, not jobs.")]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    locks = group(app, "lock", "Who may change which jobs and scripts.")
    command(locks, "list")(list_locks)
    command(locks, "take")(take)
    command(locks, "release")(release)


def list_locks(
    call: Call,
    holder: Annotated[str, typer.Option("--holder", metavar="USER", help="Only this user's.")] = "",
    script: Script = False,
) -> None:
    """List what is locked, by whom, since when."""
    call.listed(
        ("name", "locked by", "since"),
        ask_all(call, api.list_locks, _kind(script), holder=holder),
        lambda held: (held.name, held.locked_by, when(held.locked_at)),
    )


def take(call: Call, name: Name, script: Script = False) -> None:
    """Take a lock, so that you may change the object; who held it is told."""
    taken = ask(call, api.take_lock, _kind(script), name)
    call.done(taken, f"{name}: {call.out.say('locked by')} {taken.locked_by}")


def release(call: Call, names: Names, script: Script = False) -> int:
    """Release locks; those that you may not release are named, and the others released."""
    items = [api.LockedThing(kind=_kind(script), name=name) for name in names]
    released = ask(call, api.release_locks, api.ReleaseRequest(items=items))
    call.out.value(released)
    _tell(call, released)
    if not released.refused:
        return DONE
    return DONE_IN_PART if released.unlocked else CONFLICT


def _tell(call: Call, released: api.ReleaseAnswer) -> None:
    for unlocked in released.unlocked:
        call.out.line(f"{unlocked.name}: {call.out.say('unlocked')}")
    if call.json:
        return
    for refusal in released.refused:
        call.out.note(f"{refusal.message}: {refusal.hint}")


def _kind(script: bool) -> ObjectKind:
    return ObjectKind.SCRIPT if script else ObjectKind.JOB
