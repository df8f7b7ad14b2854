"""Copies of a SQLite database, kept before migrations change it: the way back to the program before."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from jobferry.errors import ErrorCode, StoreError
from jobferry.events import Events
from jobferry.sentences import reason_of, sentence
from jobferry.store import faults

_events = Events("store")
_KEPT = 3
"""How many copies of one database stay."""
_PRIVATE = 0o600


def keep_copy(database: Path, revision: str) -> Path:
    """Writes a copy beside the database, whole or not at all, and removes all but the newest three.

    Raises:
        StoreError: there is no room, or the disk refuses; the database is as it was.
    """
    kept = database.with_name(f"{database.name}.before-{revision}")
    draft = database.with_name(f".{kept.name}.{os.getpid()}")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE))
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(draft)) as copy:
            source.backup(copy)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(kept)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise _failed(database, error) from error
    _events.say("info", "database-copied", file=str(kept), revision=revision)
    _sweep(database)
    return kept


def _sweep(database: Path) -> None:
    copies = sorted(
        database.parent.glob(f"{database.name}.before-*"), key=lambda path: path.stat().st_mtime_ns
    )
    for path in copies[:-_KEPT]:
        with suppress(OSError):
            path.unlink()
            _events.say("info", "database-copy-removed", file=str(path))
    for path in database.parent.glob(f".{database.name}.before-*"):
        path.unlink(missing_ok=True)


def _failed(database: Path, error: OSError | sqlite3.Error) -> StoreError:
    if isinstance(error, sqlite3.Error):
        found = faults.translated(error, str(database))
        if found.code is ErrorCode.DISK_FULL and isinstance(found, StoreError):
            return found
        reason = found.message
    else:
        reason = reason_of(error)
    return StoreError(
        ErrorCode.STORE_FAILED,
        sentence(
            "the database {database} cannot be copied before its upgrade: {reason}",
            database=database,
            reason=reason,
        ),
        subject=str(database),
        hint="make room in its folder; nothing was changed",
    )
