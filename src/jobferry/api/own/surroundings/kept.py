"""What a workspace has besides its objects: connections, the inventory, environment variables."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import Response

from jobferry.api.late import LateRouter
from jobferry.api.own import answers
from jobferry.api.own.call import Placed, described, described_bytes
from jobferry.api.own.requests import AcceptedRequest, InventoryRequest, SecretsRequest, VariableRequest
from jobferry.api.wire import PathText, answer, read_body
from jobferry.model.connections import lacks_secrets
from jobferry.model.kinds import NeedKind
from jobferry.model.records import Connection
from jobferry.services.surroundings.variables import GivenVariable

router = LateRouter(prefix="/api/workspaces/{workspace}", tags=["surroundings"])

_DOCUMENT = described_bytes("application/json")


@router.get("/connections", response_model=answers.ConnectionList)
def list_connections(call: Placed) -> Response:
    """All connections, by name. Secrets are never read back."""
    found = call.platform.surroundings.connections(call.grant)
    return answer({"total": len(found), "items": [_connection(one) for one in found]})


@router.post(
    "/connections", status_code=201, response_model=answers.ConnectionAnswer, openapi_extra=_DOCUMENT
)
def create_connection(call: Placed) -> Response:
    """Saves a connection; what is secret in its config is sealed."""
    made = call.platform.surroundings.create_connection(call.grant, call.body)
    return answer(_connection(made), 201)


@router.put("/connections/{name}", response_model=answers.ConnectionAnswer, openapi_extra=_DOCUMENT)
def update_connection(call: Placed, name: PathText) -> Response:
    """Replaces a connection; an empty or starred secret keeps what is there."""
    return answer(_connection(call.platform.surroundings.update_connection(call.grant, name, call.body)))


@router.delete("/connections/{name}", status_code=204)
def delete_connection(call: Placed, name: PathText) -> None:
    """Deletes a connection."""
    call.platform.surroundings.remove_connection(call.grant, name)


@router.get("/inventory", response_model=answers.InventoryList)
def list_inventory(call: Placed, kind: NeedKind | None = None) -> Response:
    """What this workspace is said to have outside Jobferry, by kind and name; and kinds that are accepted."""
    found = call.platform.surroundings.inventory(call.grant, kind)
    items = [{"kind": one.kind, "name": one.name, "local_id": one.local_id} for one in found]
    accepted = call.platform.surroundings.accepted_kinds(call.grant)
    return answer({"total": len(items), "items": items, "accepted": accepted})


@router.post(
    "/inventory",
    status_code=201,
    response_model=answers.AddedAnswer,
    openapi_extra=described(InventoryRequest),
)
def add_inventory(call: Placed) -> Response:
    """Adds things, all or none of them."""
    asked = read_body(InventoryRequest, call.body)
    things = [(one.kind, one.name, one.local_id) for one in asked.items]
    return answer({"added": call.platform.surroundings.add_inventory(call.grant, things)}, 201)


@router.put(
    "/inventory/accepted",
    response_model=answers.AcceptedAnswer,
    openapi_extra=described(AcceptedRequest),
)
def accept_inventory(call: Placed) -> Response:
    """Says that everything of some kinds exists here, or no longer says so; releases what waited for them."""
    asked = read_body(AcceptedRequest, call.body)
    now = call.platform.surroundings.accept_inventory(call.grant, asked.kinds, accepted=asked.accepted)
    return answer({"accepted": now})


@router.delete("/inventory/{kind}/{name:path}", status_code=204)
def remove_inventory(call: Placed, kind: PathText, name: PathText) -> None:
    """Takes one thing out."""
    call.platform.surroundings.remove_inventory(call.grant, kind, name)


@router.put(
    "/connections/{name}/secrets",
    response_model=answers.ConnectionAnswer,
    openapi_extra=described(SecretsRequest),
)
def give_secrets(call: Placed, name: PathText) -> Response:
    """Gives a connection its password or other secrets; those that are not named stay."""
    asked = read_body(SecretsRequest, call.body)
    return answer(_connection(call.platform.surroundings.give_secrets(call.grant, name, asked.secrets)))


@router.get("/variables", response_model=answers.VariableList)
def list_variables(call: Placed) -> Response:
    """Environment variables by name; the values for those who may change them, else null."""
    items = [
        {
            "name": one.name,
            "type": one.type,
            "value": value,
            "incomplete": not one.value,
            "description": one.description,
        }
        for one, value in call.platform.variables.all(call.grant)
    ]
    return answer({"total": len(items), "items": items})


@router.put("/variables/{name}", status_code=204, openapi_extra=described(VariableRequest))
def save_variable(call: Placed, name: PathText) -> None:
    """Sets an environment variable."""
    asked = read_body(VariableRequest, call.body)
    given = GivenVariable(name=name, type=asked.type, value=asked.value, description=asked.description)
    call.platform.variables.save(call.grant, [given])


@router.delete("/variables/{name}", status_code=204)
def remove_variable(call: Placed, name: PathText) -> None:
    """Deletes an environment variable."""
    call.platform.variables.remove(call.grant, name)


def _connection(connection: Connection) -> dict[str, Any]:
    return {
        "name": connection.name,
        "type": connection.type,
        "incomplete": lacks_secrets(connection),
        "document": msgspec.Raw(connection.document),
    }
