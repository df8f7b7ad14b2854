"""The change log of workspaces, where it starts, and how far exports have taken it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Table, Text

from jobferry.store.sql.schema.columns import KEY, ROW_ID, metadata

changes = Table(
    "changes",
    metadata,
    Column("number", ROW_ID, primary_key=True, autoincrement=False),
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("changed_by", KEY, nullable=False),
    Column("kind", KEY, nullable=False),
    Column("change", KEY, nullable=False),
    Column("uid", KEY, nullable=False),
    Column("name", Text, nullable=False),
    Column("former_name", Text, nullable=False),
    Column("directory", Text, nullable=False),
    Column("former_directory", Text, nullable=False),
    Column("live", Boolean, nullable=False),
    Index("changes_by_number", "workspace_id", "number"),
    Index("changes_by_time", "workspace_id", "changed_at"),
)

change_starts = Table(
    "change_starts",
    metadata,
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

export_points = Table(
    "export_points",
    metadata,
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), primary_key=True),
    Column("way", KEY, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
