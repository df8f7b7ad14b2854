"""login, logout: which platform is meant when none is named."""

from __future__ import annotations

import re
from platform import node
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from jobferry.api.native.people import NewToken, NewTokenAnswer, create_token, revoke_token
from jobferry.api.native.platform import show_platform
from jobferry.api.native.sessions import NewSession, sign_in, sign_out
from jobferry.cli.call import PLATFORM, Call, command
from jobferry.cli.login import Login, asked_secret, checked_url, forget_login, read_login, write_login
from jobferry.cli.problems import Refused
from jobferry.errors import ErrorCode, InvalidRequest, JobferryError
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.cli.client import Client

_HINT = "type it, or give it on stdin with --stdin"
_TRIES = 100
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def add_to(app: typer.Typer) -> None:
    """Adds the two commands."""
    command(app, "login", without=PLATFORM)(login)
    command(app, "logout", without=PLATFORM)(logout)


def login(
    call: Call,
    url: Annotated[str, typer.Argument(metavar="URL", help="The platform's address.")],
    user: Annotated[
        str | None,
        typer.Option(
            "--user", metavar="NAME", help="Sign in by password, and make a token for this machine."
        ),
    ] = None,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Read the token, or with --user the password, from stdin.")
    ] = False,
) -> None:
    """Sign in to a platform, by token or by name and password; commands then talk to it unless they name
    another."""
    from jobferry.cli.remote import RemoteClient, connect

    url = checked_url(url)
    _warn(call, url)
    if user is None:
        asked = Login(url, _token(stdin))
    else:
        password = asked_secret("password", from_stdin=stdin, hint=_HINT)
        asked = _by_password(call, url, user, password)
    with connect(asked.url, asked.token, call.spoken) as client:
        platform = RemoteClient(client, url, patience=0).ask(show_platform)
    file = write_login(asked)
    call.done(
        {"url": url, "platform": platform.name, "file": str(file), "token": asked.name},
        f"signed in to {platform.name} at {url}",
    )


def logout(call: Call) -> None:
    """Forget the platform that was signed in to; a token that the login made is deleted."""
    known = read_login()
    revoked = known is not None and bool(known.name) and _revoke(call, known)
    forgotten = forget_login()
    call.done(
        {"forgotten": forgotten, "revoked": revoked}, "signed out" if forgotten else "nobody was signed in"
    )


def _by_password(call: Call, url: str, user: str, password: str) -> Login:
    """A session for as long as it takes to make a token."""
    from jobferry.cli.remote import RemoteClient, connect

    with connect(url, "", call.spoken) as client:
        api = RemoteClient(client, url, patience=0)
        session = api.ask(sign_in, NewSession(name=user, password=password)).value
        client.headers["X-CSRF-Token"] = session.csrf_token
        try:
            made = _made_token(api, session.name)
        finally:
            api.ask(sign_out)
    return Login(url, made.token, session.name, made.name)


def _made_token(api: Client, user: str) -> NewTokenAnswer:
    """A token named after this machine, with a number where that name is taken."""
    machine = re.sub(r"[\x00-\x1f\x7f]", "", node())[:50] or "command line"
    for number in range(1, _TRIES):
        name = machine if number == 1 else f"{machine} {number}"
        try:
            return api.ask(create_token, user, NewToken(name=name))
        except Refused as refused:
            if refused.code != ErrorCode.NAME_TAKEN:
                raise
    raise InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence("{user} has {tries} tokens for this machine", user=user, tries=_TRIES - 1),
        subject=machine,
        hint="revoke those that nobody uses: `jobferry token delete NAME`",
    )


def _revoke(call: Call, known: Login) -> bool:
    """Whether the token is revoked; a platform that cannot be reached keeps it until it expires."""
    from jobferry.cli.remote import RemoteClient, connect

    try:
        with connect(known.url, known.token, call.spoken) as client:
            RemoteClient(client, known.url, patience=0).ask(revoke_token, known.user, known.name)
    except (Refused, JobferryError) as error:
        told = "the token {name} of {user} could not be revoked: {error}"
        call.out.note(call.out.say(told, name=known.name, user=known.user, error=error))
        return False
    return True


def _warn(call: Call, url: str) -> None:
    if url.startswith("http:") and urlsplit(url).hostname not in _LOOPBACK:
        call.out.note(call.out.say("warning: what signs in travels to {url} unencrypted", url=url))


def _token(from_stdin: bool) -> str:
    token = asked_secret("token", from_stdin=from_stdin, hint=_HINT).strip()
    if not token or not token.isascii():
        raise InvalidRequest(ErrorCode.MISSING_VALUE, "this is not a token", subject="token", hint=_HINT)
    return token
