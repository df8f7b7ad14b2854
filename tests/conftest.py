"""The same examples in every run, however slow the machine; an end to each run; no secret in what is left."""

from __future__ import annotations

import gc
from importlib.util import find_spec

import pytest

import deadline
import leaks
import sampling

sampling.register()
collect_ignore = [] if find_spec("playwright") else ["console"]
"""Pages are tried by make test-console, which installs what drives a browser."""


def pytest_addoption(parser: pytest.Parser) -> None:
    deadline.pytest_addoption(parser)


def pytest_configure(config: pytest.Config) -> None:
    deadline.pytest_configure(config)
    config.pluginmanager.register(leaks, "leaks")


def pytest_collection_finish() -> None:
    """Modules and tests stay till the end, and are not looked through for garbage any more; the rest is as
    seldom as where a platform runs. That took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
