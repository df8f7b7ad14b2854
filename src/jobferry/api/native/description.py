"""The native API's description."""

from __future__ import annotations

from functools import cache
from typing import Any

from jobferry.api.native.calls import CALLS
from jobferry.api.openapi import description
from jobferry.api.problems import ErrorAnswer


@cache
def native_description(version: str) -> dict[str, Any]:
    """The OpenAPI document of all calls that are not of the Factory API."""
    return description("Jobferry", version, CALLS, ErrorAnswer)
