"""completion: a script that makes a shell complete commands, options and files. No platform is asked."""

from __future__ import annotations

import os
from typing import Annotated, Literal

import typer

from jobferry.cli.call import PLATFORM, Call, command

VARIABLE = "_JOBFERRY_COMPLETE"
"""Where a shell says that it wants to complete, and how."""
_LINES = ("COMP_WORDS", "_TYPER_COMPLETE_ARGS")
"""Where shells say which line; by shell one of them."""


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "completion", without=PLATFORM)(completion)


def completion(
    call: Call,
    shell: Annotated[
        Literal["bash", "zsh", "fish"], typer.Argument(metavar="SHELL", help="bash, zsh or fish.")
    ],
) -> None:
    """Print a script that completes commands in a shell.

    For bash: eval "$(jobferry completion bash)" in ~/.bashrc; for zsh the same with zsh in ~/.zshrc, after
    compinit; for fish: jobferry completion fish > ~/.config/fish/completions/jobferry.fish
    """
    from typer._completion_shared import get_completion_script

    script = get_completion_script(prog_name="jobferry", complete_var=VARIABLE, shell=shell)
    if call.json:
        call.out.value({"shell": shell, "script": script})
        return
    for line in script.splitlines():
        call.out.line(line)


def completed_line() -> list[str]:
    """The words of a line that a shell wants to complete; prepares the parser to answer it."""
    from typer._completion_classes import completion_init

    completion_init()
    return next((os.environ[name].split() for name in _LINES if name in os.environ), [])
