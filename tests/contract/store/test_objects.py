"""Objects, versions, directories and landings."""

from __future__ import annotations

import msgspec
import psycopg
import pytest

from jobferry.errors import Conflict, ErrorCode, StoreError
from jobferry.model.kinds import ObjectKind, SchedulingState
from jobferry.model.records import ImportOrigin, ObjectFilter, Version
from jobferry.model.transfer.target_state import state_of
from jobferry.store import bulk

JOB, SCRIPT = ObjectKind.JOB, ObjectKind.SCRIPT
STRANGE = ["订单_每日", "a b", "ümlaut", "🚀", "it's", 'say "x"', "50%", "a_b", "back\\slash", "Z", "a"]


def landing(object_id: int, **more: str) -> ImportOrigin:
    values = {"source_uid": "u", "entry_digest": "e", "edits_digest": "", "result_digest": "r"}
    values |= {"source_workspace": "w"} | more
    return ImportOrigin(
        workspace_id="w1", object_id=object_id, kind=JOB, source_platform="p", landed_at=5, **values
    )


def test_an_object_comes_back_as_it_was_added(store, make):
    whole = make.object(
        7,
        "订单",
        live_version=2,
        live_digest="d",
        last_version=3,
        state=SchedulingState.PAUSED,
        held=("connection/数仓", "queue/q"),
        created_by="me",
        created_at=1_700_000_000_123,
        updated_by="you",
        updated_at=1_700_000_000_456,
        locked_by="we",
        locked_at=1_700_000_000_789,
    )
    make.stored(store, [whole])
    with store.read() as snapshot:
        assert snapshot.objects.by_names("w1", JOB, ["订单"]) == {"订单": whole}
        assert snapshot.objects.by_uids("w1", ["uid-7"]) == {(JOB, "uid-7"): whole}
        assert snapshot.objects.by_ids([7]) == {7: whole}
        assert snapshot.objects.states("w1", JOB, ["订单", "none"]) == {"订单": state_of(whole)}
        assert list(snapshot.objects.every("w1", JOB)) == [whole]


def test_what_came_in_follows_a_draft_that_was_retagged(store, make):
    make.stored(store, [make.object(1, "a"), make.object(2, "b")])
    with store.write() as uow:
        other = msgspec.structs.replace(landing(1, result_digest="edited"), source_platform="q")
        uow.objects.save_landings([landing(1), other, landing(2)])
        uow.objects.follow_drafts([(1, "r", "r2")])
        uow.commit()
    with store.read() as snapshot:
        found = [*snapshot.places.landings_on([1, 2], "p"), *snapshot.places.landings_on([1], "q")]
    assert [(one.object_id, one.result_digest) for one in found] == [(1, "r2"), (2, "r"), (1, "edited")]


def test_strange_names_are_found_exactly(store, make):
    make.stored(store, [make.object(number, name) for number, name in enumerate(STRANGE, 1)])
    with store.read() as snapshot:
        assert set(snapshot.objects.by_names("w1", JOB, STRANGE)) == set(STRANGE)
        assert snapshot.objects.names_among("w1", JOB, STRANGE) == set(STRANGE)
        assert snapshot.objects.by_names("w1", JOB, ["A", "A B", "\x00", "a\x00", "\ud800"]) == {}


def test_names_are_sorted_by_code_point(store, make):
    make.stored(store, [make.object(number, name) for number, name in enumerate(STRANGE, 1)])
    with store.read() as snapshot:
        assert [one.name for one in snapshot.objects.every("w1", JOB)] == sorted(STRANGE)
        total, page = snapshot.objects.page(ObjectFilter(workspace_id="w1", kind=JOB), offset=2, limit=3)
    assert (total, [one.name for one in page]) == (len(STRANGE), sorted(STRANGE)[2:5])


