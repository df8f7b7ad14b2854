"""A platform with half of what a package of 1,000 jobs brings, copied for every kill."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from crashing.lives import Zygote, served
from crashing.outlook import landed
from crashing.parcels import Texts, parcel, things
from crashing.state import State, address_of, state_of

HALF = 500


class Trip(NamedTuple):
    """An import into a copy of a folder: 500 jobs and 10 scripts overwritten, 500 jobs created."""

    base: Path
    texts: Texts
    package: bytes
    old: State
    new: State
    next_package: bytes
    """A tenth changed once more."""


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    zygote = Zygote()
    yield zygote
    zygote.close()


@pytest.fixture(scope="session")
def trip(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Trip:
    base = tmp_path_factory.mktemp("crash") / "base"
    with served(zygote, base) as platform:
        first = things({f"作业_{n}": 0 for n in range(HALF)})
        assert platform.land(parcel(first))["status"] == "SUCCESSFUL"
        workspace_id = platform.http.get("/api/workspaces/default").json()["id"]
    editions = {f"作业_{n}": 1 for n in range(2 * HALF)}
    texts, old = things(editions, scripts=1), state_of(address_of(base))
    later = things({name: 2 if n % 10 == 0 else 1 for n, name in enumerate(editions)}, scripts=1)
    return Trip(base, texts, parcel(texts), old, landed(old, texts, workspace_id), parcel(later))


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
