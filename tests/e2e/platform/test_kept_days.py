"""How long a platform keeps what it remembers: each setting of days removes what it is about, and only that.

Time is made to pass by moving the dates of all rows back; the platform then sweeps when it opens, as it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from builders import job, node
from cases import every_case
from e2e.platform.conftest import Site
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.wiring import open_platform
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.export import ExportRequest
from tables import rows_of, settings_for

JOB = ObjectKind.JOB
DAY = 86_400_000
DATED = {
    "audit": "at",
    "changes": "changed_at",
    "exports": "started_at",
    "batches": "started_at",
    "receipts": "imported_at",
    "imports": "created_at",
}
"""The column that says how old each is."""
TABLES = {
    "audit": "audit WHERE number <= {last}",
    "changes": "changes",
    "exports": "downloads WHERE kind <> 'task-package'",
    "batches": "downloads WHERE kind = 'task-package'",
    "receipts": "receipts",
    "imports": "imports",
}
"""Where they are. Of the audit, what was written while the test made its things."""
GOES = {
    "audit_days": {"audit": 0},
    "change_days": {"changes": 0},
    "download_days": {"exports": 0},
    "task_package_days": {"batches": 0},
    "receipt_days": {"receipts": 1, "imports": 0},
}
"""What goes with each setting, and how many stay."""


@contextmanager
def opened(folder: Path, *, durable: bool = False) -> Iterator[Site]:
    home = Home(folder)
    assert home.lock()
    running = open_platform(home, settings_for(home, readers=0), durable=durable)
    try:
        yield Site(running)
    finally:
        running.close()


def filled(here: Site) -> None:
    """Two receipts, since the newest stays whatever is said; and one of all else, if not more."""
    here.running.stored.change(here.caller, {"batch_exports": "true"})
    here.running.workspaces.set(here.grant, {"change_management": "true"})
    here.save(JOB, job("orders", node("n", "Dummy")))
    package = here.export()
    here.land(package, duplicates="overwrite")
    here.land(package, duplicates="overwrite")
    for task in (
        here.running.producing.begin(here.grant, ExportRequest(everything=True)),
        here.running.batches.generate(here.grant, "orders").task,
    ):
        assert task is not None
        here.running.wait(task.id, 30.0)


def counted(folder: Path, last: int) -> dict[str, int]:
    """How many rows there are of each."""
    with rows_of(Home(folder)) as database:
        return {
            name: int(
                database.exec_driver_sql(f"SELECT count(*) FROM {where.format(last=last)}").scalar_one()
            )
            for name, where in TABLES.items()
        }


def test_each_setting_of_days_removes_what_it_is_about_and_nothing_else(tmp_path: Path) -> None:
    with opened(tmp_path) as here:
        filled(here)
    with rows_of(Home(tmp_path)) as database:
        last = database.exec_driver_sql("SELECT max(number) FROM audit").scalar_one()
        for name, where in TABLES.items():
            table, _, rest = where.format(last=last).partition(" WHERE ")
            column = DATED[name]
            database.exec_driver_sql(
                f"UPDATE {table} SET {column} = {column} - {2 * DAY} WHERE {rest or 'true'}"
            )
    before = counted(tmp_path, last)
    assert min(before.values()) > 0
    with every_case() as case:
        for key, left in GOES.items():
            with case(key):
                with opened(tmp_path, durable=True) as here:
                    assert counted(tmp_path, last) == before
                    here.running.stored.change(here.caller, {key: "1"})
                before |= left
                with opened(tmp_path, durable=True):
                    assert counted(tmp_path, last) == before


def test_the_days_of_a_workspace_go_before_those_of_the_platform(tmp_path: Path) -> None:
    with opened(tmp_path) as here:
        filled(here)
        here.running.workspaces.set(here.grant, {"receipt_days": "1"})
    with rows_of(Home(tmp_path)) as database:
        database.exec_driver_sql(f"UPDATE receipts SET imported_at = imported_at - {2 * DAY}")
    assert counted(tmp_path, 0)["receipts"] == 2
    with opened(tmp_path, durable=True):
        assert counted(tmp_path, 0)["receipts"] == 1
