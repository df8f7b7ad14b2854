"""The change log on every database: what every write of objects leaves in it, and nothing else."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from jobferry.model.change_log import ChangeFilter, ChangeKind, ExportPoint, LogStart
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import Workspace


@pytest.fixture
def logged(store):
    switch(store, "true", at=5)
    return store


def switch(store: Any, value: str, *, at: int) -> None:
    with store.write() as uow:
        workspace = uow.workspaces.by_id("w1")
        settings = {"change_management": value} if value else {}
        uow.workspaces.replace(msgspec.structs.replace(workspace, settings=settings, updated_at=at))
        uow.commit()


def told(store: Any, **wanted: Any) -> list[tuple[Any, ...]]:
    """Kind of change, name and former name, oldest first."""
    with store.read() as snapshot:
        found = ChangeFilter(workspace_id="w1", **wanted)
        total, page = snapshot.changes.page(found, offset=0, limit=99)
        assert total == len(page)
    return [(one.change.value, one.former_name, one.name) for one in reversed(page)]


def test_every_write_of_an_object_is_told_by_what_it_did(logged, make):
    one = make.object(1, "a", updated_by="ann", updated_at=10)
    make.stored(logged, [one])
    steps = [
        {"digest": make.text("other").digest, "updated_by": "bert", "updated_at": 20},
        {"name": "b", "directory": "/x", "updated_at": 30},
        {"directory": "/y", "updated_at": 40},
        {"live_version": 1, "live_digest": "d", "updated_at": 50},
        {"locked_by": "ann"},
    ]
    with logged.write() as uow:
        uow.contents.put([make.text("other")], at=1)
        for step in steps:
            one = msgspec.structs.replace(one, **step)
            uow.objects.replace([one])
        uow.objects.set_locks([1], by="carl", at=60)
        uow.objects.remove([1, 77], by="dora", at=70)
        uow.commit()
    assert told(logged) == [
        ("added", "a", "a"),
        ("changed", "a", "a"),
        ("renamed", "a", "b"),
        ("moved", "b", "b"),
        ("submitted", "b", "b"),
        ("deleted", "b", "b"),
    ]
    with logged.read() as snapshot:
        rows = list(snapshot.changes.between("w1"))
        assert [(row.changed_by, row.changed_at) for row in rows] == [
            ("ann", 10),
            ("bert", 20),
            ("bert", 30),
            ("bert", 40),
            ("bert", 50),
            ("dora", 70),
        ]
        assert [row.live for row in rows] == [False] * 4 + [True, True]
        assert (rows[2].former_directory, rows[2].directory) == ("/", "/x")
        assert {row.uid for row in rows} == {"uid-1"}
        assert [row.number for row in rows] == sorted({row.number for row in rows})
        assert rows[-1].number == snapshot.changes.last("w1")
        assert [row.name for row in snapshot.changes.between("w1", after=rows[3].number, until=70)] == ["b"]
        assert [row.changed_at for row in snapshot.changes.between("w1", since=40)] == [40, 50, 70]


def test_nothing_is_told_while_it_is_off_or_of_what_was_not_committed(store, make):
    make.stored(store, [make.object(1, "a")])
    with store.read() as snapshot:
        assert snapshot.changes.start("w1") is None
    switch(store, "true", at=5)
    with store.write() as uow:
        uow.objects.remove([1], by="ann", at=6)
    switch(store, "", at=7)
    with store.write() as uow:
        uow.objects.remove([1], by="ann", at=8)
        uow.commit()
    assert told(store) == []


def test_a_log_that_is_switched_on_again_starts_anew(logged, make):
    make.stored(logged, [make.object(1, "a")])
    with logged.read() as snapshot:
        began = snapshot.changes.start("w1")
    assert began == LogStart(number=1, at=5)
    switch(logged, "true", at=6)
    with logged.read() as snapshot:
        assert snapshot.changes.start("w1") == began
        exported = snapshot.changes.last("w1")
    switch(logged, "", at=7)
    switch(logged, "true", at=8)
    with logged.read() as snapshot:
        assert snapshot.changes.start("w1") == LogStart(number=exported + 1, at=8)


def test_a_page_is_filtered(logged, make):
    made = [
        make.object(1, "Orders", directory="/dw/ods", updated_by="ann", updated_at=10),
        make.object(2, "clean", ObjectKind.SCRIPT, directory="/dw2", updated_by="bert", updated_at=20),
        make.object(3, "jar", ObjectKind.RESOURCE, directory="/x", updated_by="bert", updated_at=30),
    ]
    make.stored(logged, made)
    assert told(logged, text="RDER") == [("added", "Orders", "Orders")]
    assert told(logged, kind=ObjectKind.SCRIPT) == told(logged, since=20, until=30)
    assert told(logged, change=ChangeKind.DELETED) == told(logged, by="carl") == []
    assert [name for _, _, name in told(logged, directories=("/dw",))] == ["Orders", "jar"]
    assert [name for _, _, name in told(logged, directories=())] == ["jar"]


def test_what_is_swept_moves_the_start(logged, make):
    make.stored(logged, [make.object(n, f"j{n}", updated_at=n * 10) for n in range(1, 4)])
    with logged.write() as uow:
        assert uow.changes.sweep("w1", before=30, limit=1) == 1
        assert uow.changes.sweep("w1", before=30, limit=9) == 1
        assert uow.changes.sweep("w1", before=30, limit=9) == 0
        kept = list(uow.changes.between("w1"))
        assert [one.name for one in kept] == ["j3"]
        assert uow.changes.start("w1") == LogStart(number=kept[0].number - 1, at=30)


def test_an_export_point_only_goes_forward(store):
    with store.write() as uow:
        assert uow.changes.point("w1", "x") is None
        for number, at in ((5, 50), (3, 90), (7, 70)):
            uow.changes.save_point(ExportPoint(workspace_id="w1", way="x", number=number, at=at))
        assert uow.changes.point("w1", "x") == ExportPoint(workspace_id="w1", way="x", number=7, at=70)


def test_a_workspace_that_is_made_with_change_management_on_records_from_then_on(store, make):
    settings = {"change_management": "true"}
    with store.write() as uow:
        uow.workspaces.add(Workspace(id="w3", name="third", settings=settings, created_at=7))
        uow.commit()
    make.stored(store, [make.object(1, "a", workspace_id="w3", updated_at=8)])
    with store.read() as snapshot:
        start = snapshot.changes.start("w3")
        assert start is not None
        assert start.at == 7
        assert [change.name for change in snapshot.changes.between("w3", since=0)] == ["a"]


def test_any_number_of_changes_comes_in_order(logged, make):
    make.stored(logged, [make.object(number, f"j{number:04}", updated_at=9) for number in range(1, 2_003)])
    with logged.read() as snapshot:
        found = [change.name for change in snapshot.changes.between("w1", since=0)]
    assert found == [f"j{number:04}" for number in range(1, 2_003)]
