"""Users know when they last signed in, and when a sign-in provider last confirmed them."""

from __future__ import annotations

import time

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

_RAISED = "UPDATE counters SET value = value + 1 WHERE name = 'rights'"
_CHANGED = "AFTER UPDATE OF signed_in_at, confirmed_at ON users"


def upgrade() -> None:
    """Add the columns; users of a provider count as confirmed now. Both raise the rights revision."""
    for column in ("signed_in_at", "confirmed_at"):
        op.add_column("users", sa.Column(column, sa.BigInteger, nullable=False, server_default="0"))
    confirmed = sa.text("UPDATE users SET confirmed_at = :at WHERE id IN (SELECT user_id FROM identities)")
    op.execute(confirmed.bindparams(at=time.time_ns() // 1_000_000))
    if op.get_bind().dialect.name == "postgresql":
        each = "FOR EACH STATEMENT EXECUTE FUNCTION rights_changed()"
        op.execute(f"CREATE TRIGGER rights_signed_in {_CHANGED} {each}")
    else:
        op.execute(f"CREATE TRIGGER rights_signed_in_users {_CHANGED} BEGIN {_RAISED}; END")
