"""What the audit holds, whenever its process was killed: one whole chain that fits the imports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from jobferry.access.chain import Chain
from jobferry.bootstrap.anchor_file import AnchorFile
from jobferry.bootstrap.data_key import data_key
from jobferry.bootstrap.home import Home
from jobferry.model.audit import AuditRow
from jobferry.store.audit import Audit

from .state import Books, address_of, engine

_LANDED = re.compile("([0-9a-f]{32}): ")
_RECEIPTS = "SELECT id FROM receipts ORDER BY id"


def rows_of(address: str) -> list[AuditRow]:
    """All rows of the audit."""
    with engine(address).connect() as connection:
        return list(Audit(connection).rows())


def faults(folder: Path, books: Books, address: str = "") -> list[str]:
    """What is wrong with the audit of a folder; ``address`` is its database if that lies elsewhere."""
    return list(_faults(folder, books, address or address_of(folder)))


def _faults(folder: Path, books: Books, address: str) -> Iterator[str]:
    with engine(address).connect() as connection:
        audit = Audit(connection)
        rows = list(audit.rows())
        chain = Chain(data_key(Home(folder)))
        written = AnchorFile(Home(folder)).read()
        anchor = chain.read_anchor(written) if written else None
        broken = chain.verify(rows, audit.start(), audit.end(), anchor)
        receipts = [str(row[0]) for row in connection.execute(text(_RECEIPTS))]
    if broken is not None:
        yield f"the chain is broken: {broken}"
    landed = [
        found[1]
        for row in rows
        if row.event.action in ("import", "import-undo")
        and (found := _LANDED.match(row.event.detail)) is not None
    ]
    if sorted(landed) != receipts:
        yield f"receipts {receipts}, but rows of imports {sorted(landed)}"
    begins = [row.event for row in rows if row.event.action in ("import-begin", "undo-begin")]
    begun = [event.detail.split()[0] for event in begins]
    if len(begun) != len(set(begun)) or not books.tasks.keys() <= set(begun):
        yield f"tasks {sorted(books.tasks)}, but rows of begun imports {sorted(begun)}"
