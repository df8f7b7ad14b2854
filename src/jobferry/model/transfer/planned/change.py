"""Who has changed an object since it last came from where the package comes: told from digests alone."""

from __future__ import annotations

from enum import StrEnum

from jobferry.model.transfer.arrival import Arrival, Intent
from jobferry.model.transfer.target import TargetView


class Change(StrEnum):
    """How an object of a package stands to the one that is here. ``DIFFERS``: no common state is known."""

    NEW = "new"
    UNCHANGED = "unchanged"
    PACKAGE_NEWER = "package-newer"
    TARGET_EDITED = "target-edited"
    BOTH_EDITED = "both-edited"
    DIFFERS = "differs"
    DELETED_AT_SOURCE = "deleted-at-source"


def change_of(arrival: Arrival, view: TargetView) -> Change:
    """An arrival's change; an object edited back to what had landed counts as not edited."""
    target = arrival.target
    if target is None:
        return Change.NEW
    if arrival.intent is Intent.UNCHANGED or arrival.digest == target.digest:
        return Change.UNCHANGED
    landed = view.landed.get(target.id)
    if landed is None:
        return Change.DIFFERS
    if landed == target.digest:
        return Change.PACKAGE_NEWER
    entry = view.landed_entries.get(target.id)
    return Change.TARGET_EDITED if entry == arrival.item.entry.sha256 else Change.BOTH_EDITED
