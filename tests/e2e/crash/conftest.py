"""A platform with half of what a package brings, copied for every kill.

The package has 1,000 jobs where a test is marked ``large``, else 120.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from crashing.lives import Point, Zygote, served
from crashing.outlook import landed
from crashing.parcels import Texts, parcel, things
from crashing.state import State, address_of, state_of

HALF, LARGE_HALF = 60, 500
Trips = Callable[[int], "Trip"]


class Trip(NamedTuple):
    """An import into a copy of a folder: ``half`` jobs and 10 scripts overwritten, as many jobs created."""

    half: int

    base: Path
    texts: Texts
    package: bytes
    old: State
    new: State
    next_package: bytes
    """A tenth changed once more."""


def kills(points: Sequence[Point]) -> list[Any]:
    """Cases: the first point of each event, and in the long run every point with 1,000 jobs."""
    first = {point.name: point for point in reversed(points)}
    small = [pytest.param(point, id=point.name) for point in first.values()]
    marks = pytest.mark.large
    return small + [pytest.param(point, id=f"{point.name}-{point.times}", marks=marks) for point in points]


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    zygote = Zygote()
    yield zygote
    zygote.close()


def half_of(request: pytest.FixtureRequest) -> int:
    """Half the jobs of the test's package."""
    return LARGE_HALF if request.node.get_closest_marker("large") else HALF


@pytest.fixture(scope="session")
def trips(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Trips:
    return cache(lambda half: _trip(zygote, tmp_path_factory.mktemp("crash") / "base", half))


@pytest.fixture
def trip(request: pytest.FixtureRequest, trips: Trips) -> Trip:
    return trips(half_of(request))


def _trip(zygote: Zygote, base: Path, half: int) -> Trip:
    with served(zygote, base) as platform:
        first = things({f"作业_{n}": 0 for n in range(half)})
        assert platform.land(parcel(first))["status"] == "SUCCESSFUL"
        workspace_id = platform.http.get("/api/workspaces/default").json()["id"]
    editions = {f"作业_{n}": 1 for n in range(2 * half)}
    texts, old = things(editions, scripts=1), state_of(address_of(base))
    later = things({name: 2 if n % 10 == 0 else 1 for n, name in enumerate(editions)}, scripts=1)
    return Trip(half, base, texts, parcel(texts), old, landed(old, texts, workspace_id), parcel(later))


@pytest.fixture
def folder(trip: Trip, tmp_path: Path) -> Path:
    """A data folder of the old state."""
    return Path(shutil.copytree(trip.base, tmp_path / "here"))


@pytest.fixture
def age() -> Callable[[Path], None]:
    """Makes the files of a folder look two days old, as if nobody had come back at once."""

    def make_old(folder: Path) -> None:
        for path in folder.rglob("*"):
            moment = path.stat().st_mtime - 2 * 24 * 60 * 60
            os.utime(path, (moment, moment))

    return make_old
