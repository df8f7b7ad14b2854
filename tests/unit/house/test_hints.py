"""Commands that hints name exist, and a console names a page of its own instead."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from cases import every_case
from jobferry.cli.app import program
from jobferry.model.messages import Language
from jobferry.model.messages.chinese import CHINESE
from jobferry.model.messages.english import ENGLISH
from jobferry.model.messages.reader import PAGES, Reader
from jobferry.model.messages.zh import SENTENCES
from jobferry.sentences import sentence
from said import reading

COMMAND = re.compile(r"`jobferry ([^`]+)`")
LABELS = Path(__file__).parents[3] / "web" / "src" / "app" / "frame" / "labels.ts"
SHELL = ("init", "serve", "credentials")
"""What only a shell does."""
BARE = re.compile(r"(?<![`\w./])jobferry [a-z]+")


@cache
def told() -> set[str]:
    """What the platform says, so that a console may show it."""
    said = {said.template for said in reading().said if not said.where.startswith("cli/")}
    return said | {text for pair in ENGLISH.values() for text in pair}


@cache
def everywhere() -> set[str]:
    """All that is said, in both languages."""
    findings = (text for pair in CHINESE.values() for text in pair)
    return {*told(), *SENTENCES, *SENTENCES.values(), *findings}


def commands(texts: set[str]) -> list[str]:
    return sorted({command for text in texts for command in COMMAND.findall(text)})


@pytest.fixture(scope="module")
def root() -> Any:
    return typer.main.get_command(program([]))


def test_a_command_in_a_hint_exists(root: Any) -> None:
    with every_case() as case:
        for command in commands(everywhere()):
            if command[0].isalpha():
                with case(command):
                    exists(root, command)


def exists(root: Any, command: str) -> None:
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
    assert [text for text in everywhere() if BARE.search(text)] == []


def test_a_console_names_a_page_for_every_command() -> None:
    with every_case() as case:
        for command in commands(told()):
            if command.startswith(SHELL):
                continue
            with case(command):
                has_a_page(command)


def has_a_page(command: str) -> None:
    if command.startswith(("{command} ", "-")):
        command = f"review {command}"
    for language in Language:
        said = Reader(language, is_console=True).told(sentence("see {it}", it=f"`jobferry {command}`"))
        assert "jobferry" not in said


def test_the_longest_beginning_counts() -> None:
    reader = Reader(is_console=True)
    assert (
        reader.told("raise it: `jobferry setting set --platform ratio=N`") == "raise it: “Settings > ratio”"
    )
    assert reader.told("see `jobferry setting list`") == "see “Default Configuration”"


def test_what_only_a_shell_does_stays_a_command() -> None:
    for command in SHELL:
        said = f"begin with `jobferry {command}`"
        assert Reader(is_console=True).told(said) == said


def test_pages_are_called_as_in_the_navigation() -> None:
    english, chinese = LABELS.read_text("utf-8").split("  zh: {", 1)
    chinese = chinese.split("  },")[0]
    for in_english, in_chinese in PAGES.values():
        key = re.search(rf'(\w+): "{re.escape(in_english)}"', english)
        assert key, in_english
        assert f'{key[1]}: "{in_chinese}",' in chinese


def test_every_page_belongs_to_a_command(root: Any) -> None:
    assert sorted({words.split()[0] for words in PAGES} - root.commands.keys()) == []


def test_a_shell_keeps_its_commands() -> None:
    assert Reader().told("see `jobferry receipt list`") == "see `jobferry receipt list`"
    assert Reader(Language.CHINESE, is_console=True).told("see `jobferry receipt list`") == "请查看 “导入”"
