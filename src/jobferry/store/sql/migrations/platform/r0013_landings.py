"""From which workspace of its source an object came, and where it lay there.

What landed before is given the workspace that the newest receipt about it tells; its place is not known.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_FROM_RECEIPTS = """
UPDATE landings SET source_workspace = COALESCE((
    SELECT receipts.source_workspace
    FROM receipt_items JOIN receipts ON receipts.id = receipt_items.receipt_id
    WHERE receipt_items.object_id = landings.object_id
        AND receipts.source_platform = landings.source_platform
        AND receipts.imported_at = landings.landed_at
    LIMIT 1), '')
WHERE EXISTS (SELECT 1 FROM receipts WHERE receipts.imported_at = landings.landed_at)
"""


def upgrade() -> None:
    """Adds the columns; an index for the look-up stands only while it is needed."""
    for name in ("source_workspace", "source_directory"):
        op.add_column("landings", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.create_index("receipt_items_by_object", "receipt_items", ["object_id"])
    op.execute(_FROM_RECEIPTS)
    op.drop_index("receipt_items_by_object", "receipt_items")
