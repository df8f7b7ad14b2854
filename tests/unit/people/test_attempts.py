"""Wrong passwords and refused credentials are counted, in bounded memory."""

from contextlib import suppress
from typing import Any

import pytest

from jobferry.errors import TooManyAttempts
from jobferry.services.people.sign_in import Attempts, Refusals, network_of

MINUTE = 60_000
WINDOW = 5 * MINUTE


def waits(attempts: Attempts, name: str, origin: str, now: int) -> int:
    """Seconds to wait; 0 when the attempt counts."""
    try:
        attempts.begin(name, origin, now)
    except TooManyAttempts as error:
        return error.seconds
    return 0


def test_a_name_is_tried_so_often_within_the_window() -> None:
    attempts = Attempts(per_name=3, per_network=100)
    assert [waits(attempts, "anne", f"10.0.0.{one}", one * 1000) for one in range(3)] == [0, 0, 0]
    assert waits(attempts, "anne", "10.0.0.9", 10_000) == (WINDOW - 10_000) // 1000
    assert waits(attempts, "ANNE", "10.0.0.9", 10_000) > 0
    assert waits(attempts, "bert", "10.0.0.9", 10_000) == 0
    assert waits(attempts, "anne", "10.0.0.9", WINDOW) == 0
    assert waits(attempts, "anne", "10.0.0.9", WINDOW) == 1


def test_a_network_tries_so_many_names() -> None:
    attempts = Attempts(per_name=100, per_network=3)
    origins = ["2001:db8::1", "2001:db8::2", "2001:db8::ffff:1"]
    assert [waits(attempts, f"user{one}", origin, 0) for one, origin in enumerate(origins)] == [0, 0, 0]
    assert waits(attempts, "another", "2001:db8::3", 0) == WINDOW // 1000
    assert waits(attempts, "another", "2001:db8:0:1::3", 0) == 0


def test_an_attempt_that_succeeds_does_not_count() -> None:
    attempts = Attempts(per_name=1, per_network=1)
    for now in range(5):
        attempts.begin("anne", "10.0.0.1", now)
        attempts.take_back("anne", "10.0.0.1", now)
    attempts.begin("anne", "10.0.0.1", 9)
    assert waits(attempts, "anne", "10.0.0.1", 9) > 0


def test_what_is_refused_for_its_number_does_not_prolong_the_wait() -> None:
    attempts = Attempts(per_name=1, per_network=100)
    attempts.begin("anne", "", 0)
    for now in range(1, WINDOW, MINUTE):
        assert waits(attempts, "anne", "", now) > 0
    assert waits(attempts, "anne", "", WINDOW) == 0


def test_memory_is_bounded() -> None:
    attempts = Attempts(per_name=2, per_network=10**9)
    for one in range(25_000):
        with suppress(TooManyAttempts):
            attempts.begin(f"user{one}" * 50, f"10.{one >> 8 & 255}.{one & 255}.1", 0)
    assert len(attempts._times) <= 10_000


def test_a_flood_of_refusals_is_one_row_at_once_and_one_when_its_minute_is_over() -> None:
    refusals = Refusals()
    first = refusals.add("10.0.0.1", "token", 5 * MINUTE + 1)
    assert first == [(5 * MINUTE, "10.0.0.1", "token", 1)]
    for now in range(1000):
        assert refusals.add("10.0.0.1", "token", 5 * MINUTE + now) == []
    assert refusals.due(5 * MINUTE + 59_999) == []
    assert refusals.due(6 * MINUTE) == [(5 * MINUTE, "10.0.0.1", "token", 1000)]
    assert refusals.due() == []


def test_reasons_and_origins_are_told_apart_up_to_a_bound() -> None:
    refusals = Refusals()
    told: list[Any] = refusals.add("10.0.0.1", "token", 0) + refusals.add("10.0.0.1", "signature", 0)
    assert [one.reason for one in told] == ["token", "signature"]
    for one in range(5000):
        told += refusals.add(f"10.1.{one >> 8}.{one & 255}", "token", 1)
    assert len(told) <= 260
    others = [one for one in refusals.due() if one.origin == "others"]
    assert sum(one.times for one in told + others) == 5002


def test_what_could_not_be_told_is_told_later() -> None:
    refusals = Refusals()
    told = refusals.add("10.0.0.1", "token", 0)
    refusals.add("10.0.0.1", "token", 0)
    refusals.put_back(told)
    assert [one.times for one in refusals.due()] == [2]


@pytest.mark.parametrize(
    ("origin", "network"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("", ""),
        ("no address", "no address"),
    ],
)
def test_networks(origin: str, network: str) -> None:
    assert network_of(origin) == network
