"""What an example is made of: files of a package, what is here, and what is said about the import."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from builders import complete, written
from jobferry.model.kinds import ObjectKind
from jobferry.model.rights import Role

Document = dict[str, Any]


@dataclass(frozen=True)
class File:
    """One entry of a package; ``old_name`` is its name as an old program would have written it."""

    path: str
    text: bytes
    kind: ObjectKind | None = None
    name: str = ""
    uid: str = ""
    old_name: bytes = b""
    emptied: tuple[str | int, ...] = ()
    """Where a sensitive value left empty."""


@dataclass(frozen=True)
class Here:
    """An object as it is in the target."""

    kind: ObjectKind
    document: Document
    fields: dict[str, Any] = field(default_factory=dict)
    landed: bool = True
    """Whether what the source's last import wrote is what is there."""
    sourced: bool = True
    """Whether the source has it as it had then."""


@dataclass(frozen=True, kw_only=True)
class Undo:
    """A script that an import wrote, to be taken back. ``before`` is None for one that was new; "
    "``now`` is the
    script as it stands, None where it is gone; ``fields`` are its further columns."""

    name: str
    before: str | None
    now: str | None
    after: str = "SELECT 2"
    fields: dict[str, Any] = field(default_factory=dict)
    former_name: str = ""
    others: tuple[str, ...] = ()
    """Names of scripts that are here besides."""
    user: str = ""
    """A job that is here besides, and runs the script."""
    tags_before: tuple[str, ...] = ()
    """Tags that come back with the former text."""
    locked_tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Case:
    """One package before one target. ``powers`` are the importing user's roles, none for an owner."""

    files: tuple[File, ...] = ()
    here: tuple[Here, ...] = ()
    inventory: dict[str, tuple[str, ...]] = field(default_factory=dict)
    connections: tuple[str, ...] = ()
    connection_types: dict[str, str] = field(default_factory=dict)
    incomplete: tuple[str, ...] = ()
    """Those of the connections that have no password yet."""
    variables: tuple[str, ...] = ()
    valueless: tuple[str, ...] = ()
    """Those of the variables that were never given a value."""
    elsewhere: dict[str, tuple[str, ...]] = field(default_factory=dict)
    closed: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    mapping: dict[str, dict[str, str]] = field(default_factory=dict)
    tags: dict[str, bool] = field(default_factory=dict)
    """The workspace's tags, and whether each is locked."""
    powers: tuple[Role, ...] = ()
    directories: tuple[str, ...] | None = None
    undone: tuple[Undo, ...] = ()
    waiting: tuple[str, ...] = ()
    """What is here and in a pending review."""
    gone: tuple[str, ...] = ()
    """Names of objects that are here, came from the source, and are gone there."""
    objects: tuple[str, ...] = ()
    """What lies in object storage; only the buckets of these are known."""
    saved: tuple[Document, ...] = ()
    """Connections, which are saved and do not travel."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """``alone`` says why the failing case cannot stand in one package with all others, where it cannot.

    ``answer`` is a mapping after which the failing case passes, where there is one.
    """

    code: str
    meaning: str
    fails: Case
    passes: Case
    alone: str = ""
    answer: dict[str, dict[str, str]] = field(default_factory=dict)


_FOLDERS = {"job": "jobs", "script": "scripts", "resource": "resources"}


def job(document: Document | bytes, name: str = "", uid: str = "") -> File:
    """A job, with all that the service requires."""
    document = document if isinstance(document, bytes) else complete(document)
    return _file(ObjectKind.JOB, document, name, uid)


def script(document: Document | bytes, name: str = "", uid: str = "") -> File:
    return _file(ObjectKind.SCRIPT, document, name, uid)


def resource(document: Document | bytes, name: str = "", uid: str = "") -> File:
    return _file(ObjectKind.RESOURCE, document, name, uid)


def node(type_: str = "Dummy", name: str = "n", **properties: str) -> Document:
    """A node with as little as a node needs."""
    values = [{"name": key, "value": value} for key, value in properties.items()]
    return {"name": name, "type": type_, **({"properties": values} if values else {})}


def using(name: str, type_: str = "Dummy", **properties: str) -> Case:
    """A package of one job with one node that refers to something."""
    return Case(files=(job({"name": name, "nodes": [node(type_, **properties)]}),))


def _file(kind: ObjectKind, document: Document | bytes, name: str, uid: str) -> File:
    if isinstance(document, bytes):
        text = document
    else:
        text, name = written(document), name or str(document.get("name", ""))
    path = f"{_FOLDERS[kind]}/{name or 'unnamed'}.{kind}"
    return File(path, text, kind, name, uid)
