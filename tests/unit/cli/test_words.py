"""What the command line says by itself has Chinese words, headings of tables first of all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from jobferry.cli.words import CHINESE

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
