"""workspace, setting: the named areas that own jobs, and what is set for them and the whole platform."""

from __future__ import annotations

from operator import attrgetter
from typing import Annotated

import typer

from jobferry.api.native import workspaces as api
from jobferry.api.native.settings import (
    SettingAnswer,
    change_platform_settings,
    list_platform_settings,
    list_process_settings,
    list_settings,
)
from jobferry.cli import options
from jobferry.cli.call import Call, command, group
from jobferry.cli.listing import NamedListOptions, ask_list
from jobferry.cli.session import ask

Platform = Annotated[
    bool, typer.Option("--platform", help="Those of the whole platform, not of the workspace.")
]


def add_to(app: typer.Typer) -> None:
    """Adds both groups."""
    workspaces = group(app, "workspace", "Workspaces and their settings.")
    command(workspaces, "list")(list_workspaces)
    command(workspaces, "show")(show)
    command(workspaces, "create")(create)
    settings = group(app, "setting", "Settings of a workspace or of the platform.")
    command(settings, "list")(list_)
    command(settings, "set")(set_)


def list_workspaces(call: Call, said: NamedListOptions) -> None:
    """List the workspaces."""
    found = ask_list(call, said, api.list_workspaces, said.name).items
    call.listed(("name", "description"), found, lambda workspace: (workspace.name, workspace.description))


def show(
    call: Call,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Its name or id; else as --workspace says.")
    ] = None,
) -> None:
    """Show a workspace with all its settings."""
    _show(call, ask(call.about(name) if name else call, api.show_workspace))


def create(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    description: Annotated[str, typer.Option("--description", metavar="TEXT")] = "",
) -> None:
    """Make a workspace."""
    made = ask(call, api.create_workspace, api.NewWorkspace(name=name, description=description))
    call.done(made, made.name)


def list_(
    call: Call,
    platform: Platform = False,
    source: Annotated[
        bool,
        typer.Option("--source", help="Those that the platform's process was started with, and from where."),
    ] = False,
) -> None:
    """List settings with values, where these come from, who may set them, and meanings."""
    if source:
        _process_table(call)
        return
    _table(call, ask(call, list_platform_settings) if platform else ask(call, list_settings))


def set_(
    call: Call,
    values: Annotated[
        list[str], typer.Argument(metavar="KEY=VALUE...", help="An empty value is the default again.")
    ],
    platform: Platform = False,
) -> None:
    """Change settings of the workspace, or with --platform (for operations) of the platform."""
    wanted = _pairs(values)
    if platform:
        _table(call, ask(call, change_platform_settings, wanted))
    else:
        _show(call, ask(call, api.change_settings, wanted))


def _show(call: Call, workspace: api.WorkspaceAnswer) -> None:
    call.out.value(workspace)
    call.out.line(workspace.name, "bold")
    for key, value in workspace.settings.items():
        call.out.line(f"  {key}={value}")


def _pairs(texts: list[str]) -> dict[str, str | int | bool]:
    return {**options.pairs(texts, "KEY=VALUE")}


def _process_table(call: Call) -> None:
    """Key, value, and the option, variable or file that it comes from."""
    call.listed(
        ("setting", "value", "from"),
        ask(call, list_process_settings),
        lambda setting: (setting.key, setting.value, setting.origin or call.out.say(setting.source)),
        name=attrgetter("key"),
    )


def _table(call: Call, settings: list[SettingAnswer]) -> None:
    """Key, value, where it comes from, who may set it; then what each means."""
    call.listed(
        ("setting", "value", "from", "set by", "meaning"),
        settings,
        lambda setting: (
            setting.key,
            setting.value or setting.follows,
            call.out.say(setting.source),
            ", ".join(setting.set_by),
            setting.meaning,
        ),
        name=attrgetter("key"),
    )
