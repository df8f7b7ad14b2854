"""The Factory API's description: its calls as they are served, with what only our own way of reading hides.

Bodies and most query values are read by the calls themselves, in the tolerant way that existing clients need,
so they are described as any JSON; the service's own documentation says what goes in.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from fastapi import FastAPI

from jobferry.api.factory import routes
from jobferry.api.schemes import secure

_PART = re.compile(r"\{([a-z_]+)(?::path)?\}")
_WITH_BODY = ("post", "put")
_ANY_JSON: dict[str, Any] = {"content": {"application/json": {"schema": {}}}}
_WORKSPACE = {
    "name": "workspace",
    "in": "header",
    "required": False,
    "description": "Name or id of the workspace; without it, the default one.",
    "schema": {"type": "string"},
}
_PROBLEM = {
    "description": "What went wrong.",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["error_code", "error_msg"],
                "properties": {name: {"type": "string"} for name in ("error_code", "error_msg", "hint")},
            }
        }
    },
}


@cache
def factory_description(version: str) -> dict[str, Any]:
    """The OpenAPI document of all calls under ``/v1`` and ``/v2``."""
    shown = FastAPI(title="Jobferry: Factory API", version=version, openapi_url=None)
    for part in routes.PARTS:
        shown.include_router(part.router)
    document: dict[str, Any] = shown.openapi()
    document.get("components", {}).pop("schemas", None)
    secure(document)
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            _complete(call, path, has_body=method in _WITH_BODY)
    return document


def _complete(call: dict[str, Any], path: str, *, has_body: bool) -> None:
    given = {one["name"] for one in call.get("parameters", []) if one["in"] == "path"}
    missing = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PART.findall(path)
        if name not in given
    ]
    call["parameters"] = [*missing, *call.get("parameters", []), _WORKSPACE]
    call["responses"].pop("422", None)
    call["responses"]["default"] = _PROBLEM
    if has_body:
        call.setdefault("requestBody", _ANY_JSON)
