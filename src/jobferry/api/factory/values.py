"""Values of bodies as clients send them: more is taken than is meant. Unknown keys are never an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from jobferry.api.bodies import LongList, ShortList
from jobferry.api.decoding import decoded
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.review import Approval
from jobferry.model.transfer.policy import Duplicates, TargetStatus
from jobferry.sentences import sentence

T = TypeVar("T")

Value = str | int | float | bool | None
"""What is meant to be a text; numbers and truth values are taken as they are written."""

POLICIES = {"SKIP": Duplicates.SKIP, "OVERWRITE": Duplicates.OVERWRITE}
TARGET_STATES = {
    "SAVED": TargetStatus.SAVED,
    "SUBMITTED": TargetStatus.SUBMITTED,
    "PRODUCTION": TargetStatus.PRODUCTION,
}


class Approver(Struct, rename="camel"):
    """Somebody who is asked to approve."""

    approver_name: str


class DeleteBody(Struct):
    """Of deleting a job or script."""

    approvers: ShortList[Approver] | None = None

    @property
    def approval(self) -> Approval:
        return Approval(approvers=names_of(self.approvers))


def names_of(approvers: list[Approver] | None) -> tuple[str, ...]:
    """Whom they are."""
    return tuple(approver.approver_name for approver in approvers or [])


def text_of(value: Value) -> str:
    """A parameter's value; ``null`` is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def texts_of(values: Mapping[str, Value] | None) -> dict[str, str]:
    """Parameters with their values."""
    return {name: text_of(value) for name, value in (values or {}).items()}


def listed(given: list[T] | dict[str, Any] | None, key: str, kind: type[T]) -> list[T]:
    """Names with parameters. The documentation says a list; the SDK sends an object, which is one of them or
    has the names as keys.

    Raises:
        InvalidRequest: an object does not fit; its faults are told below ``key``.
    """
    if not isinstance(given, dict):
        return given or []
    is_one = isinstance(given.get("name"), str)
    found = [given] if is_one else [{"name": name, "params": params} for name, params in given.items()]
    read: dict[str, list[T]] = decoded(
        dict[str, LongList[kind]],  # type: ignore[valid-type]
        msgspec.json.encode({key: found}),
        strict=False,
    )
    return read[key]


def chosen(said: str | None, name: str, words: Mapping[str, T], default: T) -> T:
    """What one of a few words stands for; none or an empty one is the default.

    Raises:
        InvalidRequest: it is another word.
    """
    if not said:
        return default
    if said not in words:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence(
                "{name} is {said}, which is none of: {words}", name=name, said=repr(said[:40]), words=words
            ),
            subject=name,
        )
    return words[said]
