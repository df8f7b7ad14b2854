"""Several servers of one PostgreSQL database, as processes on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

import s3
from processes import Program, Served

BUCKET = "bucket"
KEY = "5e" * 32


def stored_in(service: s3.Service) -> dict[str, str]:
    """Settings of servers that keep packages and objects in that service, and share no folder."""
    return {
        "JOBFERRY_PACKAGES": f"s3://{BUCKET}/site",
        "JOBFERRY_OBJECTS": "s3",
        "JOBFERRY_OBJECTS_ENDPOINT": service.endpoint,
        "JOBFERRY_OBJECTS_ACCESS_KEY": "a",
        "JOBFERRY_OBJECTS_SECRET_KEY": "s",
    }


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
