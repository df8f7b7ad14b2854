"""The Factory API's description; short, since it is made of the table, and apart, since few ask for it."""

from __future__ import annotations

from functools import cache
from typing import Any

from jobferry.api.factory.calls import CALLS
from jobferry.api.factory.translation import FactoryError
from jobferry.api.openapi import description


@cache
def factory_description(version: str) -> dict[str, Any]:
    """The OpenAPI document of all calls under ``/v1`` and ``/v2``.

    Bodies are read in the tolerant way that existing clients need: their schemas tell what is meant, and more
    than that is taken.
    """
    return description("Jobferry: Factory API", version, CALLS, FactoryError)
