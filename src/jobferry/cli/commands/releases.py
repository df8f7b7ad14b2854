"""release: what waits to go live together, and who took it there."""

from __future__ import annotations

from typing import Annotated

import typer

from jobferry.cli.call import Call, command, default, group
from jobferry.cli.commands.reviews import (
    Answer,
    Id,
    StateOption,
    TabOption,
    decide,
    show_list,
    show_one,
)
from jobferry.cli.options import said
from jobferry.cli.session import ask_path
from jobferry.cli.show.out import when

Jobs = Annotated[list[str] | None, typer.Option("--job", metavar="NAME", help="A job to release; repeat it.")]
Scripts = Annotated[
    list[str] | None, typer.Option("--script", metavar="NAME", help="A script to release; repeat it.")
]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    releases = group(app, "release", "Releases of enterprise mode; alone, lists those that wait for you.")
    default(releases)(list_pending)
    command(releases, "list")(list_releases)
    command(releases, "waiting")(waiting)
    command(releases, "show")(show)
    command(releases, "create")(create)
    command(releases, "approve")(approve)
    command(releases, "reject")(reject)
    command(releases, "withdraw")(withdraw)


def list_pending(call: Call) -> None:
    """List the releases that wait for you."""
    list_releases(call, tab="pending")


def list_releases(call: Call, tab: TabOption = "all", state: StateOption = None) -> None:
    """List releases, newest first."""
    show_list(call, "releases", tab, state)


def waiting(call: Call) -> None:
    """List what was submitted and is in no release yet."""
    items = ask_path(call, "all", call.at("pending-items"))
    say = call.out.say
    call.listed(
        ("asks to", "kind", "name", "version", "asked by", "when"),
        items,
        lambda item: (
            say(item["ask"]),
            say(item["kind"]),
            item["name"],
            f"v{item['version']}",
            item["asked_by"],
            when(item["asked_at"]),
        ),
    )


def show(call: Call, release: Id) -> None:
    """Show what a release takes live, in that order."""
    show_one(call, "releases", release)


def create(
    call: Call,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call the release.")],
    *,
    job: Jobs = None,
    script: Scripts = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that waits.")] = False,
    approver: Annotated[
        list[str] | None,
        typer.Option("--approver", metavar="NAME", help="Who may decide, else all who can; repeat it."),
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="What approvers are told.")
    ] = None,
) -> None:
    """Put what waits into a release, for somebody else to approve."""
    items = [{"kind": "job", "name": one} for one in job or ()]
    items += [{"kind": "script", "name": one} for one in script or ()]
    body = said(approvers=approver, note=note) | {"name": name, "items": items, "everything": everything}
    made = ask_path(call, "post", call.at("releases"), body)
    call.done(made, f"{made['name']}: {made['id']}")


def approve(call: Call, release: Id, answer: Answer = None) -> None:
    """Take everything in a release live, or nothing."""
    decide(call, ("releases", release, "approve"), answer)


def reject(call: Call, release: Id, answer: Answer = None) -> None:
    """Reject a release: what is in it waits for another one."""
    decide(call, ("releases", release, "reject"), answer)


def withdraw(call: Call, release: Id) -> None:
    """Take a release back: what is in it waits for another one."""
    decide(call, ("releases", release, "withdraw"), None)
