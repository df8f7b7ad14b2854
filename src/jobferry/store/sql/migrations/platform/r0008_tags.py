"""The tags of workspaces, filled with those that the drafts of their jobs have."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_FILL = """
INSERT INTO tags (workspace_id, name, locked, changed_by, changed_at)
SELECT DISTINCT objects.workspace_id, marks.value, FALSE, '', 0
FROM objects JOIN marks ON marks.digest = objects.digest
WHERE objects.kind = 'job' AND marks.kind = 'tag' AND marks.value NOT LIKE 'sha256:%' AND marks.value <> ''
"""
"""Tags that cannot be kept as they are have a hash as their mark; they are tags when a job is next saved."""


def upgrade() -> None:
    """Makes the table. A workspace that has too many tags keeps them, and gets no more."""
    op.create_table(
        "tags",
        sa.Column("workspace_id", _KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("name", _KEY, primary_key=True),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.get_bind().execute(sa.text(_FILL))
