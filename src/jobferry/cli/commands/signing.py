"""login, logout: which platform is meant when none is named."""

from __future__ import annotations

import sys
from typing import Annotated
from urllib.parse import urlsplit

import typer

from jobferry.cli.call import Call, command
from jobferry.cli.login import Login, checked_url, forget_login, write_login
from jobferry.errors import ErrorCode, InvalidRequest


def add_to(app: typer.Typer) -> None:
    """Adds the two commands."""
    command(app, "login")(login)
    command(app, "logout")(logout)


def login(
    call: Call,
    url: Annotated[str, typer.Argument(metavar="URL", help="The platform's address.")],
    token: Annotated[
        str | None, typer.Option("--token", metavar="TOKEN", help="Asked for without echo when not given.")
    ] = None,
    token_stdin: Annotated[bool, typer.Option("--token-stdin", help="Read the token from stdin.")] = False,
) -> None:
    """Sign in to a platform; commands then talk to it unless they name another."""
    from jobferry.cli.client import Api, at, connect

    url = checked_url(url)
    asked = Login(url, _token(token, token_stdin))
    with connect(asked.url, asked.token, call.spoken) as client:
        platform = Api(client, url, patience=0).get(at("platform"))
    file = write_login(asked)
    if url.startswith("http:") and urlsplit(url).hostname not in ("127.0.0.1", "::1", "localhost"):
        call.out.note(f"warning: the token travels to {url} unencrypted")
    if call.json:
        call.out.value({"url": url, "platform": platform["name"], "file": str(file)})
    else:
        call.out.line(f"signed in to {platform['name']} at {url}")


def logout(call: Call) -> None:
    """Forget the platform that was signed in to."""
    forgotten = forget_login()
    if call.json:
        call.out.value({"forgotten": forgotten})
    else:
        call.out.line("signed out" if forgotten else "nobody was signed in")


def _token(token: str | None, from_stdin: bool) -> str:
    if from_stdin:
        token = sys.stdin.readline()
    elif token is None:
        token = typer.prompt("token", hide_input=True, err=True) if sys.stdin.isatty() else ""
    if not token.strip() or not token.strip().isascii():
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            "no token was given" if not token.strip() else "this is no token",
            hint="give --token, --token-stdin, or type it; jobferry credentials shows that of a data folder",
        )
    return token.strip()
