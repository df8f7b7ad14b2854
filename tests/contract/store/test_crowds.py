"""Counts and names that are kept beside the objects: they always tell what the objects tell."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobferry.errors import Conflict
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import ObjectFilter
from jobferry.store import Store
from sampling import examples

JOB, SCRIPT = ObjectKind.JOB, ObjectKind.SCRIPT
NAMES = ["a", "ab", "AB", "b", "订单", "订单_b", "ä", "Ä", "line\nbreak", "x\x01y"]
PARTS = ["A", "b", "单", "Ä", "e\nb", "\n", "\x01", "nobody"]
SUBTYPES = ["BATCH", "REAL_TIME"]

_ids = itertools.count(1)

_object = st.tuples(st.sampled_from([JOB, SCRIPT]), st.sampled_from(NAMES), st.sampled_from(SUBTYPES))
_change = st.one_of(
    st.tuples(st.just("add"), st.lists(_object, min_size=1, max_size=4)),
    st.tuples(st.just("replace"), st.lists(_object, min_size=1, max_size=4)),
    st.tuples(st.just("remove"), st.lists(_object, min_size=1, max_size=4)),
)
_transaction = st.tuples(st.lists(_change, max_size=3), st.booleans())


def names_of(snapshot: Any, kind: ObjectKind, subtype: str = "") -> list[str]:
    every = snapshot.objects.every("w1", kind)
    return [one.name for one in every if subtype in ("", one.subtype)]


def holds(name: str, part: str) -> bool:
    """As the databases compare: ASCII letters without case."""
    return part.encode().lower() in name.encode().lower()


def agree(snapshot: Any) -> None:
    for kind, subtype in itertools.product((JOB, SCRIPT), ("", *SUBTYPES)):
        names = names_of(snapshot, kind, subtype)
        assert snapshot.objects.count("w1", kind, subtype) == len(names)
        for part in ("", *PARTS):
            wanted = ObjectFilter(workspace_id="w1", kind=kind, subtype=subtype, name_part=part)
            total, found = snapshot.objects.page(wanted, offset=1, limit=2)
            matching = [name for name in names if holds(name, part)]
            assert (total, [one.name for one in found]) == (len(matching), matching[1:3])


def carry_out(uow: Any, make: Any, how: str, objects: list[tuple[ObjectKind, str, str]]) -> None:
    present = [one for kind in (JOB, SCRIPT) for one in uow.objects.every("w1", kind)]
    if how == "remove":
        names = {(kind, name) for kind, name, _ in objects}
        uow.objects.remove([one.id for one in present if one.key in names] + [0], by="ann", at=1)
    elif how == "add":
        made = [make.object(next(_ids), name, kind, subtype=subtype) for kind, name, subtype in objects]
        uow.objects.add(made)
    else:
        pairs = zip(present, objects, strict=False)
        uow.objects.replace(
            [msgspec.structs.replace(one, name=name, subtype=subtype) for one, (_, name, subtype) in pairs]
        )


@examples(60, few=10)
@given(transactions=st.lists(_transaction, max_size=4))
def test_counts_and_searches_agree_with_the_objects_after_any_changes(store, make, transactions):
    for changes, kept in transactions:
        with store.write() as uow:
            for how, objects in changes:
                try:
                    carry_out(uow, make, how, objects)
                except Conflict:
                    continue
            agree(uow)
            if kept:
                uow.commit()
        with store.read() as snapshot:
            agree(snapshot)


def search(snapshot: Any, part: str) -> list[str]:
    wanted = ObjectFilter(workspace_id="w1", kind=JOB, name_part=part)
    return [one.name for one in snapshot.objects.page(wanted, offset=0, limit=10)[1]]


def test_what_another_store_writes_is_found(store, opened, make):
    make.stored(store, [make.object(1, "job-1")])
    with store.read() as snapshot:
        assert search(snapshot, "JOB") == ["job-1"]
    make.stored(opened(), [make.object(2, "job-2")])
    with store.read() as snapshot:
        assert search(snapshot, "JOB") == ["job-1", "job-2"]


def test_a_reader_searches_in_its_own_moment(store, make):
    make.stored(store, [make.object(1, "job-1")])
    with store.read() as early:
        assert search(early, "job") == ["job-1"]
        make.stored(store, [make.object(2, "job-2")])
        with store.read() as late:
            assert search(late, "job") == ["job-1", "job-2"]
        assert search(early, "job") == ["job-1"]


def test_what_was_never_committed_is_not_found(store, make):
    make.stored(store, [make.object(1, "job-1")])
    with store.write() as uow:
        uow.objects.add([make.object(2, "job-2")])
        assert search(uow, "job") == ["job-1", "job-2"]
    make.stored(store, [make.object(3, "job-3")])
    with store.read() as snapshot:
        assert search(snapshot, "job") == ["job-1", "job-3"]


@pytest.mark.parametrize("subtype", ["", "BATCH"])
def test_every_page_is_the_same_from_either_end(store: Store, make, subtype):
    names = [f"job-{number:03d}" for number in range(101)]
    make.stored(store, [make.object(number, name) for number, name in enumerate(names, 1)])
    wanted = ObjectFilter(workspace_id="w1", kind=JOB, subtype=subtype)
    with store.read() as snapshot:
        for offset, limit in itertools.product(
            (0, 1, 45, 50, 51, 99, 100, 101, 10**18), (0, 1, 10, 101, 200)
        ):
            total, found = snapshot.objects.page(wanted, offset=offset, limit=limit)
            assert (total, [one.name for one in found]) == (101, names[offset : offset + limit])
