"""What the calls about reviews and releases answer with, for the API's description."""

from __future__ import annotations

from jobferry.api.late import Shape
from jobferry.api.own.answers import ObjectAnswer
from jobferry.model.kinds import ObjectKind
from jobferry.model.review import Ask, ReviewKind, ReviewState


class ReviewHead(Shape):
    """A review or release without its items; ``decided_…`` are empty while it is pending."""

    id: str
    kind: ReviewKind
    name: str
    size: int
    state: ReviewState
    asked_by: str
    asked_at: int
    approvers: list[str]
    note: str
    import_id: str
    decided_by: str
    decided_at: int
    answer: str


class ReviewList(Shape):
    """How many reviews there are, and one page, newest first."""

    total: int
    items: list[ReviewHead]


class ReviewItemAnswer(Shape):
    """What is asked for one object; ``version`` is the one that goes live, or the newest at a deletion."""

    kind: ObjectKind
    name: str
    ask: Ask
    version: int
    digest: str
    asked_by: str
    asked_at: int
    import_id: str


class ReviewAnswer(ReviewHead):
    """A review with what is in it, in the order in which it goes live."""

    items: list[ReviewItemAnswer]


class WaitingList(Shape):
    """How many items wait for a release, and one page, oldest first."""

    total: int
    items: list[ReviewItemAnswer]


class WaitingAnswer(Shape):
    """A deletion that waits for a review (its id) or for a release (empty)."""

    review: str


class SavedAnswer(ObjectAnswer):
    """An object with the pending review or release that it is in; ``review`` is empty for none."""

    review: str
