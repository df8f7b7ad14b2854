"""The same examples in every run, however slow the machine is; an end to every run; no secret in what it leaves."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

import deadline
import leaks

settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    deadline.pytest_addoption(parser)


def pytest_configure(config: pytest.Config) -> None:
    deadline.pytest_configure(config)
    config.pluginmanager.register(leaks, "leaks")
