"""All rows of a platform, table by table and whatever they hold: to be backed up, copied and compared.

Tables are read as the database has them, not as this program would make them, so that a backup of an older
platform can be filled in as it was and then brought up to date.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Boolean, Connection, MetaData, Table, inspect, select

from jobferry.errors import Conflict, ErrorCode, PackageRefused, StoreError
from jobferry.sentences import sentence
from jobferry.store import bulk, migrate, schema, store, tasklog
from jobferry.store.engine import PATIENCE, Database

_STREAMED = {"yield_per": 500}
_SUM_BITS = 256
_UNFIT = (ErrorCode.STORE_FAILED, ErrorCode.NAME_TAKEN)
"""What a database says of rows that break its constraints."""

Row = tuple[Any, ...]


class TableGroup(NamedTuple):
    """Tables that lie together and have one history; ``names`` are in an order that they can be filled in."""

    name: str
    history: migrate.History
    names: tuple[str, ...]
    lock_key: int


GROUPS = (
    TableGroup(
        "platform",
        store.HISTORY,
        (
            *(table.name for table in schema.metadata.sorted_tables if table is not schema.counters),
            "counters",
        ),
        store.LOCK_KEY,
    ),
    TableGroup("tasks", tasklog.HISTORY, ("tasks",), tasklog.LOCK_KEY),
)
"""Counters come last: filling other tables raises some of them."""


class TableSum:
    """How many rows a table has, and a digest of them that does not depend on their order."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.rows = 0
        self._total = 0
        self._order = sorted(range(len(columns)), key=columns.__getitem__)
        self._encode = msgspec.msgpack.Encoder().encode

    def add(self, row: Row) -> None:
        """Takes a row in; its values are in the order of the columns."""
        digest = hashlib.sha256(self._encode([row[place] for place in self._order])).digest()
        self._total = (self._total + int.from_bytes(digest)) % (1 << _SUM_BITS)
        self.rows += 1

    @property
    def digest(self) -> str:
        """64 hexadecimal digits: the SHA-256 of each row, added up."""
        return f"{self._total:064x}"


class TableShape(NamedTuple):
    """A table by its name and columns."""

    name: str
    columns: tuple[str, ...]


class TableReader:
    """The rows of one group of tables, in one moment."""

    def __init__(self, group: TableGroup, connection: Connection) -> None:
        self._group = group
        self._connection = connection
        self._tables = _reflected(group, connection)

    @property
    def revision(self) -> str:
        """The last migration that the tables have seen; empty where there are none."""
        return migrate.revision(self._connection, self._group.history) or ""

    def shapes(self) -> list[TableShape]:
        """The tables that are there, in an order in which they can be filled."""
        return [TableShape(str(table.name), tuple(map(str, table.columns.keys()))) for table in self._tables]

    def pages(self, name: str) -> Iterator[list[Row]]:
        """All rows of a table, a few hundred at a time."""
        table = next(table for table in self._tables if table.name == name)
        found = self._connection.execute(select(table), execution_options=_STREAMED)
        for page in found.partitions():
            yield [tuple(row) for row in page]


class TableWriter:
    """Tables that were just made and are empty."""

    def __init__(self, group: TableGroup, connection: Connection) -> None:
        self._connection = connection
        self._tables = {table.name: table for table in _reflected(group, connection)}

    def fill(self, shape: TableShape, pages: Iterable[list[Row]]) -> TableSum:
        """Puts rows into a table, and reads them again.

        Raises:
            PackageRefused: the table has other columns here, or a row is there twice or refers to something
                that is not there (``backup-invalid``).
        """
        table = self._tables.get(shape.name)
        if table is None or set(table.columns.keys()) != set(shape.columns):
            raise PackageRefused(
                ErrorCode.BACKUP_INVALID, sentence("the table {name} has other columns here", name=shape.name)
            )
        self._connection.execute(table.delete())
        order = [shape.columns.index(column.name) for column in table.columns]
        truths = [place for place, column in enumerate(table.columns) if isinstance(column.type, Boolean)]
        try:
            bulk.add(self._connection, table, _arranged(pages, order, truths))
        except (Conflict, StoreError) as error:
            if error.code not in _UNFIT:
                raise
            raise PackageRefused(
                ErrorCode.BACKUP_INVALID,
                sentence(
                    "rows of the table {name} do not fit: {reason}", name=shape.name, reason=error.message
                ),
            ) from error
        return self._sum(table)

    def _sum(self, table: Table) -> TableSum:
        made = TableSum(table.columns.keys())
        for row in self._connection.execute(select(table), execution_options=_STREAMED):
            made.add(tuple(row))
        return made


