"""workspace, settings: the named areas that own jobs, and what is set for them and the whole platform."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jobferry.cli import options
from jobferry.cli.call import Call, at, command, default, group
from jobferry.cli.session import ask


def add_to(app: typer.Typer) -> None:
    """Adds both groups."""
    workspaces = group(app, "workspace", "Workspaces and their settings; alone, lists them.")
    default(workspaces)(list_workspaces)
    command(workspaces, "list")(list_workspaces)
    command(workspaces, "show")(show)
    command(workspaces, "create")(create)
    command(workspaces, "settings")(settings)
    command(workspaces, "set")(set_)
    platform = group(app, "settings", "Settings of the whole platform; alone, shows them.")
    default(platform)(show_platform)
    command(platform, "show")(show_platform)
    command(platform, "set")(set_platform)


def list_workspaces(call: Call) -> None:
    """List the workspaces."""
    items = ask(call, "get", at("workspaces"))["items"]
    call.listed(("name", "description"), items, lambda item: (item["name"], item["description"]))


def show(
    call: Call,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Its name or id; else as --workspace says.")
    ] = None,
) -> None:
    """Show a workspace with all its settings."""
    item = ask(call, "get", at("workspaces", name or call.workspace_name))
    _show(call, item)


def create(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    description: Annotated[str, typer.Option("--description", metavar="TEXT")] = "",
) -> None:
    """Make a workspace."""
    item = ask(call, "post", at("workspaces"), {"name": name, "description": description})
    call.done(item, item["name"])


def settings(call: Call) -> None:
    """List the workspace's settings with values, meanings and who may set them (see --workspace)."""
    items = ask(call, "get", call.at("settings"))
    settings_table(call, items)


def set_(
    call: Call,
    settings: Annotated[
        list[str], typer.Argument(metavar="KEY=VALUE...", help="An empty value is the default.")
    ],
) -> None:
    """Change settings of the workspace (see --workspace)."""
    values = options.pairs(settings, "KEY=VALUE")
    item = ask(call, "patch", call.at("settings"), values)
    _show(call, item)


def _show(call: Call, item: dict[str, Any]) -> None:
    call.out.value(item)
    call.out.line(item["name"], "bold")
    for key, value in item["settings"].items():
        call.out.line(f"  {key}={value}")


def show_platform(call: Call) -> None:
    """Show the platform's settings: what holds, and who says so."""
    items = ask(call, "get", at("settings"))
    settings_table(call, items)


def set_platform(
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
