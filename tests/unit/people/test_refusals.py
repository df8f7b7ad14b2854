"""Refused credentials are counted, in bounded memory."""

from typing import Any

import pytest

from jobferry.services.people.attempts import network_of
from jobferry.services.people.sign_in import Refusals

MINUTE = 60_000


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
