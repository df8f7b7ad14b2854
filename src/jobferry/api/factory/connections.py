"""Connections (C1 to C5). Their export and import come with a later release and say so."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from jobferry.api.factory.call import FactoryCall, InWorkspace, factory_call
from jobferry.api.factory.overlay import connection_answer, taken_apart
from jobferry.api.wire import PathText, answer, document_answer, query_number
from jobferry.errors import ErrorCode, InvalidRequest

router = APIRouter(prefix="/v1/{project_id}/connections")


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


@router.post("/export", dependencies=[Depends(factory_call)])
def export_connections() -> Response:
    """C6: not here yet."""
    raise _later("exported")


@router.post("/import", dependencies=[Depends(factory_call)])
def import_connections() -> Response:
    """C7: not here yet."""
    raise _later("imported")


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


def _later(what: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        f"connections cannot be {what} by this release",
        hint="create them on the other platform, and map their names at the import",
    )
