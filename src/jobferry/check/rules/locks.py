"""Rules about locks that others hold on what would be overwritten."""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.moments import written
from jobferry.model.transfer.arrival import Arrival, Passage
from jobferry.model.transfer.finding import Finding, Severity


def targets_are_locked_hard(passage: Passage) -> Iterator[Finding]:
    """Somebody else holds the lock of what would be overwritten, and the user may not take it."""
    grant = passage.view.grant
    for arrival, holder in _foreign(passage):
        target = arrival.target
        if target is not None and not grant.commands_lock(target, passage.policy.lock_policy):
            yield Finding(
                code="locked-by-another",
                severity=Severity.BLOCK,
                kind=arrival.kind,
                name=arrival.name,
                args={
                    "holder": holder,
                    "since": written(target.locked_at),
                    "who": ", ".join(grant.administrators) or "operations",
                },
            )


def locks_are_overridden(passage: Passage) -> Iterator[Finding]:
    """Objects that somebody else has locked are overwritten, and their locks move to the user."""
    grant = passage.view.grant
    taken: dict[str, list[str]] = {}
    for arrival, holder in _foreign(passage):
        if arrival.target and grant.commands_lock(arrival.target, passage.policy.lock_policy):
            taken.setdefault(holder, []).append(arrival.name)
    for holder, names in taken.items():
        yield Finding(
            code="locks-overridden",
            severity=Severity.WARN,
            kind="package",
            name="",
            args={
                "holder": holder,
                "count": str(len(names)),
                "example": names[0],
                "user": grant.caller.name,
            },
        )


def _foreign(passage: Passage) -> Iterator[tuple[Arrival, str]]:
    """What would be overwritten although somebody else holds its lock, with that holder."""
    user = passage.view.grant.caller.name
    for arrival in passage.written:
        holder = arrival.target.locked_by if arrival.target else ""
        if holder not in ("", user):
            yield arrival, holder
