"""What the platform holds: workspaces, objects with their past, surroundings, what imports leave."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from jobferry.store.sql.schema.columns import KEY, ROW_ID, metadata

platform = Table(
    "platform",
    metadata,
    Column("single", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    CheckConstraint("single = 1", name="platform_is_one"),
)

platform_settings = Table(
    "platform_settings",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("value", Text, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", KEY, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

workspaces = Table(
    "workspaces",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("name", KEY, nullable=False),
    Column("description", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    UniqueConstraint("name", name="workspaces_by_name"),
)

contents = Table(
    "contents",
    metadata,
    Column("digest", KEY, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("stored_at", BigInteger, nullable=False),
    Column("edition", Text, nullable=False),
    Column("facts", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("kind", KEY, primary_key=True),
    Column("workspace", KEY, primary_key=True),
    Column("value", KEY, primary_key=True),
    Column("digest", KEY, primary_key=True),
    sqlite_with_rowid=False,
)

objects = Table(
    "objects",
    metadata,
    Column("id", ROW_ID, primary_key=True, autoincrement=False),
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), nullable=False),
    Column("kind", KEY, nullable=False),
    Column("name", KEY, nullable=False),
    Column("uid", KEY, nullable=False),
    Column("directory", KEY, nullable=False),
    Column("subtype", KEY, nullable=False),
    Column("digest", KEY, ForeignKey("contents.digest"), nullable=False),
    Column("live_version", Integer, nullable=False),
    Column("live_digest", KEY, nullable=False),
    Column("last_version", Integer, nullable=False),
    Column("state", KEY, nullable=False),
    Column("held", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_by", Text, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("locked_by", Text, nullable=False),
    Column("locked_at", BigInteger, nullable=False),
    UniqueConstraint("workspace_id", "kind", "name", name="objects_by_name"),
    UniqueConstraint("workspace_id", "kind", "uid", name="objects_by_uid"),
    Index("objects_by_digest", "digest"),
    Index("objects_by_subtype", "workspace_id", "kind", "subtype", "name"),
)

holds = Table(
    "holds",
    metadata,
    Column("workspace_id", KEY, primary_key=True),
    Column("kind", KEY, primary_key=True),
    Column("place", KEY, primary_key=True),
    Column("name", KEY, primary_key=True),
    Column("object_id", ROW_ID, ForeignKey("objects.id", ondelete="CASCADE"), primary_key=True),
    Index("holds_by_object", "object_id"),
    sqlite_with_rowid=False,
)

object_counts = Table(
    "object_counts",
    metadata,
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), primary_key=True),
    Column("kind", KEY, primary_key=True),
    Column("subtype", KEY, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("revision", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

versions = Table(
    "versions",
    metadata,
    Column("object_id", ROW_ID, ForeignKey("objects.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", KEY, ForeignKey("contents.digest"), nullable=False),
    Column("note", Text, nullable=False),
    Column("submitted_by", Text, nullable=False),
    Column("submitted_at", BigInteger, nullable=False),
    Column("import_id", Text, nullable=False),
    Column("undone", Text, nullable=False, server_default=""),
    Index("versions_by_digest", "digest"),
    sqlite_with_rowid=False,
)

landings = Table(
    "landings",
    metadata,
    Column("object_id", ROW_ID, ForeignKey("objects.id", ondelete="CASCADE"), primary_key=True),
    Column("source_platform", KEY, primary_key=True),
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), nullable=False),
    Column("kind", KEY, nullable=False),
    Column("source_uid", Text, nullable=False),
    Column("entry_digest", Text, nullable=False),
    Column("edits_digest", Text, nullable=False),
    Column("result_digest", KEY, nullable=False),
    Column("landed_at", BigInteger, nullable=False),
    Column("source_workspace", Text, nullable=False, server_default=""),
    Column("source_directory", Text, nullable=False, server_default=""),
    Index("landings_by_source", "workspace_id", "source_platform", "source_uid"),
    sqlite_with_rowid=False,
)

directories = Table(
    "directories",
    metadata,
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), primary_key=True),
    Column("kind", KEY, primary_key=True),
    Column("path", KEY, primary_key=True),
    sqlite_with_rowid=False,
)

tags = Table(
    "tags",
    metadata,
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), primary_key=True),
    Column("name", KEY, primary_key=True),
    Column("locked", Boolean, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

connections = Table(
    "connections",
    metadata,
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), primary_key=True),
    Column("name", KEY, primary_key=True),
    Column("type", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("secrets", LargeBinary, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)

inventory = Table(
    "inventory",
    metadata,
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), primary_key=True),
    Column("kind", KEY, primary_key=True),
    Column("name", KEY, primary_key=True),
    Column("local_id", Text, nullable=False),
    sqlite_with_rowid=False,
)

variables = Table(
    "variables",
    metadata,
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), primary_key=True),
    Column("name", KEY, primary_key=True),
    Column("type", KEY, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("description", Text, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), nullable=False),
    Column("workspace", Text, nullable=False),
    Column("platform_id", Text, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("imported_at", BigInteger, nullable=False),
    Column("package_name", Text, nullable=False),
    Column("package_digest", Text, nullable=False),
    Column("source_platform", Text, nullable=False),
    Column("source_workspace", Text, nullable=False),
    Column("counts", Text, nullable=False),
    Column("warnings", Text, nullable=False),
    Column("plan_digest", Text, nullable=False, server_default=""),
    Column("kind", KEY, nullable=False, server_default="import"),
    Column("undoes", KEY, nullable=False, server_default=""),
    Column("undone_by", KEY, nullable=False, server_default=""),
    Column("act", KEY, nullable=False, server_default=""),
    Index("receipts_by_time", "workspace_id", "imported_at", "id"),
)

receipt_items = Table(
    "receipt_items",
    metadata,
    Column("receipt_id", KEY, ForeignKey("receipts.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", KEY, nullable=False),
    Column("name", Text, nullable=False),
    Column("outcome", KEY, nullable=False),
    Column("digest", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("missing", Text, nullable=False),
    Column("prior", Text, nullable=False),
    Column("prior_digest", KEY, nullable=False),
    Column("object_id", BigInteger, nullable=False, server_default="0"),
    Column("left_mark", Text, nullable=False, server_default=""),
    Column("left_holder", Text, nullable=False, server_default=""),
    Index("receipt_items_by_prior", "prior_digest"),
    sqlite_with_rowid=False,
)

receipt_texts = Table(
    "receipt_texts",
    metadata,
    Column("receipt_id", KEY, ForeignKey("receipts.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", KEY, primary_key=True),
    Index("receipt_texts_by_digest", "digest"),
    sqlite_with_rowid=False,
)

imports = Table(
    "imports",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), nullable=False),
    Column("created_by", KEY, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("checked_at", BigInteger, nullable=False),
    Column("package_id", KEY, nullable=False),
    Column("package_name", Text, nullable=False),
    Column("package_digest", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("plan_digest", Text, nullable=False),
    Column("task_id", KEY, nullable=False),
    Column("discarded", Boolean, nullable=False),
    Index("imports_by_time", "workspace_id", "created_at", "id"),
)

import_slots = Table(
    "import_slots",
    metadata,
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), primary_key=True),
    Column("task_id", KEY, nullable=False),
    Column("holder", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("fence", BigInteger, nullable=False),
)
