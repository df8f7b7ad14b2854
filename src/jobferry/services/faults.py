"""Errors that several use cases answer with, such as a single document's problems on a save."""

from __future__ import annotations

from collections.abc import Sequence

from jobferry.errors import Conflict, ErrorCode, InvalidRequest
from jobferry.model.document.problem import Problem
from jobferry.model.document.text import UnusableText
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import StoredObject
from jobferry.model.words import phrase

_SHOWN = 140
_BY_PATH = (
    ("schedule", ErrorCode.INVALID_SCHEDULE),
    ("description", ErrorCode.INVALID_DESCRIPTION),
    ("desc", ErrorCode.INVALID_DESCRIPTION),
    ("type", ErrorCode.INVALID_TYPE),
    ("processType", ErrorCode.INVALID_TYPE),
    ("location", ErrorCode.INVALID_LOCATION),
)


def refuse_unusable(unusable: UnusableText, thing: str) -> InvalidRequest:
    """The error for a text that is no document."""
    said = phrase(unusable.problems[0].code, unusable.problems[0].args)
    return InvalidRequest(ErrorCode.INVALID_DOCUMENT, f"the {thing} {said.message}", hint=said.remedy)


def refuse_problems(problems: Sequence[Problem], kind: ObjectKind | str, name: str) -> InvalidRequest:
    """The error for a document with problems: the first in full, and how many more there are."""
    first, name = problems[0], name[:_SHOWN]
    said = phrase(first.code, first.args)
    others = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    subject = f"{kind} {name}".strip()
    where = f"{first.path} " if first.path else ""
    return InvalidRequest(
        _code(first), f"{subject}: {where}{said.message}{others}", subject=name, hint=said.remedy
    )


def running(stored: StoredObject) -> Conflict:
    """The error for a job that would have to be stopped."""
    return Conflict(
        ErrorCode.JOB_RUNNING,
        f"the job {stored.name} is {stored.state}",
        subject=stored.name,
        hint="stop it first",
    )


def _code(problem: Problem) -> ErrorCode:
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
