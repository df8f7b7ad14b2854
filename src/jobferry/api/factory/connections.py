"""Connections (C1 to C7)."""

from __future__ import annotations

from fastapi import Request, Response

from jobferry.api.factory.bodies import ConnectionImportBody
from jobferry.api.factory.call import FactoryCall, InWorkspace
from jobferry.api.factory.overlay import connection_answer, taken_apart
from jobferry.api.late import LateRouter
from jobferry.api.wire import (
    ZIP_ANSWER,
    PathText,
    answer,
    document_answer,
    package_answer,
    query_number,
    read_body,
)
from jobferry.model.transfer.policy import ImportAct

router = LateRouter(prefix="/v1/{project_id}/connections")


@router.post("", status_code=204)
def create_connection(call: InWorkspace) -> None:
    """C1: saves a connection; what is secret in it is sealed and never read back."""
    call.platform.surroundings.create_connection(call.grant, _document(call))


@router.get("")
def list_connections(call: InWorkspace, request: Request) -> Response:
    """C2: one page, in order of name."""
    offset = query_number(request, "offset", 0)
    limit = query_number(request, "limit", 10, low=1, high=100)
    found = call.platform.surroundings.connections(call.grant)
    page = [connection_answer(one) for one in found[offset : offset + limit]]
    return answer({"total": len(found), "connections": page})


@router.post("/export", responses=ZIP_ANSWER)
def export_connections(call: InWorkspace) -> Response:
    """C6: all connections, without any secret."""
    return package_answer(call.platform.surrounding_exports.connections(call.grant, bare=True))


@router.post("/import")
def import_connections(call: InWorkspace) -> Response:
    """C7: imports all connections of a package or none, before it answers; the task tells how it went."""
    asked = read_body(ConnectionImportBody, call.body)
    options, limits = asked.options(), call.platform.stored.factory_limits()
    package = call.platform.imports.fetch(call.grant, asked.path, ImportAct.JOB)
    try:
        task = call.platform.surrounding_imports.apply_as_task(call.grant, package, options, limits)
    finally:
        call.platform.imports.discard(package)
    return answer({"taskId": task.id})


@router.get("/{connection_name}")
def show_connection(call: InWorkspace, connection_name: PathText) -> Response:
    """C3."""
    found = call.platform.surroundings.connection(call.grant, connection_name)
    return document_answer(bytes(connection_answer(found)))


@router.put("/{connection_name}", status_code=204)
def update_connection(call: InWorkspace, connection_name: PathText) -> None:
    """C4: replaces a connection; an empty or starred secret keeps what is there."""
    call.platform.surroundings.update_connection(call.grant, connection_name, _document(call))


@router.delete("/{connection_name}", status_code=204)
def delete_connection(call: InWorkspace, connection_name: PathText) -> None:
    """C5."""
    call.platform.surroundings.remove_connection(call.grant, connection_name)


def _document(call: FactoryCall) -> bytes:
    return taken_apart(call.body, ("id",)).text
