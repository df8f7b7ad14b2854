"""What is removed after its time, a page at a time."""

from __future__ import annotations

from contract.store.test_families import receipt
from contract.store.test_tasklog import task
from jobferry.model.task import Ending


def test_ended_tasks_go_oldest_first_and_running_ones_stay(log):
    for name, ended in (("late", 9), ("first", 1), ("second", 2)):
        log.add(task(name))
        log.finish(name, Ending(succeeded=name != "second", message=""), at=ended)
    log.add(task("running"))
    assert log.ended(before=9, limit=10) == ["first", "second"]
    assert log.ended(before=9, limit=1) == ["first"]
    log.remove(["first", "running"])
    assert log.by_id("first") is None
    assert log.by_id("running") is not None
    assert log.ended(before=9, limit=10) == ["second"]


def test_receipts_go_oldest_first_but_never_the_newest_or_one_to_keep(store, make):
    with store.write() as uow:
        for number in range(1, 6):
            uow.receipts.add(receipt(f"r{number}", imported_at=number), [])
        uow.commit()

    def swept(before: int, limit: int = 10, keep: tuple[str, ...] = ()) -> int:
        with store.write() as uow:
            count: int = uow.receipts.sweep("w1", before=before, keep=keep, limit=limit)
            uow.commit()
        return count

    assert swept(before=1) == 0
    assert swept(before=100, limit=1, keep=("r1",)) == 1
    with store.read() as snapshot:
        assert snapshot.receipts.by_id("r2") is None
        assert snapshot.receipts.by_id("r1") is not None
    assert swept(before=100) == 3
    with store.read() as snapshot:
        assert snapshot.receipts.page("w1", offset=0, limit=9)[0] == 1
        assert snapshot.receipts.by_id("r5") is not None
