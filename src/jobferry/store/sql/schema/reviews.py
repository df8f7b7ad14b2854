"""What waits for somebody else's decision, and what was decided."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from jobferry.store.sql.schema.columns import KEY, ROW_ID, metadata

reviews = Table(
    "reviews",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), nullable=False),
    Column("kind", KEY, nullable=False),
    Column("name", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("asked_by", KEY, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("approvers", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("import_id", KEY, nullable=False),
    Column("state", KEY, nullable=False),
    Column("decided_by", KEY, nullable=False),
    Column("decided_at", BigInteger, nullable=False),
    Column("answer", Text, nullable=False),
    Index("reviews_by_time", "workspace_id", "kind", "asked_at", "id"),
    Index("reviews_by_import", "import_id"),
)

review_items = Table(
    "review_items",
    metadata,
    Column("review_id", KEY, primary_key=True),
    Column("object_id", ROW_ID, primary_key=True, autoincrement=False),
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", KEY, nullable=False),
    Column("name", Text, nullable=False),
    Column("ask", KEY, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("asked_by", KEY, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("import_id", KEY, nullable=False),
    Index("review_items_by_object", "object_id"),
    Index("review_items_by_place", "workspace_id", "review_id", "position"),
    Index("review_items_by_import", "import_id"),
    sqlite_with_rowid=False,
)
