"""Connections of a workspace: list, make, change, delete; give their secrets; export and import them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Raw, Struct, field

from jobferry.api.bodies import BodyLimit, LongList, LongMap
from jobferry.api.calls import Body, Calls, Limit, Media, NamePiece, Offset, Package, Threads, light
from jobferry.api.native.arriving import Arrival, ArrivedAnswer, arrived, leaving
from jobferry.api.native.call import Placed
from jobferry.model.connections import SurroundingKind, lacks_secrets
from jobferry.model.lists import ConnectionFilter, ConnectionSort

if TYPE_CHECKING:
    from jobferry.model.records import Connection

api = Calls("/api/workspaces/{workspace}", tag="connections")

ConnectionBytes = Annotated[bytes, Media(("application/json",))]
"""A connection's document."""


class ConnectionAnswer(Struct, frozen=True):
    """``incomplete``: it has places for secrets, and none is kept."""

    name: str
    type: str
    incomplete: bool
    document: Annotated[Raw, Meta(extra_json_schema={"type": "object"})]


class ConnectionList(Struct, frozen=True):
    """How many connections fit, and one page of them."""

    total: int
    items: list[ConnectionAnswer]


class GivenSecrets(Body):
    """Secrets of a connection, by their keys in its config."""

    secrets: LongMap[str]


class ConnectionLoad(Body):
    """New connections, each as its document."""

    connections: LongList[Annotated[Raw, Meta(extra_json_schema={"type": "object"})]]


class LoadedAnswer(Struct, frozen=True):
    """What the connections are called that were saved, in their order."""

    names: list[str]


class ConnectionImport(Arrival, kw_only=True):
    """A package of connections; ``params`` are values of their configs by name, passwords among them."""

    params: LongMap[LongMap[str]] = field(default_factory=dict)


@api.get("/connections")
def list_connections(
    call: Placed,
    name: NamePiece = "",
    type: str = "",
    sort: ConnectionSort = "name",
    offset: Offset = 0,
    limit: Limit = 100,
) -> ConnectionList:
    """One page of connections, shorter where it would be larger than 1 MB. Secrets are never read back."""
    wanted = ConnectionFilter(name=name, type=type)
    total, found = call.platform.connections.page(call.grant, wanted, sort=sort, offset=offset, limit=limit)
    items = light(map(_shown, found), lambda shown: len(shown.document))
    return ConnectionList(total, items)


@api.post("/connections", status=201, body_limit=BodyLimit.NAMES)
def create_connection(call: Placed, body: ConnectionBytes) -> ConnectionAnswer:
    """Saves a connection; what is secret in its config is sealed."""
    return _shown(call.platform.connections.create(call.grant, body))


@api.post("/connections/load", status=201, body_limit=BodyLimit.DOCUMENT)
def load_connections(call: Placed, body: ConnectionLoad) -> LoadedAnswer:
    """Saves several connections, or none: what is wrong is told for each, with its place in the list."""
    loaded = call.platform.connections.load(call.grant, [bytes(document) for document in body.connections])
    return LoadedAnswer([connection.name for connection in loaded])


@api.post("/connections/export")
def export_connections(call: Placed) -> Package:
    """All connections, without any secret."""
    return leaving(call.platform.surrounding_exports.connections(call.grant))


@api.post("/connections/import", body_limit=BodyLimit.LIST, threads=Threads.EXTERNAL)
def import_connections(call: Placed, body: ConnectionImport) -> ArrivedAnswer:
    """All connections of a package, or none. What is secret here already stays where none is given."""
    return arrived(call, SurroundingKind.CONNECTION, body, body.params)


@api.put("/connections/{name}", body_limit=BodyLimit.NAMES)
def update_connection(call: Placed, name: str, body: ConnectionBytes) -> ConnectionAnswer:
    """Replaces a connection; an empty or starred secret keeps what is there."""
    return _shown(call.platform.connections.update(call.grant, name, body))


@api.delete("/connections/{name}")
def delete_connection(call: Placed, name: str) -> None:
    """Deletes a connection."""
    call.platform.connections.remove(call.grant, name)


@api.put("/connections/{name}/secrets")
def give_secrets(call: Placed, name: str, body: GivenSecrets) -> ConnectionAnswer:
    """Gives a connection its password or other secrets; those that are not named stay."""
    return _shown(call.platform.connections.give_secrets(call.grant, name, body.secrets))


def _shown(connection: Connection) -> ConnectionAnswer:
    return ConnectionAnswer(
        name=connection.name,
        type=connection.type,
        incomplete=lacks_secrets(connection),
        document=Raw(connection.document),
    )
