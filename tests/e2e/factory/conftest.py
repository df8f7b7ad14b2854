from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from e2e.factory.served import Served, served

_workspaces = count(1)


@pytest.fixture(scope="package")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One platform for all tests here; each has a workspace of its own."""
    with served(tmp_path_factory.mktemp("platform")) as running:
        yield running


@pytest.fixture
def workspace(platform: Served) -> str:
    """The id of a workspace that only this test uses."""
    made = platform.http.post("/api/workspaces", json={"name": f"w{next(_workspaces)}"})
    return str(made.json()["id"])


@pytest.fixture
def sdk(platform: Served) -> Any:
    return platform.sdk()
