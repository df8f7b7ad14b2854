"""Asking first: before an import, an undo or a deletion a person at a terminal is asked.

Nobody is asked off a terminal, with ``--json`` or with ``--yes``, so that scripts run as they are written.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from jobferry.cli.call import Call
from jobferry.cli.problems import BLOCKED

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask first.")]


def confirm(call: Call, question: str, *, yes: bool) -> None:
    """Goes on if that is wanted.

    Raises:
        typer.Exit: it is not; nothing was done.
        typer.Abort: the question was interrupted.
    """
    if yes or call.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    if not typer.confirm(question, err=True):
        call.out.note(call.out.say("nothing was done"))
        raise typer.Exit(BLOCKED)


def confirm_deletion(call: Call, kind: str, name: str, *, yes: bool) -> None:
    """The same about deleting a thing of a kind."""
    confirm(call, call.out.say("delete the {kind} {name}?", kind=call.out.say(kind), name=name), yes=yes)
