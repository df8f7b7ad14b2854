from __future__ import annotations

from collections.abc import Iterator

import pytest

from contract.api.doors import Door, opened


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened(tmp_path_factory.mktemp("platform")) as running:
        yield running
