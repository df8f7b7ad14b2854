"""How ``--help`` looks: commands in sections, a line each, and all of it in the language spoken."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from typer.core import TyperCommand, TyperGroup

from jobferry.cli.show.out import padded, width, wrapped
from jobferry.cli.values import read_lightly

COMMON = ("server", "data", "config", "workspace", "json", "language", "help")
"""Options of every command, by their parameters' names."""
_HELP = "Show this message and exit."
_FIRST_SENTENCE = re.compile(r"(.+?)(?:\.\s|[.。；：;:]?$|[。；：]|[;:] )")
_WIDEST_NAME = 30
_INDENT = "  "
_EXTRAS = {"required": "必填", "default: ": "默认："}


def _said(text: str, language: str) -> str:
    if language != "zh":
        return text
    from jobferry.cli.help_zh import HELP  # most calls ask for no help, or in English

    return HELP.get(text, text)


def paragraphs(text: str | None) -> list[str]:
    """A help text's paragraphs, each on one line: the keys of the Chinese catalogue."""
    return [" ".join(part.split()) for part in inspect.cleandoc(text or "").split("\n\n") if part.strip()]


def summary(text: str | None, language: str) -> str:
    """What stands in a list of commands: the first sentence."""
    first = next(iter(paragraphs(text)), "")
    found = _FIRST_SENTENCE.match(_said(first, language))
    return found[1] if found else ""


def _column(rows: Iterable[tuple[str, str]]) -> int:
    return max((width(name) for name, _ in rows if width(name) <= _WIDEST_NAME), default=0) + len(_INDENT)


def _defined(rows: Sequence[tuple[str, str]], column: int, whole: int) -> Iterator[str]:
    """Names with what they mean beside them, or below if a name is long."""
    for name, meaning in rows:
        lines = list(wrapped(meaning, whole - len(_INDENT) - column))
        if width(name) <= _WIDEST_NAME:
            yield (_INDENT + padded(name, column) + (lines.pop(0) if lines else "")).rstrip()
        else:
            yield _INDENT + name
        for line in lines:
            yield _INDENT + " " * column + line


class _Helping:
    """What commands and groups have in common."""

    def parse_args(self: Any, ctx: Any, args: list[str]) -> Any:
        """Reads what was said; called by Typer."""
        for param in self.get_params(ctx):
            read_lightly(param)
        return super().parse_args(ctx, args)  # type: ignore[misc]

    def format_help(self: Any, ctx: Any, formatter: Any) -> None:
        """Writes the whole help of a command, in the language of the call."""
        language = getattr(ctx.find_root().obj, "spoken", "en")
        formatter.write("\n".join(self.help_lines(ctx, language, formatter.width)))

    def help_lines(self: Any, ctx: Any, language: str, whole: int) -> Iterator[str]:
        pieces = " ".join([ctx.command_path, *self.collect_usage_pieces(ctx)])
        yield from wrapped(_said("Usage:", language) + " " + pieces, whole)
        for paragraph in paragraphs(self.help):
            yield ""
            yield from (_INDENT + line for line in wrapped(_said(paragraph, language), whole - len(_INDENT)))
        parameters = [param for param in self.get_params(ctx) if not param.hidden]
        own = [param for param in parameters if param.name not in COMMON]
        arguments = [param for param in own if param.param_type_name == "argument"]
        yield from _section("Arguments", _records(arguments, ctx, language), language, whole)
        options = [param for param in own if param.param_type_name == "option"]
        yield from _section("Options", _records(options, ctx, language), language, whole)
        commands = list(self.command_rows(language))
        column = _column(row for _, rows in commands for row in rows)
        for heading, rows in commands:
            yield from _section(heading, rows, language, whole, column)
        common = [param for param in parameters if param.name in COMMON]
        yield from _section("Options of every command", _records(common, ctx, language), language, whole)

    def command_rows(self, language: str) -> Iterable[tuple[str, list[tuple[str, str]]]]:
        """Headings with the commands below them."""
        del language
        return ()


class HelpCommand(_Helping, TyperCommand):
    """A command that explains itself in the language of the call."""


class HelpGroup(_Helping, TyperGroup):
    """A group that does so; ``sections`` has its commands under headings, else they stand under one."""

    sections: ClassVar[Mapping[str, Iterable[str]]] = {}

    def command_rows(self, language: str) -> Iterable[tuple[str, list[tuple[str, str]]]]:
        """Headings with the commands below them."""
        sections = self.sections or {"Commands": list(self.commands)}
        for heading, names in sections.items():
            there = [(name, self.commands[name]) for name in names if name in self.commands]
            yield heading, [(name, summary(command.help, language)) for name, command in there]


def _section(
    heading: str, rows: list[tuple[str, str]], language: str, whole: int, column: int = 0
) -> Iterator[str]:
    if rows:
        yield ""
        yield _said(heading, language) + ("：" if language == "zh" else ":")
        yield from _defined(rows, column or _column(rows), whole)


def _records(parameters: Iterable[Any], ctx: Any, language: str) -> list[tuple[str, str]]:
    """Names and meanings of options or arguments, with what they default to."""
    rows = []
    for param in parameters:
        name, meaning = param.get_help_record(ctx) or ("", "")
        plain = param.help or ""
        extra = meaning.removeprefix(plain).strip()
        if language == "zh":
            for english, chinese in _EXTRAS.items():
                extra = extra.replace(english, chinese)
        rows.append((name, f"{_said(plain, language)}  {extra}".strip()))
    return rows
