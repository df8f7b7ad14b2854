"""The audit is read, verified and swept; notices tell how imports ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jobferry.errors import Conflict, ErrorCode, Forbidden, NotFound, StoreError
from jobferry.model.audit import AuditFilter
from jobferry.model.lists import NoticeFilter
from jobferry.model.people import About, AboutKind, Caller, Scope
from jobferry.model.rights import Role
from jobferry.model.task import Ending, Task, TaskKind
from jobferry.services.operating.maintenance import Upkeep

from .conftest import NOON, Crowd

DAY = 24 * 60 * 60 * 1000
_KEPT_DAYS = 92


def noted(crowd: Crowd, *, workspace: bool = True, subject: str = "orders") -> None:
    event = crowd.runtime.event(crowd.grant(crowd.anne), "export", kind="job", subject=subject)
    if not workspace:
        import msgspec

        event = msgspec.structs.replace(event, workspace_id="", workspace="")
    crowd.runtime.note(event)


def test_a_workspace_shows_its_own_audit_and_operations_sees_all(crowd: Crowd) -> None:
    noted(crowd, subject="作业_orders")
    noted(crowd, workspace=False)
    everything = AuditFilter(text="ORDERS")
    own = crowd.audits.of_workspace(crowd.grant(crowd.anne), everything, offset=0, limit=10)
    assert [row.event.subject for row in own[1]] == ["作业_orders"]
    sly = AuditFilter(text="orders", workspace_id="")
    assert crowd.audits.of_workspace(crowd.grant(crowd.anne), sly, offset=0, limit=10) == own
    assert crowd.audits.of_platform(crowd.root, everything, offset=0, limit=1)[0] == 2
    bert = crowd.add("bert")
    crowd.join("bert", Role.DEVELOPER)
    with pytest.raises(Forbidden):
        crowd.audits.of_workspace(crowd.grant(bert), everything, offset=0, limit=10)
    for call in (
        crowd.audits.verify,
        lambda one: crowd.audits.of_platform(one, everything, offset=0, limit=1),
    ):
        with pytest.raises(Forbidden):
            call(crowd.anne)


def test_the_chain_still_holds_when_old_rows_are_gone(crowd: Crowd) -> None:
    for day in range(6):
        crowd.now = NOON + day * DAY
        noted(crowd)
    crowd.now = NOON + 95 * DAY
    assert crowd.audits.sweep(_KEPT_DAYS) == 3
    seen = crowd.audits.verify(crowd.root)
    assert seen == (3, 6, 3, 6, None)
    assert crowd.audits.sweep(_KEPT_DAYS) == 0
    crowd.now += 400 * DAY
    assert crowd.audits.sweep(_KEPT_DAYS) == 3
    noted(crowd)
    assert crowd.audits.verify(crowd.root).fault is None


def test_a_line_that_was_kept_is_known_as_long_as_its_row_is_or_ends_what_is_gone(crowd: Crowd) -> None:
    lines = []
    for day in range(4):
        crowd.now = NOON + day * DAY
        noted(crowd)
        lines.append(crowd.audits.anchor(crowd.root))
    crowd.now = NOON + 95 * DAY
    assert crowd.audits.sweep(_KEPT_DAYS) == 3
    for line in lines[2:]:
        assert crowd.audits.follows(crowd.root, line)
        assert not crowd.audits.follows(crowd.root, line._replace(mark="0" * 64))
    with pytest.raises(Conflict) as caught:
        crowd.audits.follows(crowd.root, lines[1])
    assert (caught.value.code, caught.value.subject) == (ErrorCode.AUDIT_ALTERED, "2")


def test_upkeep_sweeps_at_once_and_then_daily(crowd: Crowd) -> None:
    upkeep = Upkeep([crowd.signing.write_down], [lambda: crowd.audits.sweep(_KEPT_DAYS)], lambda: crowd.now)
    noted(crowd)
    crowd.now += 93 * DAY
    upkeep.tick()
    assert crowd.audit() == []
    noted(crowd)
    crowd.now += 93 * DAY
    upkeep.tick()
    assert crowd.audit() == []
    noted(crowd)
    upkeep.tick()
    crowd.now += DAY - 1
    upkeep.tick()
    assert len(crowd.audit()) == 1


def test_upkeep_that_finds_a_store_busy_is_done_at_the_next_call() -> None:
    done: list[str] = []

    def busy() -> None:
        done.append("tried")
        if len(done) == 1:
            raise StoreError(ErrorCode.STORE_BUSY, "somebody else is writing")

    upkeep = Upkeep([busy], [lambda: done.append("swept")], lambda: NOON)
    for _ in range(3):
        upkeep.tick()
    assert done == ["tried", "tried", "swept", "tried"]


def test_as_many_days_are_kept_as_are_asked_for(crowd: Crowd) -> None:
    noted(crowd)
    crowd.now += 8 * DAY
    assert crowd.audits.sweep(9) == 0
    assert crowd.audits.sweep(7) == 1


def task(crowd: Crowd, name: str = "orders.zip", by: str = "anne") -> Task:
    return Task(
        id=crowd.runtime.new_id(),
        kind=TaskKind.IMPORT,
        workspace_id="w1",
        name=name,
        created_by=by,
        started_at=1,
        updated_at=1,
        request=b"",
    )


def ends(succeeded: bool, message: str = "2 created") -> Callable[[Task], Ending]:
    return lambda _: Ending(succeeded=succeeded, message=message)


def test_who_began_an_import_is_told_how_it_ended(crowd: Crowd) -> None:
    done = task(crowd)
    assert crowd.notices.telling(ends(True))(done).succeeded
    crowd.now += 1
    crowd.notices.telling(ends(False, "1 failed"))(task(crowd))
    total, (second, first) = crowd.notices.page(crowd.anne, NoticeFilter(unread=True))
    assert (total, second.code, first.code) == (2, "import-failed", "import-finished")
    assert first.args == {"package": "orders.zip", "workspace": "first", "said": "2 created"}
    assert first.about == About(workspace_id="w1", kind=AboutKind.TASK, id=done.id, name="orders.zip")
    assert crowd.notices.page(crowd.root) == (0, [])


def test_work_that_is_carried_out_twice_is_told_once(crowd: Crowd) -> None:
    done = task(crowd)
    for _ in range(2):
        assert crowd.notices.telling(ends(True))(done) == Ending(succeeded=True, message="2 created")
    assert crowd.notices.page(crowd.anne)[0] == 1


def test_an_import_that_breaks_is_told_too_without_its_secrets(crowd: Crowd) -> None:
    def breaks(_: Task) -> Ending:
        raise RuntimeError("hunter2")

    def conflicts(_: Task) -> Ending:
        raise Conflict(ErrorCode.TARGET_CHANGED, "the target moved")

    for broken, error in ((breaks, RuntimeError), (conflicts, Conflict)):
        with pytest.raises(error):
            crowd.notices.telling(broken)(task(crowd))
    _, found = crowd.notices.page(crowd.anne)
    assert {one.args["said"] for one in found} == {"something unexpected happened", "the target moved"}


def test_nobody_is_told_where_nobody_is(crowd: Crowd) -> None:
    assert crowd.notices.telling(ends(True))(task(crowd, by="gone")).succeeded


def test_notices_are_read_by_whose_they_are_and_swept(crowd: Crowd) -> None:
    for _ in range(3):
        crowd.notices.telling(ends(True))(task(crowd))
    _, found = crowd.notices.page(crowd.anne, NoticeFilter(unread=True))
    for who, read in ((crowd.root, [found[0].id]), (crowd.anne, [found[0].id, "moon"])):
        with pytest.raises(NotFound) as refused:
            crowd.notices.mark_read(who, read)
        assert refused.value.code == "notice-missing"
    assert crowd.notices.mark_read(crowd.anne, [found[0].id]) == 1
    assert crowd.notices.page(crowd.anne, NoticeFilter(unread=True))[0] == 2
    limited = Caller(user_id=crowd.anne.user_id, name="anne", scope=Scope(read_only=True))
    with pytest.raises(Forbidden):
        crowd.notices.mark_read(limited, [])
    assert crowd.notices.mark_read(crowd.anne, []) == 2
    crowd.now += 92 * DAY
    assert crowd.notices.sweep(92) == 0
    crowd.now += 1
    assert crowd.notices.sweep(92) == 3
