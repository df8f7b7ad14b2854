"""Imports say which server is about to begin their task, so that others do not end them meanwhile."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the column; what is of former times is nobody's."""
    op.add_column("imports", sa.Column("server", KEY, nullable=False, server_default=""))
