"""Values are read as Typer reads them, and it is asked only where it has something to do or to refuse."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import typer
from typer.core import TyperCommand
from typer.main import get_command

from jobferry.cli.help import HelpCommand

KEPT = ("plain", "多个字", "", "a/./b", "draft")
REFUSED = ("broken \udcff", "submited", "x")


def read_by(kind: type[TyperCommand], *said: str) -> Any:
    """What a command gets, or what it is refused with."""
    got: dict[str, Any] = {}
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

    @app.command(cls=kind)
    def _take(
        name: Annotated[str | None, typer.Argument()] = None,
        *,
        file: Annotated[Path | None, typer.Option("--file")] = None,
        state: Annotated[Literal["draft", "submitted"] | None, typer.Option("--state")] = None,
        tag: Annotated[list[str] | None, typer.Option("--tag")] = None,
        limit: Annotated[int, typer.Option("--limit", min=1, max=9)] = 3,
        wide: Annotated[bool | None, typer.Option("--wide")] = None,
        into: Annotated[Path, typer.Option("--into")] = Path("here"),
        half: Annotated[Any, typer.Option("--half", parser=lambda text: float(text) / 2)] = None,
    ) -> None:
        got.update(locals())

    try:
        get_command(app)(args=list(said), standalone_mode=False)
    except Exception as refused:
        return type(refused).__name__, str(getattr(refused, "message", refused))
    return {name: value for name, value in got.items() if name != "got"}


def _said() -> Iterator[tuple[str, ...]]:
    yield ()
    for text in (*KEPT, *REFUSED):
        yield from (
            (text,),
            ("--file", text),
            ("--state", text),
            ("--tag", text, "--tag", "b"),
            ("--into", text),
        )
    for number in ("1", "9", "0", "10", "1.5", "many"):
        yield from (("--limit", number), ("--half", number))
    yield from (("--wide",), ("--unknown",), ("--file", "."), ("--file", "/nowhere/at/all"))


@pytest.mark.parametrize("said", list(_said()), ids=ascii)
def test_a_value_and_a_refusal_are_the_same_as_typers_own(said: tuple[str, ...]) -> None:
    assert read_by(HelpCommand, *said) == read_by(TyperCommand, *said)


def test_a_file_that_may_not_be_read_is_left_to_typer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.R_OK)
    found = read_by(HelpCommand, "--file", ".")
    assert found == read_by(TyperCommand, "--file", ".")
    assert "not readable" in found[1]
