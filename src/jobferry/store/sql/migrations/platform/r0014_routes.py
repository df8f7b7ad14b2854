"""Saved routes; nobody has any."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from jobferry.store.sql.schema.columns import KEY

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "routes",
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("source_platform", KEY, primary_key=True),
        sa.Column("source_workspace", KEY, primary_key=True),
        sa.Column("platform_name", sa.Text, nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("saved_by", sa.Text, nullable=False),
        sa.Column("saved_at", sa.BigInteger, nullable=False),
    )
