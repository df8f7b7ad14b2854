"""Imports that are checked and wait to be applied."""

from __future__ import annotations

from typing import Any

import msgspec

from jobferry.model.kinds import NeedKind
from jobferry.model.transfer.checked_import import ImportRecord
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
    return ImportRecord(id=id_, **(values | more))


def kept(store, *records: ImportRecord) -> None:
    with store.write() as uow:
        for one in records:
            uow.imports.add(one)
        uow.commit()


def test_an_import_comes_back_as_it_was_kept(store):
    kept(store, record("a"))
    with store.read() as snapshot:
        assert snapshot.imports.by_id("a") == record("a")
        assert snapshot.imports.by_id("b") is None
        assert snapshot.imports.by_id("\x00") is None
        assert snapshot.imports.package_ids() == {"a"}


def test_imports_are_listed_newest_first_and_by_user(store):
    kept(store, record("a"), record("b", created_at=2, created_by="wu"), record("c", workspace_id="w2"))
    with store.read() as snapshot:
        total, found = snapshot.imports.page("w1", offset=0, limit=9)
        assert (total, [one.id for one in found]) == (2, ["b", "a"])
        assert [one.id for one in snapshot.imports.page("w1", offset=1, limit=9)[1]] == ["a"]
        assert snapshot.imports.page("w1", created_by="wu", offset=0, limit=9) == (
            1,
            [record("b", created_at=2, created_by="wu")],
        )


def test_of_two_who_change_an_import_the_second_is_told(store):
    kept(store, record("a"))
    was = record("a")
    applied = msgspec.structs.replace(was, task_id="t")
    with store.write() as uow:
        assert uow.imports.replace(applied, was=was)
        assert not uow.imports.replace(msgspec.structs.replace(was, plan_digest="q"), was=was)
        assert uow.imports.replace(msgspec.structs.replace(applied, discarded=True), was=applied)
        assert not uow.imports.replace(was, was=applied)
        uow.commit()
    with store.read() as snapshot:
        found = snapshot.imports.by_id("a")
        assert found is not None
        assert (found.task_id, found.plan_digest, found.discarded) == ("t", "p", True)
        assert snapshot.imports.package_ids() == set()


def test_old_imports_go_unless_they_are_being_applied(store):
    kept(store, record("a"), record("b", task_id="t"), record("c", checked_at=5))
    with store.write() as uow:
        assert uow.imports.sweep(before=5, keep={"t"}) == 1
        assert uow.imports.package_ids() == {"b", "c"}
        assert uow.imports.sweep(before=6, keep=()) == 2
