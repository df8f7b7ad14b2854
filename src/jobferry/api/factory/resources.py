"""Resources, addressed by their id (R1 to R5)."""

from __future__ import annotations

from fastapi import Request, Response

from jobferry.api.factory.call import InWorkspace
from jobferry.api.factory.overlay import RESOURCE_CONTROLS, listed_resource, resource_answer, taken_apart
from jobferry.api.late import LateRouter
from jobferry.api.wire import PathText, answer, document_answer, query_number
from jobferry.model.kinds import ObjectKind
from jobferry.model.rights import deleting, editing

router = LateRouter(prefix="/v1/{project_id}/resources")


@router.post("")
def create_resource(call: InWorkspace) -> Response:
    """R1: saves a resource and gives its id."""
    order = taken_apart(call.body, RESOURCE_CONTROLS)
    stored = call.platform.objects.create(call.grant, ObjectKind.RESOURCE, order.text, submit=True)
    return answer({"resourceId": stored.uid})


@router.get("")
def list_resources(call: InWorkspace, request: Request) -> Response:
    """R4: one page, in order of name. ``offset`` counts records."""
    total, found = call.platform.objects.page(
        call.grant,
        ObjectKind.RESOURCE,
        offset=query_number(request, "offset", 0),
        limit=query_number(request, "limit", 10, low=1, high=100),
        name_part=request.query_params.get("resourceName", ""),
    )
    texts = call.platform.objects.texts(call.grant, ObjectKind.RESOURCE, found)
    return answer({"total": total, "resources": [listed_resource(one, texts[one.digest]) for one in found]})


@router.get("/{resource_id}")
def show_resource(call: InWorkspace, resource_id: PathText) -> Response:
    """R3."""
    stored = call.platform.objects.by_uid(call.grant, ObjectKind.RESOURCE, resource_id)
    shown = call.platform.objects.show(call.grant, ObjectKind.RESOURCE, stored.name)
    return document_answer(bytes(resource_answer(shown.stored, shown.text)))


@router.put("/{resource_id}", status_code=204)
def update_resource(call: InWorkspace, resource_id: PathText) -> None:
    """R2: replaces a resource; its type stays."""
    stored = call.platform.objects.by_uid(
        call.grant, ObjectKind.RESOURCE, resource_id, editing(ObjectKind.RESOURCE)
    )
    order = taken_apart(call.body, RESOURCE_CONTROLS)
    call.platform.objects.update(call.grant, ObjectKind.RESOURCE, stored.name, order.text, submit=True)


@router.delete("/{resource_id}", status_code=204)
def delete_resource(call: InWorkspace, resource_id: PathText) -> None:
    """R5."""
    stored = call.platform.objects.by_uid(
        call.grant, ObjectKind.RESOURCE, resource_id, deleting(ObjectKind.RESOURCE)
    )
    call.platform.objects.delete(call.grant, ObjectKind.RESOURCE, stored.name)
