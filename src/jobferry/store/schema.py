"""The platform's tables. Names are the glossary's words; times are milliseconds since 1970 (UTC).

``migrations/platform`` makes them. Documents are kept byte for byte; what else is nested is JSON.
"""

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
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

KEY = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is compared and sorted by code point on every database."""

ROW_ID = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()


platform = Table(
    "platform",
    metadata,
    Column("single", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    Column("key_check", LargeBinary),
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
    Column("number", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Index("contents_by_number", "number", "digest"),
)

terms = Table(
    "terms",
    metadata,
    Column("number", ROW_ID, primary_key=True, autoincrement=False),
    Column("kind", KEY, nullable=False),
    Column("place", KEY, nullable=False),
    Column("value", KEY, nullable=False),
    UniqueConstraint("kind", "place", "value", name="terms_by_value"),
)

postings = Table(
    "postings",
    metadata,
    Column("term", BigInteger, primary_key=True, autoincrement=False),
    Column("content", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Which texts have which terms, both by their numbers: a row takes ten bytes, and there are many."""

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
    Column("type", KEY, nullable=False),
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
    Column("findings", Text, nullable=False),
    Column("plan_digest", Text, nullable=False, server_default=""),
    Column("kind", KEY, nullable=False, server_default="import"),
    Column("undoes", KEY, nullable=False, server_default=""),
    Column("undone_by", KEY, nullable=False, server_default=""),
    Column("act", KEY, nullable=False, server_default=""),
    Column("comment", Text, nullable=False, server_default=""),
    Column("source_name", Text, nullable=False, server_default=""),
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

receipt_findings = Table(
    "receipt_findings",
    metadata,
    Column("receipt_id", KEY, ForeignKey("receipts.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("severity", KEY, nullable=False),
    Column("code", KEY, nullable=False),
    Column("finding", Text, nullable=False),
    Column("places", LargeBinary, nullable=False),
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
    Column("origin", KEY, nullable=False),
    Column("state", KEY, nullable=False),
    Column("task_id", KEY, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("message", "code", "hint")),
    Column("revision", BigInteger, nullable=False),
    Column("server", KEY, nullable=False, server_default=""),
    Index("imports_by_time", "workspace_id", "created_at", "id"),
    Index("imports_by_state", "workspace_id", "state", "created_at", "id"),
    Index("imports_by_task", "task_id"),
)

import_views = Table(
    "import_views",
    metadata,
    Column("import_id", KEY, ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", KEY, primary_key=True),
    Column("object", KEY, primary_key=True),
    Column("deed", Text, nullable=False),
    sqlite_with_rowid=False,
)

import_slots = Table(
    "import_slots",
    metadata,
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), primary_key=True),
    Column("task_id", KEY, nullable=False),
    Column("holder", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("server", KEY, nullable=False, server_default=""),
)

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

users = Table(
    "users",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("name", KEY, nullable=False),
    Column("password", Text, nullable=False),
    *(Column(name, Boolean, nullable=False) for name in ("operations", "disabled")),
    Column("created_at", BigInteger, nullable=False),
    *(Column(at, BigInteger, nullable=False, server_default="0") for at in ("signed_in_at", "confirmed_at")),
    UniqueConstraint("name", name="users_by_name"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("hash", KEY, primary_key=True),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("id", KEY, nullable=False),
    Column("name", KEY, nullable=False),
    Column("read_only", Boolean, nullable=False),
    Column("workspaces", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False),
    Index("tokens_by_id", "id", unique=True),
    Index("tokens_by_name", "user_id", "name", unique=True),
)

access_keys = Table(
    "access_keys",
    metadata,
    Column("access_key", KEY, primary_key=True),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False),
    Index("access_keys_by_user", "user_id", "created_at"),
)

browser_sessions = Table(
    "browser_sessions",
    metadata,
    Column("hash", KEY, primary_key=True),
    Column("csrf_hash", KEY, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("origin", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("browser_sessions_by_user", "user_id"),
    Index("browser_sessions_by_end", "expires_at"),
)

members = Table(
    "members",
    metadata,
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), primary_key=True),
    Column("user_id", KEY, ForeignKey("users.id"), primary_key=True),
    Column("roles", Text, nullable=False),
    Index("members_by_user", "user_id", "workspace_id"),
    sqlite_with_rowid=False,
)

directory_policies = Table(
    "directory_policies",
    metadata,
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), primary_key=True),
    Column("name", KEY, primary_key=True),
    Column("directories", Text, nullable=False),
    Column("users", Text, nullable=False),
    Column("roles", Text, nullable=False),
    sqlite_with_rowid=False,
)

download_policies = Table(
    "download_policies",
    metadata,
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), primary_key=True),
    Column("name", KEY, primary_key=True),
    Column("users", Text, nullable=False),
    Column("roles", Text, nullable=False),
    sqlite_with_rowid=False,
)

audit = Table(
    "audit",
    metadata,
    Column("number", ROW_ID, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", KEY, nullable=False),
    Column("action", KEY, nullable=False),
    Column("origin", KEY, nullable=False),
    Column("workspace_id", KEY, nullable=False),
    Column("workspace", KEY, nullable=False),
    Column("kind", KEY, nullable=False),
    Column("subject", KEY, nullable=False),
    Column("outcome", KEY, nullable=False),
    Column("detail", KEY, nullable=False),
    Column("mark", KEY, nullable=False),
    Index("audit_by_time", "at", "number"),
    Index("audit_by_workspace", "workspace_id", "number"),
    Index("audit_by_actor", "actor", "number"),
    Index("audit_by_action", "action", "number"),
    Index("audit_by_kind", "kind", "number"),
    Index("audit_by_outcome", "outcome", "number"),
)

audit_ends = Table(
    "audit_ends",
    metadata,
    Column("side", KEY, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("mark", KEY, nullable=False),
    Column("seal", KEY, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("code", KEY, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("args", Text, nullable=False),
    Column("workspace_id", KEY, nullable=False),
    Column("about_kind", KEY, nullable=False),
    Column("about_id", KEY, nullable=False),
    Column("about_name", Text, nullable=False),
    Column("read_at", BigInteger, nullable=False),
    Index("notices_by_user", "user_id", "at", "id"),
    Index("notices_by_time", "at"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), nullable=False),
    Column("kind", KEY, nullable=False),
    Column("name", KEY, nullable=False),
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
    Column("name", KEY, nullable=False),
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

downloads = Table(
    "downloads",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), nullable=False),
    Column("kind", KEY, nullable=False),
    Column("file_name", KEY, nullable=False),
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
    Column("server", KEY, nullable=False, server_default=""),
    Index("downloads_by_workspace", "workspace_id", "started_at", "id"),
    Index("downloads_by_status", "status", "started_at"),
    Index("downloads_by_kind", "kind", "started_at"),
)

routes = Table(
    "routes",
    metadata,
    Column("workspace_id", KEY, ForeignKey("workspaces.id"), primary_key=True),
    Column("source_platform", KEY, primary_key=True),
    Column("source_workspace", KEY, primary_key=True),
    Column("platform_name", KEY, nullable=False),
    Column("options", Text, nullable=False),
    Column("saved_by", Text, nullable=False),
    Column("saved_at", BigInteger, nullable=False),
)
