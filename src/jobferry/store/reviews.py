"""Reviews and releases, and the items that wait for a release."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Unpack

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, delete, exists, insert, or_, select, update

from jobferry.model.kinds import ObjectKind
from jobferry.model.lists import PageOptions, ReviewItemFilter
from jobferry.model.names import printable
from jobferry.model.review import Ask, Review, ReviewFilter, ReviewItem, ReviewKind, ReviewState
from jobferry.store import bulk
from jobferry.store.schema import review_items, reviews

_FREE = ""
"""The review of items that none has taken yet."""
_NOBODY_NAMED = "[]"
_names = msgspec.json.Decoder(tuple[str, ...])
_ORDERS: bulk.Orders = {
    "asked_at": [reviews.c.asked_at, reviews.c.id],
    "name": [reviews.c.name, reviews.c.id],
    "size": [reviews.c.size, reviews.c.id],
}
_ITEM_ORDERS: bulk.Orders = {
    "position": [review_items.c.position],
    "asked_at": [review_items.c.asked_at, review_items.c.position, review_items.c.object_id],
    "name": [review_items.c.name, review_items.c.kind, review_items.c.object_id],
}


class Reviews:
    """What waits for somebody else's decision, and what was decided."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_id(self, review_id: str) -> Review | None:
        """A review or release."""
        row = self._connection.execute(select(reviews).where(reviews.c.id == review_id)).one_or_none()
        return _review(row) if row else None

    def page(self, wanted: ReviewFilter, **which: Unpack[PageOptions]) -> tuple[int, list[Review]]:
        """How many there are in all, and one page of them."""
        fitting = select(reviews).where(self._wanted(wanted))
        total, rows = bulk.page(self._connection, fitting, _ORDERS, "-asked_at", **which)
        return total, [_review(row) for row in rows]

    def items(self, review_id: str) -> list[ReviewItem]:
        """What is in a review, in the order in which it goes live."""
        query = select(review_items).where(review_items.c.review_id == review_id)
        query = query.order_by(review_items.c.position)
        return [_item(row) for row in self._connection.execute(query)]

    def item_page(
        self, review_id: str, wanted: ReviewItemFilter, **which: Unpack[PageOptions]
    ) -> tuple[int, list[ReviewItem]]:
        """How many items of a review fit, and one page of them."""
        return self._items(
            select(review_items).where(review_items.c.review_id == review_id), wanted, "position", **which
        )

    def of_import(self, import_id: str) -> Review | None:
        """The review that an import has asked for; of those that were asked for again, the newest."""
        asked = select(reviews).where(reviews.c.import_id == import_id)
        row = self._connection.execute(asked.order_by(reviews.c.asked_at.desc(), reviews.c.id.desc())).first()
        return _review(row) if row else None

    def waiting(self, object_ids: Iterable[int]) -> dict[int, ReviewItem]:
        """Those of the objects that are in a pending review or release, or wait for one, with that item."""
        found: dict[int, ReviewItem] = {}
        for page in bulk.pages(dict.fromkeys(object_ids)):
            here = bulk.among(self._connection, review_items.c.object_id, page)
            rows = self._connection.execute(select(review_items).where(here, _is_open()))
            found |= {row.object_id: _item(row) for row in rows}
        return found

    def waiting_of_import(self, import_id: str) -> list[ReviewItem]:
        """What an import asked for and is in a pending review or release, or waits for one."""
        asked = select(review_items).where(review_items.c.import_id == import_id, _is_open())
        return [_item(row) for row in self._connection.execute(asked)]

    def pending_items(
        self, workspace_id: str, wanted: ReviewItemFilter, **which: Unpack[PageOptions]
    ) -> tuple[int, list[ReviewItem]]:
        """How many items that wait for a release to take them fit, and one page of them."""
        return self._items(_pending(workspace_id), wanted, "asked_at", **which)

    def all_pending_items(self, workspace_id: str) -> list[ReviewItem]:
        """The items that wait for a release to take them, oldest first."""
        oldest = _pending(workspace_id).order_by(*_ITEM_ORDERS["asked_at"])
        return [_item(row) for row in self._connection.execute(oldest)]

    def is_anything_waiting(self, workspace_id: str) -> bool:
        """Whether a review or release is pending, or an item waits for a release."""
        asked = select(reviews.c.id).where(
            reviews.c.workspace_id == workspace_id, reviews.c.state == ReviewState.PENDING.value
        )
        if self._connection.execute(asked.limit(1)).first() is not None:
            return True
        return self._connection.execute(_pending(workspace_id).limit(1)).first() is not None

    def _items(
        self, query: Select[Any], wanted: ReviewItemFilter, usual: str, **which: Unpack[PageOptions]
    ) -> tuple[int, list[ReviewItem]]:
        columns = review_items.c
        equal = [(columns.kind, wanted.kind), (columns.ask, wanted.ask), (columns.asked_by, wanted.asked_by)]
        fitting = query.where(bulk.fits(self._connection, equal, [(columns.name, wanted.name)]))
        total, rows = bulk.page(self._connection, fitting, _ITEM_ORDERS, usual, **which)
        return total, [_item(row) for row in rows]

    def _wanted(self, wanted: ReviewFilter) -> ColumnElement[bool]:
        here = (reviews.c.workspace_id == wanted.workspace_id) & (reviews.c.kind == wanted.kind.value)
        equal = [
            (reviews.c.state, wanted.state),
            (reviews.c.asked_by, wanted.asked_by),
            (reviews.c.decided_by, wanted.decided_by),
        ]
        here &= bulk.fits(self._connection, equal, [(reviews.c.name, wanted.name)])
        here &= bulk.within(reviews.c.asked_at, wanted.since, wanted.until)
        if wanted.approver:
            anybody = reviews.c.approvers == _NOBODY_NAMED
            named = bulk.holds(self._connection, reviews.c.approvers, wanted.approver)
            own = exists().where(
                review_items.c.review_id == reviews.c.id, review_items.c.asked_by == wanted.approver
            )
            here &= (reviews.c.asked_by != wanted.approver) & or_(anybody, named) & ~own
        if wanted.concerns:
            named = bulk.holds(self._connection, reviews.c.approvers, wanted.concerns)
            here &= or_(reviews.c.asked_by == wanted.concerns, named)
        return here


