from __future__ import annotations

from collections.abc import Iterator

import pytest

from watching import Watch, watched


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What becomes of the processes that a test starts."""
    with watched() as watch:
        yield watch
