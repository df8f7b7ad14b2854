"""What several commands about people need."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jobferry.cli.call import Call

if TYPE_CHECKING:
    from jobferry.cli.client import Api

UserOption = Annotated[
    str | None,
    typer.Option("--user", metavar="NAME", help="Somebody else's, for operations; else your own."),
]


def owner(api: Api, user: str | None) -> str:
    """The user who is meant: as said, or who is signed in."""
    from jobferry.cli.client import at

    return user or str(api.get(at("me"))["name"])


def done(call: Call, value: dict[str, Any], line: str) -> None:
    """The answer of a call that changed something."""
    if call.json:
        call.out.value(value)
    else:
        call.out.line(line)


def tell_file(call: Call, answer: dict[str, Any]) -> None:
    """Says so when the first start's credentials file went away with this."""
    if answer.get("credentials_file_removed"):
        call.out.note(
            "credentials.json, which the first start left in the data folder, is removed;"
            " what it held stays good until it is revoked (jobferry token list, jobferry key list)"
        )


def when(ms: int) -> str:
    """A time as people here read it; - for never."""
    return datetime.fromtimestamp(ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S") if ms else "-"
