"""What left the workspaces: the download center's records."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, Text

from jobferry.store.sql.schema.columns import KEY, metadata

downloads = Table(
    "downloads",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), nullable=False),
    Column("kind", KEY, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("operator", KEY, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger, nullable=False),
    Column("status", KEY, nullable=False),
    Column("subject", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("objects", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("request", Text, nullable=False),
    Index("downloads_by_workspace", "workspace_id", "started_at", "id"),
    Index("downloads_by_status", "status", "started_at"),
    Index("downloads_by_kind", "kind", "started_at"),
)
