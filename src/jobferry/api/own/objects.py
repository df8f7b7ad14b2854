"""Jobs, scripts, resources and CDM definitions of a workspace, and the scheduling of jobs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Header, Query, Response

from jobferry.api.late import LateRouter
from jobferry.api.own import answers
from jobferry.api.own.call import Placed, PlacedCall, described_bytes
from jobferry.api.own.reviewing.answers import SavedAnswer, WaitingAnswer
from jobferry.api.own.reviewing.reviews import review_of
from jobferry.api.wire import PageLimit, PageOffset, PathText, answer, document_answer
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.document.text import digest_of
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import StoredObject
from jobferry.model.review import Approval, Way
from jobferry.services.object_access import Editing
from jobferry.services.scheduling import ENGINE

router = LateRouter(prefix="/api/workspaces/{workspace}", tags=["objects"])

_DOCUMENT = described_bytes("application/json")
_LIVE = "live"
_WAITING: dict[int | str, dict[str, Any]] = {202: {"model": WaitingAnswer}}


def said_approval(
    approver: Annotated[list[str] | None, Query()] = None, note: str = "", publish: bool = False
) -> Approval:
    """Who is asked to approve, with which note; or, for those who may, that nobody is asked."""
    return Approval(approvers=tuple(approver or ()), note=note, publish=publish)


Said = Annotated[Approval, Depends(said_approval)]
IfMatch = Annotated[str, Header()]


def said_editing(approval: Said, take_lock: bool = False, if_match: IfMatch = "") -> Editing:
    """How an object is to be changed."""
    return Editing(take_lock=take_lock, digest=_digest(if_match), approval=approval)


How = Annotated[Editing, Depends(said_editing)]


@router.get("/objects/{kind}", response_model=answers.ObjectList)
def list_objects(
    call: Placed,
    kind: ObjectKind,
    name: str = "",
    offset: PageOffset = 0,
    limit: PageLimit = 100,
) -> Response:
    """One page, in order of name; ``name`` is a part of it."""
    total, found = call.platform.objects.page(call.grant, kind, offset=offset, limit=limit, name_part=name)
    return answer({"total": total, "items": [shown(one) for one in found]})


@router.post("/objects/{kind}", status_code=201, response_model=SavedAnswer, openapi_extra=_DOCUMENT)
def create_object(
    call: Placed, kind: ObjectKind, approval: Said, submit: bool = True, name: str = ""
) -> Response:
    """Saves a new object; the body is its document, kept byte for byte. ``name`` only for ``cdm``."""
    if kind is ObjectKind.CDM and not all(name.partition("/")):
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE, "a CDM definition needs a name", subject="name", hint="cluster/job"
        )
    named = name if kind is ObjectKind.CDM else ""
    made = call.platform.objects.create(
        call.grant, kind, call.body, submit=submit, name=named, approval=approval
    )
    return answer(saved(call, made), 201)


@router.get("/objects/{kind}/{name:path}", response_model=SavedAnswer)
def show_object(call: Placed, kind: ObjectKind, name: PathText) -> Response:
    """What is known of an object, without its document."""
    return answer(saved(call, call.platform.objects.show(call.grant, kind, name).stored))


@router.put("/objects/{kind}/{name:path}", response_model=SavedAnswer, openapi_extra=_DOCUMENT)
def update_object(
    call: Placed,
    kind: ObjectKind,
    name: PathText,
    how: How,
    submit: bool = True,
) -> Response:
    """Replaces an object's draft; another name in the document renames a job.

    Jobs and scripts are changed by the holder of their lock; `take_lock` takes it with the change where
    nobody holds it. With `If-Match`, only the draft of that digest (its `ETag`) is replaced.
    """
    changed = call.platform.objects.update(call.grant, kind, name, call.body, submit=submit, how=how)
    return answer(saved(call, changed))


@router.delete("/objects/{kind}/{name:path}", status_code=204, responses=_WAITING)
def delete_object(call: Placed, kind: ObjectKind, name: PathText, approval: Said) -> Response:
    """Deletes an object with its versions; a job has to be stopped. 202 where that waits for a decision."""
    way = call.platform.objects.delete(call.grant, kind, name, approval)
    if way is Way.LIVE:
        return Response(status_code=204)
    return answer({"review": review_of(call, call.platform.objects.show(call.grant, kind, name).stored)}, 202)


@router.get("/documents/{kind}/{name:path}", response_model=dict[str, Any])
def show_document(call: Placed, kind: ObjectKind, name: PathText, version: str = "") -> Response:
    """The document, byte for byte: the draft, a version by number, or ``live``. Its digest is the `ETag`.

    Sensitive values are empty for those who may not edit the object, and so the `ETag` is another one.
    """
    number = _number(version)
    found = call.platform.objects.show(call.grant, kind, name, version=number, live=version == _LIVE)
    response = document_answer(found.text)
    response.headers["ETag"] = f'"{digest_of(found.text)}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@router.post("/jobs/{name:path}/start", response_model=answers.ObjectAnswer)
def start_job(call: Placed, name: PathText) -> Response:
    """Puts a job into scheduling. `engine` tells what will run it: `none` runs nothing."""
    return answer(shown(call.platform.scheduling.start(call.grant, name)))


@router.post("/jobs/{name:path}/stop", response_model=answers.ObjectAnswer)
def stop_job(call: Placed, name: PathText) -> Response:
    """Takes a job out of scheduling."""
    return answer(shown(call.platform.scheduling.stop(call.grant, name)))


def _digest(if_match: str) -> str:
    """An entity tag as a digest; ``*`` stands for any draft."""
    tag = if_match.strip().removeprefix("W/").strip('"')
    return "" if tag == "*" else tag


def _number(version: str) -> int | None:
    if version in ("", _LIVE):
        return None
    if version.isascii() and version.isdigit() and 0 < int(version) < 1 << 31:
        return int(version)
    raise InvalidRequest(
        ErrorCode.INVALID_VALUE, f"version is {version[:40]!r}; use a number or live", subject="version"
    )


def saved(call: PlacedCall, stored: StoredObject) -> dict[str, Any]:
    """An object's columns, and the review that it waits for, if it does."""
    return {**shown(stored), "review": review_of(call, stored)}


def shown(stored: StoredObject) -> dict[str, Any]:
    """An object's columns, and of a job what runs it."""
    is_job = stored.kind is ObjectKind.JOB
    return {
        "kind": stored.kind,
        "name": stored.name,
        "uid": stored.uid,
        "directory": stored.directory,
        "type": stored.subtype,
        "digest": stored.digest,
        "live_version": stored.live_version,
        "last_version": stored.last_version,
        "state": stored.state if is_job else None,
        "engine": ENGINE if is_job else None,
        "held": stored.held,
        "created_by": stored.created_by,
        "created_at": stored.created_at,
        "updated_by": stored.updated_by,
        "updated_at": stored.updated_at,
        "locked_by": stored.locked_by,
        "locked_at": stored.locked_at,
    }
