"""The program ``jobferry``: its commands, and how every call of it ends."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from types import FrameType
from typing import Annotated, Any

import typer

from jobferry.cli.call import Call, alone, explain
from jobferry.cli.environment import refuse_unknown
from jobferry.cli.help import HelpGroup, summary
from jobferry.cli.problems import DONE, INTERRUPTED, TERMINATED, report
from jobferry.cli.show.out import BROKEN_PIPE
from jobferry.cli.summaries import SUMMARIES
from jobferry.model.messages import Language

_COMPLETING = "_JOBFERRY_COMPLETE"
_ABOUT = """Carry data-pipeline jobs between platforms whose networks never meet.

Commands work on the platform at --server, or in the folder --data, or where jobferry login says, or in
this user's own data folder. Exit codes: 0 done, 1 our bug, 2 bad call, 3 blocked, 4 not found, 5 conflict,
6 a service is unreachable, 7 package refused, 8 not allowed, 9 done in part, 10 differs, 11 not verified.
"""

_SECTIONS = {
    "Carry packages": {
        "export": "exports",
        "inspect": "packages",
        "diff": "packages",
        "check": "imports",
        "import": "imports",
        "import-record": "import_records",
        "plan": "plans",
        "apply": "plans",
        "undo": "imports",
        "receipt": "receipts",
        "download": "downloads",
        "change": "audit",
        "batch-package": "batch_packages",
        "route": "routes",
        "asset-backup": "asset_backups",
    },
    "Build": {
        "job": "objects",
        "script": "objects",
        "resource": "objects",
        "cdm": "objects",
        "directory": "directories",
        "uses": "graph",
        "graph": "graph",
        "tag": "tags",
        "version": "versions",
        "connection": "connections",
        "variable": "variables",
        "inventory": "inventory",
    },
    "Work together": {
        "lock": "locks",
        "review": "reviews",
        "release": "releases",
        "member": "members",
        "policy": "members",
        "download-policy": "members",
        "notice": "audit",
    },
    "Operate": {
        "init": "serve",
        "serve": "serve",
        "workspace": "workspaces",
        "setting": "workspaces",
        "user": "users",
        "token": "credentials",
        "key": "credentials",
        "audit": "audit",
        "doctor": "doctor",
        "backup": "backups",
        "verify": "backups",
        "restore": "backups",
        "database": "backups",
        "task": "tasks",
        "credentials": "serve",
        "login": "login",
        "logout": "login",
        "completion": "completion",
        "demo": "demo",
    },
}
"""Every command or group by its section in the help, and the module of ``commands`` that adds it."""
_LANGUAGES = {language.value for language in Language}
_COMMANDS = {name: module for commands in _SECTIONS.values() for name, module in commands.items()}


class _Program(HelpGroup):
    """The whole program, whose commands stand in sections."""

    sections = _SECTIONS

    def command_rows(self, language: str) -> Iterable[tuple[str, list[tuple[str, str]]]]:
        """Headings with all commands below them; what is recorded of them is enough for that."""
        for heading, names in _SECTIONS.items():
            yield heading, [(name, summary(SUMMARIES[name], language)) for name in names]


def program(arguments: Sequence[str]) -> typer.Typer:
    """The program with the commands that the arguments may mean; making all of them takes a while."""
    app = typer.Typer(
        name="jobferry",
        cls=_Program,
        help=_ABOUT,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"max_content_width": 110},
    )
    alone(app)(_alone)
    named = {_COMMANDS[word]: None for word in arguments if word in _COMMANDS}
    if not named and not _needs_none(arguments):
        named = dict.fromkeys(_COMMANDS.values())
    for module in named:
        import_module(f"jobferry.cli.commands.{module}").add_to(app)
    _keep_only(app, list(arguments))
    return app


def _keep_only(app: typer.Typer, words: list[str]) -> None:
    """Lets go of what other words would mean: Typer takes a while over each group and command."""
    named = [group for group in app.registered_groups if group.name in words]
    if not named:
        return
    app.registered_groups = named
    for group in named:
        following = words[words.index(str(group.name)) + 1 :][:1]
        of_group = group.typer_instance
        if of_group is not None:
            meant = [one for one in of_group.registered_commands if one.name in following]
            of_group.registered_commands = meant or of_group.registered_commands


def _needs_none(arguments: Sequence[str]) -> bool:
    """Whether these ask for the version, or for the list of all commands and nothing else."""
    others = {word for word in arguments if not word.startswith("--language")}
    return "--version" in others or others - _LANGUAGES == {"--help"}


def run(arguments: Sequence[str]) -> int:
    """Carries one call out and gives its exit code; whatever happens is said in words."""
    signal.signal(signal.SIGTERM, _terminated)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    said = list(arguments) or ["--help"]
    first = Call(language=_language(said))
    try:
        refuse_unknown()
        app = program(_completed(said))
        ended: Any = app(args=said, prog_name="jobferry", standalone_mode=False, obj=first)
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        return _unread()
    except SystemExit as ending:
        if isinstance(ending.__context__, BrokenPipeError):  # Typer, whose own texts nobody read to the end
            return _unread()
        raise
    except Exception as error:
        return report(error, as_json="--json" in said, language=first.spoken)
    return ended if isinstance(ended, int) else DONE


def _completed(said: list[str]) -> list[str]:
    """The words that tell which commands are needed: of the line that a shell completes, if one does."""
    if _COMPLETING not in os.environ:
        return said
    from jobferry.cli.commands.completion import completed_line

    return completed_line()


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


def _unread() -> int:
    """Sends what is still buffered nowhere, as nobody reads stdout any more; gives the exit code for it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return BROKEN_PIPE


def _terminated(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(TERMINATED)
