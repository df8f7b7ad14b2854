"""What a migration makes of a database with data in it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from jobferry.model.audit import AuditEnd
from jobferry.model.people import AccessKey, Member, Scope, Token, User
from jobferry.model.rights import Role
from jobferry.store.sql import migrate, schema
from jobferry.store.sql.engine import Database
from jobferry.store.sql.store import HISTORY

FOUNDED = 1_795_250_000_000
CROWDS = msgspec.structs.replace(HISTORY, head="0002")


@pytest.fixture
def older(address: str) -> Iterator[Database]:
    """A database as the program before users had rights left it."""
    older = Database(address, lock_key=1)
    migrate.upgrade(older, CROWDS)
    yield older
    older.close()


def put(connection: Connection, table: str, **values: object) -> None:
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"), values)


def put_user(connection: Connection, id_: str, name: str, at: int, tokens: int = 1) -> None:
    put(connection, "users", id=id_, name=name)
    for number in range(tokens):
        put(connection, "tokens", hash=f"{id_}-h{number}", user_id=id_, created_at=at + number)
    put(
        connection,
        "access_keys",
        access_key=f"AK-{id_}",
        sealed_secret=b"\x00s",
        user_id=id_,
        created_at=at,
    )


def put_workspace(connection: Connection, id_: str) -> None:
    values = {"name": f"name-{id_}", "description": "", "settings": "{}", "created_by": "administrator"}
    put(connection, "workspaces", id=id_, **values, created_at=1, updated_at=1)


def test_a_founded_platform_keeps_who_can_sign_in_and_gets_owner_and_operations(older, opened):
    with older.writing() as connection:
        put_user(connection, "u1", "administrator", FOUNDED)
        for workspace_id in ("w1", "w2"):
            put_workspace(connection, workspace_id)
        connection.commit()
    store = opened()
    store.prepare()
    founder = User(id="u1", name="administrator", operations=True, created_at=FOUNDED)
    with store.read() as snapshot:
        people, members = snapshot.people, snapshot.members
        assert people.users() == [founder]
        (token,) = people.tokens("u1")
        assert token == Token(
            id=token.id, user_id="u1", name="first", hash="u1-h0", scope=Scope(), created_at=FOUNDED
        )
        assert len(token.id) == 32
        assert people.token("u1-h0") == (token, founder)
        key = AccessKey(access_key="AK-u1", sealed_secret=b"\x00s", user_id="u1", created_at=FOUNDED)
        assert people.access_key("AK-u1") == (key, founder)
        owner = frozenset({Role.OWNER})
        assert members.of_user("u1") == [
            Member(workspace_id=one, user_id="u1", user_name="administrator", roles=owner)
            for one in ("w1", "w2")
        ]
        assert [one.name for one in snapshot.workspaces.all()] == ["name-w1", "name-w2"]
        assert snapshot.audit.end() == AuditEnd()
        assert snapshot.platform_settings() == {}


def test_only_who_founded_the_platform_gets_rights_and_no_token_is_lost(older, opened):
    with older.writing() as connection:
        put_user(connection, "u2", "administrator2", FOUNDED + 50)
        put_user(connection, "u1", "administrator", FOUNDED, tokens=3)
        put_workspace(connection, "w1")
        connection.commit()
    store = opened()
    store.prepare()
    with store.read() as snapshot:
        assert {one.id: one.operations for one in snapshot.people.users()} == {"u1": True, "u2": False}
        assert [one.user_id for one in snapshot.members.of_workspace("w1")] == ["u1"]
        tokens = snapshot.people.tokens("u1")
        assert {one.hash: one.name for one in tokens} == {
            "u1-h0": "first",
            "u1-h1": "first-2",
            "u1-h2": "first-3",
        }
        assert len({one.id for one in (*tokens, *snapshot.people.tokens("u2"))}) == 4


def test_a_database_that_was_never_founded_is_carried_over_too(older, opened):
    store = opened()
    store.prepare()
    with store.read() as snapshot:
        assert snapshot.people.users() == []


def test_carried_tables_are_those_that_the_program_speaks_of(older):
    with older.writing() as connection:
        put_user(connection, "u1", "administrator", FOUNDED)
        connection.commit()
    migrate.upgrade(older, HISTORY)
    with older.reading() as connection:
        options = {"version_table": HISTORY.version_table, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.metadata) == []


def test_a_carrying_over_that_was_cut_off_leaves_what_was_there(older, opened):
    with older.writing() as connection:
        put_user(connection, "u1", "administrator", FOUNDED)
        connection.commit()
    with older.writing() as connection:
        migrate.run(connection, HISTORY, migrate.scripts_of(HISTORY))
    with older.reading() as connection:
        assert migrate.revision(connection, HISTORY) == "0002"
        assert connection.execute(text("SELECT * FROM users")).all() == [("u1", "administrator")]
    store = opened()
    store.prepare()
    with store.read() as snapshot:
        assert [one.name for one in snapshot.people.tokens("u1")] == ["first"]
