"""Wrong passwords are counted in the database, for all servers together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the table; what was counted in memory is forgotten."""
    op.create_table(
        "sign_in_attempts",
        sa.Column("attempt", KEY, primary_key=True),
        sa.Column("digest", KEY, primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("sign_in_attempts_digest", "sign_in_attempts", ["digest", "at"])
    op.create_index("sign_in_attempts_at", "sign_in_attempts", ["at"])
