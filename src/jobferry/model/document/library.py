"""The documents that jobs lean on: scripts and resources, with their rules."""

from __future__ import annotations

from typing import Any

from jobferry.model.document.fields import Faults
from jobferry.model.document.problem import Problem
from jobferry.model.names import RESOURCE_NAME, SCRIPT_NAME, Limits

_RESOURCE_TYPES = ("archive", "file", "jar", "pyFile")


def script_problems(document: dict[str, Any], limits: Limits) -> list[Problem]:
    """Everything that is wrong in a script document, each with its path. The content may be empty."""
    faults = Faults()
    faults.name(document.get("name"), ("name",), SCRIPT_NAME)
    if not document.get("type") or not isinstance(document["type"], str):
        faults.add("type-missing", ("type",))
    content = document.get("content")
    if content is None:
        faults.add("value-required", ("content",))
    faults.text(content, ("content",))
    if isinstance(content, str) and len(content) > limits.script_bytes // 4:
        size = len(content.encode())
        if size > limits.script_bytes:
            faults.add("content-too-large", ("content",), size=str(size), limit=str(limits.script_bytes))
    faults.directory(document.get("directory"), limits)
    faults.text(document.get("description"), ("description",), 255)
    for key in ("connectionName", "database", "queueName"):
        faults.text(document.get(key), (key,))
    faults.object(document.get("configuration"), ("configuration",))
    return faults.found


def resource_problems(document: dict[str, Any], limits: Limits) -> list[Problem]:
    """Everything in a resource document that a save or an import refuses, each with its path."""
    faults = Faults()
    faults.name(document.get("name"), ("name",), RESOURCE_NAME)
    if not document.get("type"):
        faults.add("field-missing", ("type",))
    faults.choice(document.get("type"), ("type",), _RESOURCE_TYPES)
    location = document.get("location")
    if not location or not isinstance(location, str):
        faults.add("field-missing", ("location",))
    faults.text(location, ("location",), 1023)
    depend = document.get("dependFiles")
    if isinstance(depend, list):
        length = sum(len(str(item)) for item in depend)
        if length > 10_240:
            faults.add("field-too-long", ("dependFiles",), length=str(length), limit="10240")
    faults.text(document.get("desc"), ("desc",), 255)
    faults.directory(document.get("directory"), limits)
    return faults.found
