"""token, key: what programs sign in with. Secrets are shown once, where they are made."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec, TypeVar

import typer
from msgspec.structs import asdict

from jobferry.api.native import people as api
from jobferry.api.native.platform import show_platform
from jobferry.api.native.sessions import show_me
from jobferry.cli.asking import Yes, confirm_deletion
from jobferry.cli.call import Call, command, group
from jobferry.cli.listing import ListOptions, NamedListOptions, ask_list
from jobferry.cli.session import platform
from jobferry.cli.show.out import when
from jobferry.cli.words import Say

if TYPE_CHECKING:
    from jobferry.cli.client import Client

P = ParamSpec("P")
T = TypeVar("T")
Name = Annotated[str, typer.Argument(metavar="NAME", help="The token's name.")]
KeyName = Annotated[str, typer.Argument(metavar="AK", help="The access key.")]
UserOption = Annotated[
    str | None,
    typer.Option("--user", metavar="NAME", help="Somebody else's, for operations; else your own."),
]


def add_to(app: typer.Typer) -> None:
    """Adds both groups."""
    tokens = group(app, "token", "API tokens.")
    command(tokens, "list")(list_tokens)
    command(tokens, "create")(create_token)
    command(tokens, "delete")(delete_token)
    keys = group(app, "key", "Pairs of access key and secret key, for signatures.")
    command(keys, "list")(list_keys)
    command(keys, "create")(create_key)
    command(keys, "rotate")(rotate_key)
    command(keys, "disable")(disable_key)
    command(keys, "delete")(delete_key)


def list_tokens(call: Call, said: NamedListOptions, user: UserOption = None) -> None:
    """List tokens with their last use."""
    call.listed(
        ("name", "good for", "used", "expires"),
        ask_list(call, said, api.list_tokens, _named(call, user), said.name).items,
        lambda token: (token.name, _scope(token, call.out.say), when(token.used_at), when(token.expires_at)),
    )


def create_token(
    call: Call,
    name: Name,
    days: Annotated[int, typer.Option("--days", min=1, max=365, help="For how long it is good.")] = 90,
    read_only: Annotated[bool, typer.Option("--read-only", help="For looking and exporting only.")] = False,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="WORKSPACE", help="Good in these alone; repeat it.")
    ] = None,
    user: UserOption = None,
) -> None:
    """Make a token and print it, this once."""
    wanted = api.NewToken(name=name, days=days, read_only=read_only, workspaces=tuple(only or ()))
    made = _ask(call, user, api.create_token, wanted)
    call.done(made, made.token)
    _tell_file(call, made)


def delete_token(call: Call, name: Name, user: UserOption = None, yes: Yes = False) -> None:
    """Delete a token; nobody signs in with it any more."""
    confirm_deletion(call, "token", name, yes=yes)
    removed = _ask(call, user, api.revoke_token, name)
    call.done({"name": name, "revoked": True, **asdict(removed)}, name)
    _tell_file(call, removed)


def list_keys(call: Call, said: ListOptions, user: UserOption = None) -> None:
    """List key pairs with their last use."""
    call.listed(
        ("access key", "state", "created", "used", "good until"),
        ask_list(call, said, api.list_keys, _named(call, user)).items,
        lambda key: (
            key.access_key,
            call.out.say("disabled") if key.disabled else "",
            when(key.created_at),
            when(key.used_at),
            when(key.expires_at),
        ),
        name=attrgetter("access_key"),
    )


def create_key(call: Call, user: UserOption = None) -> None:
    """Make a key pair and print it with the project id, which clients want too; the secret key this once."""
    with platform(call) as there:
        project = there.ask(show_platform).project_id
        made = there.ask(api.create_key, _owner(there, user))
    _show_key(call, project, made)


def rotate_key(
    call: Call,
    access_key: KeyName,
    grace: Annotated[
        int | None,
        typer.Option(
            "--grace",
            metavar="HOURS",
            min=0,
            help="How long the former pair stays good; 0: not at all; not said: until it is disabled.",
        ),
    ] = None,
    user: UserOption = None,
) -> None:
    """Make a pair in the place of another, and print both keys, the secret one this once."""
    with platform(call) as there:
        project = there.ask(show_platform).project_id
        rotation = api.KeyRotation(grace_hours=grace)
        made = there.ask(api.rotate_key, _owner(there, user), access_key, rotation)
    _show_key(call, project, made)


def disable_key(call: Call, access_key: KeyName, user: UserOption = None) -> None:
    """Make a key pair useless; it stays in the list."""
    removed = _ask(call, user, api.disable_key, access_key)
    call.done({"access_key": access_key, "disabled": True, **asdict(removed)}, access_key)
    _tell_file(call, removed)


def delete_key(call: Call, access_key: KeyName, user: UserOption = None, yes: Yes = False) -> None:
    """Delete a key pair."""
    confirm_deletion(call, "access key", access_key, yes=yes)
    removed = _ask(call, user, api.remove_key, access_key)
    call.done({"access_key": access_key, "removed": True, **asdict(removed)}, access_key)
    _tell_file(call, removed)


def _ask(
    call: Call,
    user: str | None,
    run: Callable[Concatenate[Any, str, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """What a function of the API answers about the user who is meant."""
    with platform(call) as there:
        return there.ask(run, _owner(there, user), *args, **kwargs)


def _named(call: Call, user: str | None) -> str:
    with platform(call) as there:
        return _owner(there, user)


def _owner(there: Client, user: str | None) -> str:
    """The user who is meant: as said, or who is signed in."""
    return user or there.ask(show_me).name


def _show_key(call: Call, project: str, made: api.NewKeyAnswer) -> None:
    call.out.value({"project_id": project, **asdict(made)})
    call.out.line(f"project_id: {project}")
    call.out.line(f"access_key: {made.access_key}")
    call.out.line(f"secret_key: {made.secret_key}")
    _tell_file(call, made)


_FILE_REMOVED = (
    "credentials.json, which the first start left in the data folder, is removed; "
    "what it held stays good until it is revoked (`jobferry token list`, `jobferry key list`)"
)


def _scope(token: api.TokenAnswer, say: Say) -> str:
    said = [say("reading")] if token.read_only else []
    if token.workspaces:
        said.append(say("{count} workspaces", count=len(token.workspaces)))
    return say(", ").join(said) or say("everything")


def _tell_file(call: Call, answer: api.NewTokenAnswer | api.NewKeyAnswer | api.RemovedAnswer) -> None:
    """Says so when the first start's credentials file went away with this."""
    if answer.credentials_file_removed:
        call.out.note(call.out.say(_FILE_REMOVED))
