"""What imports from a source go by, kept for the next one."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Table, Text

from jobferry.store.sql.schema.columns import KEY, metadata

routes = Table(
    "routes",
    metadata,
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), primary_key=True),
    Column("source_platform", KEY, primary_key=True),
    Column("source_workspace", KEY, primary_key=True),
    Column("platform_name", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("saved_by", Text, nullable=False),
    Column("saved_at", BigInteger, nullable=False),
)
