"""Many rows at once: lookups by any number of values, inserts, and inserts that replace.

The statements for many rows are written out here, because building a dictionary per row and having it
bound by name takes longer than the database needs. PostgreSQL takes new rows by COPY.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from itertools import islice
from typing import Any, TypeVar, Unpack

import msgspec
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    and_,
    any_,
    bindparam,
    exc,
    false,
    func,
    literal,
    select,
    update,
)
from sqlalchemy import Row as SqlRow

from jobferry.errors import Conflict, ErrorCode, StoreError
from jobferry.events import Events
from jobferry.model.lists import PageOptions
from jobferry.model.names import is_storable
from jobferry.sentences import sentence
from jobferry.store import faults, turns
from jobferry.store.schema import counters

_events = Events("store")

PAGE = 5000
"""How many values one statement is given."""

_FEW = 50
"""So many rows are not worth a look at which of them are new."""

_MANY = 1000

_GIVEN = "given"
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")

Row = dict[str, Any]

Values = tuple[Any, ...]

T = TypeVar("T")

_rows = msgspec.json.Decoder(list[tuple[Any, ...]])

_RAISED = (
    update(counters)
    .where(counters.c.name == bindparam("counter"))
    .values(value=counters.c.value + bindparam("count"))
    .returning(counters.c.value)
)
_RAISED_ASIDE = (
    "UPDATE counters SET value = value + %s"
    " FROM (SELECT set_config('synchronous_commit', 'off', true) AS quick) AS how"
    " WHERE counters.name = %s AND how.quick = 'off' RETURNING counters.value"
)
"""In a transaction of its own, which need not wait for the disk: whatever refers to it commits later."""


def pages(values: Iterable[T], size: int = PAGE) -> Iterator[list[T]]:
    """The values in lists of at most ``size``."""
    rest = iter(values)
    while page := list(islice(rest, size)):
        yield page


def texts(values: Iterable[str]) -> list[str]:
    """Each value once, without those that no database can hold and that therefore are not there."""
    return [value for value in dict.fromkeys(values) if is_storable(value)]


Orders = Mapping[str, Sequence[ColumnElement[Any]]]
"""The columns that a list is sorted by, by the word for it; the last of them tell its entries apart."""


def page(
    connection: Connection,
    query: Select[Any],
    orders: Orders,
    usual: str = "name",
    **which: Unpack[PageOptions],
) -> tuple[int, Sequence[SqlRow[Any]]]:
    """How many rows a query gives in all, and one page of them, in the usual order if none is said."""
    total = connection.scalar(select(func.count()).select_from(query.subquery())) or 0
    offset, sort = which.get("offset", 0), which.get("sort", usual)
    if offset >= total:
        return total, []
    is_down = sort.startswith("-")
    columns = orders[sort.removeprefix("-")]
    ordered = query.order_by(*(column.desc() if is_down else column for column in columns))
    return total, connection.execute(ordered.offset(offset).limit(which.get("limit"))).all()


def fits(
    connection: Connection,
    equal: Iterable[tuple[ColumnElement[Any], Any]] = (),
    pieces: Iterable[tuple[ColumnElement[Any], str]] = (),
) -> ColumnElement[bool]:
    """Whether columns are equal to values and have pieces somewhere; None and an empty text are not asked."""
    asked = [(column, value) for column, value in equal if value not in (None, "")]
    if any(isinstance(value, str) and not is_storable(value) for _, value in asked):
        return false()
    asked = [(column, value.value if isinstance(value, Enum) else value) for column, value in asked]
    return and_(
        literal(True),
        *(column == value for column, value in asked),
        *(contains(connection, column, piece) for column, piece in pieces if piece),
    )


def holds(connection: Connection, column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Whether a list of texts that is kept as JSON has this one; an empty one is not asked."""
    if not text or not is_storable(text):
        return literal(not text)
    place = func.strpos if is_postgres(connection) else func.instr
    return place(column, msgspec.json.encode(text).decode()) > 0


def within(column: ColumnElement[Any], since: int, until: int) -> ColumnElement[bool]:
    """Whether a time lies between two others, the later one left out; 0 is not asked."""
    from_, to = [column >= since] if since else [], [column < until] if until else []
    return and_(literal(True), *from_, *to)


def contains(connection: Connection, column: ColumnElement[Any], piece: str) -> ColumnElement[bool]:
    """Whether the column's text has the piece somewhere; case is ignored for ASCII letters."""
    if not is_storable(piece):
        return false()
    place = func.strpos if is_postgres(connection) else func.instr
    return place(func.lower(column), piece.translate(_LOWER)) > 0


