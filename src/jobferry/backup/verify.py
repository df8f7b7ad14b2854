"""Verifies a backup: by restoring it where it hurts nobody and looking at every text, file and audit row, or
by reading it through."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple

from jobferry.backup import key
from jobferry.backup.archive import BackupHead, BackupReader, opened
from jobferry.backup.restore import KeyFrom, fill, key_of
from jobferry.errors import ErrorCode, PackageRefused
from jobferry.model.document.text import digest_of
from jobferry.sentences import Sentence, sentence
from jobferry.store import Store
from jobferry.store.engine import PATIENCE
from jobferry.store.tables import Row, kept_texts

_ANCHOR = "anchor.json"
_CONTENTS = "contents"


class VerifiedBackup(NamedTuple):
    """What was looked at. ``audit_rows`` is None where there was no key to verify the audit with.

    ``has_mac``: the key that was given, if any, has authenticated the index.
    """

    head: BackupHead
    texts: int
    audit_rows: int | None
    has_mac: bool


def verify(file: BinaryIO, name: str, source: KeyFrom) -> VerifiedBackup:
    """Restores a backup into a folder that is deleted again, and looks at all of it.

    Rows and files are held against their digests, references among rows by the database, texts against their
    own digests, and with a key the index against its MAC and the audit against its chain and its anchor.

    Raises:
        PackageRefused: something is not as it was (``backup-invalid``).
        Conflict: the key cannot be had as asked, or belongs to another platform (``key-refused``).
    """
    with ExitStack() as stack:
        backup = stack.enter_context(opened(file, name))
        key_text = key_of(backup, source)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jobferry-verify-")))
        places = {"platform": str(folder / "platform.db"), "tasks": str(folder / "tasks.db")}
        fill(backup, places, PATIENCE)
        for told in backup.head.files:
            deque(backup.file(told), maxlen=0)
        texts = _verified_texts(places["platform"])
        rows = _verified_audit(backup, places["platform"], key_text, stack) if key_text else None
        return VerifiedBackup(backup.head, texts, rows, bool(backup.mac))


def looked_through(file: BinaryIO, name: str, data_key: Callable[[], bytes] | None = None) -> Iterator[None]:
    """Reads all of a backup and holds every row, text and file against its digest, some at a time. Nothing is
    restored, so that it takes neither room nor long; references and the audit's chain are not looked at.

    The index is authenticated by ``data_key``, if that is given.

    Raises:
        PackageRefused: something is not as it was (``backup-invalid``).
        StoreError: the key cannot be read.
    """
    with opened(file, name) as backup:
        if data_key is not None:
            key.refuse_other_mac(data_key(), backup.index, backup.mac)
        for group, made in backup.head.groups.items():
            for table in made.tables:
                for page in backup.pages(group, table):
                    if table.name == _CONTENTS:
                        _refuse_other_texts(table.columns, page)
                    yield
        for told in backup.head.files:
            for _ in backup.file(told):
                yield


def _refuse_other_texts(columns: tuple[str, ...], page: list[Row]) -> None:
    digest, text = columns.index("digest"), columns.index("text")
    for row in page:
        _refuse_another_text(str(row[digest]), str(row[text]).encode())


def _verified_texts(database: str) -> int:
    count = 0
    for digest, text in kept_texts(database):
        _refuse_another_text(digest, text)
        count += 1
    return count


def _refuse_another_text(digest: str, text: bytes) -> None:
    if digest_of(text) != digest:
        raise _broken(sentence("the text {digest} has another digest", digest=digest))


def _verified_audit(backup: BackupReader, database: str, key_text: str, stack: ExitStack) -> int:
    store = Store(database)
    stack.callback(store.close)
    snapshot = stack.enter_context(store.read())
    chain = key.refuse_another(key_text, snapshot.audit.end())
    anchors = [b"".join(backup.file(told)) for told in backup.head.files if told.path == _ANCHOR]
    anchor = chain.read_anchor(anchors[0]) if anchors else None
    start, end = snapshot.audit.start(), snapshot.audit.end()
    fault = chain.verify(snapshot.audit.rows(), start, end, anchor)
    if fault is not None:
        told = sentence("row {number} of the audit: {breach}", number=fault.number, breach=fault.breach.value)
        raise _broken(told)
    return end.number - start.number


def _broken(reason: Sentence) -> PackageRefused:
    return PackageRefused(ErrorCode.BACKUP_INVALID, reason, hint="use another backup")
