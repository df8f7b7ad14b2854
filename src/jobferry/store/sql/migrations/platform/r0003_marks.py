"""Marks of texts and counts of objects, filled from what is there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from jobferry.model.document.facts import marks_in
from jobferry.model.document.text import parse_known
from jobferry.store.sql import bulk
from jobferry.store.sql.contents import SqlContents
from jobferry.store.sql.derived import marks

revision = "0003"
down_revision = "0002"

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_PAGE = 500
_SIGNS = (b'tags"', b'dependJobs"', b"\\u")
"""A text without any of them has no marks; keys may be spelled with escapes."""

_COUNT = """
INSERT INTO object_counts (workspace_id, kind, subtype, number, revision)
SELECT workspace_id, kind, subtype, COUNT(*), 1 FROM objects GROUP BY workspace_id, kind, subtype
"""


def upgrade() -> None:
    """Makes both tables. All texts are read once, also those that only a version refers to."""
    op.create_table(
        "marks",
        sa.Column("kind", _KEY, primary_key=True),
        sa.Column("workspace", _KEY, primary_key=True),
        sa.Column("value", _KEY, primary_key=True),
        sa.Column("digest", _KEY, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "object_counts",
        sa.Column("workspace_id", _KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("kind", _KEY, primary_key=True),
        sa.Column("subtype", _KEY, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    connection.execute(sa.text(_COUNT))
    digests = connection.scalars(sa.text("SELECT digest FROM contents")).all()
    for page in bulk.pages(SqlContents(connection).texts(digests), _PAGE):
        documents = [(digest, parse_known(text)) for digest, text in page if _may_have_marks(text)]
        marks.note(connection, [(digest, marks_in(document)) for digest, document in documents])


def _may_have_marks(text: bytes) -> bool:
    return any(sign in text for sign in _SIGNS)
