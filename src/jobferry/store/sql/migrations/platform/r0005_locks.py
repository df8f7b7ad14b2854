"""Who holds the lock of an object, and since when. Objects that are there start unlocked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds both columns."""
    op.add_column("objects", sa.Column("locked_by", sa.Text, nullable=False, server_default=""))
    op.add_column("objects", sa.Column("locked_at", sa.BigInteger, nullable=False, server_default="0"))
