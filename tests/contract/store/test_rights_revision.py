"""The revision of rights: every change of people, credentials, workspaces and policies raises it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cases import every_case
from jobferry.model.people import (
    AccessKey,
    BrowserSession,
    DirectoryPolicy,
    DownloadPolicy,
    Member,
    Token,
    User,
)
from jobferry.model.records import Workspace
from jobferry.model.rights import Role
from jobferry.store import Store, UnitOfWork
from jobferry.store.members import MemberWriter
from jobferry.store.people import PeopleWriter
from jobferry.store.schema import metadata
from jobferry.store.workspaces import WorkspaceWriter

ANNE = User(id="u1", name="anne")
TOKEN = Token(id="t1", user_id="u1", name="t", hash="h1")
KEY = AccessKey(access_key="k1", sealed_secret=b"s", user_id="u1")
SESSION = BrowserSession(hash="s1", csrf_hash="c1", user_id="u1", expires_at=9)
MEMBER = Member(workspace_id="w1", user_id="u1", user_name="anne", roles=frozenset({Role.DEVELOPER}))
POLICY = DirectoryPolicy(workspace_id="w1", name="p", directories=("/a",))
DOWNLOADS = DownloadPolicy(workspace_id="w1", name="d")
USER_EDITED = User(id="u1", name="anne", operations=True)
KEY_EDITED = AccessKey(access_key="k1", sealed_secret=b"s", user_id="u1", disabled=True)

RAISING: dict[str, Callable[[UnitOfWork], Any]] = {
    "people.add_user": lambda uow: uow.people.add_user(User(id="u2", name="bert")),
    "people.replace_user": lambda uow: uow.people.replace_user(USER_EDITED),
    "people.note_sign_in": lambda uow: uow.people.note_sign_in("u1", at=5, by_provider=True),
    "people.add_token": lambda uow: uow.people.add_token(Token(id="t2", user_id="u1", name="o", hash="h2")),
    "people.remove_token": lambda uow: uow.people.remove_token("u1", "t"),
    "people.add_access_key": lambda uow: uow.people.add_access_key(
        AccessKey(access_key="k2", sealed_secret=b"s", user_id="u1")
    ),
    "people.replace_access_key": lambda uow: uow.people.replace_access_key(KEY_EDITED),
    "people.remove_access_key": lambda uow: uow.people.remove_access_key("k1"),
    "people.add_session": lambda uow: uow.people.add_session(
        BrowserSession(hash="s2", csrf_hash="c2", user_id="u1")
    ),
    "people.remove_session": lambda uow: uow.people.remove_session("s1"),
    "people.remove_sessions": lambda uow: uow.people.remove_sessions(user_id="u1"),
    "members.save": lambda uow: uow.members.save(
        Member(workspace_id="w1", user_id="u1", user_name="anne", roles=frozenset())
    ),
    "members.save_policy": lambda uow: uow.members.save_policy(
        DirectoryPolicy(workspace_id="w1", name="p", directories=("/b",))
    ),
    "members.remove_policy": lambda uow: uow.members.remove_policy("w1", "p"),
    "workspaces.add": lambda uow: uow.workspaces.add(Workspace(id="w3", name="third")),
    "workspaces.replace": lambda uow: uow.workspaces.replace(Workspace(id="w1", name="first", settings={})),
}
QUIET: dict[str, Callable[[UnitOfWork], Any]] = {
    "people.add_identity": lambda uow: uow.people.add_identity("https://issuer", "s", "u1"),
    "people.note_use": lambda uow: uow.people.note_use(token_ids=["t1"], access_keys=["k1"], at=5),
    "people.seen_session": lambda uow: uow.people.seen_session("s1", at=5, expires_at=10),
    "members.save_download_policy": lambda uow: uow.members.save_download_policy(DOWNLOADS),
    "members.remove_download_policy": lambda uow: uow.members.remove_download_policy("w1", "d"),
}
"""Last uses, what they put off, and what is read anew whenever it matters."""
WATCHED = (
    "users",
    "tokens",
    "access_keys",
    "browser_sessions",
    "workspaces",
    "members",
    "directory_policies",
)
PASSING = {"used_at", "seen_at", "browser_sessions.expires_at"}
"""Columns that change at every use."""


@pytest.fixture
def peopled(store: Store) -> Store:
    """A store with one of everything."""
    with store.write() as uow:
        uow.people.add_user(ANNE)
        uow.people.add_token(TOKEN)
        uow.people.add_access_key(KEY)
        uow.people.add_session(SESSION)
        uow.members.save(MEMBER)
        uow.members.save_policy(POLICY)
        uow.members.save_download_policy(DOWNLOADS)
        uow.commit()
    return store


def raised(store: Store, change: Callable[[UnitOfWork], Any]) -> int:
    """How much a change raises the revision; it is not kept."""
    with store.write() as uow:
        before = uow.rights.revision()
        change(uow)
        return uow.rights.revision() - before


def test_every_way_to_write_rights_raises_their_revision(peopled: Store) -> None:
    with every_case() as case:
        for name, change in RAISING.items():
            with case(name):
                assert raised(peopled, change) > 0


def test_what_happens_at_every_use_leaves_it_alone(peopled: Store) -> None:
    with every_case() as case:
        for name, change in QUIET.items():
            with case(name):
                assert raised(peopled, change) == 0


def test_no_way_to_write_is_left_out_above() -> None:
    writers = {"people": PeopleWriter, "members": MemberWriter, "workspaces": WorkspaceWriter}
    ways = {
        f"{family}.{name}"
        for family, writer in writers.items()
        for name in vars(writer)
        if not name.startswith("_")
    }
    assert ways == RAISING.keys() | QUIET.keys()


def test_every_column_counts_whoever_writes_it(peopled: Store) -> None:
    with every_case() as case:
        for table in WATCHED:
            for column in (one.name for one in metadata.tables[table].columns):
                with case(f"{table}.{column}"):
                    written = f"UPDATE {table} SET {column} = {column}"
                    is_passing = not PASSING.isdisjoint({column, f"{table}.{column}"})
                    assert (raised(peopled, _said(written)) > 0) is not is_passing
        for table in ("tokens", "access_keys", "browser_sessions", "members", "directory_policies"):
            with case(f"rows of {table}"):
                assert raised(peopled, _said(f"DELETE FROM {table}")) > 0


def test_the_revision_is_raised_in_the_transaction_of_the_change(
    peopled: Store, opened: Callable[..., Store]
) -> None:
    other = opened()
    with other.read() as before:
        first = before.rights.revision()
        with peopled.write() as uow:
            uow.people.replace_user(USER_EDITED)
            with other.read() as meanwhile:
                assert meanwhile.rights.revision() == first
            uow.commit()
        assert before.rights.revision() == first
    with other.read() as after:
        assert after.rights.revision() > first


def test_an_older_look_neither_uses_nor_spoils_what_newer_ones_remember(peopled: Store) -> None:
    with peopled.read() as older:
        assert older.rights.known("who", lambda: "before") == "before"
        with peopled.write() as uow:
            uow.people.replace_user(USER_EDITED)
            uow.commit()
        with peopled.read() as newer:
            assert newer.rights.known("who", lambda: "after") == "after"
    with peopled.read() as third:
        assert third.rights.known("who", lambda: "not asked") == "after"
        assert third.rights.known("who", lambda: "asked", lambda _: False) == "asked"


def test_what_a_transaction_asks_it_reads(peopled: Store) -> None:
    with peopled.read() as look:
        look.rights.known("who", lambda: "read")
    with peopled.write() as uow:
        assert uow.rights.known("who", lambda: "here") == "here"


def _said(statement: str) -> Callable[[UnitOfWork], Any]:
    return lambda uow: uow.rights._connection.exec_driver_sql(statement)
