"""Imports that are checked and wait to be applied."""

from __future__ import annotations

from typing import Any

import pytest

from jobferry.model.kinds import NeedKind
from jobferry.model.transfer.checked_import import ImportClient, ImportFilter, ImportRecord, ImportState
from jobferry.model.transfer.mapping import Mapping
from jobferry.model.transfer.policy import Duplicates, ImportOptions

OPTIONS = ImportOptions(
    duplicates=Duplicates.OVERWRITE, mapping=Mapping({NeedKind.CONNECTION: {"测试": "生产"}})
)


def record(id_: str, **more) -> ImportRecord:
    values: dict[str, Any] = {
        "workspace_id": "w1",
        "created_by": "lin",
        "created_at": 1,
        "checked_at": 1,
        "package_id": id_,
    }
    values |= {"package_name": "包.zip", "package_digest": "d", "options": OPTIONS, "plan_digest": "p"}
    values |= {"origin": ImportClient.CLI, "state": ImportState.CHECKED, "task_id": f"task-{id_}"}
    return ImportRecord(id=id_, **(values | more))


def kept(store, *records: ImportRecord) -> None:
    with store.write() as uow:
        for one in records:
            uow.imports.add(one)
        uow.commit()


def test_an_import_comes_back_as_it_was_kept(store):
    refused = record("a", state=ImportState.REFUSED, message="no␀ zip", code="package-unreadable", hint="h")
    kept(store, refused, record("b"))
    with store.read() as snapshot:
        assert snapshot.imports.by_id("a") == refused
        assert snapshot.imports.by_id("c") is None
        assert snapshot.imports.by_id("\x00") is None
        assert snapshot.imports.by_task("task-b") == record("b")
        assert snapshot.imports.by_task("task-c") is None


def test_what_a_person_has_looked_through_is_theirs_and_goes_with_the_import(store):
    kept(store, record("a"))
    with store.write() as uow:
        uow.imports.view("a", "lin", "job 订单", "d1")
        uow.imports.view("a", "lin", "job orders", "d1")
        uow.imports.view("a", "wu", "job orders", "d1")
        uow.imports.view("a", "lin", "job orders", "d2")
        uow.imports.view("a", "lin", "job 订单", "")
        uow.commit()
    with store.read() as snapshot:
        assert snapshot.imports.viewed("a", "lin") == {"job orders": "d2"}
        assert snapshot.imports.viewed("a", "wu") == {"job orders": "d1"}
        assert snapshot.imports.viewed("b", "lin") == {}


def ids(snapshot, offset=0, limit=9, **wanted) -> tuple[int, list[str]]:
    wanted = {"workspace_id": "w1"} | wanted
    total, found = snapshot.imports.page(ImportFilter(**wanted), offset=offset, limit=limit)
    return total, [one.id for one in found]


def test_imports_are_listed_newest_first_and_filtered(store):
    kept(
        store,
        record("a", package_name="Orders.zip"),
        record("b", created_at=2, created_by="wu", state=ImportState.FAILED, origin=ImportClient.FACTORY),
        record("c", workspace_id="w2"),
    )
    with store.read() as snapshot:
        assert ids(snapshot) == (2, ["b", "a"])
        assert ids(snapshot, offset=1) == (2, ["a"])
        assert ids(snapshot, limit=1) == (2, ["b"])
        assert ids(snapshot, created_by="wu") == (1, ["b"])
        assert ids(snapshot, state=ImportState.CHECKED) == (1, ["a"])
        assert ids(snapshot, origin=ImportClient.FACTORY) == (1, ["b"])
        assert ids(snapshot, since=2) == (1, ["b"])
        assert ids(snapshot, until=2) == (1, ["a"])
        assert ids(snapshot, name="order") == (1, ["a"])
        assert ids(snapshot, name="_") == (0, [])


def test_of_two_who_change_an_import_the_second_is_told(store):
    kept(store, record("a"))
    was = record("a")
    applying = was.moved(ImportState.APPLYING, task_id="t")
    with store.write() as uow:
        assert uow.imports.replace(applying, was=was)
        assert not uow.imports.replace(was.moved(ImportState.DISCARDED), was=was)
        assert uow.imports.replace(applying.moved(ImportState.APPLIED), was=applying)
        uow.commit()
    with store.read() as snapshot:
        found = snapshot.imports.by_id("a")
        assert (found.task_id, found.plan_digest, found.state, found.revision) == ("t", "p", "applied", 2)


def test_packages_are_needed_while_something_can_be_done_with_them(store):
    kept(store, *(record(state.value, state=state) for state in ImportState))
    with store.read() as snapshot:
        assert snapshot.imports.package_ids() == {"checking", "checked", "applying"}
        assert {one.id for one in snapshot.imports.under_way("w1")} == {"checking", "applying"}
        assert snapshot.imports.under_way("w2") == []


def test_what_was_checked_long_ago_is_discarded_and_says_so(store):
    kept(store, record("a"), record("b", state=ImportState.APPLYING), record("c", checked_at=5))
    with store.write() as uow:
        assert uow.imports.release_old(before=5) == 1
        assert uow.imports.release_old(before=5) == 0
        assert uow.imports.by_id("a") == record("a").moved(ImportState.DISCARDED)
        assert uow.imports.package_ids() == {"b", "c"}


def test_old_imports_that_are_over_are_swept_page_by_page(store):
    over = [record(name, state=ImportState.APPLIED) for name in "abc"]
    others = [
        record("d", state=ImportState.CHECKING),
        record("e", created_at=5),
        record("f", workspace_id="w2"),
    ]
    kept(store, *over, *others)
    with store.write() as uow:
        assert uow.imports.sweep("w1", before=5, limit=2) == 2
        assert uow.imports.sweep("w1", before=5, limit=2) == 1
        assert uow.imports.sweep("w1", before=5, limit=2) == 0
        assert [uow.imports.by_id(name) is None for name in "abcdef"] == [True] * 3 + [False] * 3


@pytest.mark.parametrize("plan_digest", ["", "p"])
def test_after_a_task_that_changed_nothing_what_was_checked_before_waits_again(plan_digest):
    applying = record("a", plan_digest=plan_digest, state=ImportState.APPLYING, revision=3)
    ended = applying.ended(ImportState.FAILED, message="no", code="c", hint="h")
    state = ImportState.CHECKED if plan_digest else ImportState.FAILED
    assert (ended.state, ended.message, ended.code, ended.hint, ended.revision) == (state, "no", "c", "h", 4)
    assert ended.moved(ImportState.CHECKING).message == ""
