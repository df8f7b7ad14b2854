"""What has to be looked at by somebody else before it goes live: reviews, and releases in enterprise mode."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum
from fnmatch import translate
from functools import cache

import msgspec

from jobferry.model.kinds import VERSIONED_KINDS, ObjectKind
from jobferry.model.records import ObjectKey

NOTE_CHARACTERS = 128
"""The longest note of who asks, and the longest answer of who decides."""
RELEASE_ITEMS = 100
"""Most pending items in one release."""


class Mode(StrEnum):
    """How a workspace brings work into scheduling: at once or by review, or by releases."""

    SIMPLE = "simple"
    ENTERPRISE = "enterprise"


class ReleaseMode(StrEnum):
    """What a submit leads to: it is live at once, after a review, or with a release."""

    LIVE = "live"
    REVIEW = "review"
    RELEASE = "release"


class Ask(StrEnum):
    """What is asked for one object."""

    SUBMIT = "submit"
    DELETE = "delete"

    @property
    def words(self) -> str:
        """What it is called in sentences."""
        return self.value


class ReviewKind(StrEnum):
    """A review of simple mode, or a release of enterprise mode: several items that are decided together."""

    REVIEW = "review"
    RELEASE = "release"

    @property
    def words(self) -> str:
        """What it is called in sentences."""
        return self.value


class ReviewState(StrEnum):
    """Whether it was decided, and how."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> str:
        """What it is called in sentences."""
        return self.value


class Approval(msgspec.Struct, frozen=True):
    """What somebody says about approval who submits or deletes.

    ``approvers`` are asked where that is needed; ``publish`` goes live without asking, which takes a right
    of its own.
    """

    approvers: tuple[str, ...] = ()
    note: str = ""
    publish: bool = False


PLAIN = Approval()


class ReviewItem(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What is asked for one object, as it was then.

    ``version`` is the one that a submit makes or has made; for a deletion the newest there was. ``digest`` is
    that of the text. While an item waits for a release to take it, ``review_id`` is empty.
    """

    workspace_id: str
    object_id: int
    kind: ObjectKind
    name: str
    ask: Ask
    version: int
    digest: str
    asked_by: str
    asked_at: int
    import_id: str = ""
    review_id: str = ""
    position: int = 0

    @property
    def key(self) -> ObjectKey:
        return (self.kind, self.name)


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """Items that somebody else decides about, all or none of them.

    ``approvers`` names who may; ``name`` is a release's, else that of the first object. ``import_id`` is
    empty for what was asked by hand. Times are in ms.
    """

    id: str
    workspace_id: str
    kind: ReviewKind
    name: str
    size: int
    asked_by: str
    asked_at: int
    approvers: tuple[str, ...] = ()
    note: str = ""
    import_id: str = ""
    state: ReviewState = ReviewState.PENDING
    decided_by: str = ""
    decided_at: int = 0
    answer: str = ""

    def may_be_decided_by(self, name: str, askers: Collection[str]) -> bool:
        """Never by who asked for it or, as one of ``askers``, for an item; by named approvers alone."""
        return name not in {self.asked_by, *askers} and (not self.approvers or name in self.approvers)


class Tab(StrEnum):
    """Which reviews somebody wants to see."""

    ALL = "all"
    PENDING = "pending"
    """What waits for them."""
    REVIEWED = "reviewed"
    """What they decided."""
    MINE = "mine"
    """What they asked for."""


class ReviewFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which reviews a page shows; what is empty does not filter. ``name`` is a piece of it.

    ``approver`` leaves those that this user may decide about, ``concerns`` those that they asked for or are
    asked about.
    """

    workspace_id: str
    kind: ReviewKind
    state: ReviewState | None = None
    asked_by: str = ""
    decided_by: str = ""
    approver: str = ""
    concerns: str = ""
    name: str = ""
    since: int = 0
    until: int = 0


class ReviewScope(msgspec.Struct, frozen=True):
    """Of which jobs and scripts a workspace wants reviews: by patterns of their names."""

    patterns: tuple[str, ...] = ()

    @property
    def is_on(self) -> bool:
        return bool(self.patterns)

    @property
    def is_whole(self) -> bool:
        return "*" in self.patterns

    def covers(self, kind: ObjectKind, name: str) -> bool:
        """Whether submits and deletions of the object are reviewed."""
        if not self.patterns or kind not in VERSIONED_KINDS:
            return False
        return self.is_whole or _matcher(self.patterns).match(name) is not None


OFF, ALL = "off", "all"


def read_scope(value: str) -> ReviewScope:
    """What the setting ``review`` says: off, all, or names and patterns separated by commas."""
    patterns = tuple(part.strip() for part in value.split(",") if part.strip())
    match [pattern.lower() for pattern in patterns]:
        case [word] if word == ALL:
            return ReviewScope(("*",))
        case [word] if word == OFF:
            return ReviewScope()
    return ReviewScope(patterns)


@cache
def _matcher(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(translate(pattern) for pattern in patterns))
