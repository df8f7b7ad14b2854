"""The help of a command whose names are of all lengths."""

from __future__ import annotations

from typing import Annotated

import pytest
import typer
from typer.main import get_command

from jobferry.cli.help import HelpCommand

WIDE = "--what-is-wider-than-its-column-is"


def test_a_name_that_is_too_long_for_its_column_stands_above_what_it_means(
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

    @app.command(cls=HelpCommand)
    def _take(
        wide: Annotated[bool, typer.Option(WIDE, help="Go far.")] = False,
        near: Annotated[bool, typer.Option("--near", help="Stay.")] = False,
    ) -> None:
        """Go."""

    get_command(app)(args=["--help"], standalone_mode=False)
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    (far,) = (number for number, line in enumerate(lines) if line.strip() == WIDE)
    (near,) = (line for line in lines if "--near" in line)
    assert lines[far + 1].strip() == "Go far."
    assert lines[far + 1].index("Go far.") == near.index("Stay.")
    assert "Commands" not in lines
