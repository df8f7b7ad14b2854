"""Calls of a webhook wait in the database until they are taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the table; nothing waits yet."""
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
    )
    op.create_index("webhook_deliveries_due", "webhook_deliveries", ["due_at"])