@contextmanager
def moment(
    addresses: dict[str, str],
    meanwhile: Callable[[], object] = lambda: None,
    *,
    alone: bool = False,
    patience: float = PATIENCE,
) -> Iterator[dict[str, TableReader]]:
    """All groups of tables as they are at one moment; ``meanwhile`` is called while nobody can write.

    ``addresses`` are the databases' by the groups' names. ``alone`` keeps platforms from running on them.

    Raises:
        Conflict: a platform is running there, and it is to be ``alone``.
        StoreError: a database cannot be read, or others write for longer than ``patience`` seconds.
    """
    with ExitStack() as stack:
        databases = {group.name: _opened(group, addresses, patience, stack) for group in GROUPS}
        if alone:
            databases[GROUPS[0].name].claim()
        with ExitStack() as still:
            for database in databases.values():
                still.enter_context(database.writing())
            readers = {}
            for group in GROUPS:
                connection = stack.enter_context(databases[group.name].reading())
                readers[group.name] = TableReader(group, connection)
                _ = readers[group.name].revision  # the look begins with the first thing that is read
            meanwhile()
        yield readers


@contextmanager
def new_tables(
    addresses: dict[str, str], revisions: dict[str, str], *, patience: float = PATIENCE
) -> Iterator[dict[str, TableWriter]]:
    """Makes all groups of tables as they were at their revisions, has them filled, and brings them up to
    date. In one database that is one transaction: all of it, or nothing.

    Raises:
        Conflict: a database has such tables already (``database-not-empty``), or a revision is one that
            this program does not know (``data-folder-newer``).
        StoreError: a database cannot be written.
    """
    with ExitStack() as stack:
        connections: dict[str, tuple[Database, Connection]] = {}
        writers = {}
        for group in GROUPS:
            address = addresses[group.name]
            if address not in connections:
                database = _opened(group, addresses, patience, stack)
                connections[address] = database, stack.enter_context(database.writing())
            database, connection = connections[address]
            _refuse_filled(group, database, connection)
            migrate.make(database, connection, group.history, revisions.get(group.name, ""))
            writers[group.name] = TableWriter(group, connection)
        yield writers
        for group in GROUPS:
            migrate.make(*connections[addresses[group.name]], group.history, group.history.head)
        for _, connection in reversed(connections.values()):
            connection.commit()


def _refuse_filled(group: TableGroup, database: Database, connection: Connection) -> None:
    if migrate.revision(connection, group.history) is not None:
        raise Conflict(
            ErrorCode.DATABASE_NOT_EMPTY,
            sentence("the database {name} is not empty", name=database.name),
            subject=database.name,
            hint="name an empty one: nothing here overwrites a platform",
        )


def _opened(group: TableGroup, addresses: dict[str, str], patience: float, stack: ExitStack) -> Database:
    database = Database(addresses[group.name], lock_key=group.lock_key, patience=patience)
    stack.callback(database.close)
    return database


def _reflected(group: TableGroup, connection: Connection) -> list[Table]:
    present = set(inspect(connection).get_table_names())
    metadata = MetaData()
    return [
        Table(name, metadata, autoload_with=connection, resolve_fks=False)
        for name in group.names
        if name in present
    ]


def _arranged(pages: Iterable[list[Row]], order: list[int], truths: list[int]) -> Iterator[Row]:
    """Rows in the order of the table's columns."""
    for page in pages:
        for row in page:
            values = [row[place] for place in order]
            for place in truths:
                values[place] = bool(values[place])
            yield tuple(values)


def kept_texts(address: str) -> Iterator[tuple[str, bytes]]:
    """Every text of a platform's database, with the digest under which it is kept."""
    with ExitStack() as stack:
        database = _opened(GROUPS[0], {"platform": address}, PATIENCE, stack)
        connection = stack.enter_context(database.reading())
        contents = schema.contents.c
        found = connection.execute(select(contents.digest, contents.text), execution_options=_STREAMED)
        for digest, text in found:
            yield digest, text.encode()
