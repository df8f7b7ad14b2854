"""A connection's document taken apart: what may be seen, and the secrets that are sealed; and its rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import msgspec

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.connections import connection_problems, secret_name, secret_paths
from jobferry.model.document.edits import Edit, Path, Put, edited, raw_at, value_at
from jobferry.model.document.text import UnusableText, parse, parse_known, without_bom
from jobferry.model.kinds import NeedKind
from jobferry.model.records import Connection, Workspace
from jobferry.model.settings import read_settings
from jobferry.sentences import sentence
from jobferry.services.errors import refuse_problems, refuse_unusable

_Secrets = dict[str, str]
_secrets = msgspec.json.Decoder(_Secrets)


class Seals(Protocol):
    """Seals secrets with the data folder's key."""

    def seal(self, clear: bytes) -> bytes: ...

    def unseal(self, sealed: bytes) -> bytes: ...


class Apart(NamedTuple):
    """A connection's document without its secrets, and these, sealed together; empty where there are none."""

    document: bytes
    secrets: bytes


class Connecting:
    """Takes connections apart in one workspace, whose patterns say what else is called like a secret."""

    def __init__(self, seals: Callable[[], Seals], workspace: Workspace) -> None:
        self._seals = seals
        self._patterns = read_settings(workspace.settings).fact_rules.patterns

    def apart(self, document: dict[str, Any], text: bytes, before: Connection | None = None) -> Apart:
        """The document with its secrets taken out; an empty or starred one keeps what was there before."""
        kept = self.secrets(before) if before is not None else {}
        secrets = dict(kept)
        edits: list[Edit] = []
        for path in secret_paths(document, self._patterns):
            value = value_at(document, path)
            if value:
                edits.append(Put(path, ""))
            if str(value).strip("*"):
                secrets[secret_name(path)] = str(value)
            elif before is not None and (former := _in_clear(before, path)):
                secrets.setdefault(secret_name(path), former)
        return Apart(edited(text, edits), self._sealed(secrets, kept, before))

    def with_secrets(self, connection: Connection, given: _Secrets) -> Connection:
        """The connection with these secrets, by their keys in its config, instead of those it had."""
        kept = self.secrets(connection)
        config = parse_known(connection.document).get("config") or {}
        added = [Put(("config", key), "") for key in given if "." not in key and key not in config]
        sealed = self._sealed(kept | given, kept, connection)
        document = edited(connection.document, added)
        return msgspec.structs.replace(connection, document=document, secrets=sealed)

    def leaving(self, connection: Connection) -> tuple[bytes, list[Path]]:
        """The document as it leaves, and where it has secrets: all of these places are empty."""
        document = parse_known(connection.document)
        paths = secret_paths(document, self._patterns)
        edits = [Put(path, "") for path in paths if value_at(document, path)]
        return edited(connection.document, edits), paths

    def secrets(self, connection: Connection) -> _Secrets:
        """What is kept sealed, by name."""
        if not connection.secrets:
            return {}
        return _secrets.decode(self._seals().unseal(connection.secrets))

    def _sealed(self, secrets: _Secrets, kept: _Secrets, before: Connection | None) -> bytes:
        """Sealing the same twice gives different bytes, so what did not change stays as it is."""
        if before is not None and secrets == kept:
            return before.secrets
        return self._seals().seal(msgspec.json.encode(secrets)) if secrets else b""


def read_connection(text: bytes, name: str = "") -> tuple[dict[str, Any], bytes]:
    """A connection's document and its text; one that has no name gets ``name``.

    Raises:
        InvalidRequest: it is no document, or not acceptable.
    """
    text = without_bom(text)
    try:
        document = parse(text)
    except UnusableText as unusable:
        raise refuse_unusable(unusable, NeedKind.CONNECTION) from None
    if name and "name" not in document:
        text = edited(text, [Put(("name",), name)])
        document = parse_known(text)
    if problems := connection_problems(document):
        raise refuse_problems(problems, NeedKind.CONNECTION, str(document.get("name") or name))
    return document, text


def refuse_another(there: Sequence[Connection], new: Connection, workspace: Workspace) -> None:
    """Goes on if a new connection has its place beside those that are there.

    Raises:
        Conflict: the name is taken, the quota reached, a second DLI connection, or a cluster that is used.
    """
    if any(connection.name == new.name for connection in there):
        raise Conflict(
            ErrorCode.NAME_TAKEN,
            sentence("the connection name {name} is taken", name=new.name),
            subject=new.name,
        )
    limit = read_settings(workspace.settings).fact_rules.limits.connections
    if len(there) >= limit:
        raise Conflict(
            ErrorCode.QUOTA_REACHED,
            sentence("this workspace already has its limit of {limit:data connection}", limit=limit),
            subject=new.name,
            hint="make room, or raise max_connections",
        )
    if new.type == "DLI" and any(connection.type == "DLI" for connection in there):
        raise Conflict(
            ErrorCode.ONE_DLI_CONNECTION,
            "this workspace already has its one DLI connection",
            subject=new.name,
        )
    cluster = _cluster(new)
    if cluster and any(
        connection.type == new.type and _cluster(connection) == cluster for connection in there
    ):
        raise Conflict(
            ErrorCode.CLUSTER_TAKEN,
            sentence("the cluster {cluster} is used by another connection", cluster=cluster),
            subject=cluster,
        )


def type_fixed(before: Connection, new_type: str) -> Conflict:
    """The error for a connection that would get another type."""
    return Conflict(
        ErrorCode.TYPE_FIXED,
        sentence(
            "the connection {name} is of type {type}, not {new_type}; a type cannot be changed",
            name=before.name,
            type=before.type,
            new_type=new_type,
        ),
        subject=before.name,
        hint="create a new one",
    )


def _cluster(connection: Connection) -> str:
    if connection.type not in ("SparkSQL", "HIVE", "CloudTable"):
        return ""
    config = parse_known(connection.document).get("config")
    return str(config.get("clusterName") or "") if isinstance(config, dict) else ""


def _in_clear(connection: Connection, path: Path) -> str:
    """A value that stood in the open, because no pattern called it a secret then."""
    raw = raw_at(connection.document, path)
    value = msgspec.json.decode(raw) if raw is not None else ""
    return value if isinstance(value, str) else ""
