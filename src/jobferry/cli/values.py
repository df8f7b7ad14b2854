"""What was said on the command line, as a command takes it, without pydantic where that adds nothing.

Typer hands every option and argument to pydantic, those that nobody gave too, and loading that costs a
short command more than its own work. Here words, paths, choices and defaults are passed on as they are, and
Typer is asked about everything else: what must be converted, and whatever it may refuse.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

_ASK_TYPER = object()


class Values:
    """Reads the values of one option or argument, in the place of Typer's own reader."""

    def __init__(self, kind: Any, typers: Callable[[], Any]) -> None:
        """``kind`` is what is passed on as it is, or nothing; ``typers`` makes Typer's reader of the same."""
        self._kind = kind
        self._typers = typers

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value that the command gets; called by Typer, by this name.

        Raises:
            BadParameter: Typer refuses it.
        """
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        found = _as_it_is(self._kind, value)
        return self._typers().coerce(value, param=param, ctx=ctx) if found is _ASK_TYPER else found


def read_lightly(param: Any) -> None:
    """Lets :class:`Values` read an option or argument; one with a parser of its own, where none is given."""
    described = param.type_descriptor
    kind = described.annotation if described.parameter_info.parser is None else None
    light = Values(kind, param.get_runtime_param)
    param.get_runtime_param = lambda: light


def _as_it_is(kind: Any, value: Any) -> Any:
    if kind == list[str]:
        texts = isinstance(value, list | tuple) and all(_is_text(one) for one in value)
        return list(value) if texts else _ASK_TYPER
    if kind is int:
        return value if type(value) is int else _ASK_TYPER  # a default: what was said is a text
    if not _is_text(value):
        return _ASK_TYPER
    if kind is Path:
        is_refused = os.access(value, os.F_OK) and not os.access(value, os.R_OK)
        return _ASK_TYPER if is_refused else Path(value)
    is_taken = kind is str or (get_origin(kind) is Literal and value in get_args(kind))
    return value if is_taken else _ASK_TYPER


def _is_text(value: Any) -> bool:
    """Whether it is text, and was so before: bytes that are no UTF-8 come as lone surrogates."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
