"""Resources, addressed by their id (R1 to R5)."""

from __future__ import annotations

from msgspec import Raw, Struct

from jobferry.api.bodies import BodyLimit
from jobferry.api.calls import Calls, Document, Offset
from jobferry.api.factory.call import FactoryCall, PageSize, camel
from jobferry.api.factory.documents import DocumentAnswer, ResourceBytes
from jobferry.api.factory.overlay import RESOURCE_CONTROLS, listed_resource, resource_answer, taken_apart
from jobferry.model.kinds import ObjectKind
from jobferry.model.rights import deleting, editing

api = Calls("/v1/{project_id}/resources", keys=camel, is_lenient=True)


class MadeResource(Struct, frozen=True, rename="camel"):
    """By which id a new resource is addressed."""

    resource_id: str


class ResourceList(Struct, frozen=True):
    """How many resources match in all, and one page of them, each as it is shown."""

    total: int
    resources: list[Raw]


@api.post("", body_limit=BodyLimit.DOCUMENT)
def create_resource(call: FactoryCall, body: ResourceBytes) -> MadeResource:
    """R1: saves a resource and gives its id."""
    order = taken_apart(body, RESOURCE_CONTROLS)
    stored = call.platform.objects.create(call.grant, ObjectKind.RESOURCE, order.text, submit=True)
    return MadeResource(stored.uid)


@api.get("")
def list_resources(
    call: FactoryCall, resource_name: str = "", offset: Offset = 0, limit: PageSize = 10
) -> ResourceList:
    """R4: one page, in order of name. ``offset`` counts records."""
    total, found = call.platform.objects.page(
        call.grant, ObjectKind.RESOURCE, offset=offset, limit=limit, name_part=resource_name
    )
    texts = call.platform.objects.texts(call.grant, ObjectKind.RESOURCE, found)
    return ResourceList(total, [listed_resource(stored, texts[stored.digest]) for stored in found])


@api.get("/{resource_id}")
def show_resource(call: FactoryCall, resource_id: str) -> DocumentAnswer:
    """R3."""
    stored = call.platform.objects.by_uid(call.grant, ObjectKind.RESOURCE, resource_id)
    shown = call.platform.objects.show(call.grant, ObjectKind.RESOURCE, stored.name)
    return Document(bytes(resource_answer(shown.stored, shown.text)))


@api.put("/{resource_id}", status=204, body_limit=BodyLimit.DOCUMENT)
def update_resource(call: FactoryCall, resource_id: str, body: ResourceBytes) -> None:
    """R2: replaces a resource; its type stays."""
    stored = call.platform.objects.by_uid(
        call.grant, ObjectKind.RESOURCE, resource_id, editing(ObjectKind.RESOURCE)
    )
    order = taken_apart(body, RESOURCE_CONTROLS)
    call.platform.objects.update(call.grant, ObjectKind.RESOURCE, stored.name, order.text, submit=True)


@api.delete("/{resource_id}", status=204)
def delete_resource(call: FactoryCall, resource_id: str) -> None:
    """R5."""
    stored = call.platform.objects.by_uid(
        call.grant, ObjectKind.RESOURCE, resource_id, deleting(ObjectKind.RESOURCE)
    )
    call.platform.objects.delete(call.grant, ObjectKind.RESOURCE, stored.name)
