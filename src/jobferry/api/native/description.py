"""The native API's description; as a program, it prints it as JSON."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import msgspec

from jobferry.api.native.calls import CALLS
from jobferry.api.openapi import description
from jobferry.api.problems import ErrorAnswer


@cache
def native_description(version: str) -> dict[str, Any]:
    """The OpenAPI document of all calls that are not of the Factory API."""
    return description("Jobferry", version, CALLS, ErrorAnswer)


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(native_description("")))
