"""Migrations: what they make, what they refuse, and that they can be cut off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from jobferry.errors import Conflict, ErrorCode
from jobferry.store import migrate, schema, tasklog
from jobferry.store.engine import Database
from jobferry.store.store import HISTORY as PLATFORM

HISTORIES = [(PLATFORM, schema.metadata), (tasklog.HISTORY, tasklog.metadata)]
both = pytest.mark.parametrize(("history", "metadata"), HISTORIES, ids=["platform", "tasks"])


@pytest.fixture
def tables(address) -> Iterator[Database]:
    tables = Database(address, lock_key=1)
    yield tables
    tables.close()


@both
def test_the_migrations_make_the_tables_that_the_program_speaks_of(tables, history, metadata):
    migrate.upgrade(tables, history)
    with tables.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": history.version_table, "compare_type": True}
        )
        assert compare_metadata(context, metadata) == []


@both
def test_the_newest_migration_is_the_one_that_the_program_takes_for_it(history, metadata):
    assert migrate.scripts_of(history).get_heads() == [history.head]


@both
def test_preparing_again_changes_nothing(tables, history, metadata):
    migrate.upgrade(tables, history)
    migrate.upgrade(tables, history)
    with tables.reading() as connection:
        assert migrate.revision(connection, history) == history.head


@both
def test_a_database_of_a_newer_program_is_refused(tables, history, metadata):
    migrate.upgrade(tables, history)
    with tables.writing() as connection:
        connection.exec_driver_sql(f"UPDATE {history.version_table} SET version_num = '9999'")
        connection.commit()
    with pytest.raises(Conflict) as caught:
        migrate.upgrade(tables, history)
    assert caught.value.code is ErrorCode.DATA_FOLDER_NEWER
    assert "newer" in caught.value.message
    assert caught.value.hint


@both
def test_a_migration_that_was_cut_off_leaves_nothing(tables, history, metadata):
    with tables.writing() as connection:
        migrate.run(connection, history, migrate.scripts_of(history))
    with tables.reading() as connection:
        assert inspect(connection).get_table_names() == []
    migrate.upgrade(tables, history)


def test_platform_and_task_log_can_share_a_database(tables):
    for history, _ in HISTORIES:
        migrate.upgrade(tables, history)
    with tables.reading() as connection:
        assert {"objects", "tasks"} <= set(inspect(connection).get_table_names())
