"""What an import was done as, in its receipt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from jobferry.store.sql.schema.columns import KEY

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Adds the column; of earlier imports it is not known."""
    op.add_column("receipts", sa.Column("act", KEY, nullable=False, server_default=""))
