"""The options that every command takes: anywhere on the line, and what is said last holds."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from jobferry.cli.app import _COMMANDS, program
from jobferry.cli.call import Call, alone, command, explain, group
from jobferry.cli.help import paragraphs
from jobferry.cli.summaries import SUMMARIES


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
    app = program([])
    there = {command.name for command in app.registered_commands} | {
        one.name for one in app.registered_groups
    }
    assert there == set(_COMMANDS)


def _lines(app: typer.Typer) -> Iterator[str]:
    whole: Any = get_command(app)
    yield from whole.help_lines(whole.make_context("jobferry", ["list"], obj=Call()), "zh", 80)


def test_what_the_list_of_commands_says_of_each_is_the_beginning_of_its_help() -> None:
    whole: Any = get_command(program([]))
    assert {name: paragraphs(whole.commands[name].help)[0] for name in _COMMANDS} == SUMMARIES


@pytest.mark.parametrize("said", [["--help"], ["--help", "--language", "zh"], ["--language=en", "--help"]])
def test_the_list_of_commands_loads_none_of_them(said: list[str]) -> None:
    listed, whole = program(said), program([])
    assert not listed.registered_commands
    assert not listed.registered_groups
    first, second = ("\n".join(_lines(app)) for app in (listed, whole))
    assert first == second
    assert "export" in first


def test_a_word_that_is_no_command_loads_all_for_what_was_meant() -> None:
    assert program(["exprot", "--help"]).registered_commands


def test_words_of_options_do_not_hide_a_command() -> None:
    app = program(["--data", "job", "inspect", "x.zip"])
    assert "inspect" in {command.name for command in app.registered_commands}
    assert [one.name for one in app.registered_groups] == ["job"]


@pytest.mark.parametrize(
    "said", [["job", "list"], ["--data", "x", "job", "list", "--json"], ["job", "list", "show"]]
)
def test_a_command_is_made_without_the_others_of_its_group(said: list[str]) -> None:
    (group,) = program(said).registered_groups
    assert group.typer_instance is not None
    assert [one.name for one in group.typer_instance.registered_commands] == ["list"]


@pytest.mark.parametrize("said", [["job"], ["job", "lsit"], ["job", "--help"], ["job", "--json", "list"]])
def test_a_group_keeps_all_its_commands_where_none_follows(said: list[str]) -> None:
    (group,) = program(said).registered_groups
    assert group.typer_instance is not None
    assert {"list", "show", "create"} <= {one.name for one in group.typer_instance.registered_commands}
