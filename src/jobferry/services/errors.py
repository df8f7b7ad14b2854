"""Errors that several use cases answer with, such as a single document's problems on a save."""

from __future__ import annotations

from collections.abc import Sequence

from jobferry.errors import Conflict, ErrorCode, Fault, InvalidRequest
from jobferry.files.ports import ReceivedPackage
from jobferry.model.document.problems import Problem
from jobferry.model.document.text import UnusableText
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.messages import wording
from jobferry.model.records import StoredObject
from jobferry.sentences import sentence

_SHOWN = 140
_MOST_KEPT = 1_000
"""Packages of one user that are kept at once."""
_MOST_KEPT_BYTES = 4 << 30
"""Four of the largest that are allowed where nothing is set. One more is begun below it, so that a user may
pass it by what is being sent."""
UPLOADS_HINT = sentence(
    "discard imports that you do not need, or wait: what nobody imports is deleted after a day"
)
_BY_PATH = (
    ("schedule", ErrorCode.INVALID_SCHEDULE),
    ("description", ErrorCode.INVALID_DESCRIPTION),
    ("desc", ErrorCode.INVALID_DESCRIPTION),
    ("type", ErrorCode.INVALID_TYPE),
    ("processType", ErrorCode.INVALID_TYPE),
    ("location", ErrorCode.INVALID_LOCATION),
)


def refuse_unusable(unusable: UnusableText, kind: ObjectKind | NeedKind) -> InvalidRequest:
    """The error for a text that is no document."""
    faults = [_fault(problem) for problem in unusable.problems]
    message = (
        sentence("the {kind} {message}", kind=kind, message=faults[0].message)
        if len(faults) == 1
        else sentence("the {kind} has {count:error}", kind=kind, count=len(faults))
    )
    return InvalidRequest(ErrorCode.INVALID_DOCUMENT, message, hint=faults[0].hint, faults=faults)


def refuse_problems(problems: Sequence[Problem], kind: ObjectKind | NeedKind, name: str) -> InvalidRequest:
    """The error for a document with problems: all of them, each with its path."""
    name = name[:_SHOWN]
    faults = [_fault(problem) for problem in problems]
    subject = sentence("{kind} {name}", kind=kind, name=name) if name else kind
    several = len(faults) > 1
    return InvalidRequest(
        code_of(problems[0]),
        sentence("the {kind} {name} has {count:error}", kind=kind, name=name, count=len(faults))
        if several
        else sentence("{subject}: {message}", subject=subject, message=faults[0].message),
        subject=name,
        hint="correct each of them, then save it again" if several else faults[0].hint,
        faults=faults,
    )


def _fault(problem: Problem) -> Fault:
    said = wording(problem.code, problem.args)
    message = sentence("{path} {message}", path=problem.path, message=said.message)
    return Fault(problem.code, problem.path, message if problem.path else said.message, said.remedy)


def running(stored: StoredObject) -> Conflict:
    """The error for a job that would have to be stopped."""
    return Conflict(
        ErrorCode.JOB_RUNNING,
        sentence("the job {name} is {state}", name=stored.name, state=stored.state),
        subject=stored.name,
        hint="stop it first",
    )


def code_of(problem: Problem) -> ErrorCode:
    """The error that a problem of a document is."""
    if problem.path == "name":
        return ErrorCode.EMPTY_NAME if problem.code == "name-missing" else ErrorCode.INVALID_NAME
    if problem.code == "type-missing":
        return ErrorCode.TYPE_MISSING
    if problem.code == "dws-address-missing":
        return ErrorCode.CLUSTER_OR_ADDRESS_MISSING
    for start, code in _BY_PATH:
        if problem.path == start or problem.path.startswith(f"{start}."):
            return code
    return ErrorCode.INVALID_DOCUMENT


def refuse_crowded(kept: Sequence[ReceivedPackage], user: str, hint: str) -> None:
    """Raises: Conflict: the packages that are ``kept`` for the user are all that one may have."""
    size = sum(package.size for package in kept)
    if len(kept) >= _MOST_KEPT or size >= _MOST_KEPT_BYTES:
        raise Conflict(
            ErrorCode.QUOTA_REACHED,
            sentence(
                "{count:package}, {size:byte}, of {user} are kept; at most {most:package} and {bytes:byte} "
                "are allowed",
                count=len(kept),
                size=size,
                user=user,
                most=_MOST_KEPT,
                bytes=_MOST_KEPT_BYTES,
            ),
            subject=user,
            hint=hint,
        )
