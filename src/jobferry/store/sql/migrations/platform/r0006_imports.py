"""Imports that are checked and wait to be applied; receipts name the plan that was applied."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the table, and widens another."""
    op.add_column("receipts", sa.Column("plan_digest", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "imports",
        sa.Column("id", _KEY, primary_key=True),
        sa.Column("workspace_id", _KEY, sa.ForeignKey("workspaces.id"), nullable=False),
        sa.Column("created_by", _KEY, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("checked_at", sa.BigInteger, nullable=False),
        sa.Column("package_id", _KEY, nullable=False),
        sa.Column("package_name", sa.Text, nullable=False),
        sa.Column("package_digest", sa.Text, nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("plan_digest", sa.Text, nullable=False),
        sa.Column("task_id", _KEY, nullable=False),
        sa.Column("discarded", sa.Boolean, nullable=False),
    )
    op.create_index("imports_by_time", "imports", ["workspace_id", "created_at", "id"])
