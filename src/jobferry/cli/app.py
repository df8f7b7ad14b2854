"""The program ``jobferry``: its commands, and how every call of it ends."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType
from typing import Annotated, Any

import typer

from jobferry.cli.call import Call, alone, explain
from jobferry.cli.environment import refuse_unknown
from jobferry.cli.problems import DONE, INTERRUPTED, TERMINATED, report
from jobferry.cli.show.out import BROKEN_PIPE

_ABOUT = """Carry data-pipeline jobs between platforms whose networks never meet.

Commands work on the platform at --server, or in the folder --data, or where jobferry login says, or in
this user's own data folder. Exit codes: 0 done, 1 our bug, 2 bad call, 3 blocked, 4 not found, 5 conflict,
6 a service is unreachable, 7 package refused, 8 not allowed, 9 done in part, 10 differs, 11 not verified.
"""

_COMMANDS = {
    "check": "imports",
    "import": "imports",
    "plan": "plans",
    "apply": "plans",
    "undo": "imports",
    "export": "exports",
    "inspect": "packages",
    "diff": "packages",
    "download": "downloads",
    "change": "audit",
    "batch-package": "batch_packages",
    "graph": "graph",
    "uses": "graph",
    "job": "jobs",
    "script": "versions",
    "lock": "locks",
    "tag": "tags",
    "version": "versions",
    "receipt": "receipts",
    "task": "tasks",
    "connection": "connections",
    "inventory": "inventory",
    "variable": "variables",
    "workspace": "workspaces",
    "review": "reviews",
    "release": "releases",
    "setting": "workspaces",
    "init": "serve",
    "serve": "serve",
    "credentials": "serve",
    "login": "login",
    "logout": "login",
    "demo": "demo",
    "user": "users",
    "token": "credentials",
    "key": "credentials",
    "member": "members",
    "policy": "members",
    "route": "routes",
    "audit": "audit",
    "notice": "audit",
}
"""Every command or group, and the module of ``commands`` that adds it."""


def program(arguments: Sequence[str]) -> typer.Typer:
    """The program with the commands that the arguments may mean; making all of them takes a while."""
    app = typer.Typer(
        name="jobferry",
        help=_ABOUT,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"max_content_width": 110},
    )
    alone(app)(_alone)
    named = {_COMMANDS[word]: None for word in arguments if word in _COMMANDS}
    for module in named or dict.fromkeys(_COMMANDS.values()):
        import_module(f"jobferry.cli.commands.{module}").add_to(app)
    return app


def run(arguments: Sequence[str]) -> int:
    """Carries one call out and gives its exit code; whatever happens is said in words."""
    signal.signal(signal.SIGTERM, _terminated)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    said = list(arguments) or ["--help"]
    try:
        refuse_unknown()
        ended: Any = program(said)(args=said, prog_name="jobferry", standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return BROKEN_PIPE
    except Exception as error:
        return report(error, as_json="--json" in said, language=Call(language=_language(said)).spoken)
    return ended if isinstance(ended, int) else DONE


def _language(arguments: Sequence[str]) -> Any:
    """What ``--language`` says, as far as that can be told of a call that may not be read at all."""
    for place, argument in enumerate(arguments):
        if argument.startswith("--language="):
            return argument.partition("=")[2]
        if argument == "--language":
            return "".join(arguments[place + 1 : place + 2])
    return None


def _alone(
    ctx: typer.Context,
    call: Call,
    *,
    version: Annotated[bool, typer.Option("--version", help="Print this program's version.")] = False,
) -> None:
    """Prints the version, or what the program can do."""
    if not version:
        explain(ctx, call)
        return
    from importlib.metadata import version as installed

    found = installed("jobferry")
    call.done({"version": found}, f"jobferry {found}")


def _terminated(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(TERMINATED)
