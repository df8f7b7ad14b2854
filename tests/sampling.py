"""How many examples a property is tried on: a few in ``make test``, all that are said in the long run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

WHOLE = "whole"
"""The profile of the long run."""
_FEW = 15
_USUAL: dict[str, Any] = {
    "derandomize": True,
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


def register() -> None:
    """The same examples in every run, however slow the machine is."""
    for name in ("steady", WHOLE):
        settings.register_profile(name, **_USUAL)
    settings.load_profile("steady")


def examples(count: int, few: int = _FEW) -> Callable[[Any], Any]:
    """So many examples of a test; a ``few`` of them where the profile is not the whole one."""
    taken = count if settings.get_current_profile_name() == WHOLE else min(count, few)

    def decorate(test: Any) -> Any:
        return pytest.mark.sampled(settings(max_examples=taken)(test))

    return decorate
