"""Import locks and exports say which server works on them, so that others know when nobody does any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0025"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Adds the columns; what is of former times is nobody's."""
    op.add_column("import_slots", sa.Column("server", KEY, nullable=False, server_default=""))
    op.add_column("downloads", sa.Column("server", KEY, nullable=False, server_default=""))
