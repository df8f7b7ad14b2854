"""Environment variables: the two calls of the second version."""

from __future__ import annotations

from fastapi import Response

from jobferry.api.factory.bodies import VariablesBody
from jobferry.api.factory.call import InWorkspace
from jobferry.api.late import LateRouter
from jobferry.api.wire import answer, read_body

router = LateRouter(prefix="/v2/{project_id}/factory/env")


@router.get("")
def show_variables(call: InWorkspace) -> Response:
    """All environment variables; values only for those who may change them."""
    found = call.platform.variables.all(call.grant)
    params = [
        {"name": one.name, "type": one.type, "value": value or "", "desc": one.description}
        for one, value in found
    ]
    return answer({"params": params})


@router.put("")
def set_variables(call: InWorkspace) -> Response:
    """Sets the variables that are named, all or none; the others stay as they are."""
    asked = read_body(VariablesBody, call.body)
    call.platform.variables.save(call.grant, [one.given() for one in asked.params])
    return answer({"is_success": True})
