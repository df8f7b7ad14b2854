"""Connection documents, their secrets, and packages of connections or environment variables."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

import msgspec

from jobferry.model.document.edits import Path, value_at
from jobferry.model.document.problems import Faults, Problem, pointer
from jobferry.model.document.sensitive import DEFAULT_PATTERNS, compiled
from jobferry.model.document.text import parse_known
from jobferry.model.kinds import NeedKind
from jobferry.model.names import CONNECTION_NAME
from jobferry.model.package import Provenance
from jobferry.model.records import Connection

_TYPES = ("DWS", "DLI", "SparkSQL", "HIVE", "RDS", "CloudTable", "HOST")
_SECRET_WORDS = ("password", "secret", "kmskey", "token", "accesskey", "privatekey")
_CONFIG = "config"


def connection_problems(document: dict[str, Any]) -> list[Problem]:
    """Everything in a connection document that a save or an import refuses, each with its path."""
    faults = Faults()
    faults.name(document.get("name"), ("name",), CONNECTION_NAME)
    if not document.get("type"):
        faults.add("field-missing", ("type",))
    faults.choice(document.get("type"), ("type",), _TYPES)
    faults.text(document.get("description"), ("description",), 255)
    config = faults.object(document.get(_CONFIG), (_CONFIG,))
    addressed = config.get("clusterName") or (config.get("ip") and config.get("port"))
    if document.get("type") == "DWS" and not addressed:
        faults.add("dws-address-missing", (_CONFIG,))
    for path in secret_paths(document):
        faults.text(value_at(document, path), path)
    return faults.found


def secret_paths(document: dict[str, Any], patterns: tuple[str, ...] = DEFAULT_PATTERNS) -> list[Path]:
    """Where the secrets of a connection stand, empty ones included."""
    return list(_secrets(document, (), compiled(patterns), inside=False))


def secret_name(path: Path) -> str:
    """What a secret is called: its key where it stands right in the config, else its path."""
    if len(path) == 2 and path[0] == _CONFIG:
        return str(path[1])
    return pointer(path)


def is_secret(key: str, patterns: tuple[str, ...] = DEFAULT_PATTERNS) -> bool:
    """Whether a value of that key is a secret."""
    return _is_secret(key, compiled(patterns))


def lacks_secrets(connection: Connection) -> bool:
    """Whether a connection has places for secrets, and none is kept."""
    return not connection.secrets and bool(secret_paths(parse_known(connection.document)))


def _secrets(value: Any, path: Path, names: re.Pattern[str], *, inside: bool) -> Iterator[Path]:
    if isinstance(value, dict):
        for key, within in value.items():
            yield from _secrets(within, (*path, key), names, inside=inside or _is_secret(key, names))
    elif isinstance(value, list):
        for index, within in enumerate(value):
            yield from _secrets(within, (*path, index), names, inside=inside)
    elif inside and value is not None and not isinstance(value, bool):
        yield path


def _is_secret(key: str, names: re.Pattern[str]) -> bool:
    plain = key.replace("_", "").lower()
    return any(word in plain for word in _SECRET_WORDS) or names.match(key.lower()) is not None


SURROUNDINGS_FORMAT = 1
"""The newest manifest format of such packages that this program writes and reads."""


class SurroundingKind(StrEnum):
    """What travels besides objects, each kind in packages of its own."""

    CONNECTION = "connection"
    VARIABLE = "variable"

    @property
    def words(self) -> str:
        """What it is called in sentences."""
        return NeedKind(self.value).words


class SurroundingEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One connection or variable in a package. ``size`` is in bytes."""

    kind: SurroundingKind
    name: str
    path: str
    size: int
    sha256: str


class SurroundingEmptied(msgspec.Struct, frozen=True, kw_only=True):
    """Where values of one left empty."""

    kind: SurroundingKind
    name: str
    paths: tuple[Path, ...]


class SurroundingManifest(msgspec.Struct, frozen=True, kw_only=True):
    """``manifest.json`` of such a package."""

    format: int
    contents: tuple[SurroundingEntry, ...]
    emptied: tuple[SurroundingEmptied, ...] = ()
    provenance: Provenance


def surroundings_digest(digests: Iterable[tuple[SurroundingKind, str, str]]) -> str:
    """SHA-256 over the sorted lines of kind, name and SHA-256: the same content has the same digest."""
    lines = sorted(f"{kind}\t{name}\t{sha256}\n" for kind, name, sha256 in digests)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
