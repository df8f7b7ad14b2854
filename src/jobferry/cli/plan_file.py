"""Plan files: what a plan was made for and what it does, to be applied later, as it was looked at.

A file carries a seal over everything in it, so that one that was changed by hand is known at once. That is
no signature: what is applied is what the platform plans anew, and only if that is the very same plan.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec

from jobferry.cli.files import json_value, new_file, not_json, text_of
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.transfer.binding import Binding
from jobferry.sentences import as_sentence, sentence

FORMAT = 1
"""The newest format that this program writes and reads."""
_SHOWN = 200
"""Letters that an error shows of what somebody else's file says."""


class PlanFile(msgspec.Struct, frozen=True, kw_only=True):
    """A plan with everything that it is bound to. ``package_size`` is 0 where it is not known.

    ``route`` is the one whose options are among these; empty where none was used.
    """

    platform_id: str
    workspace_id: str
    workspace: str
    package: str
    package_digest: str
    package_size: int
    options: dict[str, Any]
    plan_digest: str
    binding: Binding
    steps: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    route: str = ""


def write(file: Path, plan: PlanFile) -> None:
    """Writes a plan file.

    Raises:
        FilesError: it cannot be written.
    """
    body = {"jobferry_plan": FORMAT, **msgspec.to_builtins(plan)}
    text = json.dumps(body | {"seal": _seal(body)}, ensure_ascii=False, indent=1)
    with new_file(file) as put:
        put(text.encode("utf-8", "surrogatepass") + b"\n")


def read(file: Path) -> PlanFile:
    """A plan file as it was written.

    Raises:
        NotFound: it cannot be read.
        InvalidRequest: it is no plan, was changed by hand, or comes from a newer program (``invalid-plan``).
    """
    try:
        body = json_value(text_of(file))
    except ValueError as error:
        raise _unfit(
            file,
            sentence("is not valid JSON: {error}", error=not_json(error)),
            "make it again with `jobferry plan`",
        ) from None
    if not isinstance(body, dict) or not isinstance(body.get("jobferry_plan"), int):
        raise _unfit(file, "is no plan", "make one with `jobferry plan`")
    if body["jobferry_plan"] > FORMAT:
        found = body["jobferry_plan"]
        raise _unfit(
            file,
            sentence("has plan format {found}; this program knows {format}", found=found, format=FORMAT),
            "apply it with a newer Jobferry",
        )
    seal = body.pop("seal", None)
    if seal != _seal(body):
        raise _unfit(file, "was changed after it was written", "make it again with `jobferry plan`")
    try:
        return msgspec.convert(body, PlanFile)
    except msgspec.ValidationError:
        raise _unfit(file, "is not a plan", "make it again with `jobferry plan`") from None


def _seal(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _unfit(file: Path, why: str, hint: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_PLAN,
        sentence("{file} {why}", file=file, why=as_sentence(why)),
        subject=str(file),
        hint=hint,
    )
