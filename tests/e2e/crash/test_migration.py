"""kill -9 between the migrations of a database that an older program made: the old tables, then the new."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

_SCRIPT = Path(__file__).with_name("migrating.py")
_OLD, _NEW = "0001", "0003"
_REVISIONS = {
    "0001": "op.execute('CREATE TABLE things (name TEXT PRIMARY KEY)')",
    "0002": "op.execute('ALTER TABLE things ADD size INTEGER'); op.execute('UPDATE things SET size = 7')",
    "0003": "op.execute('CREATE TABLE more AS SELECT * FROM things'); op.execute('DROP TABLE things')",
}


def upgrade(
    folder: Path, head: str, point: str = "nowhere", times: int = 1
) -> subprocess.CompletedProcess[str]:
    arguments = [folder / "old.db", folder / "revisions", head, point, times]
    return subprocess.run(
        [sys.executable, str(_SCRIPT), *map(str, arguments)], capture_output=True, text=True, check=False
    )


def query(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "old.db")) as connection, connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with a database at the first of three migrations, and things in it."""
    (tmp_path / "revisions").mkdir()
    before = None
    for number, change in _REVISIONS.items():
        told = f"from alembic import op\nrevision = {number!r}\ndown_revision = {before!r}\n"
        (tmp_path / "revisions" / f"r{number}.py").write_text(f"{told}def upgrade():\n    {change}\n")
        before = number
    assert upgrade(tmp_path, _OLD).returncode == 0
    query(tmp_path, "INSERT INTO things VALUES ('first'), ('second')")
    return tmp_path


@pytest.mark.parametrize(
    ("event", "times"),
    [
        ("migration-begun", 1),
        ("revision-begun", 1),
        ("revision-done", 1),
        ("revision-begun", 2),
        ("revision-done", 2),
        ("migration-committing", 1),
    ],
)
def test_killed_on_the_way_the_old_tables_stay_and_the_next_start_makes_the_new(
    old: Path, event: str, times: int
) -> None:
    killed = upgrade(old, _NEW, f"{event}/{old / 'revisions'}", times)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert f'"event":"{event}"' in killed.stderr.splitlines()[-1]
    assert query(old, "SELECT * FROM things") == [("first",), ("second",)]
    assert query(old, "SELECT version_num FROM jobferry_revision") == [(_OLD,)]
    assert upgrade(old, _NEW).returncode == 0
    assert query(old, "SELECT * FROM more ORDER BY name") == [("first", 7), ("second", 7)]
    assert query(old, "SELECT version_num FROM jobferry_revision") == [(_NEW,)]
    assert query(old, "SELECT name FROM sqlite_master WHERE name = 'things'") == []
