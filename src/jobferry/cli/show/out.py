"""Where answers go, and how they look: lines, tables or one JSON value to stdout, messages to stderr.

Plain text is written where nobody looks at it; rich gives colours in a terminal.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import IO, Any

import msgspec
import typer

from jobferry.cli.client import EncodedList
from jobferry.cli.words import Say
from jobferry.model.document.difference import TOO_LONG
from jobferry.model.printable import printable

BROKEN_PIPE = 141
"""The exit code when who reads our output has gone: 128 + SIGPIPE, as other tools have it."""
_TAB_CELLS = 4
_GAP = 2
_LEGIBLE = 8
"""Cells below which no column is narrowed."""
_UNBROKEN = re.compile(r"[!-~–…→]+|.[，。、；：）”？！]*")
"""What stays on one line: a word, or a Chinese letter with the marks after it."""


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
            for piece in json_pieces(value):
                self._write(sys.stdout, piece.decode())
            self._write(sys.stdout, "\n")

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

    def translate_lines(self, lines: Iterable[str]) -> tuple[str, ...]:
        """Return the lines of a difference; if they only state that it is too long, that is translated."""
        return tuple(self.say(line) if line == TOO_LONG else line for line in lines)

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
        fitting = shutil.get_terminal_size().columns if self.is_terminal or "COLUMNS" in os.environ else None
        first, *rest = table([self.say(one) for one in heading], rows, fitting)
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


def json_pieces(value: Any, line: bytes = b"\n") -> Iterator[bytes]:
    """A value as indented JSON, a long list page by page; ``line`` is what begins a line around it."""
    if isinstance(value, EncodedList) and value.pages:
        mark = b"["
        for page in value.pages:
            yield mark + _indented(page, line)[1 : -len(line) - 1]
            mark = b","
        yield line + b"]"
    elif isinstance(value, EncodedList):
        yield b"[]"
    elif isinstance(value, dict) and value:
        mark = b"{"
        for key, item in value.items():
            yield mark + line + b"  " + msgspec.json.encode(key) + b": "
            yield from json_pieces(item, line + b"  ")
            mark = b","
        yield line + b"}"
    else:
        yield _indented(msgspec.json.encode(value), line)


def _indented(text: bytes, line: bytes) -> bytes:
    return msgspec.json.format(text, indent=2).replace(b"\n", line)


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


def wrapped(text: str, cells: int) -> Iterator[str]:
    """A text in lines of at most so many cells; words stay whole, Chinese breaks between letters."""
    line = ""
    for found in _UNBROKEN.finditer(text):
        piece = found[0]
        if line and width(line + piece.rstrip()) > cells:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    if line.strip():
        yield line.rstrip()


def table(heading: Sequence[str], rows: Sequence[Sequence[str]], cells: int | None = None) -> list[str]:
    """Lines of a table: a heading, then one line a row, two spaces between columns.

    Where it would be wider than so many cells, the widest columns are narrowed: names lose their middle, and
    the last column goes on in further lines.
    """
    whole = [list(map(printable, row)) for row in (heading, *rows)]
    widths = [max(width(row[column]) for row in whole) for column in range(len(heading))]
    if cells is not None:
        widths = _narrowed(widths, cells - _GAP * (len(widths) - 1))
    return [line for row in whole for line in _row(row, widths)]


def _narrowed(widths: Sequence[int], cells: int) -> list[int]:
    """The widths, of which the largest are as small as it takes to fit, but for what is legible."""
    most = max(widths)
    while most > _LEGIBLE and sum(min(wide, most) for wide in widths) > cells:
        most -= 1
    return [min(wide, most) for wide in widths]


def _row(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    *names, text = row
    *before, last = widths
    first, *more = list(wrapped(text, last)) or [""]
    told = [padded(without_middle(name, wide), wide) for name, wide in zip(names, before, strict=True)]
    gap = " " * _GAP
    yield gap.join([*told, without_middle(first, last)]).rstrip()
    indent = " " * sum(wide + _GAP for wide in before)
    for line in more:
        yield indent + without_middle(line, last)


def without_middle(text: str, cells: int) -> str:
    """A text that takes at most so many cells; of a longer one, beginning and end with … between."""
    if width(text) <= cells:
        return text
    head, tail = "", ""
    for letter, other in zip(text, reversed(text), strict=True):
        if width(head + letter + tail) >= cells:
            break
        head += letter
        if width(head + other + tail) >= cells:
            break
        tail = other + tail
    return f"{head}…{tail}"


def when(ms: int) -> str:
    """A time as people here read it; - for never."""
    return datetime.fromtimestamp(ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S") if ms else "-"
