"""The native API's description."""

from __future__ import annotations

from functools import cache
from typing import Any

from jobferry.api.native.calls import CALLS
from jobferry.api.openapi import description
from jobferry.api.own.description import own_description
from jobferry.api.problems import ErrorAnswer


@cache
def native_description(version: str) -> dict[str, Any]:
    """The OpenAPI document of all calls that are not of the Factory API."""
    document = description("Jobferry", version, CALLS, ErrorAnswer)
    rest = own_description(version)
    document["components"]["schemas"] = rest["components"]["schemas"] | document["components"]["schemas"]
    document["paths"] |= rest["paths"]
    return document