@pytest.mark.parametrize("size", [bulk.PAGE - 1, bulk.PAGE, bulk.PAGE + 1])
def test_any_number_of_objects_is_added_found_and_removed(store, make, size):
    objects = [make.object(number, f"job-{number}") for number in range(1, size + 1)]
    make.stored(store, objects)
    names = [one.name for one in objects] + ["absent"] + [objects[0].name]
    with store.read() as snapshot:
        assert len(snapshot.objects.by_names("w1", JOB, names)) == size
        assert len(snapshot.objects.states("w1", JOB, names)) == size
        assert len(snapshot.objects.by_uids("w1", (one.uid for one in objects))) == size
        assert len(snapshot.objects.by_ids(one.id for one in objects)) == size
        assert len(snapshot.objects.names_among("w1", JOB, names)) == size
        assert [one.name for one in snapshot.objects.every("w1", JOB)] == sorted(one.name for one in objects)
    with store.write() as uow:
        uow.objects.remove((one.id for one in objects), by="ann", at=1)
        uow.commit()
    with store.read() as snapshot:
        assert snapshot.objects.count("w1", JOB) == 0


def test_of_many_landings_the_last_one_counts(store, make):
    make.stored(store, [make.object(number, f"job-{number}") for number in range(1, 121)])
    later = [landing(number, result_digest="later") for number in range(1, 121)]
    with store.write() as uow:
        uow.objects.save_landings([landing(number) for number in range(1, 61)])
        uow.objects.save_landings(later)
        uow.commit()
    with store.read() as snapshot:
        assert list(snapshot.places.landings_on(list(range(1, 121)), "p")) == later


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_workspace_that_was_just_filled_is_known_to_the_planner(store, make, address):
    make.stored(store, [make.object(number, f"job-{number}") for number in range(1, 2001)])
    with psycopg.connect(address) as connection:
        few = "workspace_id = 'w1' AND kind = 'job' AND uid = ANY(%s)"
        asked = f"EXPLAIN SELECT digest FROM objects WHERE {few}".encode()
        plan = [row[0] for row in connection.execute(asked, ([f"uid-{number}" for number in range(500)],))]
    assert any("objects_by_uid" in line for line in plan)


def test_nothing_is_asked_for_nothing(store):
    with store.write() as uow:
        assert uow.objects.by_names("w1", JOB, []) == {}
        assert uow.objects.by_uids("w1", []) == {}
        assert uow.objects.by_ids([]) == {}
        uow.objects.add([])
        uow.objects.replace([])
        uow.objects.remove([], by="ann", at=1)
        uow.objects.add_versions([])
        uow.objects.save_landings([])
        uow.objects.add_directories("w1", JOB, [])


def test_kinds_and_workspaces_have_names_of_their_own(store, make):
    make.stored(
        store,
        [
            make.object(1, "a"),
            make.object(2, "a", SCRIPT),
            make.object(3, "a", workspace_id="w2", uid="uid-1"),
        ],
    )
    with store.read() as snapshot:
        assert [one.id for one in snapshot.objects.by_names("w1", SCRIPT, ["a"]).values()] == [2]
        assert set(snapshot.objects.by_uids("w1", ["uid-1", "uid-2"])) == {(JOB, "uid-1"), (SCRIPT, "uid-2")}
        assert snapshot.objects.names_among("w2", JOB, ["a", "b"]) == {"a"}


@pytest.mark.parametrize("more", [{"name": "taken"}, {"uid": "uid-1", "name": "other"}])
def test_a_taken_name_or_uid_is_a_conflict_that_names_the_object(store, make, more):
    make.stored(store, [make.object(1, "taken")])
    rival = msgspec.structs.replace(make.object(3, "x"), **more)
    with store.write() as uow, pytest.raises(Conflict) as caught:
        uow.objects.add([make.object(2, "free"), rival])
    assert caught.value.code is ErrorCode.NAME_TAKEN
    assert caught.value.subject == more["name"]


def test_the_same_name_twice_in_one_batch_is_a_conflict(store, make):
    with store.write() as uow, pytest.raises(Conflict) as caught:
        uow.objects.add([make.object(1, "a"), make.object(2, "twice"), make.object(3, "twice")])
    assert caught.value.subject == "twice"


def test_replacing_writes_every_column(store, make):
    make.stored(store, [make.object(1, "a"), make.object(2, "b")])
    other = make.text("[]")
    after = make.object(
        1,
        "renamed",
        uid="new",
        directory="/x",
        subtype="REAL_TIME",
        digest=other.digest,
        live_version=1,
        live_digest="l",
        last_version=2,
        state=SchedulingState.NORMAL,
        held=("x",),
        created_by="c",
        created_at=1,
        updated_by="u",
        updated_at=2,
        locked_by="l",
        locked_at=3,
    )
    with store.write() as uow:
        uow.contents.put([other], at=1)
        uow.objects.replace([after])
        uow.commit()
    with store.read() as snapshot:
        assert snapshot.objects.by_ids([1, 2]) == {1: after, 2: make.object(2, "b")}


