"""Signing in: the platform that this user has signed in to, kept in a file that only they can read; and
secrets that are typed without echo, or come on stdin, never as arguments, which others can see.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import typer

from jobferry.errors import ErrorCode, FilesError, InvalidRequest
from jobferry.sentences import as_sentence, reason_of, sentence


class Login(NamedTuple):
    """A platform's address and the token that it takes; ``user`` and ``name`` where the login made it.

    ``certificate`` is the file of the one that the platform of a folder of ours shows; never kept.
    """

    url: str
    token: str
    user: str = ""
    name: str = ""
    certificate: str = ""


def login_file() -> Path:
    """Where the login lies."""
    configured = os.environ.get("XDG_CONFIG_HOME")
    return (Path(configured) if configured else Path.home() / ".config") / "jobferry" / "login.json"


def read_login() -> Login | None:
    """The login, if there is one that can be read."""
    try:
        found = json.loads(login_file().read_text(encoding="utf-8"))
        made = str(found.get("user", "")), str(found.get("name", ""))
        return Login(str(found["url"]), str(found["token"]), *made)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError):
        return None


def write_login(login: Login) -> Path:
    """Keeps a login, whole or not at all.

    Raises:
        FilesError: the file cannot be written.
    """
    file = login_file()
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(login._asdict(), stream)
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise FilesError(
            ErrorCode.FILES_FAILED,
            sentence("{file} cannot be written: {strerror}", file=file, strerror=reason_of(error)),
            subject=str(file),
        ) from error
    return file


def forget_login() -> bool:
    """Removes the login; False if there was none."""
    try:
        login_file().unlink()
    except FileNotFoundError:
        return False
    return True


def checked_url(url: str) -> str:
    """An address in the spelling that is kept.

    Raises:
        InvalidRequest: it is no http(s) address.
    """
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("the address {url} is not one of a platform", url=repr(url)),
            subject=url,
            hint="write it like http://127.0.0.1:8650 or https://jobferry.example",
        )
    return url.rstrip("/")


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
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            sentence("no {what} was given", what=as_sentence(what)),
            subject=what,
            hint=hint,
        )
    return said
