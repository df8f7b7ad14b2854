"""Brings a database's tables up to date: all migrations that are due, in one transaction.

Alembic is only imported where there is something to do. No ``env.py``: the migrations lie in this
package and run on the connection of our own transaction, so whatever ends the process leaves the old
tables or the new ones.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, inspect, text

from jobferry.errors import Conflict, ErrorCode, StoreError
from jobferry.events import Events
from jobferry.sentences import as_sentence, sentence
from jobferry.store.engine import Database
from jobferry.store.kept_copy import keep_copy

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory


_events = Events("store")

_MIGRATIONS = Path(__file__).parent / "migrations"
_NAMED = 3


class History(msgspec.Struct, frozen=True):
    """The migrations of one set of tables: their folder, the newest, and where a database notes its own.

    ``tables`` are the names that a new database must not have yet.
    """

    folder: str
    head: str
    version_table: str
    tables: tuple[str, ...] = ()


def upgrade(database: Database, history: History) -> None:
    """Runs the migrations that a database has not seen.

    Raises:
        Conflict: the database has seen one that this program does not know (``data-folder-newer``,
            ``data-folder-older``), or holds tables of another program (``database-not-empty``).
        StoreError: it keeps text in another encoding than UTF-8, SQLite's cannot be copied first, or a
            migration fails: then the database is as it was.
    """
    with database.reading() as connection:
        present = revision(connection, history)
        if present == history.head:
            return
        if present is None:
            refuse_foreign(database, connection, history)
        else:
            refuse_unknown(database, scripts_of(history), present)
    if present is not None and not database.is_postgres:
        keep_copy(Path(database.name), present)
    with database.writing() as connection:
        present = revision(connection, history)
        if present == history.head:
            return
        scripts = scripts_of(history)
        if present is not None:
            refuse_unknown(database, scripts, present)
        level = "info" if present else "debug"
        _events.say(level, "migration-begun", tables=history.folder, revision=present)
        run(connection, history, scripts)
        _events.debug("migration-committing", tables=history.folder)
        connection.commit()
        _events.say(level, "migration-committed", tables=history.folder, revision=history.head)


def make(database: Database, connection: Connection, history: History, wanted: str) -> None:
    """Brings tables to a migration, in the transaction that the connection is in.

    Raises:
        Conflict: this program does not know that migration (``data-folder-newer``, ``data-folder-older``).
    """
    scripts = scripts_of(history)
    refuse_unknown(database, scripts, wanted)
    if revision(connection, history) != wanted:
        run(connection, msgspec.structs.replace(history, head=wanted), scripts)


def refuse_unknown(database: Database, scripts: ScriptDirectory, present: str) -> None:
    """Raises: Conflict: this program does not know a migration (``data-folder-newer``, ``-older``)."""
    if present not in {script.revision for script in scripts.walk_revisions()}:
        first = scripts.get_base()
        raise _older(database, present) if first and present < first else _newer(database, present)


def refuse_foreign(database: Database, connection: Connection, history: History) -> None:
    """Refuses a database in which tables of ours cannot be made.

    A SQLite file is ours alone. A PostgreSQL schema may hold tables of others, if they are called otherwise.

    Raises:
        Conflict: tables of another program are in the way (``database-not-empty``).
        StoreError: it keeps text in another encoding than UTF-8.
    """
    encoding = str(
        connection.scalar(text("SHOW server_encoding" if database.is_postgres else "PRAGMA encoding"))
    )
    if encoding.replace("-", "") != "UTF8":
        raise _other_encoding(database, encoding)
    there = set(inspect(connection).get_table_names())
    is_shared = any(name.startswith("jobferry_") for name in there)
    foreign = there if not database.is_postgres and not is_shared else there & set(history.tables)
    if foreign:
        raise Conflict(
            ErrorCode.DATABASE_NOT_EMPTY,
            sentence(
                "the database {name} holds tables of another program, such as {tables}",
                name=database.name,
                tables=sorted(foreign)[:_NAMED],
            ),
            subject=database.name,
            hint="name an empty database; nothing was changed",
        )


def revision(connection: Connection, history: History) -> str | None:
    """The last migration that a database has seen, None for a new one."""
    if not inspect(connection).has_table(history.version_table):
        return None
    present: str | None = connection.scalar(text(f"SELECT version_num FROM {history.version_table}"))  # noqa: S608
    return present


def scripts_of(history: History) -> ScriptDirectory:
    """The migrations as Alembic sees them."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(_MIGRATIONS), version_locations=[str(_MIGRATIONS / history.folder)])


def run(connection: Connection, history: History, scripts: ScriptDirectory) -> None:
    """Runs the migrations that are due, in the transaction the connection is in.

    Raises:
        StoreError: one of them fails; the caller leaves the transaction, and the database is as it was.
    """
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    reached = [revision(connection, history) or "-"]

    def due(present: Any, _context: MigrationContext) -> Any:
        for step in scripts._upgrade_revs(history.head, present):
            _events.debug("revision-begun", tables=history.folder, revision=step.revision.revision)
            reached.append(step.revision.revision)
            yield step
            _events.debug("revision-done", tables=history.folder, revision=step.revision.revision)

    options = {"version_table": history.version_table, "fn": due, "transactional_ddl": True}
    context = MigrationContext.configure(connection, opts=options)
    try:
        with Operations.context(context):
            context.run_migrations()
    except Exception as error:
        raise _failed(history, reached[0], reached[-1], error) from error


def _failed(history: History, present: str, failed: str, error: Exception) -> StoreError:
    _events.say("error", "migration-failed", tables=history.folder, revision=failed)
    known = error if isinstance(error, StoreError) else None
    return StoreError(
        known.code if known else ErrorCode.STORE_FAILED,
        sentence(
            "the upgrade failed at revision {failed}: {reason}; "
            "the database is as it was, at revision {present}",
            failed=failed,
            reason=as_sentence(known.message if known else str(error) or type(error).__name__),
            present=present,
        ),
        subject=failed,
        hint="install the version from before, which still runs on it, and report this error",
    )


def _other_encoding(database: Database, encoding: str) -> StoreError:
    return StoreError(
        ErrorCode.STORE_FAILED,
        sentence(
            "the database {name} keeps text as {encoding}, not as UTF-8",
            name=database.name,
            encoding=encoding,
        ),
        subject=database.name,
        hint="name a database that was created with the encoding UTF8; nothing was changed",
    )


def _older(database: Database, present: str) -> Conflict:
    return Conflict(
        ErrorCode.DATA_FOLDER_OLDER,
        sentence(
            "the database {name} was made before the first release (its tables are at {present})",
            name=database.name,
            present=present,
        ),
        subject=database.name,
        hint="start with a new data folder, and transfer the jobs in packages that the program "
        "which made this one exports; nothing was changed",
    )


def _newer(database: Database, present: str) -> Conflict:
    return Conflict(
        ErrorCode.DATA_FOLDER_NEWER,
        sentence(
            "the database {name} was made by a newer Jobferry (its tables are at {present})",
            name=database.name,
            present=present,
        ),
        subject=database.name,
        hint="install that version of Jobferry or a later one; nothing was changed",
    )
