"""token, key: what programs sign in with. Secrets are shown once, where they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobferry.cli.call import Call, at, command, default, group
from jobferry.cli.session import platform
from jobferry.cli.show.out import when

if TYPE_CHECKING:
    from jobferry.cli.remote import Api


Name = Annotated[str, typer.Argument(metavar="NAME", help="The token's name.")]
KeyName = Annotated[str, typer.Argument(metavar="AK", help="The access key.")]
UserOption = Annotated[
    str | None,
    typer.Option("--user", metavar="NAME", help="Somebody else's, for operations; else your own."),
]


def add_to(app: typer.Typer) -> None:
    """Adds both groups."""
    tokens = group(app, "token", "API tokens; alone, lists your own.")
    default(tokens)(list_my_tokens)
    command(tokens, "list")(list_tokens)
    command(tokens, "create")(create_token)
    command(tokens, "revoke")(revoke_token)
    keys = group(app, "key", "Pairs of access key and secret key, for signatures; alone, lists your own.")
    default(keys)(list_my_keys)
    command(keys, "list")(list_keys)
    command(keys, "create")(create_key)
    command(keys, "rotate")(rotate_key)
    command(keys, "disable")(disable_key)
    command(keys, "remove")(remove_key)


def list_my_tokens(call: Call) -> None:
    """List your tokens."""
    list_tokens(call)


def list_tokens(call: Call, user: UserOption = None) -> None:
    """List tokens with their last use."""
    items = _all(call, user, "tokens")
    call.listed(
        ("name", "good for", "used", "expires"),
        items,
        lambda item: (item["name"], _scope(item), when(item["used_at"]), when(item["expires_at"])),
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
    body = {"name": name, "days": days, "read_only": read_only, "workspaces": only or []}
    with platform(call) as api:
        made = api.post(at("users", _owner(api, user), "tokens"), body)
    call.done(made, made["token"])
    _tell_file(call, made)


def revoke_token(call: Call, name: Name, user: UserOption = None) -> None:
    """Revoke a token at once."""
    with platform(call) as api:
        answer = api.delete(at("users", _owner(api, user), "tokens", name))
    call.done({"name": name, "revoked": True, **answer}, name)
    _tell_file(call, answer)


def list_my_keys(call: Call) -> None:
    """List your key pairs."""
    list_keys(call)


def list_keys(call: Call, user: UserOption = None) -> None:
    """List key pairs with their last use."""
    items = _all(call, user, "keys")
    call.listed(
        ("access key", "state", "created", "used", "good until"),
        items,
        lambda item: (
            item["access_key"],
            call.out.say("disabled") if item["disabled"] else "",
            *(when(item[key]) for key in ("created_at", "used_at", "expires_at")),
        ),
    )


def create_key(call: Call, user: UserOption = None) -> None:
    """Make a key pair and print it with the project id, which clients want too; the secret key this once."""
    with platform(call) as api:
        project = api.get(at("platform"))["project_id"]
        made = api.post(at("users", _owner(api, user), "keys"))
    _show_key(call, {"project_id": project, **made})


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
    with platform(call) as api:
        project = api.get(at("platform"))["project_id"]
        made = api.post(at("users", _owner(api, user), "keys", access_key, "rotate"), {"grace_hours": grace})
    _show_key(call, {"project_id": project, **made})


def disable_key(call: Call, access_key: KeyName, user: UserOption = None) -> None:
    """Make a key pair useless; it stays in the list."""
    with platform(call) as api:
        answer = api.post(at("users", _owner(api, user), "keys", access_key, "disable"))
    call.done({"access_key": access_key, "disabled": True, **answer}, access_key)
    _tell_file(call, answer)


def remove_key(call: Call, access_key: KeyName, user: UserOption = None) -> None:
    """Remove a key pair."""
    with platform(call) as api:
        answer = api.delete(at("users", _owner(api, user), "keys", access_key))
    call.done({"access_key": access_key, "removed": True, **answer}, access_key)
    _tell_file(call, answer)


def _all(call: Call, user: str | None, what: str) -> list[dict[str, Any]]:
    with platform(call) as api:
        items: list[dict[str, Any]] = api.get(at("users", _owner(api, user), what))["items"]
    return items


def _show_key(call: Call, made: dict[str, Any]) -> None:
    call.out.value(made)
    for name in ("project_id", "access_key", "secret_key"):
        call.out.line(f"{name}: {made[name]}")
    _tell_file(call, made)


def _scope(token: dict[str, Any]) -> str:
    said = ["reading"] if token["read_only"] else []
    if token["workspaces"]:
        said.append(f"{len(token['workspaces'])} workspaces")
    return ", ".join(said) or "everything"


def _owner(api: Api, user: str | None) -> str:
    """The user who is meant: as said, or who is signed in."""
    return user or str(api.get(at("me"))["name"])


def _tell_file(call: Call, answer: dict[str, Any]) -> None:
    """Says so when the first start's credentials file went away with this."""
    if answer.get("credentials_file_removed"):
        call.out.note(
            "credentials.json, which the first start left in the data folder, is removed;"
            " what it held stays good until it is revoked (jobferry token list, jobferry key list)"
        )
