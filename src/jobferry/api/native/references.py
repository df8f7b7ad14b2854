"""Who uses what, both ways: the users of a thing, and what an object refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from jobferry.api.calls import Calls, Limit, Offset, QueryGroup
from jobferry.api.native.call import Placed
from jobferry.model.document.problems import pointer
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.transfer.preview import Presence
from jobferry.model.uses import ReferenceHere, TextState

if TYPE_CHECKING:
    from jobferry.model.document.references import Reference
    from jobferry.model.uses import Use

api = Calls("/api/workspaces/{workspace}", tag="references")


class WantedUses(QueryGroup):
    """Which users are wanted: of one kind, and those whose draft, or whose live version, uses the thing."""

    by: ObjectKind | None = None
    state: TextState | None = None


class WantedReferences(QueryGroup):
    """Which references are wanted: to things of one kind, or that are here, missing or unknown; and whether
    of the draft or of the live version."""

    to: NeedKind | None = None
    presence: Presence | None = None
    state: TextState = TextState.DRAFT


class UsePlace(Struct, frozen=True):
    """Where a text first refers to the thing; ``role`` is ``upstream`` or ``nested`` if it is a job."""

    path: str
    role: str


class UseAnswer(Struct, frozen=True):
    """An object that uses the thing, in its draft, its live version or both; and where.

    ``places`` are those of the draft, or of the live version where only that uses the thing.
    """

    workspace: str
    kind: ObjectKind
    name: str
    uid: str
    directory: str
    type: str
    draft: bool
    live: bool
    places: list[UsePlace]


class UseList(Struct, frozen=True):
    """Whether the thing is here, how many objects use it, and one page of them."""

    kind: NeedKind
    name: str
    presence: Presence
    total: int
    items: list[UseAnswer]


class ReferenceAnswer(Struct, frozen=True):
    """Something that an object refers to, with the first place where it does.

    ``workspace`` is the one that the text names for a job. ``local_id`` is the uid of an object, or the id
    that the inventory knows; empty where there is none.
    """

    kind: NeedKind
    name: str
    workspace: str
    role: str
    path: str
    presence: Presence
    local_id: str


class ReferenceList(Struct, frozen=True):
    """How many things an object refers to, how many of them are missing, and one page of them."""

    total: int
    missing: int
    items: list[ReferenceAnswer]


@api.get("/uses/{kind}/{name:path}")
def list_uses(
    call: Placed, kind: NeedKind, name: str, wanted: WantedUses, offset: Offset = 0, limit: Limit = 100
) -> UseList:
    """The objects whose drafts or live versions refer to a thing, in order of kind and name.

    `by` leaves only users of one kind, `state` only those whose draft, or whose live version, does.
    """
    total, found = call.platform.references.users(
        call.grant, (kind, name), offset=offset, limit=limit, kind=wanted.by, state=wanted.state
    )
    presence = call.platform.references.presence(call.grant, kind, name)
    return UseList(kind, name, presence, total, [_use(use) for use in found])


@api.get("/references/{kind}/{name:path}")
def list_references(
    call: Placed,
    kind: ObjectKind,
    name: str,
    wanted: WantedReferences,
    offset: Offset = 0,
    limit: Limit = 100,
) -> ReferenceList:
    """What an object's draft or live version refers to, in the order of its text, each thing and role once.

    `to` leaves only things of one kind, `presence` only those that are here, missing or unknown.
    """
    found = call.platform.references.of_object(call.grant, (kind, name), state=wanted.state, kind=wanted.to)
    listed = [here for here in found if wanted.presence in (None, here.presence)]
    missing = sum(here.presence is Presence.MISSING for here in listed)
    page = listed[offset : offset + limit]
    return ReferenceList(len(listed), missing, [_reference(here) for here in page])


def _use(use: Use) -> UseAnswer:
    stored = use.stored
    return UseAnswer(
        workspace=use.workspace,
        kind=stored.kind,
        name=stored.name,
        uid=stored.uid,
        directory=stored.directory,
        type=stored.subtype,
        draft=use.draft,
        live=use.live,
        places=[_place(reference) for reference in use.references],
    )


def _place(reference: Reference) -> UsePlace:
    return UsePlace(pointer(reference.path), _role(reference))


def _reference(here: ReferenceHere) -> ReferenceAnswer:
    reference = here.reference
    return ReferenceAnswer(
        kind=reference.kind,
        name=reference.name,
        workspace=reference.workspace,
        role=_role(reference),
        path=pointer(reference.path),
        presence=here.presence,
        local_id=here.local_id,
    )


def _role(reference: Reference) -> str:
    return reference.role if reference.kind is NeedKind.JOB else ""
