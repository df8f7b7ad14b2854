"""settings: what operations decides for the whole platform."""

from __future__ import annotations

from typing import Annotated

import typer

from jobferry.cli import options
from jobferry.cli.call import Call, command, default, group
from jobferry.cli.session import platform
from jobferry.cli.show.settings import settings_table


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    settings = group(app, "settings", "Settings of the whole platform; alone, shows them.")
    default(settings)(show)
    command(settings, "show")(show)
    command(settings, "set")(set_)


def show(call: Call) -> None:
    """Show the platform's settings: what holds, and who says so."""
    from jobferry.cli.client import at

    with platform(call) as api:
        items = api.get(at("settings"))
    settings_table(call, items)


def set_(
    call: Call,
    values: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY=VALUE...", help="An empty value leaves it to the environment or default."
        ),
    ],
) -> None:
    """Change settings of the platform; for operations."""
    from jobferry.cli.client import at

    with platform(call) as api:
        items = api.patch(at("settings"), options.pairs(values, "KEY=VALUE"))
    settings_table(call, items)
