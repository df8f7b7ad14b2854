"""Jobs, scripts, resources and CDM definitions: list, make, show, change, delete; start and stop jobs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct
from msgspec.structs import asdict

from jobferry.api.bodies import BodyLimit
from jobferry.api.calls import (
    Body,
    Calls,
    Document,
    Header,
    Instant,
    Limit,
    Media,
    Offset,
    QueryGroup,
    Status,
)
from jobferry.api.native.call import Placed
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.document.facts import IndexTerm, IndexTermKind
from jobferry.model.document.text import digest_of
from jobferry.model.kinds import Engine, ObjectKind, SchedulingState
from jobferry.model.names import normal_directory
from jobferry.model.records import ObjectFilter, ObjectSort
from jobferry.model.review import Approval, ReleaseMode
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.model.records import StoredObject
    from jobferry.services.object_access import Editing

api = Calls("/api/workspaces/{workspace}", tag="objects")

LIVE = "live"
"""Stands for the number of the live version."""
DocumentBytes = Annotated[bytes, Media(("application/json",))]
"""A document, kept byte for byte."""


class ObjectAnswer(Struct, frozen=True):
    """``state``, ``engine`` and ``tags`` (those of the draft) only for jobs; versions are 0 before the first
    submit, ``locked_by`` is empty when free."""

    kind: ObjectKind
    name: str
    uid: str
    directory: str
    type: str
    digest: str
    live_version: int
    last_version: int
    state: SchedulingState | None
    engine: Engine | None
    held: list[str]
    created_by: str
    created_at: int
    updated_by: str
    updated_at: int
    locked_by: str
    locked_at: int
    tags: list[str]


class ObjectList(Struct, frozen=True):
    """How many objects match in all, and one page of them."""

    total: int
    items: list[ObjectAnswer]


class SavedAnswer(ObjectAnswer, frozen=True):
    """An object with the pending review or release that it is in; ``review`` is empty for none."""

    review: str


class WaitingAnswer(Struct, frozen=True):
    """A deletion that waits for a review (its id) or for a release (empty)."""

    review: str


class SaidApproval(QueryGroup):
    """Who is asked to approve, with which note; or, for those who may, that nobody is asked."""

    approver: tuple[str, ...] = ()
    note: str = ""
    publish: bool = False

    def approval(self) -> Approval:
        """The same in the engine's words."""
        return Approval(approvers=self.approver, note=self.note, publish=self.publish)


class SaidEditing(SaidApproval):
    """How an object is to be changed."""

    take_lock: bool = False
    if_match: Annotated[str, Header("If-Match")] = ""

    def editing(self) -> Editing:
        """The same in the engine's words."""
        from jobferry.services.object_access import Editing

        return Editing(take_lock=self.take_lock, digest=_digest(self.if_match), approval=self.approval())


class SaidObjects(QueryGroup):
    """Which objects a list shows, and in which order; what is not said does not narrow.

    ``name`` is a piece of it. ``directory`` is the one that they lie directly in, with ``below`` in it or
    below. Of several ``tag`` a draft has any. ``since`` counts, ``until`` itself is left out.
    """

    name: str = ""
    type: str = ""
    directory: str | None = None
    below: bool = False
    tag: tuple[str, ...] = ()
    state: SchedulingState | None = None
    held: bool | None = None
    live: bool | None = None
    locked: bool | None = None
    holder: str | None = None
    created_by: str = ""
    created_since: Instant = 0
    created_until: Instant = 0
    updated_by: str = ""
    updated_since: Instant = 0
    updated_until: Instant = 0
    sort: ObjectSort = ObjectSort.NAME

    def wanted(self, kind: ObjectKind) -> ObjectFilter:
        """The same in the engine's words."""
        return ObjectFilter(
            workspace_id="",
            kind=kind,
            name_part=self.name,
            subtype=self.type,
            directory=None if self.directory is None else normal_directory(self.directory),
            is_below=self.below,
            index_terms=tuple(IndexTerm(IndexTermKind.TAG, tag) for tag in self.tag),
            locked_by=self.holder,
            is_locked=self.locked,
            is_held=self.held,
            is_live=self.live,
            state=self.state,
            created_by=self.created_by,
            created_since=self.created_since,
            created_until=self.created_until,
            updated_by=self.updated_by,
            updated_since=self.updated_since,
            updated_until=self.updated_until,
            sort=self.sort,
        )


class NewName(Body):
    """The name that an object is to have."""

    to: str


class NewPlace(Body):
    """The directory that an object is to lie in."""

    directory: str


@api.get("/objects/{kind}")
def list_objects(
    call: Placed, kind: ObjectKind, which: SaidObjects = SaidObjects(), offset: Offset = 0, limit: Limit = 100
) -> ObjectList:
    """One page of the objects of a kind."""
    total, found = call.platform.objects.found(call.grant, which.wanted(kind), offset=offset, limit=limit)
    return ObjectList(total, object_answers(call, found))


@api.post("/objects/{kind}", status=201, body_limit=BodyLimit.DOCUMENT)
def create_object(
    call: Placed,
    kind: ObjectKind,
    body: DocumentBytes,
    approval: SaidApproval,
    submit: bool = True,
    name: str = "",
) -> SavedAnswer:
    """Saves a new object; the body is its document, kept byte for byte. ``name`` only for ``cdm``."""
    if kind is ObjectKind.CDM and not all(name.partition("/")):
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE, "a CDM definition needs a name", subject="name", hint="cluster/job"
        )
    named = name if kind is ObjectKind.CDM else ""
    made = call.platform.objects.create(
        call.grant, kind, body, submit=submit, name=named, approval=approval.approval()
    )
    return saved_answer(call, made)


