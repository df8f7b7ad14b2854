"""What use cases do with the audit: they record, note, and ask whether somebody may do something."""

from __future__ import annotations

import time
from itertools import count

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from jobferry.access.chain import Chain
from jobferry.errors import ErrorCode, Forbidden, StoreError
from jobferry.model.audit import AuditBreach, AuditEvent, AuditFault, AuditOutcome
from jobferry.model.people import Caller, Grant, Scope
from jobferry.model.records import Workspace
from jobferry.model.rights import MATRIX, Action, Role
from jobferry.services.runtime import ASKED, Runtime
from jobferry.store.engine import Database

CALLER = Caller(user_id="u1", name="anne", origin="10.0.0.1")
GRANT = Grant(
    caller=CALLER,
    workspace=Workspace(id="w1", name="数仓"),
    roles=frozenset({Role.DEVELOPER}),
    administrators=("bert", "carl"),
)
PLATFORM = replace(GRANT, workspace=Workspace(id="", name=""), roles=frozenset(), administrators=())


@pytest.fixture
def runtime(store) -> Runtime:
    """The store with a clock that counts."""
    return Runtime(store, count(100).__next__, lambda: "id", Chain(bytes(32)))


def kept(runtime: Runtime) -> list[AuditEvent]:
    with runtime.store.read() as snapshot:
        return [row.event for row in snapshot.audit.rows()]


def fault(runtime: Runtime) -> AuditFault | None:
    with runtime.store.read() as snapshot:
        audit = snapshot.audit
        return runtime.chain.verify(audit.rows(), audit.start(), audit.end())


def test_an_event_tells_who_did_what_where_and_when(runtime):
    event = runtime.event(GRANT, "export", kind="job", subject="orders", detail="3 jobs")
    assert event == AuditEvent(
        at=100,
        actor="anne",
        action="export",
        origin="10.0.0.1",
        workspace_id="w1",
        workspace="数仓",
        kind="job",
        subject="orders",
        outcome=AuditOutcome.DONE,
        detail="3 jobs",
    )


def test_what_is_recorded_stands_or_falls_with_the_transaction(runtime):
    with runtime.store.write() as uow:
        runtime.record(uow, runtime.event(GRANT, "forgotten"))
    with runtime.store.write() as uow:
        runtime.record(uow, runtime.event(GRANT, "first"), runtime.event(GRANT, "second"))
        runtime.record(uow, runtime.event(GRANT, "third"))
        runtime.record(uow)
        uow.commit()
    runtime.note(runtime.event(GRANT, "fourth"))
    assert [event.action for event in kept(runtime)] == ["first", "second", "third", "fourth"]
    assert fault(runtime) is None


def test_words_that_no_database_can_hold_or_that_never_end_do_not_break_the_chain(runtime):
    runtime.note(runtime.event(GRANT, "submit", subject="a\x00b\ud800", detail="数" * 513))
    (event,) = kept(runtime)
    assert event.subject == "a␀b?"
    assert event.detail == "数" * 511 + "…"
    runtime.note(runtime.event(GRANT, "submit", detail="数" * 512))
    assert kept(runtime)[1].detail == "数" * 512
    assert fault(runtime) is None


def test_a_chain_goes_on_after_retention_took_all_of_it(runtime):
    runtime.note(runtime.event(GRANT, "first"), runtime.event(GRANT, "second"))
    with runtime.store.write() as uow:
        last = uow.audit.last_before(1_000)
        assert uow.audit.forget(runtime.chain.cut(last)) == 2
        uow.commit()
    assert fault(runtime) is None
    runtime.note(runtime.event(GRANT, "third"))
    assert [event.action for event in kept(runtime)] == ["third"]
    assert fault(runtime) is None


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE audit SET actor = 'bert' WHERE number = 2", (2, AuditBreach.ALTERED)),
        ("DELETE FROM audit WHERE number = 1", (1, AuditBreach.MISSING)),
        ("DELETE FROM audit WHERE number = 2", (2, AuditBreach.MISSING)),
        ("DELETE FROM audit WHERE number = 3", (3, AuditBreach.MISSING)),
        ("DELETE FROM audit", (1, AuditBreach.MISSING)),
        ("DELETE FROM audit_ends", (0, AuditBreach.END_ALTERED)),
        ("UPDATE audit_ends SET number = 9", (9, AuditBreach.END_ALTERED)),
        ("UPDATE audit SET number = 7 WHERE number = 3", (3, AuditBreach.MISSING)),
    ],
)
def test_tampering_with_the_tables_is_found_and_stays_found(runtime, address, tampering, found):
    for action in ("first", "second", "third"):
        runtime.note(runtime.event(GRANT, action))
    database = Database(address, lock_key=2)
    with database.writing() as connection:
        connection.execute(text(tampering))
        connection.commit()
    database.close()
    assert fault(runtime) == AuditFault(*found)
    runtime.note(runtime.event(GRANT, "fourth"))
    runtime.note(runtime.event(GRANT, "fifth"))
    assert fault(runtime) is not None
    assert [event.action for event in kept(runtime)][-2:] == ["fourth", "fifth"]


