"""Jobs that wait for each other: which circles there are, and which waiting counts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import job
from jobferry.model.transfer.circles import Circle, circles_through, knots, waited_for_at_once


def cron(**depend: Any) -> dict[str, Any]:
    return job("a", schedule={"type": "CRON", "cron": {"dependJobs": depend}})


def same(name: str, **more: Any) -> dict[str, Any]:
    return {"jobName": name, **more}


@pytest.mark.parametrize(
    ("document", "waits"),
    [
        (cron(jobs=["b", "c"]), {"b", "c"}),
        (cron(jobs=["b"], dependPeriod="SAME_PERIOD"), {"b"}),
        (cron(jobs=["b"], dependPeriod="PRE_PERIOD"), set()),
        (cron(sameWorkSpaceJobs=[same("b"), same("c", dependOnLastPeriod=True)]), {"b"}),
        (cron(sameWorkSpaceJobs=[same("b", dependOnLastPeriod="false")]), {"b"}),
        (cron(otherWorkSpaceJobs=[same("b", workSpace="w"), same("c", workSpace="other")]), {"b"}),
        (cron(jobs=[1, "", None], sameWorkSpaceJobs="b"), set()),
        (job("a", schedule={"type": "CRON", "cron": {"dependPrePeriod": True}}), set()),
        (job("a", schedule={"type": "EXECUTE_ONCE", "cron": {"dependJobs": {"jobs": ["b"]}}}), set()),
        ({"name": "a", "schedule": None}, set()),
    ],
)
def test_only_waiting_for_the_same_period_counts(document: dict[str, Any], waits: set[str]) -> None:
    assert waited_for_at_once(document, "w") == waits


def circles(waits: dict[str, set[str]], *names: str) -> list[tuple[str, ...]]:
    return [one.names for one in circles_through(set(names) or waits.keys(), waits)]


def test_each_job_in_a_circle_is_told_a_shortest_one() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert circles({"a": {"a"}}) == [("a",)]
    assert circles({"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": set()}) == [("a", "b")]
    waits = {"a": {"b"}, "b": {"c", "a"}, "c": {"d"}, "d": {"a"}, "x": {"a"}}
    assert circles(waits) == [("a", "b"), ("c", "d", "a", "b")]
    assert circles(waits, "x") == []
    assert circles({"a": {"b"}, "b": {"a"}, "c": {"d"}, "d": {"c"}}, "d") == [("d", "c")]


def test_a_long_circle_is_found_and_told_in_part() -> None:
    ring = {f"j{number:05}": {f"j{(number + 1) % 10_000:05}"} for number in range(10_000)}
    (found,) = circles_through(ring.keys(), ring)
    assert len(found.names) == len(found.jobs) == 10_000
    assert found.told.endswith("j00019 → … (9980) → j00000")
    assert Circle(("a", "b"), frozenset("ab")).told == "a → b → a"


def test_every_job_of_a_tangle_is_told_of_a_circle() -> None:
    names = [f"j{number:03}" for number in range(400)]
    tangle = {name: {names[0]} for name in names} | {names[0]: set(names)}
    found = list(circles_through(tangle.keys(), tangle))
    assert {name for one in found for name in one.jobs} == set(names)
    assert len(found) <= 101


GRAPHS = st.dictionaries(st.integers(0, 9).map(str), st.sets(st.integers(0, 9).map(str)), max_size=10)


@given(GRAPHS)
def test_a_job_is_in_a_knot_just_if_it_reaches_itself(waits: dict[str, set[str]]) -> None:
    def reached(name: str) -> set[str]:
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for one in waits.get(waiting.pop(), set()) - found:
                found.add(one)
                waiting.append(one)
        return found

    assert {name for knot in knots(waits) for name in knot} == {one for one in waits if one in reached(one)}
    for circle in circles_through(waits.keys(), waits):
        following = (*circle.names[1:], circle.names[0])
        assert all(after in waits[name] for name, after in zip(circle.names, following, strict=True))
