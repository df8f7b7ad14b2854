"""The floor: the least durable work that any program would have to do on the same bytes."""

from __future__ import annotations

import hashlib
import io
import sqlite3
import zipfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

Documents = Sequence[tuple[str, bytes]]


def write_zip(documents: Documents) -> bytes:
    """Standard library zip at level 6."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path, text in documents:
            archive.writestr(path, text)
    return held.getvalue()


def read_zip(packed: bytes) -> list[bytes]:
    """Every entry's bytes."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return [archive.read(entry) for entry in archive.infolist()]


def decode(texts: Sequence[bytes]) -> int:
    """Every document decoded once."""
    decoder = msgspec.json.Decoder(float_hook=str)
    return sum(len(decoder.decode(text)) for text in texts)


def digest(texts: Sequence[bytes]) -> list[str]:
    return [hashlib.sha256(text).hexdigest() for text in texts]


def insert(folder: Path, documents: Documents, digests: Sequence[str]) -> None:
    """Texts and rows into SQLite in one durable transaction."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
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
