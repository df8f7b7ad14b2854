"""Connections (C1 to C7)."""

from __future__ import annotations

from typing import Any

from msgspec import Raw, Struct

from jobferry.api.bodies import BodyLimit, LongList, LongMap
from jobferry.api.calls import Calls, Document, Offset, Package, Threads
from jobferry.api.factory.call import FactoryCall, PageSize, camel
from jobferry.api.factory.documents import ConnectionBytes, DocumentAnswer
from jobferry.api.factory.overlay import connection_answer, taken_apart
from jobferry.api.factory.transfer import BegunTask
from jobferry.api.factory.values import POLICIES, Value, chosen, listed, texts_of
from jobferry.model.transfer.policy import Duplicates, ImportAct
from jobferry.services.surroundings.arriving import SurroundingsOptions

api = Calls("/v1/{project_id}/connections", keys=camel, is_lenient=True)


class ConnectionList(Struct, frozen=True):
    """How many connections there are, and one page of them, each as it is shown."""

    total: int
    connections: list[Raw]


class ConnectionParams(Struct):
    """Values for one connection's config; ``type`` is what the caller believes it to be."""

    name: str
    type: str | None = None
    params: LongMap[Value] | None = None


class ConnectionImportBody(Struct, rename="camel"):
    """Which package is imported, and how."""

    path: str
    params: LongList[ConnectionParams] | LongMap[Any] | None = None
    same_name_policy: str | None = None

    def options(self) -> SurroundingsOptions:
        """What the engine is asked to do.

        Raises:
            InvalidRequest: a word that is not documented, or parameters that do not fit.
        """
        params = listed(self.params, "params", ConnectionParams)
        return SurroundingsOptions(
            duplicates=chosen(self.same_name_policy, "sameNamePolicy", POLICIES, Duplicates.SKIP),
            given={param.name: texts_of(param.params) for param in params},
            types={param.name: param.type for param in params if param.type},
        )


@api.post("", status=204, body_limit=BodyLimit.NAMES)
def create_connection(call: FactoryCall, body: ConnectionBytes) -> None:
    """C1: saves a connection; what is secret in it is sealed and never read back."""
    call.platform.connections.create(call.grant, _document(body))


@api.get("")
def list_connections(call: FactoryCall, offset: Offset = 0, limit: PageSize = 10) -> ConnectionList:
    """C2: one page, in order of name."""
    total, found = call.platform.connections.page(call.grant, offset=offset, limit=limit)
    return ConnectionList(total, [connection_answer(connection) for connection in found])


@api.post("/export")
def export_connections(call: FactoryCall) -> Package:
    """C6: all connections, without any secret."""
    stream = call.platform.surrounding_exports.connections(call.grant, bare=True)
    return Package(stream.filename, stream.chunks)


@api.post("/import", body_limit=BodyLimit.LIST, threads=Threads.EXTERNAL)
def import_connections(call: FactoryCall, body: ConnectionImportBody) -> BegunTask:
    """C7: imports all connections of a package or none, before it answers; the task tells how it went."""
    options, limits = body.options(), call.platform.stored.factory_limits()
    package = call.platform.imports.fetch(call.grant, body.path, ImportAct.JOB)
    try:
        task = call.platform.surrounding_imports.apply_as_task(call.grant, package, options, limits)
    finally:
        call.platform.imports.discard(package)
    return BegunTask(task.id)


@api.get("/{connection_name}")
def show_connection(call: FactoryCall, connection_name: str) -> DocumentAnswer:
    """C3."""
    found = call.platform.connections.named(call.grant, connection_name)
    return Document(bytes(connection_answer(found)))


@api.put("/{connection_name}", status=204, body_limit=BodyLimit.NAMES)
def update_connection(call: FactoryCall, connection_name: str, body: ConnectionBytes) -> None:
    """C4: replaces a connection; an empty or starred secret keeps what is there."""
    call.platform.connections.update(call.grant, connection_name, _document(body))


@api.delete("/{connection_name}", status=204)
def delete_connection(call: FactoryCall, connection_name: str) -> None:
    """C5."""
    call.platform.connections.remove(call.grant, connection_name)


def _document(body: bytes) -> bytes:
    return taken_apart(body, ("id",)).text
