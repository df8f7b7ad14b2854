"""Beats of a server whose database is not always there."""

from __future__ import annotations

from typing import Any

from jobferry.bootstrap.heartbeat import Heartbeat
from jobferry.errors import ErrorCode, StoreError


class Servers:
    """Says that this server lives, unless the database is down; the others are silent all the time."""

    id = "s-1"

    def __init__(self) -> None:
        self.is_down = False

    def beat(self) -> bool:
        if self.is_down:
            raise StoreError(ErrorCode.STORE_FAILED, "the database is down")
        return True

    def give_up_silent(self) -> list[str]:
        return ["s-2"]


def test_after_an_outage_of_the_database_nobody_is_given_up_before_a_lease_is_over() -> None:
    told: list[str] = []
    servers = Servers()
    given: tuple[Any, Any] = servers, None
    beats = Heartbeat(*given, left=lambda: told.append("left"), lost=lambda: told.append("lost"))
    beats.tick()
    assert told == ["left"]  # it has beaten ever since this machine started
    servers.is_down = True
    beats.tick()
    servers.is_down = False
    beats.tick()
    assert told == ["left"]
