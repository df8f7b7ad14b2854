"""Reviews and releases, and the items that wait for a release."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, or_, select, update

from jobferry.model.kinds import ObjectKind
from jobferry.model.names import printable
from jobferry.model.review import Ask, Review, ReviewFilter, ReviewItem, ReviewKind, ReviewState
from jobferry.store import bulk
from jobferry.store.schema import review_items, reviews

_FREE = ""
"""The review of items that none has taken yet."""
_NOBODY_NAMED = "[]"
_names = msgspec.json.Decoder(tuple[str, ...])


class Reviews:
    """What waits for somebody else's decision, and what was decided."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_id(self, review_id: str) -> Review | None:
        """A review or release."""
        row = self._connection.execute(select(reviews).where(reviews.c.id == review_id)).one_or_none()
        return _review(row) if row else None

    def page(self, wanted: ReviewFilter, *, offset: int, limit: int) -> tuple[int, list[Review]]:
        """How many there are in all, and one page of them, newest first."""
        here = self._wanted(wanted)
        total = self._connection.scalar(select(func.count()).select_from(reviews).where(here)) or 0
        newest = select(reviews).where(here).order_by(reviews.c.asked_at.desc(), reviews.c.id.desc())
        return total, [_review(row) for row in self._connection.execute(newest.offset(offset).limit(limit))]

    def items(self, review_id: str, *, offset: int = 0, limit: int | None = None) -> list[ReviewItem]:
        """What is in a review, in the order in which it goes live."""
        query = select(review_items).where(review_items.c.review_id == review_id)
        query = query.order_by(review_items.c.position).offset(offset).limit(limit)
        return [_item(row) for row in self._connection.execute(query)]

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
        self, workspace_id: str, *, asked_by: str = "", offset: int = 0, limit: int | None = None
    ) -> tuple[int, list[ReviewItem]]:
        """How many items wait for a release to take them, and one page, oldest first."""
        here = (review_items.c.workspace_id == workspace_id) & (review_items.c.review_id == _FREE)
        if asked_by:
            here &= review_items.c.asked_by == asked_by
        total = self._connection.scalar(select(func.count()).select_from(review_items).where(here)) or 0
        by_time = (review_items.c.asked_at, review_items.c.position, review_items.c.object_id)
        query = select(review_items).where(here).order_by(*by_time).offset(offset).limit(limit)
        return total, [_item(row) for row in self._connection.execute(query)]

    def is_anything_waiting(self, workspace_id: str) -> bool:
        """Whether a review or release is pending, or an item waits for a release."""
        asked = select(reviews.c.id).where(
            reviews.c.workspace_id == workspace_id, reviews.c.state == ReviewState.PENDING.value
        )
        if self._connection.execute(asked.limit(1)).first() is not None:
            return True
        return self.pending_items(workspace_id, limit=1)[0] > 0

    def _wanted(self, wanted: ReviewFilter) -> ColumnElement[bool]:
        here = (reviews.c.workspace_id == wanted.workspace_id) & (reviews.c.kind == wanted.kind.value)
        if wanted.state is not None:
            here &= reviews.c.state == wanted.state.value
        if wanted.asked_by:
            here &= reviews.c.asked_by == wanted.asked_by
        if wanted.decided_by:
            here &= reviews.c.decided_by == wanted.decided_by
        if wanted.approver:
            anybody = reviews.c.approvers == _NOBODY_NAMED
            here &= (reviews.c.asked_by != wanted.approver) & or_(anybody, self._names(wanted.approver))
        if wanted.concerns:
            here &= or_(reviews.c.asked_by == wanted.concerns, self._names(wanted.concerns))
        return here

    def _names(self, user: str) -> ColumnElement[bool]:
        """Whether the approvers' list holds the name, as it is written there."""
        place = func.strpos if bulk.is_postgres(self._connection) else func.instr
        return place(reviews.c.approvers, msgspec.json.encode(user).decode()) > 0


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
