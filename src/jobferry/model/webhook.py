"""What a webhook tells another system of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec


class WebhookEvent(StrEnum):
    """What a webhook is called for."""

    IMPORT_FINISHED = "import.finished"
    IMPORT_FAILED = "import.failed"
    IMPORT_CANCELLED = "import.cancelled"
    UNDO_FINISHED = "undo.finished"
    UNDO_FAILED = "undo.failed"
    UNDO_CANCELLED = "undo.cancelled"
    REVIEW_REQUESTED = "review.requested"
    RELEASE_REQUESTED = "release.requested"


class Delivery(msgspec.Struct, frozen=True):
    """A call of the webhook that is to be made. Times are milliseconds since 1970.

    ``id`` stays the same however often it is tried, so that a receiver can tell what it had already;
    ``attempts`` are the tries that have begun, and ``said`` is why the last one failed.
    """

    id: str
    body: str
    created_at: int
    due_at: int
    attempts: int = 0
    said: str = ""

    @classmethod
    def about(cls, event: WebhookEvent, delivery_id: str, data: Mapping[str, Any], now: int) -> Delivery:
        """The call for an event of now, not tried yet; ``data`` are plain values."""
        at = datetime.fromtimestamp(now // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        body = msgspec.json.encode({"type": event, "timestamp": at, "data": data}).decode()
        return cls(id=delivery_id, body=body, created_at=now, due_at=now)
