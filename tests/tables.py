"""Data folders whose databases have their tables: making those takes longer than most tests.

Platforms of these folders keep everything in SQLite; where ``TESTS_ON=postgresql`` is set, each has a
database of its own on a server that the process starts.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from guards import guard
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.store import Store, TaskLog
from jobferry.store.engine import Database
from jobferry.store.store import LOCK_KEY
from postgres import PostgresServer, postgres_server

ON_POSTGRES = os.environ.get("TESTS_ON") == "postgresql"


def home_with_tables(folder: Path) -> Home:
    """A data folder that this process has locked; all tables are there, and no rows in a new one."""
    home = Home(folder)
    assert home.lock()
    if not ON_POSTGRES and not home.database.exists():
        made = _tables()
        shutil.copy(made.database, home.database)
        shutil.copy(made.tasks, home.tasks)
    return home


def settings_for(home: Home, **settings: Any) -> PlatformSettings:
    """Settings of a platform of this folder, which has the same database each time."""
    if ON_POSTGRES:
        settings = {"database": _database_of(home.folder.resolve())} | settings
    return PlatformSettings(**settings)


def address_of(home: Home) -> str:
    """Return where the tables of a platform of this folder are stored."""
    return settings_for(home).database or str(home.database)


@contextmanager
def rows_of(home: Home) -> Iterator[Connection]:
    """The database of a platform of this folder, in a transaction that is committed at the end."""
    database = Database(address_of(home), lock_key=LOCK_KEY)
    try:
        with database.writing() as connection:
            yield connection
            connection.commit()
    finally:
        database.close()


@cache
def _tables() -> Home:
    """What is copied: made by the migrations, once in a process."""
    home = Home(Path(tempfile.mkdtemp(prefix="tables-")))
    atexit.register(shutil.rmtree, home.folder)
    _make_tables(str(home.database), str(home.tasks))
    return home


def own_database(folder: Path) -> dict[str, str]:
    """What tells a program where the tables of this data folder lie, if that is not in the folder."""
    return {"JOBFERRY_DATABASE": _database_of(folder.resolve())} if ON_POSTGRES else {}


def copy_database(source: Path, target: Path) -> None:
    """Gives a data folder that was copied a copy of the database beside it."""
    if ON_POSTGRES:
        server, _ = _server()
        _databases[target.resolve()] = server.database(_database_of(source.resolve()))


_databases: dict[Path, str] = {}


def _database_of(folder: Path) -> str:
    if folder not in _databases:
        server, template = _server()
        _databases[folder] = server.database(template)
    return _databases[folder]


@cache
def _server() -> tuple[PostgresServer, str]:
    """A server for as long as the process lives, and what databases there are copied from.

    In these nobody writes what their turn does not cover.
    """
    stack = ExitStack()
    server = stack.enter_context(postgres_server())
    atexit.register(stack.close)
    address = server.database()
    _make_tables(address, address)
    guard(address)
    return server, address


def _make_tables(platform: str, tasks: str) -> None:
    for tables in (Store(platform), TaskLog(tasks)):
        tables.prepare()
        tables.close()
