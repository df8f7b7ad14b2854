"""Where answers go, and how they look: lines, tables or one JSON value to stdout, messages to stderr.

Plain text is written where nobody looks at it; rich gives colours in a terminal.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import IO, Any

import msgspec
import typer

from jobferry.cli.words import Say
from jobferry.model.printable import printable

BROKEN_PIPE = 141
"""The exit code when who reads our output has gone: 128 + SIGPIPE, as other tools have it."""
_TAB_CELLS = 4


class Out:
    """One call's output. ``say`` speaks the call's language."""

    def __init__(self, *, as_json: bool, say: Say) -> None:
        self.as_json = as_json
        self.say = say

    @cached_property
    def is_terminal(self) -> bool:
        """Whether a person reads along on stdout."""
        return sys.stdout.isatty() and not self.as_json

    def value(self, value: Any) -> None:
        """The one JSON value of a call with ``--json``; without, it is left unsaid."""
        if self.as_json:
            text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
            self._write(sys.stdout, text + "\n")

    def long_value(self, name: str, items: Iterable[Any], rest: Callable[[], dict[str, Any]]) -> None:
        """The same of an object with a long list in it, written as that comes, and the ``rest`` after it."""
        self._write(sys.stdout, f'{{"{name}": [')
        between = "\n"
        for item in items:
            self._write(sys.stdout, between + json.dumps(msgspec.to_builtins(item), ensure_ascii=False))
            between = ",\n"
        self._write(sys.stdout, "],\n" + json.dumps(rest(), ensure_ascii=False)[1:] + "\n")

    def line(self, text: str = "", style: str = "") -> None:
        """A line of the answer; with ``--json`` lines are left unsaid."""
        if self.as_json:
            return
        if style and self.is_terminal:
            self._console.print(printable(text), style=style)
        else:
            self._write(sys.stdout, printable(text) + "\n")

    def quoted(self, lines: Iterable[str], indent: str) -> None:
        """Lines of a text that is shown itself, such as a difference; its tabs become spaces."""
        for line in lines:
            self.line(indent + line.expandtabs(_TAB_CELLS))

    def note(self, text: str) -> None:
        """A message about what happens, beside the answer."""
        self._write(sys.stderr, printable(text) + "\n")

    def table(self, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A list; an empty one says so on stderr. With ``--json`` it is left unsaid."""
        if self.as_json:
            return
        if not rows:
            self.note(self.say("nothing here"))
            return
        first, *rest = table([self.say(one) for one in heading], rows)
        self.line(first, "bold")
        for text in rest:
            self.line(text)

    def raw(self, data: bytes) -> None:
        """Bytes as they are."""
        try:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise _gone() from None

    @cached_property
    def _console(self) -> Any:
        from rich.console import Console

        return Console(highlight=False, markup=False, emoji=False, soft_wrap=True)

    @staticmethod
    def _write(stream: IO[str], text: str) -> None:
        try:
            stream.write(text)
            stream.flush()
        except BrokenPipeError:
            raise _gone() from None


def _gone() -> typer.Exit:
    """Ends quietly; what is still buffered goes nowhere instead of failing at the very end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return typer.Exit(BROKEN_PIPE)


LINES = 10
"""How many lines of a kind are shown where nothing else is said."""
ALL_LINES = 1 << 30


def line_limit(lines: int | None) -> int:
    """How many lines of a kind to show."""
    return LINES if lines is None else lines


def show_rest(out: Out, count: int, indent: str = "    ") -> None:
    """Says that there is more, and how to see it."""
    out.line(indent + out.say("… and {count} more ({how} shows all)", count=count, how="--lines all"), "dim")


def subject(kind: str, name: str, say: Say) -> str:
    """An object or thing as people call it."""
    return f"{say(kind)} {name}"


def width(text: str) -> int:
    """How many cells of a terminal a text takes: a Chinese letter two, an accent none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def padded(text: str, cells: int) -> str:
    """The text with spaces up to so many cells; a longer one stays whole."""
    return text + " " * (cells - width(text))


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table: a heading, then one line a row, two spaces between columns."""
    whole = [list(map(printable, row)) for row in (heading, *rows)]
    widths = [max(width(row[column]) for row in whole) for column in range(len(heading))]
    return [
        "  ".join(padded(cell, cells) for cell, cells in zip(row, widths, strict=True)).rstrip()
        for row in whole
    ]


def when(ms: int) -> str:
    """A time as people here read it; - for never."""
    return datetime.fromtimestamp(ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S") if ms else "-"
