"""review: what waits for somebody's approval, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Annotated

import typer

from jobferry.api.native import reviews as api
from jobferry.cli import ids
from jobferry.cli.call import Call, command, group
from jobferry.cli.ids import ask_about, short
from jobferry.cli.listing import NamedListOptions, ask_list
from jobferry.cli.show.out import when
from jobferry.model.review import ReviewState, Tab

Id = Annotated[str, typer.Argument(metavar="ID", help="The id that list shows, or its beginning.")]
Answer = Annotated[str | None, typer.Option("--answer", metavar="TEXT", help="Said to who asked.")]
TabOption = Annotated[
    Tab,
    typer.Option("--tab", help="What waits for you, what you decided, what you asked for, or all."),
]
StateOption = Annotated[ReviewState | None, typer.Option("--state", help="Only these.")]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    reviews = group(app, "review", "What waits for approval.")
    command(reviews, "list")(list_reviews)
    command(reviews, "show")(show)
    command(reviews, "approve")(approve)
    command(reviews, "reject")(reject)
    command(reviews, "withdraw")(withdraw)
    command(reviews, "resubmit")(resubmit)


def list_reviews(
    call: Call, said: NamedListOptions, tab: TabOption = Tab.ALL, state: StateOption = None
) -> None:
    """List reviews, newest first."""
    which = api.SaidReviews(tab=tab, state=state, name=said.name)
    show_list(call, ask_list(call, said, api.list_reviews, which).items)


def show(call: Call, review: Id) -> None:
    """Show what a review asks for, in the order in which it goes live."""
    show_whole(call, ids.ask_whole(call, review, ids.reviews, api.show_review, api.SaidItems()))


def approve(call: Call, review: Id, answer: Answer = None) -> None:
    """Approve a review: all that it asks for happens, or nothing."""
    show_state(
        call, ask_about(call, review, ids.reviews, api.approve_review, api.DecisionBody(answer=answer or ""))
    )


def reject(call: Call, review: Id, answer: Answer = None) -> None:
    """Reject a review: drafts stay as they are."""
    show_state(
        call, ask_about(call, review, ids.reviews, api.reject_review, api.DecisionBody(answer=answer or ""))
    )


def withdraw(call: Call, review: Id) -> None:
    """Take back what you asked for."""
    show_state(call, ask_about(call, review, ids.reviews, api.withdraw_review))


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
    wanted = api.ResubmitBody(approvers=tuple(approver or ()), note=note or "")
    made = ask_about(call, review, ids.reviews, api.resubmit_review, wanted)
    call.done(made, f"{made.name}: {made.id}")


def show_list(call: Call, reviews: Sequence[api.ReviewHead]) -> None:
    """Prints reviews or releases."""
    say = call.out.say
    call.listed(
        ("review", "when", "name", "objects", "asked by", "approvers", "state"),
        reviews,
        lambda review: (
            short(review.id),
            when(review.asked_at),
            review.name,
            str(review.size),
            review.asked_by,
            ", ".join(review.approvers) or "-",
            say(review.state),
        ),
        name=attrgetter("id"),
    )


def show_whole(call: Call, review: api.ReviewAnswer) -> None:
    """Prints a review or release with its items."""
    call.out.value(review)
    say = call.out.say
    call.out.line(f"{review.name}: {say(review.state)}", "bold")
    asked = f"{say('asked by')} {review.asked_by}, {when(review.asked_at)}  {review.note}"
    call.out.line(asked.rstrip())
    if review.decided_by:
        told = f"{say('decided by')} {review.decided_by}, {when(review.decided_at)}  {review.answer}"
        call.out.line(told.rstrip())
    rows = [(say(item.ask), say(item.kind), item.name, f"v{item.version}") for item in review.items]
    call.out.table(("asks to", "kind", "name", "version"), rows)


def show_state(call: Call, review: api.ReviewHead) -> None:
    """Says how a review or release stands that was decided or withdrawn."""
    call.done(review, f"{review.name}: {call.out.say(review.state)}")
