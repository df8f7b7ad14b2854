"""Receipts keep what the platform is called that their package comes from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Adds the column; earlier receipts know the platform by its id alone."""
    op.add_column("receipts", sa.Column("source_name", sa.Text, nullable=False, server_default=""))
