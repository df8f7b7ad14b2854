"""A shell completes commands and options by the script that the program prints, and asks no platform."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Program


def completed(jobferry: Program, *words: str) -> list[str]:
    """What bash offers for the last of these words."""
    script = (
        'eval "$(jobferry completion bash)"; COMP_WORDS=(jobferry "$@"); COMP_CWORD=$#; '
        '_jobferry_completion jobferry; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    path = f"{Path(sys.executable).parent}:{jobferry.environment['PATH']}"
    ended = subprocess.run(
        ["bash", "-c", script, "bash", *words],
        env=jobferry.environment | {"PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stderr == ""
    return ended.stdout.split()


def test_bash_completes_commands_groups_options_and_choices(jobferry: Program) -> None:
    assert completed(jobferry, "ex") == ["export"]
    assert {"create", "delete"} <= set(completed(jobferry, "connection", ""))
    assert completed(jobferry, "job", "edit", "--if") == ["--if-match"]
    assert completed(jobferry, "check", "--missing", "") == ["block", "hold"]
    assert not jobferry.folder.joinpath("home", ".local", "share").exists()


@pytest.mark.parametrize(
    ("shell", "said"),
    [("zsh", "compdef _jobferry_completion jobferry"), ("fish", "complete --command jobferry")],
)
def test_other_shells_have_scripts_too(jobferry: Program, shell: str, said: str) -> None:
    printed = jobferry.done("completion", shell).out
    assert said in printed
    assert jobferry.done("completion", shell, "--json").json == {
        "shell": shell,
        "script": printed.rstrip("\n"),
    }
    line = {"_TYPER_COMPLETE_ARGS": "jobferry rec", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    offered = jobferry.done(environment=line | {"_JOBFERRY_COMPLETE": f"complete_{shell}"})
    assert "receipt" in offered.out


def test_a_shell_that_is_not_known_is_refused(jobferry: Program) -> None:
    ended = jobferry("completion", "csh")
    assert (ended.code, "csh" in ended.err) == (2, True)
