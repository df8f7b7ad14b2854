"""The floor: the least durable work that any program would have to do on the same bytes."""

from __future__ import annotations

import hashlib
import sqlite3
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

import msgspec
import psycopg

Documents = Sequence[tuple[str, bytes]]


def write_zip(documents: Iterable[tuple[str, bytes]], file: IO[bytes] | Path) -> None:
    """Standard library zip at level 6."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path, text in documents:
            archive.writestr(path, text)


def read_zip(file: Path) -> list[bytes]:
    """Every entry's bytes."""
    with zipfile.ZipFile(file) as archive:
        return [archive.read(entry) for entry in archive.infolist()]


def decode(texts: Sequence[bytes]) -> int:
    """Every document decoded once."""
    decoder = msgspec.json.Decoder(float_hook=str)
    return sum(len(decoder.decode(text)) for text in texts)


def digest(texts: Sequence[bytes]) -> list[str]:
    """SHA-256 of every document."""
    return [hashlib.sha256(text).hexdigest() for text in texts]


def insert(file: Path, documents: Documents, digests: Sequence[str]) -> None:
    """Texts and rows into a new SQLite file in one durable transaction."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE contents (digest TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID")
    connection.execute("CREATE TABLE objects (id INTEGER PRIMARY KEY, name TEXT UNIQUE, digest TEXT)")
    connection.execute("BEGIN IMMEDIATE")
    rows = [(one, text.decode()) for one, (_, text) in zip(digests, documents, strict=True)]
    connection.executemany("INSERT OR IGNORE INTO contents VALUES (?, ?)", rows)
    connection.executemany(
        "INSERT INTO objects (name, digest) VALUES (?, ?)",
        [(path, one) for one, (path, _) in zip(digests, documents, strict=True)],
    )
    connection.execute("COMMIT")
    connection.close()


def copy(address: str, documents: Documents, digests: Sequence[str]) -> None:
    """Texts and rows into new tables of PostgreSQL by COPY, in one durable transaction."""
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE contents (digest text PRIMARY KEY, text text)")
        cursor.execute("CREATE TABLE objects (id bigserial PRIMARY KEY, name text UNIQUE, digest text)")
        once = {one: text for one, (_, text) in zip(digests, documents, strict=True)}
        with cursor.copy("COPY contents (digest, text) FROM STDIN") as rows:
            for row in once.items():
                rows.write_row(row)
        with cursor.copy("COPY objects (name, digest) FROM STDIN") as rows:
            for one, (path, _) in zip(digests, documents, strict=True):
                rows.write_row((path, one))
