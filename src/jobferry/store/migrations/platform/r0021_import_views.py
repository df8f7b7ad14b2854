"""Imports keep which objects of their plan a person has looked through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the table; nobody has looked through anything yet."""
    op.create_table(
        "import_views",
        sa.Column("import_id", KEY, sa.ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("user_id", KEY, primary_key=True),
        sa.Column("object", KEY, primary_key=True),
        sa.Column("deed", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
