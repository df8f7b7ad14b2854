"""Stores on real databases: every test of this folder runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from jobferry.model.document.facts import Facts
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import StoredObject, Text, Workspace
from jobferry.store import Store, TaskLog
from postgres import PostgresServer, postgres_server


class Make:
    """Values for tests; an object's text is put into the store with it."""

    def text(self, text: str | bytes, edition: str = "e1") -> Text:
        exact = text.encode() if isinstance(text, str) else text
        return Text(hashlib.sha256(exact).hexdigest(), exact, Facts(name="any"), edition)

    def object(self, id_: int, name: str, kind: ObjectKind = ObjectKind.JOB, **more: Any) -> StoredObject:
        facts: dict[str, Any] = {
            "workspace_id": "w1",
            "uid": f"uid-{id_}",
            "directory": "/",
            "subtype": "BATCH",
            "digest": self.text("{}").digest,
        }
        return StoredObject(id=id_, kind=kind, name=name, **(facts | more))

    def stored(self, store: Store, objects: Sequence[StoredObject]) -> None:
        with store.write() as uow:
            uow.objects.add(objects)
            uow.commit()


@pytest.fixture
def make() -> Make:
    return Make()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Every test has a schema of its own there."""
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def prepared(address: str) -> str:
    """The address, once all tables are there."""
    store, log = Store(address), TaskLog(address)
    store.prepare()
    log.prepare()
    store.close()
    log.close()
    return address


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file to be copied."""
    return prepared(str(tmp_path_factory.mktemp("prepared") / "platform.db"))


@pytest.fixture(scope="session")
def schema_with_tables(postgres: PostgresServer) -> str:
    """A schema to be emptied before each use."""
    return prepared(postgres.address())


@pytest.fixture
def address(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A database with all tables and no rows for tests that ask for a store or log; for others an empty one.

    Making the tables takes longer than most of these tests.
    """
    has_tables = {"store", "log"} & {*request.fixturenames}
    if database == "sqlite":
        file = str(tmp_path / "platform.db")
        return shutil.copy(request.getfixturevalue("sqlite_with_tables"), file) if has_tables else file
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.emptied(request.getfixturevalue("schema_with_tables")) if has_tables else server.address()


@pytest.fixture
def opened(address: str) -> Iterator[Callable[..., Store]]:
    """Opens further stores on the same database."""
    stores: list[Store] = []

    def another(**options: Any) -> Store:
        stores.append(Store(address, **options))
        return stores[-1]

    yield another
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[..., Store], make: Make) -> Store:
    """A store with two workspaces and one text, ``{}``."""
    store = opened()
    store.prepare()
    with store.write() as uow:
        uow.workspaces.add(Workspace(id="w1", name="first"))
        uow.workspaces.add(Workspace(id="w2", name="second"))
        uow.contents.put([make.text("{}")], at=1)
        uow.commit()
    return store


@pytest.fixture
def log(address: str) -> Iterator[TaskLog]:
    log = TaskLog(address)
    log.prepare()
    yield log
    log.close()
