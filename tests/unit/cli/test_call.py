"""The options that every command takes: anywhere on the line, and what is said last holds."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer

from jobferry.cli.app import _COMMANDS, program
from jobferry.cli.call import Call, alone, command, explain, group


def _heard(*arguments: str) -> list[Call]:
    heard: list[Call] = []
    app = typer.Typer(rich_markup_mode=None)
    alone(app)(explain)
    things = group(app, "things", "")

    def one(call: Call, name: str) -> int:
        heard.append(call)
        return len(name)

    command(things, "one")(one)
    app(args=list(arguments), standalone_mode=False)
    return heard


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json", "-w", "dw", "--data", "d", "things", "one", "x"),
        ("things", "--json", "-w", "dw", "--data", "d", "one", "x"),
        ("things", "one", "x", "--json", "--workspace", "dw", "--data", "d"),
        ("--data", "d", "-w", "other", "things", "--json", "one", "x", "-w", "dw"),
    ],
)
def test_options_stand_anywhere(arguments: Sequence[str]) -> None:
    assert _heard(*arguments) == [Call(data=Path("d"), workspace="dw", json=True)]


def test_a_command_gives_its_exit_code() -> None:
    def four(call: Call) -> int:
        return 4

    app = typer.Typer(rich_markup_mode=None)
    alone(app)(explain)
    command(app, "four")(four)
    assert app(args=["four"], standalone_mode=False) == 4


@pytest.mark.parametrize(
    ("said", "environment", "spoken"),
    [
        ("zh", {"LANG": "en_US.UTF-8"}, "zh"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh"),
        (None, {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        (None, {"JOBFERRY_LANGUAGE": "zh", "LC_ALL": "C"}, "zh"),
        (None, {}, "en"),
        ("en", {"JOBFERRY_LANGUAGE": "zh"}, "en"),
    ],
)
def test_the_language_is_as_said_or_as_the_environment_says(
    said: str | None, environment: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("JOBFERRY_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Call(language=said).spoken == spoken  # type: ignore[arg-type]


def test_every_command_that_is_named_is_there() -> None:
    app = program(["--help"])
    there = {command.name for command in app.registered_commands} | {
        one.name for one in app.registered_groups
    }
    assert there == set(_COMMANDS)


def test_words_of_options_do_not_hide_a_command() -> None:
    app = program(["--data", "job", "inspect", "x.zip"])
    assert "inspect" in {command.name for command in app.registered_commands}
    assert json.dumps([one.name for one in app.registered_groups]) == ('["job", "script", "resource", "cdm"]')
