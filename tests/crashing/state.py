"""What a database and a data folder hold, in a form that two moments can be compared in.

Ids, times and random uids are left out; everything that a user would notice is in.
"""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

Rows = frozenset[tuple[Any, ...]]

_QUERIES = {
    "objects": "SELECT workspace_id, kind, name, directory, subtype, digest, live_version, live_digest,"
    " last_version, state, held, created_by, updated_by, locked_by FROM objects",
    "versions": "SELECT o.kind, o.name, v.number, v.digest, v.note, v.submitted_by FROM versions v"
    " JOIN objects o ON o.id = v.object_id",
    "landings": "SELECT o.kind, o.name, l.source_platform, l.source_uid, l.entry_digest, l.edits_digest,"
    " l.result_digest FROM landings l JOIN objects o ON o.id = l.object_id",
    "directories": "SELECT workspace_id, kind, path FROM directories",
    "surroundings": "SELECT workspace_id, 'connection', name FROM connections UNION ALL"
    " SELECT workspace_id, kind, name FROM inventory",
    "members": "SELECT m.workspace_id, u.name, m.roles FROM members m JOIN users u ON u.id = m.user_id",
}
_LOOSE = (
    "SELECT count(*) FROM versions v LEFT JOIN objects o ON o.id = v.object_id WHERE o.id IS NULL",
    "SELECT count(*) FROM landings l LEFT JOIN objects o ON o.id = l.object_id WHERE o.id IS NULL",
    "SELECT count(*) FROM objects o LEFT JOIN contents c ON c.digest = o.digest WHERE c.digest IS NULL",
    "SELECT count(*) FROM versions v LEFT JOIN contents c ON c.digest = v.digest WHERE c.digest IS NULL",
    "SELECT count(*) FROM receipt_items i LEFT JOIN receipts r ON r.id = i.receipt_id WHERE r.id IS NULL",
    "SELECT count(*) FROM objects o LEFT JOIN versions v ON v.object_id = o.id AND v.number = o.live_version"
    " WHERE o.live_version > 0 AND (v.digest IS NULL OR v.digest <> o.live_digest)",
)
"""Each counts rows that refer to nothing."""

_RECEIPTS = (
    "SELECT r.id, count(i.receipt_id) FROM receipts r LEFT JOIN receipt_items i ON i.receipt_id = r.id"
    " GROUP BY r.id"
)
_TASKS = "SELECT id, status FROM tasks WHERE kind <> 'check'"
_TEMPORARY = re.compile(r"\.part$|#[0-9]+$|^\.(?!anchor\.json\.)|^address\.json$|^door$")


class State(NamedTuple):
    """The content of a platform."""

    objects: Rows
    versions: Rows
    landings: Rows
    directories: Rows
    surroundings: Rows
    members: Rows

    def told_from(self, other: State) -> str:
        """The first differences, for a message."""
        lines = []
        for name, mine, theirs in zip(self._fields, self, other, strict=True):
            lines += [f"{name} + {row}" for row in sorted(mine - theirs, key=repr)[:3]]
            lines += [f"{name} - {row}" for row in sorted(theirs - mine, key=repr)[:3]]
        return "\n".join(lines)


class Books(NamedTuple):
    """What is written down about imports; checks change nothing and are left out."""

    receipts: dict[str, int]
    """Receipts by task, with the number of their lines."""
    slots: list[str]
    tasks: dict[str, str]
    """Tasks with their status."""
    loose: int
    """Rows that refer to nothing."""


def address_of(folder: Path, database: str = "platform.db") -> str:
    return f"sqlite:///{folder / database}"


def state_of(address: str) -> State:
    """The content of a platform's database, whether or not anybody runs it."""
    with engine(address).connect() as connection:
        return State(*(_rows(connection, query) for query in _QUERIES.values()))


def books_of(address: str, tasks: str) -> Books:
    """What the database at ``address`` and the task log at ``tasks`` note about imports."""
    with engine(address).connect() as connection:
        receipts = {str(row[0]): int(row[1]) for row in connection.execute(text(_RECEIPTS))}
        slots = [str(row[0]) for row in connection.execute(text("SELECT task_id FROM import_slots"))]
        loose = sum(int(connection.execute(text(query)).scalar_one()) for query in _LOOSE)
    with engine(tasks).connect() as connection:
        ended = {str(row[0]): str(row[1]) for row in connection.execute(text(_TASKS))}
    return Books(receipts, slots, ended, loose)


def is_sound(folder: Path) -> bool:
    """Whether SQLite finds its files in order."""
    for name in ("platform.db", "tasks.db"):
        with engine(address_of(folder, name)).connect() as connection:
            found = connection.execute(text("PRAGMA integrity_check")).scalar_one()
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if found != "ok" or broken:
            return False
    return True


def strays(folder: Path, *, waiting: bool = False) -> set[str]:
    """Files that only a process at work should have, and packages on the shelf.

    With ``waiting`` an import that was checked may wait there to be applied, with its package.

    A draft of the audit's anchor does not count: it is written every second, so a kill may leave one at any
    point, and the next start takes it away.
    """
    found = {path.relative_to(folder) for path in folder.rglob("*") if not stat.S_ISDIR(path.lstat().st_mode)}
    shelf = set() if waiting else {"packages"}
    return {str(path) for path in found if _TEMPORARY.search(path.name) or path.parts[0] in shelf}


def engine(address: str) -> Engine:
    """A database by its address; every connection is closed after use."""
    return create_engine(address.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool)


def _rows(connection: Any, query: str) -> Rows:
    return frozenset(tuple(row) for row in connection.execute(text(query)))