def among(connection: Connection, column: ColumnElement[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """Whether the column is one of the values. They are one parameter, however many there are."""
    if is_postgres(connection):
        return column == any_(literal(values, ARRAY(column.type)))
    listed = func.json_each(msgspec.json.encode(values).decode()).table_valued("value")
    return column.in_(select(listed.c.value))


def among_these(column: ColumnElement[Any], *, on_postgres: bool) -> ColumnElement[bool]:
    """The same of values that are :func:`given` when the query is executed, which may be made before.

    What a query is made of is let go of late, since it refers to itself: many values are not to be in it.
    """
    return _given_to_postgres(column) if on_postgres else _given_to_sqlite(column)


def _given_to_postgres(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column == any_(bindparam(_GIVEN, type_=ARRAY(column.type)))


def _given_to_sqlite(column: ColumnElement[Any]) -> ColumnElement[bool]:
    listed = func.json_each(bindparam(_GIVEN)).table_valued("value")
    return column.in_(select(listed.c.value))


def given(connection: Connection, values: Sequence[Any]) -> Row:
    """The values as the query's parameter."""
    return {_GIVEN: values if is_postgres(connection) else msgspec.json.encode(values).decode()}


class Lookup:
    """A query for the rows that have one of many values in a column. It gives texts and whole numbers, in no
    order; made once, because making a statement takes longer than a small one takes the database.
    """

    def __init__(self, query: Select[Any], column: ColumnElement[Any]) -> None:
        """Whatever else ``query`` asks for is bound by name."""
        self._on_postgres = query.where(_given_to_postgres(column))
        some = query.where(_given_to_sqlite(column))
        self._on_sqlite = some.with_only_columns(_as_one(some.selected_columns))

    def rows(self, connection: Connection, values: Iterable[Any], **bound: Any) -> Iterator[Sequence[Any]]:
        """The rows, a page of values after the other."""
        for page in pages(values):
            wanted = bound | given(connection, page)
            if is_postgres(connection):
                yield from connection.execute(self._on_postgres, wanted).all()
            else:
                yield from _rows.decode(str(connection.scalar(self._on_sqlite, wanted)))


class Known:
    """A query that is made once, for rows of texts and whole numbers in its order, as by :func:`rows`."""

    def __init__(self, query: Select[Any]) -> None:
        """Whatever ``query`` asks for is bound by name."""
        self._on_postgres = query
        self._on_sqlite = select(_as_one(query.subquery().c))

    def rows(self, connection: Connection, **bound: Any) -> Sequence[Sequence[Any]]:
        """All rows."""
        if is_postgres(connection):
            return connection.execute(self._on_postgres, bound).all()
        return _rows.decode(str(connection.scalar(self._on_sqlite, bound)))


def rows(connection: Connection, query: Select[Any]) -> Sequence[Sequence[Any]]:
    """All rows of a query that gives texts and whole numbers, in its order.

    From SQLite they come as one row: before each row the driver lets other threads run, and while one of them
    is busy, a page of a hundred rows would wait for its turn a hundred times.
    """
    if is_postgres(connection):
        return connection.execute(query).all()
    return _rows.decode(str(connection.scalar(select(_as_one(query.subquery().c)))))


def _as_one(columns: Iterable[ColumnElement[Any]]) -> ColumnElement[str]:
    """All rows in one, as JSON."""
    return func.json_group_array(func.json_array(*columns))


def reserve(connection: Connection, name: str, count: int) -> int:
    """Sets aside ``count`` numbers of the counter that nobody else will get, and gives the first of them."""
    if turns.part_of(connection):
        last = _raised_aside(connection, name, count)
    else:
        last = connection.scalar(_RAISED, {"counter": name, "count": count})
    if last is None:
        raise StoreError(ErrorCode.STORE_FAILED, sentence("the database has no counter of {name}", name=name))
    return int(last) - count + 1


def _raised_aside(connection: Connection, name: str, count: int) -> int | None:
    """Others who write beside this transaction need not wait for its end to get numbers, too."""
    try:
        aside = connection.engine.connect()
    except exc.TimeoutError as error:
        raise faults.busy(faults.name_of(connection.engine.url)) from error
    with aside:
        aside.execution_options(isolation_level="AUTOCOMMIT")
        raised: int | None = aside.exec_driver_sql(_RAISED_ASIDE, (count, name)).scalar()
        return raised


def add(connection: Connection, table: Table, rows: Iterable[Values]) -> None:
    """Inserts rows that hold a value for every column, in the table's order."""
    if is_postgres(connection):
        _copy(connection, table, rows)
    else:
        _execute(connection, table, _insert(connection, table), rows)


def add_absent(connection: Connection, table: Table, rows: Sequence[Values]) -> int:
    """Inserts those of the rows that fit beside what is there; how many. Others may insert the same at once:
    give them in one order everywhere.
    """
    return _execute(connection, table, f"{_insert(connection, table)} ON CONFLICT DO NOTHING", rows)


def save(
    connection: Connection,
    table: Table,
    rows: Sequence[Values],
    *,
    changed: Sequence[str] = (),
    added: Sequence[str] = (),
    where: str = "",
) -> None:
    """Inserts rows; where the primary key is there, writes the ``changed`` columns and adds to those
    ``added``, or does nothing.

    ``where`` says in SQL which of the rows that are there get that. Nobody else may insert the same at once:
    these are rows of one part, or of the whole platform where that is written (see ``turns``).
    """
    keys = ", ".join(column.name for column in table.primary_key.columns)
    new = [f"{name} = excluded.{name}" for name in changed]
    new += [f"{name} = {table.name}.{name} + excluded.{name}" for name in added]
    then = f"UPDATE SET {', '.join(new)}{f' WHERE {where}' if where else ''}" if new else "NOTHING"
    if is_postgres(connection) and len(rows) > _FEW:
        fresh, rows = _sorted_out(connection, table, rows)
        add(connection, table, fresh)
    _execute(connection, table, f"{_insert(connection, table)} ON CONFLICT ({keys}) DO {then}", rows)


def tell_planner(connection: Connection, table: Table, added: int) -> None:
    """Has PostgreSQL count again what a table of several indexes holds, where it grew by a tenth or more.

    It would do so by itself a minute later; until then it reads a whole workspace to find a few objects.
    Whoever finds another one counting, who does so until its transaction ends, leaves it at that.
    """
    if not is_postgres(connection) or added < _MANY:
        return
    counted = connection.exec_driver_sql(
        "SELECT reltuples FROM pg_class WHERE oid = %s::regclass", (table.name,)
    )
    if added * 10 >= counted.scalar_one():
        connection.exec_driver_sql(f"ANALYZE (SKIP_LOCKED) {table.name}")


def amend(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Values]) -> None:
    """Writes the named columns; a row holds their values and then its primary key's."""
    mark = _mark(connection)
    new = ", ".join(f"{name} = {mark}" for name in names)
    keys = " AND ".join(f"{column.name} = {mark}" for column in table.primary_key.columns)
    _execute(connection, table, f"UPDATE {table.name} SET {new} WHERE {keys}", rows)  # noqa: S608


def _insert(connection: Connection, table: Table) -> str:
    names = [column.name for column in table.columns]
    marks = ", ".join([_mark(connection)] * len(names))
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608


def _execute(connection: Connection, table: Table, statement: str, rows: Iterable[Values]) -> int:
    number = 0
    for page in pages(rows):
        number += connection.exec_driver_sql(statement, page).rowcount
        _events.debug("rows-written", table=table.name, rows=len(page))
    return number


def _copy(connection: Connection, table: Table, rows: Iterable[Values]) -> None:
    names = ", ".join(column.name for column in table.columns)
    driver: Any = connection.connection.dbapi_connection
    for page in pages(rows):
        try:
            with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in page:
                    copy.write_row(row)
        except connection.dialect.loaded_dbapi.Error as error:
            raise faults.translated(error, faults.name_of(connection.engine.url)) from error
        _events.debug("rows-written", table=table.name, rows=len(page))


def _sorted_out(
    connection: Connection, table: Table, rows: Sequence[Values]
) -> tuple[list[Values], list[Values]]:
    """Rows whose primary keys are not there, and the others. That stays true where one writes at a time."""
    key_columns = list(table.primary_key.columns)
    places = [list(table.columns).index(column) for column in key_columns]
    names = ", ".join(column.name for column in key_columns)
    given = ", ".join(
        "%s::bigint[]" if isinstance(column.type, Integer) else "%s::text[]" for column in key_columns
    )
    query = f"SELECT {names} FROM {table.name} WHERE ({names}) IN (SELECT * FROM unnest({given}))"  # noqa: S608
    fresh: list[Values] = []
    others: list[Values] = []
    for page in pages(rows):
        keys = [tuple([row[place] for place in places]) for row in page]
        columns = tuple(map(list, zip(*keys, strict=True)))
        there = {tuple(row) for row in connection.exec_driver_sql(query, columns)}
        for key, row in zip(keys, page, strict=True):
            (others if key in there else fresh).append(row)
            there.add(key)
    return fresh, others


def _mark(connection: Connection) -> str:
    return "%s" if is_postgres(connection) else "?"


@contextmanager
def conflicts_as(connection: Connection, conflict: Callable[[], Conflict]) -> Iterator[None]:
    """Undoes the block on a unique violation and raises the conflict that tells whose it was."""
    try:
        with connection.begin_nested():
            yield
    except Conflict as error:
        raise conflict() from error


def is_postgres(connection: Connection) -> bool:
    """Which of the two databases this is."""
    return connection.dialect.name == "postgresql"
