"""SQL: tables, queries by family, migrations, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

from jobferry.store.sql.engine import PATIENCE
from jobferry.store.sql.sealing import Secrets
from jobferry.store.sql.store import SqlStore
from jobferry.store.sql.tasklog import SqlTaskLog

__all__ = ["SqlStore", "SqlTaskLog", "open_store", "open_task_log"]


def open_store(
    url_or_path: str, secrets: Callable[[], Secrets] | None = None, *, patience: float = PATIENCE
) -> SqlStore:
    """The store in a database file, or at a ``postgresql://`` or ``sqlite:///`` address.

    Nothing is connected yet. ``secrets`` seal options that may hold secrets, ``patience`` is how many seconds
    a writer waits for another one.

    Raises:
        InvalidRequest: the address is not one of a database that we speak to.
    """
    return SqlStore(url_or_path, secrets, patience=patience)


def open_task_log(
    url_or_path: str, secrets: Callable[[], Secrets] | None = None, *, patience: float = PATIENCE
) -> SqlTaskLog:
    """The task log in a database file of its own, or in the same PostgreSQL database as the store.

    Raises:
        InvalidRequest: the address is not one of a database that we speak to.
    """
    return SqlTaskLog(url_or_path, secrets, patience=patience)
