"""Indexes for crowded workspaces: lists and counts by subtype, landings by the uid that they came from."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes one index and widens another."""
    op.create_index("objects_by_subtype", "objects", ["workspace_id", "kind", "subtype", "name"])
    op.drop_index("landings_by_source", "landings")
    op.create_index("landings_by_source", "landings", ["workspace_id", "source_platform", "source_uid"])
