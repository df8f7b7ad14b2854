"""A text that somebody changes in their editor."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from jobferry.errors import ErrorCode, InvalidRequest


def changed_by_hand(text: bytes, ending: str) -> bytes:
    """The text as it is when the editor is closed (``$VISUAL``, ``$EDITOR``, or what the system has).

    Raises:
        InvalidRequest: nobody sits at a terminal.
        click.ClickException: the editor cannot be started, or ended with an error.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            "an editor needs a terminal",
            subject="FILE",
            hint="give the file that holds what is to be saved; - is stdin",
        )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"draft{ending}"
        file.write_bytes(text)
        click.edit(filename=str(file))
        return file.read_bytes()