def test_all_of_the_audit_taken_away_is_noticed(runtime, address):
    runtime.note(runtime.event(GRANT, "first"))
    database = Database(address, lock_key=2)
    with database.writing() as connection:
        connection.execute(text("DELETE FROM audit"))
        connection.execute(text("DELETE FROM audit_ends"))
        connection.commit()
    database.close()
    assert fault(runtime) == AuditFault(0, AuditBreach.END_ALTERED)


def test_what_is_allowed_leaves_no_trace(runtime):
    runtime.allow(GRANT, Action.JOB_CREATE, kind="job", subject="orders", directory="/dw")
    runtime.allow(replace(GRANT, directories=("/dw",)), Action.JOB_EDIT, directory="/dw/ods")
    assert kept(runtime) == []


def refused(runtime: Runtime, grant: Grant, action: Action, **about: str) -> Forbidden:
    with pytest.raises(Forbidden) as caught:
        runtime.allow(grant, action, **about)
    assert caught.value.code is ErrorCode.NOT_ALLOWED
    return caught.value


def test_a_refusal_names_who_what_where_and_who_could_allow_it(runtime):
    error = refused(runtime, GRANT, Action.SETTING_EDIT, kind="setting", subject="profile")
    assert error.message == "anne may not change settings in the workspace 数仓"
    assert error.hint == "ask bert, carl, who can allow it"
    assert error.subject == "profile"
    assert kept(runtime) == [
        replace(
            runtime.event(GRANT, "setting-edit", kind="setting", subject="profile"),
            at=100,
            outcome=AuditOutcome.REFUSED,
        )
    ]
    assert fault(runtime) is None


def test_a_refusal_about_the_platform_names_operations(runtime):
    error = refused(runtime, PLATFORM, Action.USER_EDIT, subject="bert")
    assert error.message == "anne may not manage users"
    assert "operations" in error.hint
    assert "operations" in refused(runtime, GRANT, Action.WORKSPACE_CREATE).hint
    assert "operations" in refused(runtime, replace(GRANT, administrators=()), Action.MEMBER_EDIT).hint


def test_a_read_only_token_is_told_from_a_missing_role(runtime):
    reader = replace(GRANT, caller=replace(CALLER, scope=Scope(read_only=True)))
    error = refused(runtime, reader, Action.JOB_CREATE)
    assert "the token is read-only" in error.message
    assert "token" in error.hint
    assert "read-only" not in refused(runtime, reader, Action.MEMBER_EDIT).message
    runtime.allow(reader, Action.EXPORT)


def test_a_directory_that_no_policy_covers_is_refused_by_name(runtime):
    grant = replace(GRANT, directories=("/dw",))
    error = refused(runtime, grant, Action.JOB_CREATE, kind="job", subject="orders", directory="/dwx")
    assert "the directory /dwx" in error.message
    assert "directory policy" in error.message
    assert "bert" in error.hint
    (event,) = kept(runtime)
    assert (event.outcome, event.detail) == (AuditOutcome.REFUSED, "directory /dwx")


def test_every_action_has_words_and_somebody_who_may_do_it():
    assert set(ASKED) == set(Action) == set(MATRIX)
    assert len(set(ASKED.values())) == len(ASKED)
    assert all(MATRIX.values())


def test_a_store_that_was_too_busy_is_not_waited_for_once_more(store, runtime) -> None:
    """The audit is in the same store: noting the failure would take as long as the failure did."""
    began = time.monotonic()
    busy = StoreError(ErrorCode.STORE_BUSY, "busy")
    with store.write(), pytest.raises(StoreError) as caught, runtime.attempt(GRANT, "object-create"):
        raise busy
    assert caught.value is busy
    assert time.monotonic() - began < 5
    assert kept(runtime) == []


def test_what_fails_for_another_reason_is_noted(runtime) -> None:
    with pytest.raises(StoreError), runtime.attempt(GRANT, "object-create"):
        raise StoreError(ErrorCode.DISK_FULL, "full")
    assert [(one.action, one.detail) for one in kept(runtime)] == [("object-create", "disk-full")]
