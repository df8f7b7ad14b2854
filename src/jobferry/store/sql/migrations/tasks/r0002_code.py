"""Which error ended a task."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds the column."""
    op.add_column("tasks", sa.Column("code", sa.Text, nullable=False, server_default=""))
