"""The documents that jobs lean on: scripts, resources and connections, with their rules."""

from __future__ import annotations

from typing import Any

from jobferry.model.document.fields import Faults
from jobferry.model.document.problem import Problem
from jobferry.model.document.text import parse_known
from jobferry.model.names import CONNECTION_NAME, RESOURCE_NAME, SCRIPT_NAME, Limits
from jobferry.model.records import Connection

_RESOURCE_TYPES = ("archive", "file", "jar", "pyFile")
_CONNECTION_TYPES = ("DWS", "DLI", "SparkSQL", "HIVE", "RDS", "CloudTable", "HOST")
_SECRET_CONFIG = ("password", "secret", "kmskey", "token", "accesskey", "privatekey")


def script_problems(document: dict[str, Any], limits: Limits) -> list[Problem]:
    """Everything in a script document that a save or an import refuses, each with its path."""
    faults = Faults()
    faults.name(document.get("name"), ("name",), SCRIPT_NAME)
    if not document.get("type") or not isinstance(document["type"], str):
        faults.add("type-missing", ("type",))
    content = document.get("content")
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


def connection_problems(document: dict[str, Any]) -> list[Problem]:
    """Everything in a connection document that a save refuses, each with its path."""
    faults = Faults()
    faults.name(document.get("name"), ("name",), CONNECTION_NAME)
    if not document.get("type"):
        faults.add("field-missing", ("type",))
    faults.choice(document.get("type"), ("type",), _CONNECTION_TYPES)
    faults.text(document.get("description"), ("description",), 255)
    config = faults.object(document.get("config"), ("config",))
    addressed = config.get("clusterName") or (config.get("ip") and config.get("port"))
    if document.get("type") == "DWS" and not addressed:
        faults.add("dws-address-missing", ("config",))
    for key in connection_secret_keys(config):
        faults.text(config[key], ("config", key))
    return faults.found


def lacks_secrets(connection: Connection) -> bool:
    """Whether a connection has places for secrets, and none is kept."""
    config = parse_known(connection.document).get("config")
    return isinstance(config, dict) and bool(connection_secret_keys(config)) and not connection.secrets


def connection_secret_keys(config: dict[str, Any]) -> list[str]:
    """The keys of a connection's config that hold a secret and never leave in the clear."""
    return [key for key in config if any(word in key.replace("_", "").lower() for word in _SECRET_CONFIG)]
