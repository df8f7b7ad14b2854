"""Scripts: create, change, list, show, delete (S1 to S4, S6)."""

from __future__ import annotations

from fastapi import Request, Response

from jobferry.api.factory.bodies import DeleteBody
from jobferry.api.factory.call import FactoryCall, InWorkspace
from jobferry.api.factory.overlay import SCRIPT_CONTROLS, completed, script_answer, taken_apart
from jobferry.api.late import LateRouter
from jobferry.api.wire import PathText, answer, document_answer, query_number, read_body
from jobferry.model.kinds import ObjectKind
from jobferry.services.object_access import Editing

router = LateRouter(prefix="/v1/{project_id}/scripts")


@router.post("", status_code=204)
def create_script(call: InWorkspace) -> None:
    """S1: saves a script, and submits it unless it is to be ``SAVED`` only."""
    order = taken_apart(call.body, SCRIPT_CONTROLS)
    call.platform.objects.create(
        call.grant, ObjectKind.SCRIPT, order.text, submit=order.submit, approval=order.approval
    )


@router.get("")
def list_scripts(call: InWorkspace, request: Request) -> Response:
    """S4: one page, in order of name. ``offset`` counts records."""
    total, found = call.platform.objects.page(
        call.grant,
        ObjectKind.SCRIPT,
        offset=query_number(request, "offset", 0),
        limit=query_number(request, "limit", 10, low=1, high=100),
        name_part=request.query_params.get("scriptName", ""),
    )
    texts = call.platform.objects.texts(call.grant, ObjectKind.SCRIPT, found)
    return answer({"total": total, "scripts": [script_answer(one, texts[one.digest]) for one in found]})


@router.get("/{script_name}")
def show_script(call: InWorkspace, script_name: PathText) -> Response:
    """S3: the draft."""
    shown = call.platform.objects.show(call.grant, ObjectKind.SCRIPT, script_name)
    return document_answer(bytes(script_answer(shown.stored, shown.text)))


@router.put("/{script_name}", status_code=204)
def update_script(call: InWorkspace, script_name: PathText) -> None:
    """S2: replaces a script's draft; name and type stay, so a body may leave them out.

    The script's lock is taken with it where nobody holds it.
    """
    order = taken_apart(call.body, SCRIPT_CONTROLS)
    text = completed(order.text, {"name": lambda: script_name, "type": lambda: _type_of(call, script_name)})
    call.platform.objects.update(
        call.grant,
        ObjectKind.SCRIPT,
        script_name,
        text,
        submit=order.submit,
        how=Editing(take_lock=True, approval=order.approval),
    )


@router.delete("/{script_name}", status_code=204)
def delete_script(call: InWorkspace, script_name: PathText) -> None:
    """S6: deletes a script, or has the approvers asked where the workspace wants a review."""
    asked = read_body(DeleteBody, call.body)
    call.platform.objects.delete(call.grant, ObjectKind.SCRIPT, script_name, asked.approval)


def _type_of(call: FactoryCall, name: str) -> str:
    return call.platform.objects.show(call.grant, ObjectKind.SCRIPT, name).stored.subtype
