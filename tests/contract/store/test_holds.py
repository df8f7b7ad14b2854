"""What held objects wait for: found by index, and taken off them when it is there."""

from __future__ import annotations

import msgspec

from builders import job, stored
from jobferry.model.document.facts import Facts
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import StoredObject, Text
from jobferry.store import Store

WAITS = ("connection dwh", "queue etl", "job sales @ other")


def held(store: Store, name: str, *waits: str) -> StoredObject:
    """A job that is in the store and waits."""
    one, text = stored(ObjectKind.JOB, job(name), uid=name, live=False)
    with store.write() as uow:
        one = msgspec.structs.replace(one, id=uow.objects.reserve_ids(1), workspace_id="w1", held=waits)
        uow.contents.put([Text(one.digest, text, Facts(name=name), "e")], at=1)
        uow.objects.add([one])
        uow.commit()
    return one


def released(
    store: Store, *things: tuple[str, str, str], workspace: str = "w1"
) -> dict[str, tuple[str, ...]]:
    with store.write() as uow:
        found = {one.name: one.held for one in uow.objects.release(workspace, set(things))}
        uow.commit()
    return found


def test_what_appears_is_taken_off_those_that_waited_for_it(store: Store) -> None:
    held(store, "a", *WAITS)
    held(store, "b", "connection dwh")
    held(store, "c", "connection other")
    assert released(store, ("connection", "dwh", "")) == {"a": ("queue etl", "job sales @ other"), "b": ()}
    assert released(store, ("connection", "dwh", "")) == {}
    assert released(store, ("job", "sales", "")) == {}
    assert released(store, ("job", "sales", "other"), ("queue", "etl", "")) == {"a": ()}
    with store.read() as snapshot:
        there = snapshot.objects.by_names("w1", ObjectKind.JOB, ["a", "b", "c"])
    assert {name: one.held for name, one in there.items()} == {"a": (), "b": (), "c": ("connection other",)}


def test_another_workspace_is_not_touched(store: Store) -> None:
    held(store, "a", "connection dwh")
    assert released(store, ("connection", "dwh", ""), workspace="w2") == {}


def test_a_replaced_object_waits_for_what_it_says_now(store: Store) -> None:
    one = held(store, "a", "connection dwh")
    with store.write() as uow:
        uow.objects.replace([msgspec.structs.replace(one, held=("queue etl",))])
        uow.commit()
    assert released(store, ("connection", "dwh", "")) == {}
    assert released(store, ("queue", "etl", "")) == {"a": ()}


def test_a_name_that_no_database_can_hold_is_waited_for_all_the_same(store: Store) -> None:
    odd = "x" * 9000
    held(store, "a", f"connection {odd}")
    assert released(store, ("connection", odd, "")) == {"a": ()}


def test_a_deleted_object_waits_for_nothing(store: Store) -> None:
    one = held(store, "a", "connection dwh")
    with store.write() as uow:
        uow.objects.remove([one.id], by="ann", at=1)
        uow.commit()
    assert released(store, ("connection", "dwh", "")) == {}