def test_objects_can_swap_their_names(store, make):
    make.stored(store, [make.object(1, "a"), make.object(2, "b"), make.object(3, "c")])
    with store.write() as uow:
        uow.objects.replace(
            [make.object(1, "b"), make.object(2, "c"), make.object(3, "a", uid="uid-3")],
        )
        uow.commit()
    with store.read() as snapshot:
        found = snapshot.objects.by_ids([1, 2, 3])
    assert {number: one.name for number, one in found.items()} == {1: "b", 2: "c", 3: "a"}


def test_replacing_by_a_taken_name_is_a_conflict_and_changes_nothing(store, make):
    make.stored(store, [make.object(1, "a"), make.object(2, "b")])
    with store.write() as uow:
        with pytest.raises(Conflict) as caught:
            uow.objects.replace([make.object(1, "b")])
        uow.commit()
    assert (caught.value.code, caught.value.subject) == (ErrorCode.NAME_TAKEN, "b")
    with store.read() as snapshot:
        assert set(snapshot.objects.by_names("w1", JOB, ["a", "b"])) == {"a", "b"}


def test_an_object_cannot_refer_to_a_text_that_is_not_here(store, make):
    with pytest.raises(StoreError) as caught:
        make.stored(store, [make.object(1, "a", digest="0" * 64)])
    assert caught.value.code is ErrorCode.STORE_FAILED


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("ORD", ["Orders_Daily", "orders%hourly", "订单 ORDERS"]),
        ("_", ["Orders_Daily"]),
        ("%", ["orders%hourly"]),
        ("\\", []),
        ("订单", ["订单 ORDERS"]),
        ("Ä", []),
        ("nothing", []),
    ],
)
def test_a_page_is_found_by_a_piece_of_the_name(store, make, part, found):
    names = ["Orders_Daily", "orders%hourly", "订单 ORDERS", "ä"]
    make.stored(store, [make.object(number, name) for number, name in enumerate(names, 1)])
    wanted = ObjectFilter(workspace_id="w1", kind=JOB, name_part=part)
    with store.read() as snapshot:
        total, page = snapshot.objects.page(wanted, offset=0, limit=10)
    assert (total, [one.name for one in page]) == (len(found), found)


@pytest.mark.parametrize(
    ("directories", "found"),
    [
        (None, ["a", "b", "c", "d", "e"]),
        ((), []),
        (("/",), ["a", "b", "c", "d", "e"]),
        (("/x",), ["b", "c"]),
        (("/x/",), ["b", "c"]),
        (("/x/y", "/X"), ["c", "d"]),
        (("/作_%",), ["e"]),
        (("/nobody",), []),
    ],
)
def test_a_page_leaves_what_lies_in_or_below_some_directories(store, make, directories, found):
    places = {"a": "/", "b": "/x", "c": "/x/y", "d": "/X", "e": "/作_%/z"}
    make.stored(
        store,
        [make.object(number, name, directory=at) for number, (name, at) in enumerate(places.items(), 1)],
    )
    wanted = ObjectFilter(workspace_id="w1", kind=JOB, directories=directories)
    with store.read() as snapshot:
        total, page = snapshot.objects.page(wanted, offset=0, limit=10)
    assert (total, [one.name for one in page]) == (len(found), found)


def test_objects_are_counted_and_paged_by_subtype(store, make):
    make.stored(store, [make.object(1, "a"), make.object(2, "b", subtype="REAL_TIME")])
    wanted = ObjectFilter(workspace_id="w1", kind=JOB, subtype="REAL_TIME")
    with store.read() as snapshot:
        assert snapshot.objects.count("w1", JOB) == 2
        assert snapshot.objects.count("w1", JOB, "REAL_TIME") == 1
        assert [one.name for one in snapshot.objects.page(wanted, offset=0, limit=10)[1]] == ["b"]
        assert snapshot.objects.page(wanted, offset=5, limit=10) == (1, [])


