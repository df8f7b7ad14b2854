"""Reviews and releases, and what waits in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes both tables."""
    op.create_table(
        "reviews",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("asked_by", KEY, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("approvers", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("import_id", KEY, nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("decided_by", KEY, nullable=False),
        sa.Column("decided_at", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
    )
    op.create_index("reviews_by_time", "reviews", ["workspace_id", "kind", "asked_at", "id"])
    op.create_index("reviews_by_import", "reviews", ["import_id"])
    op.create_table(
        "review_items",
        sa.Column("review_id", KEY, primary_key=True),
        sa.Column("object_id", ROW_ID, primary_key=True, autoincrement=False),
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("ask", KEY, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("asked_by", KEY, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("import_id", KEY, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("review_items_by_object", "review_items", ["object_id"])
    op.create_index("review_items_by_place", "review_items", ["workspace_id", "review_id", "position"])
    op.create_index("review_items_by_import", "review_items", ["import_id"])
