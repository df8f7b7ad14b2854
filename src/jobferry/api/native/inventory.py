"""The inventory of a workspace: what it has outside Jobferry, as somebody says."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from jobferry.api.bodies import BodyLimit, ShortList
from jobferry.api.calls import Body, Calls, Limit, NamePiece, Offset
from jobferry.api.native.call import Placed
from jobferry.model.kinds import NeedKind
from jobferry.model.lists import InventoryFilter, InventorySort

api = Calls("/api/workspaces/{workspace}", tag="inventory")


class InventoryThing(Body):
    """Something outside Jobferry; the kind is judged where the kinds are known."""

    kind: str
    name: str
    local_id: str = ""


class NewInventory(Body):
    """Things that this workspace can use; a first import of 10,000 jobs may lack 40,000."""

    items: Annotated[list[InventoryThing], Meta(max_length=100_000)]


class AcceptedKinds(Body):
    """Kinds of the inventory of which everything exists here; with ``accepted`` false, no longer."""

    kinds: ShortList[str]
    accepted: bool = True


class InventoryItemAnswer(Struct, frozen=True):
    """A thing outside Jobferry that the workspace can use."""

    kind: NeedKind
    name: str
    local_id: str


class InventoryList(Struct, frozen=True):
    """How many things fit, one page of them, and the kinds of which everything is taken to exist."""

    total: int
    items: list[InventoryItemAnswer]
    accepted: list[NeedKind]


class AddedAnswer(Struct, frozen=True):
    """How many things were added."""

    added: int


class AcceptedAnswer(Struct, frozen=True):
    """The kinds of which everything is taken to exist here, now."""

    accepted: list[NeedKind]


@api.get("/inventory")
def list_inventory(
    call: Placed,
    kind: NeedKind | None = None,
    name: NamePiece = "",
    sort: InventorySort = "kind",
    offset: Offset = 0,
    limit: Limit = 100,
) -> InventoryList:
    """One page of what this workspace is said to have outside Jobferry; and kinds that are accepted."""
    wanted = InventoryFilter(kind=kind, name=name)
    total, found = call.platform.inventory.page(call.grant, wanted, sort=sort, offset=offset, limit=limit)
    items = [InventoryItemAnswer(item.kind, item.name, item.local_id) for item in found]
    return InventoryList(total, items, call.platform.inventory.accepted_kinds(call.grant))


@api.post("/inventory", status=201, body_limit=BodyLimit.DOCUMENT)
def add_inventory(call: Placed, body: NewInventory) -> AddedAnswer:
    """Adds things, all or none of them."""
    things = [(thing.kind, thing.name, thing.local_id) for thing in body.items]
    return AddedAnswer(call.platform.inventory.add(call.grant, things))


@api.put("/inventory/accepted")
def accept_inventory(call: Placed, body: AcceptedKinds) -> AcceptedAnswer:
    """Says that everything of some kinds exists here, or no longer says so; releases what waited for them."""
    now = call.platform.inventory.accept(call.grant, body.kinds, accepted=body.accepted)
    return AcceptedAnswer(list(now))


@api.delete("/inventory/{kind}/{name:path}")
def remove_inventory(call: Placed, kind: str, name: str) -> None:
    """Takes one thing out."""
    call.platform.inventory.remove(call.grant, kind, name)
