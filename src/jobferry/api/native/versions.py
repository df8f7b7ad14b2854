"""Versions of jobs and scripts: list, compare, go back to one, submit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from jobferry.api.calls import Body, Calls, Threads
from jobferry.api.native.call import Placed
from jobferry.api.native.objects import SaidEditing, SavedAnswer, saved_answer
from jobferry.model.document.difference import Difference
from jobferry.model.kinds import ObjectKind

if TYPE_CHECKING:
    from jobferry.model.records import Version

api = Calls("/api/workspaces/{workspace}", tag="editing")

_MOST = (1 << 31) - 1
VersionNumber = Annotated[int, Meta(ge=1, le=_MOST)]
VersionOrDraft = Annotated[int, Meta(ge=0, le=_MOST)]
"""0 stands for the draft."""


class RollbackRequest(Body):
    """The version whose text becomes the draft."""

    version: VersionNumber


class VersionAnswer(Struct, frozen=True):
    """``import_id`` names the import that made it, empty for a submit by hand; ``undone`` the receipt of the
    undo that took it back."""

    number: int
    live: bool
    digest: str
    note: str
    submitted_by: str
    submitted_at: int
    import_id: str
    undone: str


class VersionList(Struct, frozen=True):
    """The versions that are kept, newest first."""

    total: int
    items: list[VersionAnswer]


class DifferenceList(Struct, frozen=True):
    """What differs, in the order of the former; nothing if they are alike."""

    items: list[Difference]


@api.get("/versions/{kind}/{name:path}")
def list_versions(call: Placed, kind: ObjectKind, name: str) -> VersionList:
    """The versions that are kept; their documents are at `documents/{kind}/{name}?version=`."""
    found = call.platform.versions.history(call.grant, kind, name)
    live = found.stored.live_version
    return VersionList(len(found.versions), [_shown(version, live) for version in found.versions])


@api.get("/differences/{kind}/{name:path}", threads=Threads.COMPUTING)
def compare_versions(
    call: Placed, kind: ObjectKind, name: str, former: VersionNumber, latter: VersionOrDraft = 0
) -> DifferenceList:
    """What differs between the version `former` and the draft, or the version `latter`."""
    return DifferenceList(call.platform.versions.compare(call.grant, kind, name, former, latter))


@api.post("/rollbacks/{kind}/{name:path}")
def roll_back(
    call: Placed, kind: ObjectKind, name: str, body: RollbackRequest, how: SaidEditing
) -> SavedAnswer:
    """Makes a version's text the draft; name, place and what is live stay."""
    changed = call.platform.versions.roll_back(call.grant, kind, name, body.version, how.editing())
    return saved_answer(call, changed)


@api.post("/submits/{kind}/{name:path}")
def submit_object(call: Placed, kind: ObjectKind, name: str, how: SaidEditing) -> SavedAnswer:
    """Makes the draft the next version, with a `note` of at most 128 characters."""
    return saved_answer(call, call.platform.versions.submit(call.grant, kind, name, how.editing()))


def _shown(version: Version, live: int) -> VersionAnswer:
    return VersionAnswer(
        number=version.number,
        live=version.number == live,
        digest=version.digest,
        note=version.note,
        submitted_by=version.submitted_by,
        submitted_at=version.submitted_at,
        import_id=version.import_id,
        undone=version.undone,
    )
