"""A database as the families of queries see it: a snapshot to read from, a transaction to write in.

What a transaction has judged stays true until it commits. SQLite has one writer at a time by its nature
(``BEGIN IMMEDIATE``). On PostgreSQL advisory locks are taken first: by whoever writes one part only, such as
a workspace, that part's, and by all others that of the whole platform (see ``turns``). Within a process,
writers wait for a lock in memory before they bother the database.

Several servers may work on one PostgreSQL database. Each has a row in the table ``servers``; one whose row
the others have taken away, because it was silent for too long, writes nothing more (:meth:`Database.fence`).
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.engine import URL, ExceptionContext, make_url

from jobferry.errors import ErrorCode, InvalidRequest, StoreError
from jobferry.store import faults, turns

PATIENCE = 10.0
"""Seconds that a writer waits for another one."""
_BACKGROUND_PATIENCE = 60.0
"""Longer than a server that hangs in the middle of a write keeps its turn before the others give it up."""

_BEGIN = "jobferry_begin"
_LASTING = "jobferry_lasting"
_LAZY = "NORMAL"
"""SQLite's word for commits that do not wait for the disk."""
_BIG_LOG = 32 * 1024 * 1024
_SMALL_LOG = 8 * 1024 * 1024
_CACHE_KIB = 16 * 1024
_LEAN_CACHE_KIB = 2 * 1024
_IDLE_SECONDS = 60
_LITTLE_SECONDS = 0.1
"""A wait so short that it is not taken off the next one."""
_PRIVATE = 0o600
_CONNECT_SECONDS = 10
_IS_SERVER = "SELECT 1 FROM servers WHERE id = %s FOR KEY SHARE"
"""Whoever gives a server up waits for what it is writing; its own heartbeat does not."""
_POOL = {"pool_size": 24, "max_overflow": 48, "pool_use_lifo": True}
"""The connection that was used last is used next: each holds pages and statements of its own. As many
are kept as calls read at once, and some for writing and for work in the background."""


_least_patience: ContextVar[float] = ContextVar("least_patience", default=0.0)


@contextmanager
def patient() -> Iterator[None]:
    """Whoever writes within waits up to a minute for others: nobody sits before work in the background,
    and a task that failed because a server hung would be lost work."""
    token = _least_patience.set(_BACKGROUND_PATIENCE)
    try:
        yield
    finally:
        _least_patience.reset(token)


