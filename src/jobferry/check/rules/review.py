"""Rules about what goes live: who may put it there, and who has to be asked."""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.kinds import VERSIONED_KINDS
from jobferry.model.review import Way
from jobferry.model.rights import Action
from jobferry.model.transfer.arrival import Arrival, Passage, going_live
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.policy import TargetStatus


def approvers_are_missing(passage: Passage) -> Iterator[Finding]:
    """An object would be submitted, the workspace wants a review of it, and nobody is named to approve."""
    if passage.options.approvers or not passage.view.settings.review.is_on:
        return
    for arrival in passage.written:
        if going_live(arrival, passage.view) is Way.REVIEW:
            yield _block(passage, arrival, "approvers-missing")


def publishing_is_not_theirs(passage: Passage) -> Iterator[Finding]:
    """An object would go live without review or release, and the importing user may not decide that."""
    if passage.view.grant.may(Action.PUBLISH):
        return
    for arrival in passage.written:
        is_published = arrival.policy.target_status is TargetStatus.PRODUCTION
        if is_published and arrival.kind in VERSIONED_KINDS:
            yield _block(passage, arrival, "not-allowed-publish", user=passage.view.grant.caller.name)


def reviews_are_pending(passage: Passage) -> Iterator[Finding]:
    """An object would be submitted again while it waits in a review or release."""
    if not passage.view.waiting:
        return
    for arrival in passage.written:
        review = passage.view.waiting.get(arrival.target.id) if arrival.target else None
        if review and going_live(arrival, passage.view) in (Way.REVIEW, Way.RELEASE):
            yield _block(passage, arrival, "review-pending", review=review)


def _block(passage: Passage, arrival: Arrival, code: str, **args: str) -> Finding:
    args = {"who": ", ".join(passage.view.grant.administrators) or "operations", **args}
    return Finding(code=code, severity=Severity.BLOCK, kind=arrival.kind, name=arrival.name, args=args)
