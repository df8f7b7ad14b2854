"""A number that every change of anybody's rights raises, whoever makes it and however."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"

_COLUMNS = {
    "users": ("id", "name", "password", "operations", "disabled", "created_at"),
    "tokens": ("hash", "user_id", "created_at", "id", "name", "read_only", "workspaces", "expires_at"),
    "access_keys": ("access_key", "user_id", "created_at", "sealed_secret", "disabled", "expires_at"),
    "browser_sessions": ("hash", "user_id", "created_at", "csrf_hash", "origin"),
    "workspaces": ("id", "name", "description", "settings", "created_by", "created_at", "updated_at"),
    "members": ("workspace_id", "user_id", "roles"),
    "directory_policies": ("workspace_id", "name", "directories", "users", "roles"),
}
"""All columns but those that tell when something was last used, and when a session ends that was."""
_RAISED = "UPDATE counters SET value = value + 1 WHERE name = 'rights'"


def upgrade() -> None:
    """Adds the number, and to each table what raises it in the transaction of the change."""
    op.execute("INSERT INTO counters (name, value) VALUES ('rights', 0)")
    if op.get_bind().dialect.name == "postgresql":
        _on_postgres()
    else:
        _on_sqlite()


def _on_postgres() -> None:
    op.execute(
        "CREATE FUNCTION rights_changed() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT"
        f" AS $$ BEGIN {_RAISED}; RETURN NULL; END $$"
    )
    for table, columns in _COLUMNS.items():
        acts = f"INSERT OR DELETE OR TRUNCATE OR UPDATE OF {', '.join(columns)}"
        op.execute(
            f"CREATE TRIGGER rights_changed AFTER {acts} ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION rights_changed()"
        )


def _on_sqlite() -> None:
    for table, columns in _COLUMNS.items():
        for name, act in (
            ("added", "INSERT"),
            ("removed", "DELETE"),
            ("changed", f"UPDATE OF {', '.join(columns)}"),
        ):
            op.execute(f"CREATE TRIGGER rights_{name}_{table} AFTER {act} ON {table} BEGIN {_RAISED}; END")
