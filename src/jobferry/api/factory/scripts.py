"""Scripts: create, change, list, show, delete (S1 to S4, S6)."""

from __future__ import annotations

from msgspec import Raw, Struct

from jobferry.api.bodies import BodyLimit
from jobferry.api.calls import Calls, Document, Offset
from jobferry.api.factory.call import FactoryCall, PageSize, camel
from jobferry.api.factory.documents import DocumentAnswer, ScriptBytes
from jobferry.api.factory.overlay import SCRIPT_CONTROLS, completed, script_answer, taken_apart
from jobferry.api.factory.values import DeleteBody
from jobferry.model.kinds import ObjectKind
from jobferry.services.object_access import Editing

api = Calls("/v1/{project_id}/scripts", keys=camel, is_lenient=True)


class ScriptList(Struct, frozen=True):
    """How many scripts match in all, and one page of them, each as it is shown."""

    total: int
    scripts: list[Raw]


@api.post("", status=204, body_limit=BodyLimit.DOCUMENT)
def create_script(call: FactoryCall, body: ScriptBytes) -> None:
    """S1: saves a script, and submits it unless it is to be ``SAVED`` only."""
    order = taken_apart(body, SCRIPT_CONTROLS)
    call.platform.objects.create(
        call.grant, ObjectKind.SCRIPT, order.text, submit=order.submit, approval=order.approval
    )


@api.get("")
def list_scripts(
    call: FactoryCall, script_name: str = "", offset: Offset = 0, limit: PageSize = 10
) -> ScriptList:
    """S4: one page, in order of name. ``offset`` counts records."""
    total, found = call.platform.objects.page(
        call.grant, ObjectKind.SCRIPT, offset=offset, limit=limit, name_part=script_name
    )
    texts = call.platform.objects.texts(call.grant, ObjectKind.SCRIPT, found)
    return ScriptList(total, [script_answer(stored, texts[stored.digest]) for stored in found])


@api.get("/{script_name}")
def show_script(call: FactoryCall, script_name: str) -> DocumentAnswer:
    """S3: the draft."""
    shown = call.platform.objects.show(call.grant, ObjectKind.SCRIPT, script_name)
    return Document(bytes(script_answer(shown.stored, shown.text)))


@api.put("/{script_name}", status=204, body_limit=BodyLimit.DOCUMENT)
def update_script(call: FactoryCall, script_name: str, body: ScriptBytes) -> None:
    """S2: replaces a script's draft; name and type stay, so a body may leave them out.

    The script's lock is taken with it where nobody holds it.
    """
    order = taken_apart(body, SCRIPT_CONTROLS)
    text = completed(order.text, {"name": lambda: script_name, "type": lambda: _type_of(call, script_name)})
    call.platform.objects.update(
        call.grant,
        ObjectKind.SCRIPT,
        script_name,
        text,
        submit=order.submit,
        how=Editing(take_lock=True, approval=order.approval),
    )


@api.delete("/{script_name}", status=204)
def delete_script(call: FactoryCall, script_name: str, body: DeleteBody) -> None:
    """S6: deletes a script, or has the approvers asked where the workspace wants a review."""
    call.platform.objects.delete(call.grant, ObjectKind.SCRIPT, script_name, body.approval)


def _type_of(call: FactoryCall, name: str) -> str:
    return call.platform.objects.show(call.grant, ObjectKind.SCRIPT, name).stored.subtype
