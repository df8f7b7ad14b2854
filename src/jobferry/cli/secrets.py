"""Secrets that are typed without echo, or come on stdin; never as arguments, which others can see."""

from __future__ import annotations

import sys

import typer

from jobferry.errors import ErrorCode, InvalidRequest


def asked_secret(what: str, *, from_stdin: bool, hint: str, twice: bool = False) -> str:
    """A secret: a line of stdin if that was said, else as typed in a terminal.

    Raises:
        InvalidRequest: there is none, or nobody who could type it.
    """
    if from_stdin:
        said = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        said = typer.prompt(what, hide_input=True, confirmation_prompt=twice, err=True)
    else:
        said = ""
    if not said:
        raise InvalidRequest(ErrorCode.MISSING_VALUE, f"no {what} was given", subject=what, hint=hint)
    return said
