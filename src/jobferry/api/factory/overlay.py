"""Documents on their way in and out: the call's own fields are taken out, what is known laid over.

Every other value keeps its exact bytes. A document that cannot be read is passed on as it is: whoever
saves it says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec

from jobferry.api.factory.values import TARGET_STATES
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.connections import secret_paths
from jobferry.model.document.edits import Drop, Edit, Put, edited, raw_at
from jobferry.model.document.text import UnusableText, parse, parse_known, without_bom
from jobferry.model.records import Connection, StoredObject
from jobferry.model.review import PLAIN, Approval
from jobferry.sentences import sentence

_DECISION = ("targetStatus", "approvers")
JOB_CONTROLS = (
    *_DECISION,
    "id",
    "version",
    "createTime",
    "createUser",
    "lastUpdateTime",
    "lastUpdateUser",
    "downstreamJobs",
)
SCRIPT_CONTROLS = (*_DECISION, "id", "version", "createUser", "autoAcquireLock")
RESOURCE_CONTROLS = ("id", "resourceId", "jobRelation")
_HIDDEN = "******"


class Order(NamedTuple):
    """A create or update body, taken apart: the document, whether it is to be submitted, and who approves."""

    text: bytes
    submit: bool
    approval: Approval = PLAIN


def taken_apart(body: bytes, controls: Iterable[str]) -> Order:
    """The document without its control fields; whatever is not ``SAVED`` is submitted.

    Raises:
        InvalidRequest: the target status is none of those documented, or the approvers are no list of names.
    """
    text = without_bom(body)
    try:
        document = parse(text)
    except UnusableText:
        return Order(text, submit=True)
    status = document.get("targetStatus")
    if status not in (None, "", *TARGET_STATES):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence(
                "targetStatus is {status}, which is none of: {target_states}",
                status=repr(str(status)[:40]),
                target_states=TARGET_STATES,
            ),
            subject="targetStatus",
        )
    drops = [Drop((key,)) for key in controls if key in document]
    given = document.get("approvers") if "approvers" in controls else None
    approval = Approval(approvers=approvers_in(given), publish=status == "PRODUCTION")
    return Order(edited(text, drops), submit=status != "SAVED", approval=approval)


def completed(text: bytes, members: dict[str, Callable[[], str]]) -> bytes:
    """The document with these members where it lacks them or has ``null``; all else keeps its bytes."""
    try:
        document = parse(text)
    except UnusableText:
        return text
    return edited(text, [Put((key,), value()) for key, value in members.items() if document.get(key) is None])


def approvers_in(given: Any) -> tuple[str, ...]:
    """The names in ``[{"approverName": …}]``; nothing counts as none.

    Raises:
        InvalidRequest: it looks otherwise.
    """
    listed = [] if given is None else given
    names = (
        [one.get("approverName") if isinstance(one, dict) else one for one in listed]
        if isinstance(listed, list)
        else [None]
    )
    if not all(isinstance(name, str) and name for name in names):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            'approvers is no list of names; write [{"approverName": "…"}]',
            subject="approvers",
        )
    return tuple(str(name) for name in names)


def job_answer(stored: StoredObject, text: bytes, version: int, more: dict[str, Any]) -> msgspec.Raw:
    """A job as it is shown; ``version`` is 0 for the draft."""
    document = parse_known(text)
    known = {
        "id": stored.id,
        "createTime": stored.created_at,
        "lastUpdateUser": stored.updated_by,
        "version": str(version or stored.last_version),
        "directory": stored.directory,
        **more,
    }
    usual: dict[str, Any] = {"processType": stored.subtype, "nodes": [], "params": [], "description": ""}
    usual |= {"emptyRunningJob": "0", "singleNodeJobFlag": False}
    basic = _basic(document.get("basicConfig"), stored)
    return _laid_over(text, document, known, usual, basic)


def script_answer(stored: StoredObject, text: bytes) -> msgspec.Raw:
    """A script as it is shown; its version is a number."""
    known = {
        "id": stored.uid,
        "directory": stored.directory,
        "version": stored.last_version,
        "createUser": stored.created_by,
        "autoAcquireLock": True,
    }
    usual: dict[str, Any] = {
        "owner": stored.created_by,
        "connectionName": "",
        "database": "",
        "queueName": "",
    }
    usual |= {"configuration": {}, "description": ""}
    return _laid_over(text, parse_known(text), known, usual)


def resource_answer(stored: StoredObject, text: bytes) -> msgspec.Raw:
    """A resource as it is shown. The Terraform provider writes ``depend_packages`` and reads
    ``dependPackages``."""
    known = {"id": stored.uid, "directory": stored.directory}
    document = parse_known(text)
    written = isinstance(document.get("depend_packages"), list)
    usual: dict[str, Any] = {"dependFiles": [], "dependPackages": [], "desc": ""}
    if written:
        usual["dependPackages"] = raw_at(text, ("depend_packages",))
    return _laid_over(text, document, known, usual)


def listed_resource(stored: StoredObject, text: bytes) -> msgspec.Raw:
    """A resource as a line of the list: some clients look for its id as creating it gave it."""
    return msgspec.Raw(edited(bytes(resource_answer(stored, text)), [Put(("resourceId",), stored.uid)]))


def connection_answer(connection: Connection) -> msgspec.Raw:
    """A connection as it is shown: stars where a secret is kept."""
    paths = secret_paths(parse_known(connection.document)) if connection.secrets else []
    return msgspec.Raw(edited(connection.document, [Put(path, _HIDDEN) for path in paths]))


def _basic(basic: Any, stored: StoredObject) -> list[Edit]:
    """The basic settings that a job's answer always has. Tags that are no list would break the SDK."""
    given = basic or {}
    usual: dict[str, Any] = {"owner": stored.created_by, "agency": "", "executeUser": "", "priority": 0}
    usual |= {"instanceTimeout": 0, "customFields": {}, "tags": []}
    edits: list[Edit] = [Put(("basicConfig", key), value) for key, value in usual.items() if key not in given]
    if "tags" in given and not isinstance(given["tags"], list):
        edits.append(Put(("basicConfig", "tags"), []))
    return edits


def _laid_over(
    text: bytes,
    document: dict[str, Any],
    known: dict[str, Any],
    usual: dict[str, Any],
    edits: Iterable[Edit] = (),
) -> msgspec.Raw:
    puts: list[Edit] = [Put((key,), value) for key, value in known.items()]
    puts += [Put((key,), value) for key, value in usual.items() if document.get(key) is None]
    return msgspec.Raw(edited(text, [*puts, *edits]))
