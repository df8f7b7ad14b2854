"""The platform's row holds a value that only its own key opens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"


def upgrade() -> None:
    """Adds the column; the next start fills it."""
    op.add_column("platform", sa.Column("key_check", sa.LargeBinary))