class ReviewWriter(Reviews):
    """Reviews, to be asked for and decided."""

    def add(self, review: Review, items: Sequence[ReviewItem]) -> None:
        """Keeps a review with its items, in their order."""
        self._connection.execute(insert(reviews).values(_row(review)))
        rows = [_values(item, review.id, position) for position, item in enumerate(items)]
        bulk.add(self._connection, review_items, rows)

    def replace(self, review: Review) -> None:
        """Writes how a review was decided."""
        self._connection.execute(update(reviews).where(reviews.c.id == review.id).values(_row(review)))

    def add_pending_items(self, items: Sequence[ReviewItem]) -> None:
        """Items for a release to take; each replaces the one that waits for its object."""
        rows = [_values(item, _FREE, position) for position, item in enumerate(items)]
        changed = [column.name for column in review_items.columns if not column.primary_key]
        bulk.save(self._connection, review_items, rows, changed=changed)

    def remove_pending_items(self, object_ids: Iterable[int]) -> None:
        """Takes items away that no release has taken."""
        for page in bulk.pages(dict.fromkeys(object_ids)):
            here = bulk.among(self._connection, review_items.c.object_id, page)
            self._connection.execute(delete(review_items).where(here, review_items.c.review_id == _FREE))

    def sweep(self, *, before: int) -> int:
        """Removes what was decided before a time; how many there were."""
        over = (reviews.c.state != ReviewState.PENDING.value) & (reviews.c.decided_at < before)
        gone = select(reviews.c.id).where(over)
        self._connection.execute(delete(review_items).where(review_items.c.review_id.in_(gone)))
        return self._connection.execute(delete(reviews).where(over)).rowcount


def _pending(workspace_id: str) -> Select[Any]:
    return select(review_items).where(
        review_items.c.workspace_id == workspace_id, review_items.c.review_id == _FREE
    )


def _is_open() -> ColumnElement[bool]:
    pending = select(reviews.c.id).where(reviews.c.state == ReviewState.PENDING.value)
    return (review_items.c.review_id == _FREE) | review_items.c.review_id.in_(pending)


def _row(review: Review) -> bulk.Row:
    return msgspec.structs.asdict(review) | {
        "kind": review.kind.value,
        "state": review.state.value,
        "name": printable(review.name),
        "note": printable(review.note),
        "answer": printable(review.answer),
        "approvers": msgspec.json.encode(review.approvers).decode(),
    }


def _review(row: Row[Any]) -> Review:
    return Review(
        **row._asdict()
        | {
            "kind": ReviewKind(row.kind),
            "state": ReviewState(row.state),
            "approvers": _names.decode(row.approvers),
        }
    )


def _values(item: ReviewItem, review_id: str, position: int) -> bulk.Values:
    return (
        *(review_id, item.object_id, item.workspace_id, position, item.kind.value, printable(item.name)),
        *(item.ask.value, item.version, item.digest, item.asked_by, item.asked_at, item.import_id),
    )


def _item(row: Row[Any]) -> ReviewItem:
    return ReviewItem(**row._asdict() | {"kind": ObjectKind(row.kind), "ask": Ask(row.ask)})
