"""user: who can sign in, and by which password."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from jobferry.api.native import people as api
from jobferry.api.native import sessions
from jobferry.cli.call import Call, command, group
from jobferry.cli.listing import NamedListOptions, ask_list
from jobferry.cli.login import asked_secret
from jobferry.cli.session import ask
from jobferry.cli.show.out import when

Name = Annotated[str, typer.Argument(metavar="NAME")]
_STDIN = typer.Option("--stdin", help="Read passwords from stdin, one a line.")
_HINT = "type it, or give it on stdin with --stdin"


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    users = group(app, "user", "Who can sign in.")
    command(users, "list")(list_users)
    command(users, "me")(show_me)
    command(users, "create")(create)
    command(users, "disable")(disable)
    command(users, "enable")(enable)
    command(users, "edit")(edit)
    command(users, "password")(password)
    command(users, "sign-out")(sign_out)


def list_users(call: Call, said: NamedListOptions) -> None:
    """List the users; for operations."""
    call.listed(
        ("name", "role", "state", "created", "last sign-in"),
        ask_list(call, said, api.list_users, api.UserQuery(name=said.name)).items,
        lambda user: (
            *(user.name, _role(user), call.out.say(_state(user))),
            *(when(user.created_at), when(user.signed_in_at)),
        ),
    )


def show_me(call: Call) -> None:
    """Show who is signed in, and the roles in each workspace."""
    me = ask(call, sessions.show_me)
    call.out.value(me)
    call.out.line(f"{me.name} {_role(me)}".rstrip(), "bold")
    rows = [(workspace.name, ", ".join(workspace.roles)) for workspace in me.workspaces]
    call.out.table(("workspace", "roles"), rows)


def create(
    call: Call,
    name: Name,
    operations: Annotated[bool, typer.Option("--operations", help="Give the platform-wide role.")] = False,
    stdin: Annotated[bool, _STDIN] = False,
) -> None:
    """Make a user. Without a password they sign in by tokens and keys alone."""
    password = ""
    if stdin:
        password = asked_secret("password", from_stdin=True, hint=_HINT)
    elif sys.stdin.isatty():
        password = typer.prompt(
            call.out.say("password (empty for none)"),
            default="",
            show_default=False,
            hide_input=True,
            confirmation_prompt=True,
            err=True,
        )
    made = ask(call, api.create_user, api.NewUser(name=name, password=password, operations=operations))
    call.done(made, made.name)


def disable(call: Call, name: Name) -> None:
    """Keep a user out: sessions end, tokens and keys stop working."""
    _change(call, name, api.UserChange(disabled=True))


def enable(call: Call, name: Name) -> None:
    """Let a user in again."""
    _change(call, name, api.UserChange(disabled=False))


def edit(
    call: Call,
    name: Name,
    operations: Annotated[
        bool, typer.Option("--operations/--no-operations", help="The platform-wide role.", show_default=False)
    ],
) -> None:
    """Give a user the platform-wide role operations, or take it away."""
    _change(call, name, api.UserChange(operations=operations))


def password(
    call: Call,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Somebody else, for operations; else you.")
    ] = None,
    stdin: Annotated[bool, _STDIN] = False,
) -> None:
    """Change your own password, or give somebody another one. All sessions of the user end."""
    current = "" if name else asked_secret("present password", from_stdin=stdin, hint=_HINT)
    new = asked_secret("new password", from_stdin=stdin, hint=_HINT, twice=True)
    if name:
        ask(call, api.reset_password, name, api.PasswordReset(new=new))
    else:
        ask(call, sessions.set_password, sessions.PasswordChange(current=current, new=new))
    call.done({"name": name, "changed": True}, call.out.say("the password is changed"))


def sign_out(call: Call) -> None:
    """End all your sessions in browsers."""
    ended = ask(call, sessions.sign_out_everywhere).value
    call.done(ended, call.out.say("{count} sessions ended", count=ended.ended))


def _change(call: Call, name: str, change: api.UserChange) -> None:
    user = ask(call, api.change_user, name, change)
    call.done(user, user.name)


def _role(user: api.UserAnswer | sessions.MeAnswer) -> str:
    return "operations" if user.operations else ""


def _state(user: api.UserAnswer) -> str:
    return "disabled" if user.disabled else "" if user.password else "without password"
