"""Receipts keep what whoever imported has said about it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Adds the column; earlier receipts have no comment."""
    op.add_column("receipts", sa.Column("comment", sa.Text, nullable=False, server_default=""))
