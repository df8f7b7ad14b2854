"""This API's own description: what FastAPI sees, with what only our own way of reading hides.

Bodies are read by the calls themselves, after sign-in, so their schemas come from :func:`described`; a value
that does not fit is a 400 here, never FastAPI's 422. Every failure has one shape, whatever its status.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from fastapi import FastAPI

from jobferry.api.own import routes
from jobferry.api.own.answers import ErrorAnswer
from jobferry.api.schemes import secure


@cache
def own_description(version: str) -> dict[str, Any]:
    """The OpenAPI document of all calls that are not of the Factory API."""
    shown = FastAPI(
        title="Jobferry",
        summary="The platform's own API, for its command line and its console",
        version=version,
        openapi_url=None,
    )
    for family in routes.FAMILIES:
        shown.include_router(family.router().ready(), responses={"default": {"model": ErrorAnswer}})
    document: dict[str, Any] = shown.openapi()
    schemas = document["components"]["schemas"]
    for call in _calls(document):
        call["responses"].pop("422", None)
        for content in call.get("requestBody", {}).get("content", {}).values():
            schemas.update(content["schema"].pop("$defs", {}))
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    secure(document)
    return document


def _calls(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for calls in document["paths"].values():
        yield from calls.values()