class Database:
    """One SQLite file or PostgreSQL database. Connects when first used."""

    def __init__(
        self,
        url_or_path: str,
        *,
        lock_key: int,
        flush: str = "FULL",
        patience: float = PATIENCE,
        server: str = "",
    ) -> None:
        """``lock_key`` keeps writers of the same tables apart (PostgreSQL), ``flush`` is SQLite's
        ``synchronous``, ``patience`` the seconds a writer waits for another, ``server`` the id of the server
        that this process is."""
        url = _address(url_or_path)
        self.is_postgres = url.get_backend_name() == "postgresql"
        self.name = faults.name_of(url)
        self._lock_key = lock_key
        self._flush = flush
        self._patience = patience
        self.server = server
        self._is_fenced = False
        self._locks = turns.PartLocks()
        self._claim_lock = threading.Lock()
        self._checkpoint: threading.Thread | None = None
        self._claim: Connection | None = None
        self._is_claimed = False
        self._claims_alone = True
        self._engine = self._postgres(url) if self.is_postgres else self._sqlite(url)
        event.listen(self._engine, "handle_error", self._translate)

    @contextmanager
    def reading(self, *, lean: bool = False) -> Iterator[Connection]:
        """One consistent look; nothing done in it is kept. ``lean`` holds little of what is read."""
        with self._connect() as connection:
            if self.is_postgres:
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            holding = self._keeping_little(connection) if lean else nullcontext()
            with holding, connection.begin() as transaction:
                yield connection
                transaction.rollback()

    @contextmanager
    def writing(self, *, lasting: bool = True, only: str = "") -> Iterator[Connection]:
        """A transaction that is forgotten unless the caller commits the connection.

        One that is not ``lasting`` outlives a failure of the machine once a later lasting one has committed.
        On PostgreSQL one that writes ``only`` a part goes on beside those of other parts.

        Raises:
            Conflict: these tables were claimed, and another process has taken them since.
            StoreError: the other servers have given this one up (``server-given-up``).
        """
        patience = max(self._patience, _least_patience.get())
        until = time.monotonic() + patience
        part = only if self.is_postgres else ""
        lock = self._locks.of(part)
        if not lock.acquire(timeout=patience):
            raise faults.busy(self.name)
        try:
            self._keep_claim()
            with self._connect() as connection:
                self._begin(connection, part, lasting=lasting, until=until, patience=patience)
                yield connection
                connection.rollback()
            if not self.is_postgres:
                self._tend_log()
        finally:
            lock.release()

    @contextmanager
    def aside(self) -> Iterator[Connection]:
        """Statements that are each a transaction of its own and wait for no writer."""
        with self._connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def fence(self) -> None:
        """From now on this process writes only while its server has its row (PostgreSQL)."""
        self._is_fenced = self.is_postgres

    def claim(self, *, alone: bool = True) -> None:
        """Takes these tables for this process ``alone``, or for it and others like it, until it closes or
        ends.

        A SQLite file needs no claim: its folder has a lock.

        Raises:
            Conflict: another process has them.
        """
        if not self.is_postgres or self._claim is not None:
            return
        self._claims_alone = alone
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()
        how = "" if alone else "_shared"
        asked = f"SELECT pg_try_advisory_lock{how}(%s, hashtext(current_schema()))"
        if not connection.exec_driver_sql(asked, (self._lock_key,)).scalar():
            connection.close()
            raise faults.claimed(self.name)
        self._claim, self._is_claimed = connection, True

    def close(self) -> None:
        """Lets all connections go; the last one of a SQLite file tidies its log away."""
        if self._checkpoint is not None:
            self._checkpoint.join()
        if self._claim is not None:
            self._claim.close()
            self._claim = None
        self._is_claimed = False
        self._engine.dispose()

    def _keep_claim(self) -> None:
        """A claim ends with its connection, as by a restart of the server: then it is taken anew."""
        if not self._is_claimed:
            return
        with self._claim_lock:
            if self._claim is not None:
                try:
                    self._claim.exec_driver_sql("SELECT 1")
                except StoreError:
                    self._claim.close()
                    self._claim = None
            self.claim(alone=self._claims_alone)

    @contextmanager
    def _keeping_little(self, connection: Connection) -> Iterator[None]:
        """PostgreSQL keeps what it reads in its own memory."""
        if self.is_postgres:
            yield
            return
        driver: Any = connection.connection.dbapi_connection
        driver.execute(f"PRAGMA cache_size = -{_LEAN_CACHE_KIB}").close()
        try:
            yield
        finally:
            driver.execute(f"PRAGMA cache_size = -{_CACHE_KIB}").close()

    def _begin(
        self, connection: Connection, part: str, *, lasting: bool, until: float, patience: float
    ) -> None:
        """Takes the writer's turn, and waits for it no longer than ``until`` (of the monotonic clock).

        What it waits for later it waits for so many seconds of ``patience``.
        """
        if not self.is_postgres and connection.info.get(_LASTING, True) is not lasting:
            self._set_flush(connection, self._flush if lasting else _LAZY)
            connection.info[_LASTING] = lasting
        connection.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        with self._waiting(connection, until):
            connection.begin()
        if self.is_postgres:
            left = _milliseconds(until - time.monotonic())
            turns.begin(connection, self._lock_key, part, left=left, patience=_milliseconds(patience))
            if self._is_fenced and connection.exec_driver_sql(_IS_SERVER, (self.server,)).first() is None:
                raise faults.given_up()
            if not lasting:
                connection.exec_driver_sql("SET LOCAL synchronous_commit = off")

    @contextmanager
    def _waiting(self, connection: Connection, until: float) -> Iterator[None]:
        """SQLite waits less for another process where the turn within this one was waited for already."""
        left = max(0.0, until - time.monotonic())
        if self.is_postgres or self._patience - left < _LITTLE_SECONDS:
            yield
            return
        driver: Any = connection.connection.dbapi_connection
        driver.execute(f"PRAGMA busy_timeout = {int(left * 1000)}").close()
        try:
            yield
        finally:
            driver.execute(f"PRAGMA busy_timeout = {int(self._patience * 1000)}").close()

    def _set_flush(self, connection: Connection, flush: str) -> None:
        """Only possible outside of transactions."""
        driver: Any = connection.connection.dbapi_connection
        try:
            driver.execute(f"PRAGMA synchronous = {flush}").close()
        except connection.dialect.loaded_dbapi.Error as error:
            raise faults.translated(error, self.name) from error

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        try:
            connection = self._engine.connect()
        except exc.TimeoutError as error:
            raise faults.busy(self.name) from error
        with connection:
            yield connection

    def _translate(self, context: ExceptionContext) -> BaseException | None:
        if context.is_pre_ping:
            context.is_disconnect = True  # the server was restarted: another connection is made instead
            return None
        if context.sqlalchemy_exception is None:
            return None
        return faults.translated(context.original_exception, self.name)

    def _sqlite(self, url: URL) -> Engine:
        engine = create_engine(
            url,
            hide_parameters=True,
            connect_args={"timeout": self._patience, "cached_statements": 256},
            pool_timeout=self._patience,
            **_POOL,
        )
        event.listen(engine, "do_connect", self._make_private)
        event.listen(engine, "connect", self._prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _make_private(self, *_: object) -> None:
        """A new file is its owner's alone; SQLite gives the files of its log the same mode."""
        with suppress(OSError):
            os.close(os.open(self.name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PRIVATE))

    def _prepare_sqlite(self, connection: Any, _record: object) -> None:
        """Takes the transactions out of the driver's hands and sets what a connection forgets."""
        connection.isolation_level = None
        for setting in (
            f"busy_timeout = {int(self._patience * 1000)}",
            "journal_mode = WAL",
            f"synchronous = {self._flush}",
            "wal_autocheckpoint = 0",
            f"journal_size_limit = {_SMALL_LOG}",
            "foreign_keys = ON",
            f"cache_size = -{_CACHE_KIB}",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {setting}")

    def _postgres(self, url: URL) -> Engine:
        options: dict[str, Any] = {"application_name": session_name(self.server)} if self.server else {}
        if "connect_timeout" not in url.query:
            options["connect_timeout"] = _CONNECT_SECONDS
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            hide_parameters=True,
            connect_args=options,
            pool_pre_ping=True,
            pool_timeout=self._patience,
            **_POOL,
        )
        event.listen(engine, "connect", self._prepare_postgres)
        return engine

    def _prepare_postgres(self, connection: Any, _record: object) -> None:
        connection.execute(f"SET lock_timeout = {_milliseconds(self._patience)}")
        connection.execute(f"SET idle_in_transaction_session_timeout = '{_IDLE_SECONDS}s'")
        connection.commit()

    def _tend_log(self) -> None:
        """Has a big log moved into the file, beside whatever goes on: a bulk load would wait for it."""
        if self._checkpoint is not None and self._checkpoint.is_alive():
            return
        try:
            size = Path(f"{self.name}-wal").stat().st_size
        except OSError:
            return
        if size >= _BIG_LOG:
            self._checkpoint = threading.Thread(target=self._move_log, name="checkpoint")
            self._checkpoint.start()

    def _move_log(self) -> None:
        """What cannot be moved yet, because somebody reads it, is moved after a later write.

        What this connection remembers is let go of first: writers go on with another one meanwhile.
        """
        with suppress(Exception), self._connect() as connection:
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA shrink_memory").close()
            driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))


def session_name(server: str) -> str:
    """What PostgreSQL calls the sessions of a server."""
    return f"jobferry {server}"


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


def _address(url_or_path: str) -> URL:
    if "://" not in url_or_path:
        url_or_path = str(Path(url_or_path).absolute())
        return URL.create("sqlite", database=url_or_path)
    try:
        url = make_url(url_or_path)
    except (exc.ArgumentError, ValueError):
        raise _unusable() from None
    scheme = "postgresql" if url.drivername == "postgres" else url.drivername.partition("+")[0]
    if scheme not in ("sqlite", "postgresql") or not url.database or url.database == ":memory:":
        raise _unusable()
    if scheme == "sqlite":
        return URL.create("sqlite", database=str(Path(url.database).absolute()))
    return url.set(drivername=scheme)


def _unusable() -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        "the database's address is not valid",
        subject="database",
        hint="name a file, or write postgresql://user@host/database",
    )