def test_a_state_is_set_with_who_and_when(store, make):
    make.stored(store, [make.object(1, "a")])
    with store.write() as uow:
        uow.objects.set_state(1, SchedulingState.SCHEDULING, by="me", at=9)
        uow.commit()
    with store.read() as snapshot:
        after = snapshot.objects.by_ids([1])[1]
    assert (after.state, after.updated_by, after.updated_at) == (SchedulingState.SCHEDULING, "me", 9)


def test_versions_come_newest_first(store, make):
    make.stored(store, [make.object(1, "a"), make.object(2, "b")])
    digest = make.text("{}").digest
    made = [Version(object_id=1, number=n, digest=digest, note="注", import_id="i") for n in (1, 2, 3)]
    with store.write() as uow:
        uow.objects.add_versions([*made, Version(object_id=2, number=1, digest=digest)])
        uow.commit()
    with store.read() as snapshot:
        assert snapshot.objects.versions(1) == made[::-1]
        assert snapshot.objects.version(1, 2) == made[1]
        assert snapshot.objects.version(1, 4) is None


def test_removed_objects_take_versions_and_landings_with_them(store, make):
    make.stored(store, [make.object(1, "a"), make.object(2, "b")])
    digest = make.text("{}").digest
    with store.write() as uow:
        uow.objects.add_versions([Version(object_id=n, number=1, digest=digest) for n in (1, 2)])
        uow.objects.save_landings([landing(1), landing(2)])
        uow.objects.remove([1, 99], by="ann", at=1)
        uow.commit()
    with store.read() as snapshot:
        assert snapshot.objects.versions(1) == []
        assert len(snapshot.objects.versions(2)) == 1
        assert [one.object_id for one in snapshot.places.landings("w1", "p", ["u"])] == [2]


def test_a_later_landing_replaces_the_one_from_the_same_platform(store, make):
    make.stored(store, [make.object(1, "a")])
    later = landing(1, source_uid="u2", entry_digest="e2", edits_digest="x", result_digest="r2")
    elsewhere = msgspec.structs.replace(landing(1), source_platform="q")
    with store.write() as uow:
        uow.objects.save_landings([landing(1), elsewhere])
        uow.objects.save_landings([later])
        uow.commit()
    with store.read() as snapshot:
        assert list(snapshot.places.landings("w1", "p", ["u2"])) == [later]
        assert list(snapshot.places.landings("w1", "q", ["u"])) == [elsewhere]
        assert list(snapshot.places.landings("w2", "p", ["u", "u2"])) == []


def test_landings_are_found_by_the_uid_at_their_source(store, make):
    make.stored(store, [make.object(n, f"a{n}") for n in (1, 2, 3)])
    bound = [landing(3, source_uid="u3"), landing(2, source_uid="u3"), landing(1)]
    with store.write() as uow:
        uow.objects.save_landings(bound)
        uow.commit()
    with store.read() as snapshot:
        found = snapshot.places.landings("w1", "p", ["u3", "unknown"])
        assert [one.object_id for one in found] == [2, 3]
        assert list(snapshot.places.landings("w1", "p", [])) == []


def test_directories_are_made_once(store):
    with store.write() as uow:
        uow.objects.add_directories("w1", JOB, ["/a", "/a/数据"])
        uow.objects.add_directories("w1", JOB, iter(["/a", "/b"]))
        uow.commit()
    with store.read() as snapshot:
        assert snapshot.places.directories("w1", JOB) == {"/a", "/a/数据", "/b"}
        assert snapshot.places.directories("w1", SCRIPT) == set()


def test_the_same_id_twice_is_a_conflict(store, make):
    make.stored(store, [make.object(1, "a")])
    with pytest.raises(Conflict), store.write() as uow:
        uow.objects.add([make.object(1, "b", uid="another")])


def test_a_page_deep_inside_many_names_is_the_one_that_counting_would_find(store, make):
    """From both ends the names are walked through, in the middle they are known by place."""
    names = [f"job_{number:05}" for number in range(10_100)]
    make.stored(store, [make.object(number, name) for number, name in enumerate(names, 1)])
    wanted = ObjectFilter(workspace_id="w1", kind=JOB)
    with store.read() as snapshot:
        for offset in (0, 5_000, 5_010, 5_089, 10_095, 10_100):
            total, page = snapshot.objects.page(wanted, offset=offset, limit=10)
            assert (total, [one.name for one in page]) == (10_100, names[offset : offset + 10])
