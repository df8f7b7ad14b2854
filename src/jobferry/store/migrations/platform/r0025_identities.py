"""Users know by which provider they sign in, and as whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0023"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the table; nobody has signed in by a provider yet."""
    op.create_table(
        "identities",
        sa.Column("issuer", KEY, primary_key=True),
        sa.Column("subject", KEY, primary_key=True),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sqlite_with_rowid=False,
    )
