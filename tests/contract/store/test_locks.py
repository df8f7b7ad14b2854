"""Who holds the locks of objects."""

from __future__ import annotations

from jobferry.model.kinds import ObjectKind
from jobferry.model.records import ObjectFilter

JOB = ObjectKind.JOB


def names(store, locked_by, **more):
    wanted = ObjectFilter(workspace_id="w1", kind=JOB, locked_by=locked_by, **more)
    with store.read() as snapshot:
        total, page = snapshot.objects.page(wanted, offset=0, limit=9)
    assert total == len(page)
    return [one.name for one in page]


def test_locks_are_set_let_go_and_found_by_their_holder(store, make):
    make.stored(store, [make.object(number, name) for number, name in enumerate("abcd", 1)])
    with store.write() as uow:
        uow.objects.set_locks([1, 2], by="刘", at=5)
        uow.objects.set_locks([3], by="wang", at=6)
        uow.commit()
    assert names(store, "刘") == ["a", "b"]
    assert names(store, "") == ["a", "b", "c"]
    assert names(store, "", name_part="C") == ["c"]
    assert names(store, None) == ["a", "b", "c", "d"]
    with store.write() as uow:
        uow.objects.set_locks([2, 3], by="", at=0)
        uow.commit()
    assert names(store, "") == ["a"]
    with store.read() as snapshot:
        first, second = (snapshot.objects.by_ids([1, 2])[id_] for id_ in (1, 2))
    assert (first.locked_by, first.locked_at, second.locked_by, second.locked_at) == ("刘", 5, "", 0)
