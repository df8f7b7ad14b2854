"""A departure: an object here that came from the package's source, and that the source has deleted."""

from __future__ import annotations

import msgspec

from jobferry.model.package import Deletion
from jobferry.model.records import ObjectKey, StoredObject

NOT_CONFIRMED = "deletion-not-confirmed"
NEEDED = "deletion-needed"
HELD_BACK = "deletion-held-back"

DEPARTURE_CODES = frozenset(
    {
        NOT_CONFIRMED,
        NEEDED,
        HELD_BACK,
        "deletion-not-stopped",
        "deletion-locked",
        "deletion-edited",
        "deletion-not-allowed",
        "deletion-in-review",
    }
)
"""Findings about departures; an arrival may have the same name, and findings of its own."""


class Departure(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An object that would go. ``edited``: it was edited here since it last came from there."""

    deletion: Deletion
    target: StoredObject
    edited: bool

    @property
    def key(self) -> ObjectKey:
        return self.target.key
