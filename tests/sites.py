"""Several servers of one PostgreSQL database, as processes on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from processes import Program, Served

KEY = "5e" * 32


class Site:
    """One database and the folders that all servers see; servers are started on it by name."""

    def __init__(self, folder: Path, database: str, **shared: str) -> None:
        """``shared`` are further settings of all its servers."""
        self.database = database
        self._folder = folder
        self._shared = {
            "JOBFERRY_DATABASE": database,
            "JOBFERRY_KEY": KEY,
            "JOBFERRY_OBJECTS": str(folder / "objects"),
        } | shared
        self.token = ""

    def program(self, name: str, **more: str) -> Program:
        return Program(
            self._folder / name, home=self._folder / f"{name}-home", environment=self._shared | more
        )

    @contextmanager
    def served(self, name: str, *arguments: str) -> Iterator[Served]:
        """A server; all take the first one's token."""
        with self.program(name).served(*arguments, token=self.token) as server:
            self.token = self.token or server.token
            yield server

    def servers(self) -> int:
        """How many servers the database counts."""
        with psycopg.connect(self.database) as connection:
            row = connection.execute("SELECT count(*) FROM servers").fetchone()
        assert row is not None
        return int(row[0])
