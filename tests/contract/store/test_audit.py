"""The audit: rows are added, found, and taken away at the beginning; none is ever changed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from jobferry.errors import Conflict
from jobferry.model.audit import AuditEnd, AuditEvent, AuditFilter, AuditOutcome, AuditRow

LATE = 1_795_250_000_000
SOURCE = Path(__file__).parents[3] / "src" / "jobferry"


def row(number: int, **event: Any) -> AuditRow:
    values: dict[str, Any] = {"at": number, "actor": "anne", "action": "export"}
    return AuditRow(number=number, event=AuditEvent(**(values | event)), mark=f"m{number}")


FULL = row(
    2,
    at=LATE,
    actor="李雷",
    action="import",
    origin="10.0.0.1",
    workspace_id="w1",
    workspace="数仓",
    kind="package",
    subject="Nightly.zip",
    outcome=AuditOutcome.FAILED,
    detail="target-changed 100%_",
)


def appended(store, *rows: AuditRow) -> None:
    with store.write() as uow:
        uow.audit.append(rows, AuditEnd(number=rows[-1].number, mark=rows[-1].mark, seal="s"))
        uow.commit()


def numbers(store, **wanted: Any) -> list[int]:
    """The numbers of the rows that a filter finds, newest first."""
    with store.read() as snapshot:
        total, found = snapshot.audit.page(AuditFilter(**wanted), offset=0, limit=100)
    assert total == len(found)
    return [one.number for one in found]


def test_an_empty_audit_has_neither_rows_nor_ends(store):
    with store.write() as uow:
        assert list(uow.audit.rows()) == []
        assert uow.audit.last() is None
        assert uow.audit.last_before(LATE) is None
        assert uow.audit.end() == uow.audit.start() == AuditEnd()
        assert uow.audit.page(AuditFilter(), offset=0, limit=10) == (0, [])


def test_rows_come_back_as_they_were_appended(store):
    appended(store, row(1), FULL)
    appended(store, row(3))
    with store.read() as snapshot:
        assert list(snapshot.audit.rows()) == [row(1), FULL, row(3)]
        assert snapshot.audit.last() == row(3)
        assert snapshot.audit.end() == AuditEnd(number=3, mark="m3", seal="s")
        assert snapshot.audit.start() == AuditEnd()


def test_a_number_is_given_once(store):
    appended(store, row(1), row(2))
    with store.write() as uow, pytest.raises(Conflict):
        uow.audit.append([row(2, actor="mallory")], AuditEnd(number=2, mark="x"))
    with store.read() as snapshot:
        assert list(snapshot.audit.rows()) == [row(1), row(2)]
        assert snapshot.audit.end().mark == "m2"


def test_all_rows_are_read_however_many_pages_they_fill(store):
    many = [row(number) for number in range(1, 2_003)]
    appended(store, *many)
    with store.read() as snapshot:
        assert list(snapshot.audit.rows()) == many


def test_rows_are_paged_newest_first(store):
    appended(store, *(row(number) for number in range(1, 6)))
    with store.read() as snapshot:
        assert snapshot.audit.page(AuditFilter(), offset=1, limit=2) == (5, [row(4), row(3)])
        assert snapshot.audit.page(AuditFilter(), offset=9, limit=2) == (5, [])
        assert snapshot.audit.page(AuditFilter(), offset=0, limit=0) == (5, [])


@pytest.mark.parametrize(
    "wanted",
    [
        {"actor": "李雷"},
        {"action": "import"},
        {"kind": "package"},
        {"outcome": AuditOutcome.FAILED},
        {"workspace_id": "w1"},
        {"since": LATE},
        {"actor": "李雷", "action": "import", "kind": "package", "workspace_id": "w1", "text": "nightly"},
    ],
)
def test_each_filter_finds_what_it_names(store, wanted):
    appended(store, row(1), FULL, row(3, workspace_id="w2", kind="job"))
    assert numbers(store, **wanted) == [2]


def test_filters_hold_together(store):
    appended(store, row(1), FULL)
    assert numbers(store, actor="李雷", action="export") == []
    assert numbers(store, text="nightly", workspace_id="w2") == []


def test_no_workspace_is_another_thing_than_all_of_them(store):
    appended(store, row(1), FULL)
    assert numbers(store, workspace_id="") == [1]
    assert numbers(store, workspace_id=None) == [2, 1]


def test_times_are_from_and_before(store):
    appended(store, *(row(number) for number in range(1, 6)))
    assert numbers(store, since=2, until=4) == [3, 2]
    assert numbers(store, until=1) == []


@pytest.mark.parametrize(
    "text",
    [
        *("李雷", "impor", "nightly.ZIP", "NIGHTLY", "CHANGED", "100%_", "数", "0.0.1"),
    ],
)
def test_text_is_looked_for_anywhere_whatever_its_case(store, text):
    appended(store, row(1), FULL)
    assert numbers(store, text=text) == [2]


@pytest.mark.parametrize("text", ["n%y", "nightly_zip", "package", "w1", "failed", "'", "\\", "m2"])
def test_text_is_no_pattern_and_only_words_are_searched(store, text):
    appended(store, row(1), FULL)
    assert numbers(store, text=text) == []


def test_only_ascii_letters_lose_their_case(store):
    appended(store, row(1, subject="Ärger"), row(2, subject="ärger"))
    assert numbers(store, text="Ä") == [1]


@pytest.mark.parametrize("field", ["actor", "action", "kind", "workspace_id", "text"])
@pytest.mark.parametrize("value", ["\x00", "a\ud800"])
def test_what_no_database_can_hold_is_not_there(store, field, value):
    appended(store, row(1))
    assert numbers(store, **{field: value}) == []


def test_retention_takes_the_leading_rows_that_are_old(store):
    appended(store, row(1, at=10), row(2, at=20), row(3, at=30), row(4, at=15))
    with store.write() as uow:
        assert uow.audit.last_before(10) is None
        assert uow.audit.last_before(20) == row(1, at=10)
        assert uow.audit.last_before(25) == row(2, at=20)
        assert uow.audit.last_before(31) == row(4, at=15)
        start = AuditEnd(number=2, mark="m2", seal="cut")
        assert uow.audit.forget(start) == 2
        assert uow.audit.forget(start) == 0
        uow.commit()
    with store.read() as snapshot:
        assert [one.number for one in snapshot.audit.rows()] == [3, 4]
        assert snapshot.audit.start() == start
        assert snapshot.audit.end() == AuditEnd(number=4, mark="m4", seal="s")


def test_rows_of_a_transaction_that_is_not_committed_are_not_there(store):
    with store.write() as uow:
        uow.audit.append([row(1)], AuditEnd(number=1, mark="m1"))
    with store.read() as snapshot:
        assert snapshot.audit.end() == AuditEnd()
        assert snapshot.audit.last() is None


def test_no_code_changes_an_audit_row():
    changing = re.compile(
        r"update\(\s*audit\b|\baudit\.update\(|UPDATE\s+audit\b|(save|amend)\([^)]*,\s*audit,", re.IGNORECASE
    )
    sources = {path: path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")}
    assert [path.name for path, text in sources.items() if changing.search(text)] == []
