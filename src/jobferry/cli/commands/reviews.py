"""review: what waits for somebody's approval, and what was decided."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from jobferry.cli.call import Call, command, default, group
from jobferry.cli.options import said
from jobferry.cli.session import ask_path
from jobferry.cli.show.out import when

Id = Annotated[str, typer.Argument(metavar="ID", help="The id that list shows.")]
Answer = Annotated[str | None, typer.Option("--answer", metavar="TEXT", help="Said to who asked.")]
TabOption = Annotated[
    Literal["all", "pending", "reviewed", "mine"],
    typer.Option("--tab", help="What waits for you, what you decided, what you asked for, or all."),
]
StateOption = Annotated[
    Literal["pending", "approved", "rejected", "withdrawn"] | None,
    typer.Option("--state", help="Only these."),
]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    reviews = group(app, "review", "What waits for approval; alone, lists what waits for you.")
    default(reviews)(list_pending)
    command(reviews, "list")(list_reviews)
    command(reviews, "show")(show)
    command(reviews, "approve")(approve)
    command(reviews, "reject")(reject)
    command(reviews, "withdraw")(withdraw)
    command(reviews, "resubmit")(resubmit)


def list_pending(call: Call) -> None:
    """List the reviews that wait for you."""
    list_reviews(call, tab="pending")


def list_reviews(call: Call, tab: TabOption = "all", state: StateOption = None) -> None:
    """List reviews, newest first."""
    show_list(call, "reviews", tab, state)


def show(call: Call, review: Id) -> None:
    """Show what a review asks for, in the order in which it goes live."""
    show_one(call, "reviews", review)


def approve(call: Call, review: Id, answer: Answer = None) -> None:
    """Approve a review: all that it asks for happens, or nothing."""
    decide(call, ("reviews", review, "approve"), answer)


def reject(call: Call, review: Id, answer: Answer = None) -> None:
    """Reject a review: drafts stay as they are."""
    decide(call, ("reviews", review, "reject"), answer)


def withdraw(call: Call, review: Id) -> None:
    """Take back what you asked for."""
    decide(call, ("reviews", review, "withdraw"), None)


def resubmit(
    call: Call,
    review: Id,
    approver: Annotated[
        list[str] | None,
        typer.Option("--approver", metavar="NAME", help="Who is asked, else who was before; repeat it."),
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="What approvers are told.")
    ] = None,
) -> None:
    """Ask once more for what was rejected or withdrawn, if it has not changed."""
    body = said(approvers=approver, note=note)
    made = ask_path(call, "post", call.at("reviews", review, "resubmit"), body)
    call.done(made, f"{made['name']}: {made['id']}")


def show_list(call: Call, what: str, tab: str, state: str | None) -> None:
    """Prints reviews or releases."""
    items = ask_path(call, "all", call.at(what), **said(tab=tab, state=state))
    say = call.out.say
    call.listed(
        ("review", "when", "name", "objects", "asked by", "approvers", "state"),
        items,
        lambda item: (
            item["id"],
            when(item["asked_at"]),
            item["name"],
            str(item["size"]),
            item["asked_by"],
            ", ".join(item["approvers"]) or "-",
            say(item["state"]),
        ),
    )


def show_one(call: Call, what: str, id_: str) -> None:
    """Prints one review or release with its items."""
    found = ask_path(call, "get", call.at(what, id_))
    call.out.value(found)
    say = call.out.say
    call.out.line(f"{found['name']}: {say(found['state'])}", "bold")
    call.out.line(
        f"{say('asked by')} {found['asked_by']}, {when(found['asked_at'])}  {found['note']}".rstrip()
    )
    if found["decided_by"]:
        told = f"{say('decided by')} {found['decided_by']}, {when(found['decided_at'])}  {found['answer']}"
        call.out.line(told.rstrip())
    rows = [(say(one["ask"]), say(one["kind"]), one["name"], f"v{one['version']}") for one in found["items"]]
    call.out.table(("asks to", "kind", "name", "version"), rows)


def decide(call: Call, path: tuple[str, ...], answer: str | None) -> None:
    """Approves, rejects or withdraws, and says how it stands then."""
    body: dict[str, Any] | None = None if path[-1] == "withdraw" else said(answer=answer)
    decided = ask_path(call, "post", call.at(*path), body)
    call.done(decided, f"{decided['name']}: {call.out.say(decided['state'])}")
