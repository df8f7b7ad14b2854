"""release: what waits to go live together, and who took it there."""

from __future__ import annotations

from typing import Annotated

import typer

from jobferry.api.native import releases as api
from jobferry.api.native.reviews import DecisionBody, SaidItems, SaidReviews
from jobferry.cli import ids
from jobferry.cli.call import Call, command, group
from jobferry.cli.commands.reviews import (
    Answer,
    Id,
    StateOption,
    TabOption,
    show_list,
    show_state,
    show_whole,
)
from jobferry.cli.ids import ask_about
from jobferry.cli.listing import NamedListOptions, ask_list
from jobferry.cli.session import ask
from jobferry.cli.show.out import when
from jobferry.model.kinds import ObjectKind
from jobferry.model.review import Tab

Jobs = Annotated[list[str] | None, typer.Option("--job", metavar="NAME", help="A job to release; repeat it.")]
Scripts = Annotated[
    list[str] | None, typer.Option("--script", metavar="NAME", help="A script to release; repeat it.")
]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    releases = group(app, "release", "Releases of enterprise mode.")
    command(releases, "list")(list_releases)
    command(releases, "waiting", lists=True)(waiting)
    command(releases, "show")(show)
    command(releases, "create")(create)
    command(releases, "approve")(approve)
    command(releases, "reject")(reject)
    command(releases, "withdraw")(withdraw)


def list_releases(
    call: Call, said: NamedListOptions, tab: TabOption = Tab.ALL, state: StateOption = None
) -> None:
    """List releases, newest first."""
    which = SaidReviews(tab=tab, state=state, name=said.name)
    show_list(call, ask_list(call, said, api.list_releases, which).items)


def waiting(call: Call, said: NamedListOptions) -> None:
    """List what was submitted and is in no release yet."""
    say = call.out.say
    call.listed(
        ("asks to", "kind", "name", "version", "asked by", "when"),
        ask_list(call, said, api.list_pending_items, SaidItems(name=said.name)).items,
        lambda item: (
            say(item.ask),
            say(item.kind),
            item.name,
            f"v{item.version}",
            item.asked_by,
            when(item.asked_at),
        ),
    )


def show(call: Call, release: Id) -> None:
    """Show what a release takes live, in that order."""
    show_whole(call, ids.ask_whole(call, release, ids.releases, api.show_release, SaidItems()))


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
    named = {ObjectKind.JOB: job or (), ObjectKind.SCRIPT: script or ()}
    wanted = api.ReleaseBody(
        name=name,
        items=tuple(api.WaitingObject(kind, thing) for kind, things in named.items() for thing in things),
        everything=everything,
        approvers=tuple(approver or ()),
        note=note or "",
    )
    made = ask(call, api.create_release, wanted)
    call.done(made, f"{made.name}: {made.id}")
    call.out.line(call.out.say("can be approved by: {names}", names=", ".join(made.approvable_by)))


def approve(call: Call, release: Id, answer: Answer = None) -> None:
    """Take everything in a release live, or nothing."""
    show_state(
        call, ask_about(call, release, ids.releases, api.approve_release, DecisionBody(answer=answer or ""))
    )


def reject(call: Call, release: Id, answer: Answer = None) -> None:
    """Reject a release: what is in it waits for another one."""
    show_state(
        call, ask_about(call, release, ids.releases, api.reject_release, DecisionBody(answer=answer or ""))
    )


def withdraw(call: Call, release: Id) -> None:
    """Take a release back: what is in it waits for another one."""
    show_state(call, ask_about(call, release, ids.releases, api.withdraw_release))
