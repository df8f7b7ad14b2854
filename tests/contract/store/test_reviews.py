"""Reviews and what is in them, on every database."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from jobferry.model.kinds import ObjectKind
from jobferry.model.lists import ReviewItemFilter
from jobferry.model.review import Ask, Review, ReviewFilter, ReviewItem, ReviewKind, ReviewState
from jobferry.store import Store


def review(id_: str, **fields: Any) -> Review:
    values: dict[str, Any] = {
        "workspace_id": "w1",
        "kind": ReviewKind.REVIEW,
        "name": "orders",
        "size": 1,
        "asked_by": "lin",
        "asked_at": 10,
        "approvers": ("zhao",),
    }
    return Review(id=id_, **(values | fields))


def item(object_id: int, **fields: Any) -> ReviewItem:
    values: dict[str, Any] = {
        "workspace_id": "w1",
        "kind": ObjectKind.JOB,
        "name": f"job-{object_id}",
        "ask": Ask.SUBMIT,
        "version": 1,
        "digest": "d" * 64,
        "asked_by": "lin",
        "asked_at": 10,
    }
    return ReviewItem(object_id=object_id, **(values | fields))


def kept(store: Store, one: Review, *items: ReviewItem) -> None:
    with store.write() as uow:
        uow.reviews.add(one, items)
        uow.commit()


def test_a_review_comes_back_as_it_was(store: Store) -> None:
    made = review("r1", note="\u4f5c \u0000", approvers=("zhao", "钱"), import_id="i1", size=2)
    kept(store, made, item(2), item(1, ask=Ask.DELETE, import_id="i1", kind=ObjectKind.SCRIPT))
    with store.read() as snapshot:
        found = snapshot.reviews.by_id("r1")
        assert found is not None
        assert msgspec.structs.replace(found, note="") == msgspec.structs.replace(made, note="")
        assert "\u0000" not in found.note
        assert snapshot.reviews.of_import("i1") == found
        assert snapshot.reviews.by_id("r2") is None
        first, second = snapshot.reviews.items("r1")
        assert first == item(2, review_id="r1")
        assert second == item(
            1, review_id="r1", position=1, ask=Ask.DELETE, import_id="i1", kind=ObjectKind.SCRIPT
        )
        assert snapshot.reviews.item_page("r1", ReviewItemFilter(), offset=1, limit=1) == (2, [second])


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["r4", "r3", "r2", "r1"]),
        ({"state": ReviewState.PENDING}, ["r4", "r2", "r1"]),
        ({"asked_by": "lin"}, ["r3", "r1"]),
        ({"decided_by": "qian"}, ["r3"]),
        ({"approver": "zhao"}, ["r4", "r1"]),
        ({"approver": "zha"}, ["r4"]),
        ({"approver": "sun"}, []),
        ({"concerns": "zhao"}, ["r2", "r1"]),
        ({"kind": ReviewKind.RELEASE}, ["x"]),
        ({"workspace_id": "w2"}, ["y"]),
    ],
)
def test_pages_hold_what_is_asked_for(store: Store, wanted: dict[str, Any], found: list[str]) -> None:
    kept(store, review("r1", asked_at=1))
    kept(store, review("r2", asked_at=2, asked_by="zhao", approvers=("qian",)))
    kept(
        store,
        review("r3", asked_at=3, approvers=("qian",), state=ReviewState.REJECTED, decided_by="qian"),
    )
    kept(store, review("r4", asked_at=4, asked_by="sun", approvers=()))
    kept(store, review("x", kind=ReviewKind.RELEASE))
    kept(store, review("y", workspace_id="w2"))
    asked = ReviewFilter(**({"workspace_id": "w1", "kind": ReviewKind.REVIEW} | wanted))
    with store.read() as snapshot:
        total, page = snapshot.reviews.page(asked, offset=0, limit=10)
        assert (total, [one.id for one in page]) == (len(found), found)
        assert snapshot.reviews.page(asked, offset=1, limit=1) == (total, page[1:2])


def test_what_waits_is_known_until_it_is_decided(store: Store) -> None:
    kept(store, review("r1"), item(1), item(2))
    with store.write() as uow:
        uow.reviews.add_pending_items([item(3)])
        assert uow.reviews.waiting([1, 2, 3, 4]).keys() == {1, 2, 3}
        assert uow.reviews.waiting([3])[3].review_id == ""
        assert uow.reviews.is_anything_waiting("w1")
        assert not uow.reviews.is_anything_waiting("w2")
        decided = msgspec.structs.replace(
            review("r1"), state=ReviewState.APPROVED, decided_by="zhao", decided_at=20, answer="fine"
        )
        uow.reviews.replace(decided)
        assert uow.reviews.by_id("r1") == decided
        assert uow.reviews.waiting([1, 2, 3]).keys() == {3}
        uow.reviews.add_pending_items([item(5, import_id="i1"), item(6, import_id="i2")])
        assert [one.object_id for one in uow.reviews.waiting_of_import("i1")] == [5]
        uow.reviews.remove_pending_items([3, 5, 6])
        assert not uow.reviews.is_anything_waiting("w1")


def test_a_pending_item_is_replaced_by_a_newer_one(store: Store) -> None:
    with store.write() as uow:
        uow.reviews.add_pending_items([item(1), item(2, asked_by="sun", asked_at=11)])
        uow.reviews.add_pending_items([item(1, version=2, asked_at=12)])
        assert uow.reviews.pending_items("w1", ReviewItemFilter()) == (
            2,
            [item(2, asked_by="sun", asked_at=11, position=1), item(1, version=2, asked_at=12)],
        )
        assert uow.reviews.pending_items("w1", ReviewItemFilter(asked_by="sun"), limit=1)[0] == 1
        assert uow.reviews.pending_items("w2", ReviewItemFilter()) == (0, [])


def test_what_was_decided_long_ago_goes(store: Store) -> None:
    kept(store, review("old", state=ReviewState.REJECTED, decided_at=5), item(1))
    kept(store, review("new", state=ReviewState.REJECTED, decided_at=15), item(1))
    kept(store, review("open", asked_at=1), item(1))
    with store.write() as uow:
        assert uow.reviews.sweep(before=10) == 1
        assert [uow.reviews.by_id(one) is None for one in ("old", "new", "open")] == [True, False, False]
        assert [len(uow.reviews.items(one)) for one in ("old", "new", "open")] == [0, 1, 1]
