"""The change log. Nothing that happened before is in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from jobferry.store.sql.schema.columns import KEY, ROW_ID

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Makes the tables, and the counter of changes."""
    op.create_table(
        "changes",
        sa.Column("number", ROW_ID, primary_key=True, autoincrement=False),
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("changed_by", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("change", KEY, nullable=False),
        sa.Column("uid", KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("former_name", sa.Text, nullable=False),
        sa.Column("directory", sa.Text, nullable=False),
        sa.Column("former_directory", sa.Text, nullable=False),
        sa.Column("live", sa.Boolean, nullable=False),
    )
    op.create_index("changes_by_number", "changes", ["workspace_id", "number"])
    op.create_index("changes_by_time", "changes", ["workspace_id", "changed_at"])
    op.create_table(
        "change_starts",
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "export_points",
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("way", KEY, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO counters (name, value) VALUES ('changes', 0)")
