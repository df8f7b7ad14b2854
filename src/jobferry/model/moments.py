"""Moments as messages write them."""

from __future__ import annotations

from datetime import UTC, datetime


def written(moment: int) -> str:
    """A moment in milliseconds since 1970, to the second, in UTC."""
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
