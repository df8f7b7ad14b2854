"""The program ``jobferry``: its commands, and how every call of it ends."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any

import typer

from jobferry.cli.call import Call, default
from jobferry.cli.commands import (
    demo,
    exporting,
    importing,
    jobs,
    receipts,
    serving,
    signing,
    surroundings,
    workspaces,
)
from jobferry.cli.problems import DONE, INTERRUPTED, TERMINATED, report
from jobferry.cli.show.out import BROKEN_PIPE

_ABOUT = """Carry data-pipeline jobs between platforms whose networks never meet.

Commands work on the platform at --server, or in the folder --data, or where jobferry login says, or in
this user's own data folder. Exit codes: 0 done, 1 our bug, 2 bad call, 3 blocked, 4 not found, 5 conflict,
6 a border is down, 7 package refused, 8 not allowed.
"""

app = typer.Typer(
    name="jobferry", help=_ABOUT, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False
)


@default(app)
def _help(call: Call) -> None:
    """Shows what there is, when nothing is asked for."""
    call.out.line("usage: jobferry COMMAND; see jobferry --help")


for _commands in (
    importing,
    exporting,
    jobs,
    receipts,
    surroundings,
    workspaces,
    serving,
    signing,
    demo,
):
    _commands.add_to(app)


def run(arguments: Sequence[str]) -> int:
    """Carries one call out and gives its exit code; whatever happens is said in words."""
    signal.signal(signal.SIGTERM, _terminated)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        ended: Any = app(args=list(arguments), prog_name="jobferry", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except typer.Abort:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return BROKEN_PIPE
    except Exception as error:
        return report(error, as_json="--json" in arguments)
    return ended if isinstance(ended, int) else DONE


def _terminated(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(TERMINATED)
