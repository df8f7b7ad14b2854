"""All tables. Lower numbers were used up before the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes all tables, and the counters of the numbers that objects, changes, texts and terms get."""
    _platform()
    _objects()
    _derived()
    _past()
    _changes()
    _surroundings()
    _receipts()
    _receipt_parts()
    _imports()
    _downloads()
    _reviews()
    _people()
    _belonging()
    _audit()
    if op.get_bind().dialect.name == "postgresql":  # uncompressed: putting 82 MB took 1.3 s, not 2.1 s
        op.execute("ALTER TABLE contents ALTER COLUMN text SET STORAGE EXTERNAL")
    for name in ("objects", "changes", "contents", "terms"):
        op.execute(f"INSERT INTO counters (name, value) VALUES ('{name}', 0)")  # noqa: S608


def _platform() -> None:
    """What everything else hangs on."""
    op.create_table(
        "platform",
        sa.Column("single", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.CheckConstraint("single = 1", name="platform_is_one"),
    )
    op.create_table(
        "platform_settings",
        sa.Column("key", KEY, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "counters",
        sa.Column("name", KEY, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "workspaces",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("name", KEY, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("name", name="workspaces_by_name"),
    )
    op.create_table(
        "contents",
        sa.Column("digest", KEY, primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("stored_at", sa.BigInteger, nullable=False),
        sa.Column("edition", sa.Text, nullable=False),
        sa.Column("facts", sa.LargeBinary, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("contents_by_number", "contents", ["number", "digest"])


def _objects() -> None:
    """Objects."""
    op.create_table(
        "objects",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=False),
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("uid", KEY, nullable=False),
        sa.Column("directory", KEY, nullable=False),
        sa.Column("subtype", KEY, nullable=False),
        sa.Column("digest", KEY, sa.ForeignKey("contents.digest"), nullable=False),
        sa.Column("live_version", sa.Integer, nullable=False),
        sa.Column("live_digest", KEY, nullable=False),
        sa.Column("last_version", sa.Integer, nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("held", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_by", sa.Text, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("locked_by", sa.Text, nullable=False, server_default=""),
        sa.Column("locked_at", sa.BigInteger, nullable=False, server_default="0"),
        sa.UniqueConstraint("workspace_id", "kind", "name", name="objects_by_name"),
        sa.UniqueConstraint("workspace_id", "kind", "uid", name="objects_by_uid"),
    )
    op.create_index("objects_by_digest", "objects", ["digest"])
    op.create_index("objects_by_subtype", "objects", ["workspace_id", "kind", "subtype", "name"])


def _derived() -> None:
    """What is derived from objects and their texts."""
    op.create_table(
        "holds",
        sa.Column("workspace_id", KEY, primary_key=True),
        sa.Column("kind", KEY, primary_key=True),
        sa.Column("place", KEY, primary_key=True),
        sa.Column("name", KEY, primary_key=True),
        sa.Column("object_id", ROW_ID, sa.ForeignKey("objects.id", ondelete="CASCADE"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("holds_by_object", "holds", ["object_id"])
    op.create_table(
        "terms",
        sa.Column("number", ROW_ID, primary_key=True, autoincrement=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("place", KEY, nullable=False),
        sa.Column("value", KEY, nullable=False),
        sa.UniqueConstraint("kind", "place", "value", name="terms_by_value"),
    )
    op.create_table(
        "postings",
        sa.Column("term", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("content", sa.BigInteger, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "object_counts",
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("kind", KEY, primary_key=True),
        sa.Column("subtype", KEY, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _past() -> None:
    """What objects were, and where they came from."""
    op.create_table(
        "versions",
        sa.Column("object_id", ROW_ID, sa.ForeignKey("objects.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("digest", KEY, sa.ForeignKey("contents.digest"), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("submitted_by", sa.Text, nullable=False),
        sa.Column("submitted_at", sa.BigInteger, nullable=False),
        sa.Column("import_id", sa.Text, nullable=False),
        sa.Column("undone", sa.Text, nullable=False, server_default=""),
        sqlite_with_rowid=False,
    )
    op.create_index("versions_by_digest", "versions", ["digest"])
    op.create_table(
        "landings",
        sa.Column("object_id", ROW_ID, sa.ForeignKey("objects.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("source_platform", KEY, primary_key=True),
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("source_uid", sa.Text, nullable=False),
        sa.Column("entry_digest", sa.Text, nullable=False),
        sa.Column("edits_digest", sa.Text, nullable=False),
        sa.Column("result_digest", KEY, nullable=False),
        sa.Column("landed_at", sa.BigInteger, nullable=False),
        sa.Column("source_workspace", sa.Text, nullable=False, server_default=""),
        sa.Column("source_directory", sa.Text, nullable=False, server_default=""),
        sqlite_with_rowid=False,
    )
    op.create_index("landings_by_source", "landings", ["workspace_id", "source_platform", "source_uid"])
    op.create_table(
        "directories",
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("kind", KEY, primary_key=True),
        sa.Column("path", KEY, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tags",
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("name", KEY, primary_key=True),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _changes() -> None:
    """The change log."""
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


def _surroundings() -> None:
    """What a workspace has besides."""
    op.create_table(
        "connections",
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("name", KEY, primary_key=True),
        sa.Column("type", KEY, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("secrets", sa.LargeBinary, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "inventory",
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("kind", KEY, primary_key=True),
        sa.Column("name", KEY, primary_key=True),
        sa.Column("local_id", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "variables",
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("name", KEY, primary_key=True),
        sa.Column("type", KEY, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
    )


def _receipts() -> None:
    """What imports leave."""
    op.create_table(
        "receipts",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), nullable=False),
        sa.Column("workspace", sa.Text, nullable=False),
        sa.Column("platform_id", sa.Text, nullable=False),
        sa.Column("imported_by", sa.Text, nullable=False),
        sa.Column("imported_at", sa.BigInteger, nullable=False),
        sa.Column("package_name", sa.Text, nullable=False),
        sa.Column("package_digest", sa.Text, nullable=False),
        sa.Column("source_platform", sa.Text, nullable=False),
        sa.Column("source_workspace", sa.Text, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("findings", sa.Text, nullable=False),
        sa.Column("plan_digest", sa.Text, nullable=False, server_default=""),
        sa.Column("kind", KEY, nullable=False, server_default="import"),
        sa.Column("undoes", KEY, nullable=False, server_default=""),
        sa.Column("undone_by", KEY, nullable=False, server_default=""),
        sa.Column("act", KEY, nullable=False, server_default=""),
    )
    op.create_index("receipts_by_time", "receipts", ["workspace_id", "imported_at", "id"])


def _receipt_parts() -> None:
    """What receipts hold besides their numbers."""
    op.create_table(
        "receipt_items",
        sa.Column("receipt_id", KEY, sa.ForeignKey("receipts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("outcome", KEY, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("missing", sa.Text, nullable=False),
        sa.Column("prior", sa.Text, nullable=False),
        sa.Column("prior_digest", KEY, nullable=False),
        sa.Column("object_id", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("left_mark", sa.Text, nullable=False, server_default=""),
        sa.Column("left_holder", sa.Text, nullable=False, server_default=""),
        sqlite_with_rowid=False,
    )
    op.create_index("receipt_items_by_prior", "receipt_items", ["prior_digest"])
    op.create_table(
        "receipt_findings",
        sa.Column("receipt_id", KEY, sa.ForeignKey("receipts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("severity", KEY, nullable=False),
        sa.Column("code", KEY, nullable=False),
        sa.Column("finding", sa.Text, nullable=False),
        sa.Column("places", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "receipt_texts",
        sa.Column("receipt_id", KEY, sa.ForeignKey("receipts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("digest", KEY, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("receipt_texts_by_digest", "receipt_texts", ["digest"])


def _imports() -> None:
    """What imports need on their way."""
    op.create_table(
        "imports",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), nullable=False),
        sa.Column("created_by", KEY, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("checked_at", sa.BigInteger, nullable=False),
        sa.Column("package_id", KEY, nullable=False),
        sa.Column("package_name", sa.Text, nullable=False),
        sa.Column("package_digest", sa.Text, nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("plan_digest", sa.Text, nullable=False),
        sa.Column("origin", KEY, nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("task_id", KEY, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("hint", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
    )
    op.create_index("imports_by_time", "imports", ["workspace_id", "created_at", "id"])
    op.create_index("imports_by_state", "imports", ["workspace_id", "state", "created_at", "id"])
    op.create_index("imports_by_task", "imports", ["task_id"])
    op.create_table(
        "import_slots",
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("task_id", KEY, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "routes",
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("source_platform", KEY, primary_key=True),
        sa.Column("source_workspace", KEY, primary_key=True),
        sa.Column("platform_name", KEY, nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("saved_by", sa.Text, nullable=False),
        sa.Column("saved_at", sa.BigInteger, nullable=False),
    )


def _downloads() -> None:
    """What left the workspaces."""
    op.create_table(
        "downloads",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("file_name", KEY, nullable=False),
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


def _reviews() -> None:
    """What waits for somebody else's decision, and what was decided."""
    op.create_table(
        "reviews",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
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
        sa.Column("name", KEY, nullable=False),
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


def _people() -> None:
    """Who can sign in."""
    op.create_table(
        "users",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("name", KEY, nullable=False),
        sa.Column("password", sa.Text, nullable=False, server_default=""),
        sa.Column("operations", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("disabled", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("created_at", sa.BigInteger, nullable=False, server_default="0"),
        sa.UniqueConstraint("name", name="users_by_name"),
    )
    op.create_table(
        "tokens",
        sa.Column("hash", KEY, primary_key=True),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("id", KEY, nullable=False, server_default=""),
        sa.Column("name", KEY, nullable=False, server_default=""),
        sa.Column("read_only", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("workspaces", sa.Text, nullable=False, server_default="[]"),
        sa.Column("expires_at", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("used_at", sa.BigInteger, nullable=False, server_default="0"),
    )
    op.create_index("tokens_by_id", "tokens", ["id"], unique=True)
    op.create_index("tokens_by_name", "tokens", ["user_id", "name"], unique=True)
    op.create_table(
        "access_keys",
        sa.Column("access_key", KEY, primary_key=True),
        sa.Column("sealed_secret", sa.LargeBinary, nullable=False),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("expires_at", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("used_at", sa.BigInteger, nullable=False, server_default="0"),
    )
    op.create_index("access_keys_by_user", "access_keys", ["user_id", "created_at"])
    op.create_table(
        "browser_sessions",
        sa.Column("hash", KEY, primary_key=True),
        sa.Column("csrf_hash", KEY, nullable=False),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
    )
    op.create_index("browser_sessions_by_user", "browser_sessions", ["user_id"])
    op.create_index("browser_sessions_by_end", "browser_sessions", ["expires_at"])


def _belonging() -> None:
    """Where people belong, and what they are told."""
    op.create_table(
        "members",
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("roles", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("members_by_user", "members", ["user_id", "workspace_id"])
    op.create_table(
        "directory_policies",
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("name", KEY, primary_key=True),
        sa.Column("directories", sa.Text, nullable=False),
        sa.Column("users", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "download_policies",
        sa.Column("workspace_id", KEY, sa.ForeignKey("workspaces.id"), primary_key=True),
        sa.Column("name", KEY, primary_key=True),
        sa.Column("users", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notices",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("code", KEY, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("args", sa.Text, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("about_kind", KEY, nullable=False),
        sa.Column("about_id", KEY, nullable=False),
        sa.Column("about_name", sa.Text, nullable=False),
        sa.Column("read_at", sa.BigInteger, nullable=False),
    )
    op.create_index("notices_by_user", "notices", ["user_id", "at", "id"])
    op.create_index("notices_by_time", "notices", ["at"])


def _audit() -> None:
    """What people did."""
    op.create_table(
        "audit",
        sa.Column("number", ROW_ID, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", KEY, nullable=False),
        sa.Column("action", KEY, nullable=False),
        sa.Column("origin", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("workspace", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("subject", KEY, nullable=False),
        sa.Column("outcome", KEY, nullable=False),
        sa.Column("detail", KEY, nullable=False),
        sa.Column("mark", KEY, nullable=False),
    )
    op.create_index("audit_by_time", "audit", ["at", "number"])
    op.create_index("audit_by_workspace", "audit", ["workspace_id", "number"])
    op.create_index("audit_by_actor", "audit", ["actor", "number"])
    op.create_index("audit_by_action", "audit", ["action", "number"])
    op.create_index("audit_by_kind", "audit", ["kind", "number"])
    op.create_index("audit_by_outcome", "audit", ["outcome", "number"])
    op.create_table(
        "audit_ends",
        sa.Column("side", KEY, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("mark", KEY, nullable=False),
        sa.Column("seal", KEY, nullable=False),
    )
