"""Users with rights: members, sessions, policies, the audit, notices, and what operations has set.

What is there is carried over: the user that a platform was founded with gets operations and owns every
workspace; tokens are called ``first`` and never expire.
"""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Widens the tables of people and makes those that are new."""
    _widen()
    _carry_tokens()
    op.create_index("tokens_by_id", "tokens", ["id"], unique=True)
    op.create_index("tokens_by_name", "tokens", ["user_id", "name"], unique=True)
    op.create_index("access_keys_by_user", "access_keys", ["user_id", "created_at"])
    _belonging()
    _audit()
    _told()
    _carry_founder()


def _widen() -> None:
    """Users, tokens and access keys get what they did not have."""
    op.add_column("users", sa.Column("password", sa.Text, nullable=False, server_default=""))
    op.add_column("users", _flag("operations"))
    op.add_column("users", _flag("disabled"))
    op.add_column("users", _moment("created_at"))
    op.add_column("tokens", sa.Column("id", KEY, nullable=False, server_default=""))
    op.add_column("tokens", sa.Column("name", KEY, nullable=False, server_default=""))
    op.add_column("tokens", _flag("read_only"))
    op.add_column("tokens", sa.Column("workspaces", sa.Text, nullable=False, server_default="[]"))
    op.add_column("tokens", _moment("expires_at"))
    op.add_column("tokens", _moment("used_at"))
    op.add_column("access_keys", _flag("disabled"))
    op.add_column("access_keys", _moment("expires_at"))
    op.add_column("access_keys", _moment("used_at"))


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def _moment(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


def _carry_tokens() -> None:
    """A user who has several tokens keeps them: ``first``, ``first-2`` and so on, oldest first."""
    connection = op.get_bind()
    seen: dict[str, int] = {}
    named = sa.text("UPDATE tokens SET id = :id, name = :name WHERE hash = :hash")
    for row in connection.execute(
        sa.text("SELECT hash, user_id FROM tokens ORDER BY created_at, hash")
    ).all():
        count = seen[row.user_id] = seen.get(row.user_id, 0) + 1
        name = "first" if count == 1 else f"first-{count}"
        connection.execute(named, {"id": uuid.uuid4().hex, "name": name, "hash": row.hash})


def _carry_founder() -> None:
    """Whose token is the oldest founded the platform."""
    connection = op.get_bind()
    op.execute(
        "UPDATE users SET created_at = "
        "COALESCE((SELECT MIN(created_at) FROM tokens WHERE tokens.user_id = users.id), 0)"
    )
    founder = connection.scalar(sa.text("SELECT user_id FROM tokens ORDER BY created_at, hash LIMIT 1"))
    if founder is None:
        return
    connection.execute(sa.text("UPDATE users SET operations = true WHERE id = :id"), {"id": founder})
    owning = "INSERT INTO members (workspace_id, user_id, roles) SELECT id, :id, :roles FROM workspaces"
    connection.execute(sa.text(owning), {"id": founder, "roles": '["owner"]'})


def _belonging() -> None:
    """Where users are signed in, and what they may do where."""
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


def _audit() -> None:
    """What was done, and where its chain begins and ends."""
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


def _told() -> None:
    """Notices, and the settings of the platform."""
    op.create_table(
        "notices",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("code", KEY, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("args", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("read_at", sa.BigInteger, nullable=False),
    )
    op.create_index("notices_by_user", "notices", ["user_id", "at", "id"])
    op.create_index("notices_by_time", "notices", ["at"])
    op.create_table(
        "platform_settings",
        sa.Column("key", KEY, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
