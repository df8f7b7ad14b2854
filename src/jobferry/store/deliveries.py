"""Calls of the webhook that are to be made: written with what they tell of, gone once they were taken."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from jobferry.model.webhook import Delivery
from jobferry.store import bulk
from jobferry.store.faults import taken
from jobferry.store.schema import KEY, metadata

deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("body", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("said", Text, nullable=False),
    Index("webhook_deliveries_due", "due_at"),
)


class WaitingDeliveries(NamedTuple):
    """How many calls are still to be made, since when (0: none is), and why the last try of the oldest
    failed."""

    total: int
    since: int
    said: str


class Deliveries:
    """Calls that are to be made."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def due(self, now: int) -> Delivery | None:
        """The one that has been due for longest."""
        wanted = select(deliveries).where(deliveries.c.due_at <= now)
        row = self._connection.execute(wanted.order_by(deliveries.c.due_at, deliveries.c.id).limit(1)).first()
        return Delivery(**row._asdict()) if row else None

    def waiting(self) -> WaitingDeliveries:
        """All of them together."""
        oldest = select(deliveries.c.created_at, deliveries.c.said).order_by(deliveries.c.created_at)
        row = self._connection.execute(oldest.limit(1)).first()
        total = self._connection.scalar(select(func.count()).select_from(deliveries)) or 0
        return WaitingDeliveries(total, row.created_at if row else 0, row.said if row else "")


class DeliveryWriter(Deliveries):
    """Calls that are to be made, to be changed."""

    def add(self, delivery: Delivery) -> None:
        """Notes one.

        Raises:
            Conflict: it was noted before.
        """
        with bulk.conflicts_as(self._connection, lambda: taken("webhook delivery", delivery.id)):
            self._connection.execute(insert(deliveries).values(**msgspec.structs.asdict(delivery)))

    def replace(self, delivery: Delivery, *, was: Delivery) -> bool:
        """Notes a try; False if somebody else has, or it is gone."""
        unchanged = (deliveries.c.id == was.id, deliveries.c.attempts == was.attempts)
        changes = {"due_at": delivery.due_at, "attempts": delivery.attempts, "said": delivery.said}
        return self._connection.execute(update(deliveries).where(*unchanged).values(changes)).rowcount == 1

    def remove(self, delivery: Delivery) -> None:
        """It was taken, or is given up."""
        self._connection.execute(delete(deliveries).where(deliveries.c.id == delivery.id))
