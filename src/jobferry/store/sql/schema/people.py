"""Who can sign in, where they belong, what they did, and what they are told."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from jobferry.store.sql.schema.columns import KEY, ROW_ID, metadata

users = Table(
    "users",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("name", KEY, nullable=False),
    Column("password", Text, nullable=False),
    Column("operations", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
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
    Column("link", Text, nullable=False),
    Column("read_at", BigInteger, nullable=False),
    Index("notices_by_user", "user_id", "at", "id"),
    Index("notices_by_time", "at"),
)
