"""What something that stays here refers to does not go, although its source has deleted it."""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.records import ObjectKey
from jobferry.model.transfer.arrival import Passage, objects_used, told_user
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.planned.departure import NEEDED


def keep_what_is_needed(
    passage: Passage, out: dict[ObjectKey, list[Finding]], staying: dict[ObjectKey, list[Finding]]
) -> None:
    """Keeps what jobs refer to that stay as they are: departures that stay, and what an arrival that stays
    out would have overwritten."""
    if not passage.options.apply_deletions:
        return
    going = {one.key: one for one in passage.departures if one.key not in staying}
    waiting = [*staying, *_not_overwritten(passage, out)] if going else []
    while waiting:
        user = waiting.pop()
        for key in objects_used(passage.view.references.get(user, ())):
            if going.pop(key, None) is not None:
                staying[key] = [_needed(key, told_user(user, passage.view))]
                waiting.append(key)


def _not_overwritten(passage: Passage, out: dict[ObjectKey, list[Finding]]) -> Iterator[ObjectKey]:
    for arrival in passage.written:
        if arrival.key in out and arrival.target is not None:
            yield arrival.target.key


def _needed(key: ObjectKey, user: ObjectKey) -> Finding:
    (kind, name), (user_kind, user_name) = key, user
    args = {"user_kind": str(user_kind), "user": user_name}
    return Finding(code=NEEDED, severity=Severity.BLOCK, kind=kind, name=name, args=args)
