"""Rules about what the source has deleted: whether it goes here too, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.kinds import PLACED_KINDS
from jobferry.model.moments import written
from jobferry.model.review import Way
from jobferry.model.rights import HEADS, MATRIX, Role, deleting
from jobferry.model.transfer.arrival import Passage, objects_used, told_user, users_of
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.planned.departure import NEEDED, NOT_CONFIRMED, Departure
from jobferry.model.transfer.policy import TargetEdited
from jobferry.model.transfer.target import is_stopped


def deletions_are_not_confirmed(passage: Passage) -> Iterator[Finding]:
    """Something is gone at its source, and stays here because nobody has said that it is to go."""
    if not passage.options.apply_deletions:
        for one in passage.departures:
            yield _found(one, NOT_CONFIRMED, Severity.WARN)


def departures_are_in_use(passage: Passage) -> Iterator[Finding]:
    """What is to go is not stopped, or somebody else holds its lock."""
    user = passage.view.grant.caller.name
    for one in _going(passage):
        here = one.target
        if not is_stopped(here):
            yield _found(one, "deletion-not-stopped", state=here.state)
        if here.locked_by not in ("", user):
            yield _found(one, "deletion-locked", holder=here.locked_by, since=written(here.locked_at))


def departures_were_edited(passage: Passage) -> Iterator[Finding]:
    """What is to go was edited here since it last came from there; deleting loses that."""
    blocks = passage.policy.target_edited is TargetEdited.BLOCK
    for one in _going(passage):
        if one.edited:
            severity = Severity.BLOCK if blocks else Severity.WARN
            by, at = one.target.updated_by, written(one.target.updated_at)
            yield _found(one, "deletion-edited", severity, by=by, at=at)


def departures_are_not_theirs(passage: Passage) -> Iterator[Finding]:
    """The importing user may not delete what is to go, here or where it lies."""
    grant = passage.view.grant
    who = ", ".join(grant.administrators) or "operations"
    for one in _going(passage):
        kind = one.target.kind
        covered = kind not in PLACED_KINDS or grant.covers(one.target.directory)
        if not covered or not grant.may(deleting(kind)):
            roles = ", ".join(role for role in Role if role in MATRIX[deleting(kind)] - HEADS)
            place = one.target.directory
            yield _found(
                one, "deletion-not-allowed", user=grant.caller.name, who=who, roles=roles, directory=place
            )


def departures_wait_for_decisions(passage: Passage) -> Iterator[Finding]:
    """The workspace wants a review or a release of deletions, or one is pending."""
    for one in _going(passage):
        way = passage.view.settings.way_live(one.target.kind, one.target.name, publish=False)
        goes_live = way is Way.LIVE or (way is Way.RELEASE and not one.target.live_version)
        if not goes_live or one.target.id in passage.view.waiting:
            yield _found(one, "deletion-in-review")


def departures_are_needed(passage: Passage) -> Iterator[Finding]:
    """Something that stays here refers to what is to go."""
    going = {one.key: one for one in _going(passage)}
    if not going:
        return
    for user, references in users_of(passage).items():
        if user in going:
            continue
        for key in objects_used(references):
            if key in going:
                kind, name = told_user(user, passage.view)
                yield _found(going.pop(key), NEEDED, user_kind=kind, user=name)


def _going(passage: Passage) -> tuple[Departure, ...]:
    return passage.departures if passage.options.apply_deletions else ()


def _found(one: Departure, code: str, severity: Severity = Severity.BLOCK, **args: str) -> Finding:
    kind, name = one.key
    return Finding(code=code, severity=severity, kind=kind, name=name, args=args)
