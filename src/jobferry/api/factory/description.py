"""The Factory API's description: its calls as they are served, with what only our own way of reading hides.

Bodies are read by the calls themselves, in the tolerant way that existing clients need: their schemas tell
what is meant, and more than that is taken. Every key that a document has beyond them is kept.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from jobferry.api.factory import routes
from jobferry.api.factory.bodies import (
    TARGET_STATES,
    BatchExportBody,
    ConnectionImportBody,
    ExportBody,
    FileBody,
    ImportBody,
    StartBody,
    VariablesBody,
    WorkspaceBody,
)
from jobferry.api.schemes import secure
from jobferry.model.kinds import JobType

_PART = re.compile(r"\{([a-z_]+)(?::path)?\}")
_WITH_BODY = ("post", "put")
_ORDERS: dict[str, type[BaseModel]] = {
    "/connections/import": ConnectionImportBody,
    "/factory/env": VariablesBody,
    "/jobs/batch-export": BatchExportBody,
    "/jobs/check-file": FileBody,
    "/jobs/import": ImportBody,
    "/jobs/{job_name}/export": ExportBody,
    "/jobs/{job_name}/run-immediate": StartBody,
    "/jobs/{job_name}/start": StartBody,
    "/workspaces": WorkspaceBody,
    "/workspaces/{instance_id}": WorkspaceBody,
}
"""By the path below the project."""
_TEXT: dict[str, Any] = {"type": "string"}
_STATUS = {
    "targetStatus": {"enum": [*TARGET_STATES], "description": "Whether it is submitted as well."},
    "approvers": {"type": "array", "items": {"type": "object", "properties": {"approverName": _TEXT}}},
}


def _document(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


_LISTED = {"type": "array", "items": {"type": "object"}}
_JOB, _SCRIPT, _RESOURCE, _CONNECTION = (
    _document(
        "name",
        name=_TEXT,
        nodes={"type": "array", "items": _document("name", "type", name=_TEXT, type=_TEXT)},
        schedule={"type": "object"},
        params=_LISTED,
        directory=_TEXT,
        processType={"enum": [*JobType]},
        basicConfig={"type": "object"},
        **_STATUS,
    ),
    _document(
        "name",
        "type",
        name=_TEXT,
        type=_TEXT,
        content=_TEXT,
        directory=_TEXT,
        connectionName=_TEXT,
        **_STATUS,
    ),
    _document("name", "type", "location", name=_TEXT, type=_TEXT, location=_TEXT, desc=_TEXT),
    _document("name", "type", "config", name=_TEXT, type=_TEXT, config={"type": "object"}),
)
_DOCUMENTS = {
    "/jobs": _JOB,
    "/jobs/{job_name}": _JOB,
    "/scripts": _SCRIPT,
    "/scripts/{script_name}": _SCRIPT,
    "/resources": _RESOURCE,
    "/resources/{resource_id}": _RESOURCE,
    "/connections": _CONNECTION,
    "/connections/{connection_name}": _CONNECTION,
}
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
    for family in routes.FAMILIES:
        shown.include_router(family.router().ready())
    document: dict[str, Any] = shown.openapi()
    schemas: dict[str, Any] = {}
    document.setdefault("components", {})["schemas"] = schemas
    secure(document)
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            _complete(call, path)
            if method in _WITH_BODY:
                call.setdefault("requestBody", _body(path, schemas))
    return document


def _complete(call: dict[str, Any], path: str) -> None:
    given = {one["name"] for one in call.get("parameters", []) if one["in"] == "path"}
    missing = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PART.findall(path)
        if name not in given
    ]
    call["parameters"] = [*missing, *call.get("parameters", []), _WORKSPACE]
    call["responses"].pop("422", None)
    call["responses"]["default"] = _PROBLEM


def _body(path: str, schemas: dict[str, Any]) -> dict[str, Any]:
    """What is meant to be sent there; any JSON where a call reads nothing of it."""
    below = path.partition("/{project_id}")[2]
    if below in _ORDERS:
        model = _ORDERS[below]
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
        schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    else:
        schema = _DOCUMENTS.get(below, {})
    return {"content": {"application/json": {"schema": schema}}}
