"""What the command line says by itself has Chinese words, headings of tables first of all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from jobferry.cli.app import program
from jobferry.cli.help import paragraphs, summary
from jobferry.cli.help_zh import HELP
from jobferry.cli.show.out import width, wrapped
from jobferry.cli.words import CHINESE
from jobferry.model.audit import AuditBreach, AuditOutcome
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.task import TaskKind, TaskPhase
from jobferry.model.transfer.checked_import import ImportClient, ImportState
from jobferry.model.transfer.download import DownloadKind

COMMAND_LINE = Path(__file__).parents[3] / "src" / "jobferry" / "cli"


def called(name: str) -> Iterator[ast.expr]:
    """The first argument of every call of a method or function of that name."""
    for path in sorted(COMMAND_LINE.rglob("*.py")):
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(one, ast.Call) and one.args:
                function = one.func
                if getattr(function, "attr", getattr(function, "id", "")) == name:
                    yield one.args[0]


def texts(given: ast.expr) -> Iterator[str]:
    parts = given.elts if isinstance(given, ast.Tuple) else [given]
    for one in parts:
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value:
            yield one.value


def test_every_heading_of_a_table_has_chinese_words() -> None:
    headings = {text for name in ("table", "listed") for given in called(name) for text in texts(given)}
    assert {"receipt", "good until", "setting"} <= headings
    assert headings - CHINESE.keys() == set()


def test_every_sentence_that_is_said_has_chinese_words() -> None:
    said = {text for given in called("say") for text in texts(given)}
    assert "see {findings}" in said
    assert said - CHINESE.keys() == set()


def test_every_kind_and_state_has_chinese_words() -> None:
    every = (
        NeedKind,
        ObjectKind,
        ImportState,
        ImportClient,
        TaskPhase,
        TaskKind,
        DownloadKind,
        AuditBreach,
        AuditOutcome,
    )
    assert {one.value for kinds in every for one in kinds} - CHINESE.keys() == set()


def test_nothing_is_printed_that_was_not_said_in_the_language_of_the_call() -> None:
    """A line, a note or a last word that is English text, or an f-string with English words in it."""
    unsaid = {
        text
        for name in ("line", "note", "prompt")
        for given in called(name)
        for text in constants(given)
        if ENGLISH_WORDS.search(text)
    }
    assert unsaid == set()


ENGLISH_WORDS = re.compile(r"[a-z]{2,} [a-z]{2,}")


def constants(given: ast.expr) -> Iterator[str]:
    """What stands in a text or an f-string itself, not in what it is made of."""
    parts = given.values if isinstance(given, ast.JoinedStr) else [given]
    yield from (
        part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def helped(command: Any) -> Iterator[str]:
    """Every text that the help of a command and of those below it says."""
    yield from paragraphs(command.help)
    yield from (param.help for param in command.params if getattr(param, "help", None))
    for below in getattr(command, "commands", {}).values():
        yield from helped(below)


def test_every_text_of_the_help_has_chinese_words_and_none_is_left_over() -> None:
    whole: Any = get_command(program([]))
    headings = {*whole.sections, "Usage:", "Arguments", "Options", "Commands", "Options of every command"}
    said = {*helped(whole), *headings, "Show this message and exit."}
    assert said - HELP.keys() == set()
    assert HELP.keys() - said == set()


def test_every_command_has_a_line_of_its_own_that_fits_80_columns_in_both_languages() -> None:
    whole: Any = get_command(program([]))
    assert {name for names in whole.sections.values() for name in names} == set(whole.commands)
    longest = max(map(len, whole.commands))
    for name, command in whole.commands.items():
        for language in ("en", "zh"):
            assert 0 < width(summary(command.help, language)) <= 76 - longest, (name, language)


def test_a_help_is_wrapped_between_words_and_between_chinese_letters() -> None:
    assert list(wrapped("one two three", 7)) == ["one two", "three"]
    assert list(wrapped("将作业导出，再导入。", 10)) == ["将作业导", "出，再导", "入。"]
    assert list(wrapped("", 10)) == []
