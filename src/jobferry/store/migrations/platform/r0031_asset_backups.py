"""Asset backups of workspaces, and up to which day each has them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the tables; no workspace has backups yet."""
    op.create_table(
        "asset_backups",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("task_id", KEY, nullable=False),
        sa.Column("created_by", KEY, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("day", KEY, nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("status", KEY, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("objects", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_index("asset_backups_by_name", "asset_backups", ["workspace_id", "name"], unique=True)
    op.create_index("asset_backups_by_task", "asset_backups", ["task_id"])
    op.create_table(
        "asset_backup_days",
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("day", KEY, nullable=False),
    )