@api.get("/objects/{kind}/{name:path}")
def show_object(call: Placed, kind: ObjectKind, name: str) -> SavedAnswer:
    """What is known of an object, without its document."""
    return saved_answer(call, call.platform.objects.show(call.grant, kind, name).stored)


@api.put("/objects/{kind}/{name:path}", body_limit=BodyLimit.DOCUMENT)
def update_object(
    call: Placed, kind: ObjectKind, name: str, body: DocumentBytes, how: SaidEditing, submit: bool = True
) -> SavedAnswer:
    """Replaces an object's draft; another name in the document renames a job.

    Jobs and scripts are changed by the holder of their lock; `take_lock` takes it with the change where
    nobody holds it. With `If-Match`, only the draft of that digest (its `ETag`) is replaced.
    """
    changed = call.platform.objects.update(call.grant, kind, name, body, submit=submit, how=how.editing())
    return saved_answer(call, changed)


@api.post("/objects/{kind}/{name:path}/rename")
def rename_object(call: Placed, kind: ObjectKind, name: str, body: NewName, how: SaidEditing) -> SavedAnswer:
    """Gives an object another name: its draft says it, and no other byte of that changes.

    Lock and `If-Match` count as with a save. What uses the object goes on to say its former name.
    """
    changed = call.platform.objects.rename(call.grant, kind, name, body.to, how.editing())
    return saved_answer(call, changed)


@api.post("/objects/{kind}/{name:path}/move")
def move_object(call: Placed, kind: ObjectKind, name: str, body: NewPlace, how: SaidEditing) -> SavedAnswer:
    """Puts an object into another directory, which is made if it is not there; as a rename for the rest."""
    changed = call.platform.objects.move(call.grant, kind, name, body.directory, how.editing())
    return saved_answer(call, changed)


@api.delete("/objects/{kind}/{name:path}")
def delete_object(
    call: Placed, kind: ObjectKind, name: str, approval: SaidApproval
) -> Annotated[WaitingAnswer, Status(202)] | None:
    """Deletes an object with its versions; a job has to be stopped. 202 where that waits for a decision."""
    if call.platform.objects.delete(call.grant, kind, name, approval.approval()) is ReleaseMode.LIVE:
        return None
    return WaitingAnswer(review_of(call, call.platform.objects.show(call.grant, kind, name).stored))


@api.get("/documents/{kind}/{name:path}")
def show_document(
    call: Placed, kind: ObjectKind, name: str, version: str = ""
) -> Annotated[Document, Media(("application/json",), {"type": "object"})]:
    """The document, byte for byte: the draft, a version by number, or ``live``. Its digest is the `ETag`.

    Sensitive values are empty for those who may not edit the object, and so the `ETag` is another one.
    """
    number = version_number(version)
    found = call.platform.objects.show(call.grant, kind, name, version=number, live=version == LIVE)
    return Document(found.text, digest_of(found.text))


@api.post("/jobs/{name:path}/start")
def start_job(call: Placed, name: str) -> ObjectAnswer:
    """Puts a job into scheduling. `engine` tells what will run it: `none` runs nothing."""
    return object_answer(call, call.platform.scheduling.start(call.grant, name))


@api.post("/jobs/{name:path}/stop")
def stop_job(call: Placed, name: str) -> ObjectAnswer:
    """Takes a job out of scheduling."""
    return object_answer(call, call.platform.scheduling.stop(call.grant, name))


def object_answers(call: Placed, found: Sequence[StoredObject]) -> list[ObjectAnswer]:
    """The columns of objects, and of jobs what runs them and their tags."""
    tags = call.platform.objects.tags(call.grant, found)
    return [_answer(stored, tags.get(stored.digest, ())) for stored in found]


def object_answer(call: Placed, stored: StoredObject) -> ObjectAnswer:
    """The same of one object."""
    return object_answers(call, [stored])[0]


def _answer(stored: StoredObject, tags: Sequence[str]) -> ObjectAnswer:
    is_job = stored.kind is ObjectKind.JOB
    return ObjectAnswer(
        kind=stored.kind,
        name=stored.name,
        uid=stored.uid,
        directory=stored.directory,
        type=stored.subtype,
        digest=stored.digest,
        live_version=stored.live_version,
        last_version=stored.last_version,
        state=stored.state if is_job else None,
        engine=Engine.NONE if is_job else None,
        held=list(stored.held),
        created_by=stored.created_by,
        created_at=stored.created_at,
        updated_by=stored.updated_by,
        updated_at=stored.updated_at,
        locked_by=stored.locked_by,
        locked_at=stored.locked_at,
        tags=list(tags),
    )


def saved_answer(call: Placed, stored: StoredObject) -> SavedAnswer:
    """An object's columns, and the review that it waits for, if it does."""
    with call.platform.one_look():
        return SavedAnswer(**asdict(object_answer(call, stored)), review=review_of(call, stored))


def review_of(call: Placed, stored: StoredObject) -> str:
    """The pending review or release that an object is in; empty for none."""
    item = call.platform.reviews.waiting(call.grant, stored)
    return item.review_id if item else ""


def _digest(if_match: str) -> str:
    """An entity tag as a digest; ``*`` stands for any draft."""
    tag = if_match.strip().removeprefix("W/").strip('"')
    return "" if tag == "*" else tag


def version_number(version: str) -> int | None:
    """A version's number; none for the draft and the live version.

    Raises:
        InvalidRequest: it is neither a number nor one of these.
    """
    if version in ("", LIVE):
        return None
    if version.isascii() and version.isdigit() and 0 < int(version) < 1 << 31:
        return int(version)
    raise InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence("{version} is not a version", version=repr(version[:40])),
        subject="version",
        hint="use its number, or live",
    )
