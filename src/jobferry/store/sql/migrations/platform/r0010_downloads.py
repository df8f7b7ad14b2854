"""The download center's records. Exports from before it left none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from jobferry.store.sql.schema.columns import KEY

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "downloads",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("operator", KEY, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger, nullable=False),
        sa.Column("status", KEY, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("objects", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
    )
    op.create_index("downloads_by_workspace", "downloads", ["workspace_id", "started_at", "id"])
    op.create_index("downloads_by_status", "downloads", ["status", "started_at"])
    op.create_index("downloads_by_kind", "downloads", ["kind", "started_at"])
