"""Texts that a receipt needs to bring objects back which an import took away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from jobferry.store.sql.schema.columns import KEY

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "receipt_texts",
        sa.Column("receipt_id", KEY, sa.ForeignKey("receipts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("digest", KEY, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("receipt_texts_by_digest", "receipt_texts", ["digest"])
