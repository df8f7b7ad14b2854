"""What an undo goes by: how an import left its objects, and what was taken back by which receipt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Widens three tables. What older imports left is not known: they cannot be undone."""
    op.add_column("versions", sa.Column("undone", sa.Text, nullable=False, server_default=""))
    op.add_column("receipts", sa.Column("kind", _KEY, nullable=False, server_default="import"))
    for name in ("undoes", "undone_by"):
        op.add_column("receipts", sa.Column(name, _KEY, nullable=False, server_default=""))
    op.add_column("receipt_items", sa.Column("object_id", sa.BigInteger, nullable=False, server_default="0"))
    for name in ("left_mark", "left_holder"):
        op.add_column("receipt_items", sa.Column(name, sa.Text, nullable=False, server_default=""))
