"""The same examples in every run, however slow the machine is; and no secret in what a run leaves."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

import leaks

settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(leaks, "leaks")
