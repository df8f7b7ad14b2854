"""Lists of objects: what narrows and sorts them; directories and tags with counts."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from cases import every_case
from jobferry.model.document.facts import Facts, IndexTerm, IndexTermKind
from jobferry.model.kinds import ObjectKind, SchedulingState
from jobferry.model.records import ObjectFilter, ObjectSort, Text

JOB = ObjectKind.JOB
JOBS: dict[str, dict[str, Any]] = {
    "a": {"directory": "/", "created_at": 30, "updated_at": 10, "created_by": "anne", "updated_by": "bert"},
    "b": {"directory": "/dw", "created_at": 20, "updated_at": 20, "live_version": 2, "locked_by": "anne"},
    "c": {"directory": "/dw/ods", "created_at": 10, "updated_at": 20, "held": ("connection x",)},
    "d": {"directory": "/DW", "created_at": 40, "updated_at": 5, "state": SchedulingState.SCHEDULING},
    "e": {"directory": "/dwh", "created_at": 50, "updated_at": 50, "subtype": "REAL_TIME"},
}
TAGS = {"a": ("red",), "b": ("red", "夜间"), "c": ("夜间",)}


@pytest.fixture
def filled(store, make):
    with store.write() as uow:
        texts = {}
        for name in JOBS:
            text = make.text(name)
            texts[name] = Text(text.digest, text.text, Facts(name=name, tags=TAGS.get(name, ())), "e1")
        uow.contents.put(list(texts.values()), at=1)
        uow.objects.add(
            [
                make.object(number, name, digest=texts[name].digest, **more)
                for number, (name, more) in enumerate(JOBS.items(), 1)
            ]
        )
        uow.objects.add([make.object(9, "a", ObjectKind.SCRIPT, directory="/dw/ods")])
        uow.commit()
    return store


NARROWED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a directory": ({"directory": "/dw"}, ["b"]),
    "the root": ({"directory": "/"}, ["a"]),
    "a directory and below": ({"directory": "/dw", "is_below": True}, ["b", "c"]),
    "all below the root": ({"directory": "/", "is_below": True}, list("abcde")),
    "a directory of nobody": ({"directory": "/none", "is_below": True}, []),
    "a directory beside a policy": (
        {"directory": "/dw", "is_below": True, "directories": ("/dw/ods",)},
        ["c"],
    ),
    "held": ({"is_held": True}, ["c"]),
    "not held": ({"is_held": False}, ["a", "b", "d", "e"]),
    "live": ({"is_live": True}, ["b"]),
    "never submitted": ({"is_live": False}, ["a", "c", "d", "e"]),
    "locked": ({"is_locked": True}, ["b"]),
    "free": ({"is_locked": False}, ["a", "c", "d", "e"]),
    "locked by somebody": ({"locked_by": "anne"}, ["b"]),
    "locked by nobody of that name": ({"locked_by": "Anne"}, []),
    "a state": ({"state": SchedulingState.SCHEDULING}, ["d"]),
    "a type": ({"subtype": "REAL_TIME"}, ["e"]),
    "who made it": ({"created_by": "anne"}, ["a"]),
    "who changed it": ({"updated_by": "bert"}, ["a"]),
    "made since": ({"created_since": 30}, ["a", "d", "e"]),
    "made until": ({"created_until": 30}, ["b", "c"]),
    "changed between": ({"updated_since": 10, "updated_until": 50}, ["a", "b", "c"]),
    "a tag and a directory": (
        {
            "index_terms": (IndexTerm(IndexTermKind.TAG, "夜间"),),
            "directory": "/dw",
            "is_below": True,
        },
        ["b", "c"],
    ),
    "a tag, free and of a piece of the name": (
        {"index_terms": (IndexTerm(IndexTermKind.TAG, "red"),), "is_locked": False, "name_part": "A"},
        ["a"],
    ),
}
SORTED = {
    ObjectSort.NAME: "abcde",
    ObjectSort.NAME_DOWN: "edcba",
    ObjectSort.DIRECTORY: "adbce",
    ObjectSort.DIRECTORY_DOWN: "ecbda",
    ObjectSort.TYPE: "abcde",
    ObjectSort.TYPE_DOWN: "eabcd",
    ObjectSort.CREATED_AT: "cbade",
    ObjectSort.CREATED_AT_DOWN: "edabc",
    ObjectSort.UPDATED_AT: "dabce",
    ObjectSort.UPDATED_AT_DOWN: "ebcad",
}


def page(store, offset=0, limit=10, **wanted):
    with store.read() as snapshot:
        asked = ObjectFilter(workspace_id="w1", kind=JOB, **wanted)
        total, found = snapshot.objects.page(asked, offset=offset, limit=limit)
    return total, [one.name for one in found]


def test_a_list_is_narrowed_by_what_objects_are(filled) -> None:
    with every_case() as case:
        for name, (wanted, expected) in NARROWED.items():
            with case(name):
                assert page(filled, **wanted) == (len(expected), expected)


def test_a_list_is_sorted_either_way_and_those_that_are_alike_by_name(filled) -> None:
    assert SORTED.keys() == {*ObjectSort}
    with every_case() as case:
        for sort, expected in SORTED.items():
            with case(sort):
                assert page(filled, sort=sort) == (5, list(expected))
                assert page(filled, 1, 2, sort=sort) == (5, list(expected[1:3]))


def test_objects_are_counted_by_directory_and_kind(filled) -> None:
    with filled.read() as snapshot:
        counts = snapshot.places.object_counts("w1", JOB)
        scripts = snapshot.places.object_counts("w1", ObjectKind.SCRIPT)
        assert snapshot.places.object_counts("other", JOB) == {}
    assert counts == {"/": 1, "/dw": 1, "/dw/ods": 1, "/DW": 1, "/dwh": 1}
    assert scripts == {"/dw/ods": 1}


def test_objects_in_a_directory_and_below_come_by_name(filled) -> None:
    with filled.read() as snapshot:
        found = snapshot.objects.in_directory("w1", JOB, "/dw")
        assert [one.name for one in found] == ["b", "c"]
        assert found == list(snapshot.objects.by_names("w1", JOB, ["b", "c"]).values())
        assert snapshot.objects.in_directory("w1", JOB, "/d") == []


def test_directories_are_taken_away_by_path_and_kind(filled) -> None:
    with filled.write() as uow:
        uow.objects.add_directories("w1", JOB, ["/a", "/a/b", "/c"])
        uow.objects.add_directories("w1", ObjectKind.SCRIPT, ["/a"])
        uow.objects.remove_directories("w1", JOB, ["/a", "/a/b", "/none"])
        uow.commit()
    with filled.read() as snapshot:
        assert snapshot.places.directories("w1", JOB) == {"/c"}
        assert snapshot.places.there("w1", JOB, ["/c", "/a"]) == {"/c"}
        assert snapshot.places.directories("w1", ObjectKind.SCRIPT) == {"/a"}


def test_jobs_are_counted_by_tag_where_the_caller_reaches_them(filled) -> None:
    with filled.read() as snapshot:
        assert snapshot.objects.tag_counts("w1", None) == {"red": 2, "夜间": 2}
        assert snapshot.objects.tag_counts("w1", ["/dw"]) == {"red": 1, "夜间": 2}
        assert snapshot.objects.tag_counts("w1", []) == {}
        assert snapshot.objects.tag_counts("other", None) == {}


def test_types_are_those_that_objects_have_now(filled) -> None:
    with filled.write() as uow:
        batch = uow.objects.by_names("w1", JOB, ["a", "b", "c", "d"])
        uow.objects.replace([msgspec.structs.replace(one, subtype="REAL_TIME") for one in batch.values()])
        uow.commit()
    with filled.read() as snapshot:
        assert snapshot.objects.subtypes("w1", JOB) == {"REAL_TIME"}
