"""Beats of a server whose database is not always there."""

from __future__ import annotations

from typing import Any

from jobferry.bootstrap.heartbeat import Heartbeat
from jobferry.errors import ErrorCode, StoreError
from jobferry.store.servers import Watch


class Servers:
    """Says that this server lives, unless the database is down; the others are silent all the time."""

    id = "s-1"

    def __init__(self) -> None:
        self.is_down = False
        self.said: list[str] = []

    def beat(self) -> bool:
        if self.is_down:
            raise StoreError(ErrorCode.STORE_FAILED, "the database is down")
        return True

    def give_up_silent(self) -> list[str]:
        self.said.append("looked")
        return ["s-2"]

    def look_anew(self) -> None:
        self.said.append("anew")


def test_others_are_looked_at_with_each_beat_and_anew_after_an_outage_of_the_database() -> None:
    left: list[str] = []
    servers = Servers()
    given: tuple[Any, Any] = servers, None
    beats = Heartbeat(*given, left=lambda: left.append("left"), lost=lambda: left.append("lost"))
    beats.tick()
    servers.is_down = True
    beats.tick()
    servers.is_down = False
    beats.tick()
    assert (servers.said, left) == (["looked", "anew", "looked"], ["left", "left"])


def looks(*given: tuple[float, dict[str, int]]) -> list[list[str]]:
    """Who is silent at each of these looks, which take no time."""
    watch = Watch()
    return [watch.silent(words, at, at) for at, words in given]


def test_who_says_the_same_for_a_lease_is_silent_and_nobody_else_whatever_they_say() -> None:
    """The database's clock is set back an hour amid that, and later forth."""
    hour = 3_600_000
    times = [0.0, 2.5, 5.0, 7.5, 10.0, 12.5]
    living = [hour, hour + 2500, 5000, 7500, 10 * hour, 10 * hour + 2500]
    found = looks(*((at, {"living": word, "dead": hour}) for at, word in zip(times, living, strict=True)))
    assert found == [[], [], [], [], ["dead"], ["dead"]]


def test_who_comes_later_has_a_lease_of_their_own() -> None:
    times = [0.0, 2.5, 5.0, 7.5, 10.0, 12.5]
    found = looks(*((at, {"old": 1} | ({"new": 2} if at > 3 else {})) for at in times))
    assert found == [[], [], [], [], ["old"], ["old"]]


def test_who_has_looked_away_begins_anew() -> None:
    """Where a database or a machine stands still, all are silent together."""
    found = looks(*((at, {"other": 1}) for at in (0.0, 5.0, 12.5, 17.5, 22.4, 22.5)))
    assert found == [[], [], [], [], [], ["other"]]


def test_what_takes_long_to_be_read_makes_nobody_silent_sooner() -> None:
    watch = Watch()
    assert watch.silent({"other": 1}, 0.0, 4.0) == []
    assert watch.silent({"other": 1}, 8.0, 10.0) == []
    assert watch.silent({"other": 1}, 13.9, 15.0) == []
    assert watch.silent({"other": 1}, 17.0, 17.0) == ["other"]
