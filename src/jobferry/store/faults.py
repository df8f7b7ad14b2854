"""What a database's errors mean to us: the one place where they are translated.

A unique violation becomes Conflict, everything else StoreError. The cause stays attached for the log;
values never stand in a message, nor does a password.
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy.engine import URL

from jobferry.errors import Conflict, ErrorCode, JobferryError, StoreError
from jobferry.sentences import as_sentence, sentence

_ALMOST_NOTHING = 1024 * 1024

_NO_TABLE = ("no such table", "no such column")
_RESTORE = "stop the platform and restore the database from a backup"

_SQLITE_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_SQLITE_MAYBE_FULL = ("SQLITE_IOERR", "SQLITE_CANTOPEN")
"""What SQLite also says when the disk has no room, or takes no further file."""
_SQLITE_UNIQUE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID")
_SQLITE_FAILURES = {
    "SQLITE_READONLY": (
        sentence("cannot be written"),
        sentence("check who owns the file and its folder, and its file system"),
    ),
    "SQLITE_CANTOPEN": (
        sentence("cannot be opened"),
        sentence("check that its folder exists and can be written"),
    ),
    "SQLITE_NOTADB": (
        sentence("is not a database"),
        sentence("name another file, or restore it from a backup"),
    ),
    "SQLITE_CORRUPT": (sentence("is damaged"), _RESTORE),
    "SQLITE_IOERR": (
        sentence("cannot be read or written: the disk reports an error"),
        sentence("check the disk"),
    ),
}

_POSTGRES_UNIQUE = "23505"
_POSTGRES_NO_TABLE = ("42P01", "42703")
_POSTGRES_FULL = "53100"
_POSTGRES_READ_ONLY = "25006"
_POSTGRES_STOPPED = ("57P01", "57P02")
_POSTGRES_BUSY = {
    "55P03",  # lock_timeout
    "40001",  # serialization failure
    "40P01",  # deadlock
    "57014",  # statement_timeout
    "53300",  # too many connections
    "57P03",  # starting up
}


def name_of(url: URL) -> str:
    """What people call the database with that address."""
    if url.get_backend_name() == "postgresql":
        return f"{url.host or 'local'}/{url.database}"
    return str(url.database)


def translated(error: BaseException, database: str) -> JobferryError:
    """Our error for one of the database driver's; ``database`` is what people call the database."""
    state = getattr(error, "sqlstate", None)
    name = getattr(error, "sqlite_errorname", None)
    if name is not None:
        return _from_sqlite(name, error, database)
    if state is not None:
        return _from_postgres(state, error, database)
    if type(error).__module__.startswith("psycopg"):
        return failed(
            database,
            sentence("cannot be used: {error}", error=_first_line(error)),
            "check that the server runs",
        )
    return failed(database, sentence("refuses: {error}", error=_first_line(error)), "")


def claimed(database: str) -> Conflict:
    """Another process has taken the tables for itself."""
    return Conflict(
        ErrorCode.DATA_FOLDER_BUSY,
        sentence("another process runs a platform on the database {database}", database=database),
        subject=database,
        hint="stop it first, or use another database",
    )


def given_up() -> StoreError:
    """The other servers have taken this one for dead."""
    return StoreError(
        ErrorCode.SERVER_GIVEN_UP,
        "this server did not reach the database for so long that the others took over its work",
        hint="start it again; what was cut off is continued by the others",
    )


def busy(database: str) -> StoreError:
    """Somebody else has been writing for too long."""
    return StoreError(
        ErrorCode.STORE_BUSY,
        sentence("the database {database} is busy: another change is being written", database=database),
        subject=database,
        hint="try again in a few seconds; nothing was changed",
    )


def full(database: str) -> StoreError:
    """There is no room left."""
    return StoreError(
        ErrorCode.DISK_FULL,
        sentence("there is no room left for the database {database}", database=database),
        subject=database,
        hint="make room on its disk and try again; nothing was changed",
    )


def failed(database: str, what: str, hint: str) -> StoreError:
    """The database does not do its work."""
    return StoreError(
        ErrorCode.STORE_FAILED,
        sentence("the database {database} {what}", database=database, what=as_sentence(what)),
        subject=database,
        hint=hint,
    )


def taken(what: str, name: str) -> Conflict:
    """A name is in use; ``what`` is the kind of thing that has it."""
    return Conflict(
        ErrorCode.NAME_TAKEN,
        sentence("there is already a {what} named {name}", what=as_sentence(what), name=name)
        if name
        else sentence("there is already such a {what}", what=as_sentence(what)),
        subject=name,
        hint="choose another name",
    )


def _from_sqlite(name: str, error: BaseException, database: str) -> JobferryError:
    if name.startswith(_SQLITE_BUSY):
        return busy(database)
    if name == "SQLITE_FULL" or (name.startswith(_SQLITE_MAYBE_FULL) and _no_room(database)):
        return full(database)
    if name in _SQLITE_UNIQUE:
        return taken("row", "")
    for beginning, (what, hint) in _SQLITE_FAILURES.items():
        if name.startswith(beginning):
            return failed(database, what, hint)
    said = _first_line(error)
    if said.startswith(_NO_TABLE):
        return failed(database, sentence("is not complete: {error}", error=said), _RESTORE)
    return failed(database, sentence("refuses: {error}", error=said), "look at the log of the server")


def _from_postgres(state: str, error: BaseException, database: str) -> JobferryError:
    if state == _POSTGRES_UNIQUE:
        return taken("row", "")
    if state in _POSTGRES_BUSY:
        return busy(database)
    if state == _POSTGRES_FULL:
        return full(database)
    if state == _POSTGRES_READ_ONLY:
        return failed(
            database,
            sentence("cannot be written: it only answers reads"),
            "name the primary server, which takes writes",
        )
    if state in _POSTGRES_STOPPED:
        return failed(
            database,
            sentence("was stopped in the middle of a call"),
            "look whether the change is there, and try again once its server runs",
        )
    if state in _POSTGRES_NO_TABLE:
        return failed(database, sentence("is not complete: {error}", error=_first_line(error)), _RESTORE)
    return failed(
        database, sentence("refuses: {error}", error=_first_line(error)), "look at the log of the server"
    )


def _no_room(database: str) -> bool:
    try:
        room = os.statvfs(Path(database).parent)
    except OSError:
        return False
    no_files = room.f_files > 0 and room.f_favail == 0
    return no_files or room.f_bavail * room.f_frsize < _ALMOST_NOTHING


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
