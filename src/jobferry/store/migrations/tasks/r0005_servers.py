"""Several servers may share the database: who they are, and which of them began a task."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the table and adds the column; tasks of former times are nobody's."""
    op.create_table(
        "servers",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
    )
    op.add_column("tasks", sa.Column("server", KEY, nullable=False, server_default=""))
