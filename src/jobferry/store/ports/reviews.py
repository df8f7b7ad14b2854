"""Reviews and releases, and the items that wait for a release."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from jobferry.model.review import Review, ReviewFilter, ReviewItem


class Reviews(Protocol):
    """What waits for somebody else's decision, and what was decided."""

    def by_id(self, review_id: str) -> Review | None: ...

    def page(self, wanted: ReviewFilter, *, offset: int, limit: int) -> tuple[int, list[Review]]:
        """How many there are in all, and one page of them, newest first."""
        ...

    def items(self, review_id: str, *, offset: int = 0, limit: int | None = None) -> list[ReviewItem]:
        """What is in a review, in the order in which it goes live."""
        ...

    def of_import(self, import_id: str) -> Review | None:
        """The review that an import has asked for; of those that were asked for again, the newest."""
        ...

    def waiting(self, object_ids: Iterable[int]) -> dict[int, ReviewItem]:
        """Those of the objects that are in a pending review or release, or wait for one, with that item."""
        ...

    def waiting_of_import(self, import_id: str) -> list[ReviewItem]:
        """What an import asked for and is in a pending review or release, or waits for one."""
        ...

    def pending_items(
        self, workspace_id: str, *, asked_by: str = "", offset: int = 0, limit: int | None = None
    ) -> tuple[int, list[ReviewItem]]:
        """How many items wait for a release to take them, and one page, oldest first."""
        ...

    def is_anything_waiting(self, workspace_id: str) -> bool:
        """Whether a review or release is pending, or an item waits for a release."""
        ...


class ReviewChanges(Reviews, Protocol):
    """Reviews, changeable."""

    def add(self, review: Review, items: Sequence[ReviewItem]) -> None: ...

    def replace(self, review: Review) -> None:
        """Writes how a review was decided."""
        ...

    def add_pending_items(self, items: Sequence[ReviewItem]) -> None:
        """Items for a release to take; each replaces the one that waits for its object."""
        ...

    def remove_pending_items(self, object_ids: Iterable[int]) -> None: ...

    def sweep(self, *, before: int) -> int:
        """Removes what was decided before a time; how many there were."""
        ...
