"""Data folders whose databases have their tables: making those takes longer than most tests."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from jobferry.bootstrap.home import Home
from jobferry.store import Store, TaskLog


def home_with_tables(folder: Path) -> Home:
    """A data folder that this process has locked; all tables are there, and no rows in a new one."""
    home = Home(folder)
    assert home.lock()
    if not home.database.exists():
        made = _tables()
        shutil.copy(made.database, home.database)
        shutil.copy(made.tasks, home.tasks)
    return home


@cache
def _tables() -> Home:
    """What is copied: made by the migrations, once in a process."""
    home = Home(Path(tempfile.mkdtemp(prefix="tables-")))
    atexit.register(shutil.rmtree, home.folder)
    for tables in (Store(str(home.database)), TaskLog(str(home.tasks))):
        tables.prepare()
        tables.close()
    return home
