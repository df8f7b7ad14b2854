"""Commands that hints name exist, and a console names a page of its own instead."""

from __future__ import annotations

import re
from typing import Any

import pytest
import typer

from jobferry.cli.app import program
from jobferry.model.messages import Language
from jobferry.model.messages.chinese import CHINESE
from jobferry.model.messages.english import ENGLISH
from jobferry.model.messages.reader import PAGES, Reader
from jobferry.model.messages.zh import SENTENCES
from jobferry.sentences import sentence
from said import Reading

COMMAND = re.compile(r"`jobferry ([^`]+)`")
OF_THE_PLATFORM = {said.template for said in Reading().said if not said.where.startswith("cli/")}
TOLD = sorted(OF_THE_PLATFORM | {text for pair in ENGLISH.values() for text in pair})
EVERYWHERE = sorted(
    {*TOLD, *SENTENCES, *SENTENCES.values(), *(text for pair in CHINESE.values() for text in pair)}
)
BARE = re.compile(r"(?<![`\w./])jobferry [a-z]+")


def commands(texts: list[str]) -> list[str]:
    return sorted({command for text in texts for command in COMMAND.findall(text)})


@pytest.fixture(scope="module")
def root() -> Any:
    return typer.main.get_command(program([]))


@pytest.mark.parametrize("command", [one for one in commands(EVERYWHERE) if one[0].isalpha()])
def test_a_command_in_a_hint_exists(root: Any, command: str) -> None:
    found = root
    for word in command.split():
        if not hasattr(found, "commands"):
            break
        assert word in found.commands, command
        found = found.commands[word]
    options = {"--help"} | {option for parameter in found.params for option in parameter.opts}
    named = {word for word in command.split() if word.startswith("--")}
    assert named <= options


def test_commands_stand_in_backticks() -> None:
    assert [text for text in EVERYWHERE if BARE.search(text)] == []


@pytest.mark.parametrize("command", commands(TOLD))
def test_a_console_names_a_page_for_every_command(command: str) -> None:
    if command.startswith(("{command} ", "-")):
        command = f"review {command}"
    for language in Language:
        said = Reader(language, is_console=True).told(sentence("see {it}", it=f"`jobferry {command}`"))
        assert "jobferry" not in said


def test_the_longest_beginning_counts() -> None:
    reader = Reader(is_console=True)
    assert reader.told("raise it: `jobferry setting set --platform ratio=N`") == "raise it: “Platform”"
    assert reader.told("see `jobferry setting list`") == "see “Configuration”"


def test_every_page_belongs_to_a_command(root: Any) -> None:
    assert sorted({words.split()[0] for words in PAGES} - root.commands.keys()) == []


def test_a_shell_keeps_its_commands() -> None:
    assert Reader().told("see `jobferry receipt list`") == "see `jobferry receipt list`"
    assert Reader(Language.CHINESE, is_console=True).told("see `jobferry receipt list`") == "查看回执：“导入”"
