"""What held objects wait for, by index, filled from those that are held."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from jobferry.model.transfer.plan_view import waited
from jobferry.store.sql.derived.keys import key_of

revision = "0011"
down_revision = "0010"

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes the table. Only objects that are held are read."""
    made = op.create_table(
        "holds",
        sa.Column("workspace_id", _KEY, primary_key=True),
        sa.Column("kind", _KEY, primary_key=True),
        sa.Column("place", _KEY, primary_key=True),
        sa.Column("name", _KEY, primary_key=True),
        sa.Column("object_id", _ROW_ID, sa.ForeignKey("objects.id", ondelete="CASCADE"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("holds_by_object", "holds", ["object_id"])
    held = op.get_bind().execute(sa.text("SELECT id, workspace_id, held FROM objects WHERE held <> '[]'"))
    rows = {
        (one.workspace_id, kind, key_of(place), key_of(name), one.id)
        for one in held
        for kind, name, place in map(waited, json.loads(one.held))
    }
    names = ("workspace_id", "kind", "place", "name", "object_id")
    if rows:
        op.bulk_insert(made, [dict(zip(names, row, strict=True)) for row in sorted(rows)])
