"""settings: what operations decides for the whole platform."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jobferry.cli import options
from jobferry.cli.call import Call, at, command, default, group
from jobferry.cli.session import ask


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    settings = group(app, "settings", "Settings of the whole platform; alone, shows them.")
    default(settings)(show)
    command(settings, "show")(show)
    command(settings, "set")(set_)


def show(call: Call) -> None:
    """Show the platform's settings: what holds, and who says so."""
    items = ask(call, "get", at("settings"))
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
    items = ask(call, "patch", at("settings"), options.pairs(values, "KEY=VALUE"))
    settings_table(call, items)


def settings_table(call: Call, items: list[dict[str, Any]]) -> None:
    """Key, value, where it comes from, who may set it; then what each means."""
    call.listed(
        ("setting", "value", "from", "set by", "meaning"),
        items,
        lambda item: (
            item["key"],
            item["value"] or item["follows"],
            item["source"],
            ", ".join(item["set_by"]),
            item["meaning"],
        ),
    )
