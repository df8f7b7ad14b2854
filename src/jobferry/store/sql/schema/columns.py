"""What all tables of the platform share: where they are listed, and kinds of columns."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, MetaData, Text

KEY = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is compared and sorted by code point on every database."""

ROW_ID = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()
