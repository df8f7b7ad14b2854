"""Checked imports as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from jobferry.api.own.report import finding_of, line_as_told
from jobferry.errors import ErrorCode, NotFound
from jobferry.model.messages import Language
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.checked_import import ImportState
from jobferry.model.transfer.plan_view import lines_of
from jobferry.model.transfer.policy import ImportAct, ImportOptions, ObjectRule, RouteChoice
from jobferry.services.importing.check_result import Found
from jobferry.services.importing.checked import Shown
from jobferry.services.importing.preview import NeedMet
from jobferry.services.importing.undo import UndoProspect


def head_of(shown: Shown) -> dict[str, Any]:
    """An import without what its check found."""
    record, state, task = shown
    ended = task if task is not None and task.status is TaskStatus.FAILED else None
    return {
        "id": record.id,
        "state": state,
        "created_by": record.created_by,
        "created_at": record.created_at,
        "checked_at": record.checked_at,
        "package_name": record.package_name,
        "package_digest": record.package_digest,
        "options": options_as_told(record.options),
        "plan_digest": record.plan_digest,
        "task_id": record.task_id or None,
        "receipt_id": record.task_id if state is ImportState.APPLIED else None,
        "message": ended.message if ended else "",
        "code": ended.code if ended else "",
    }


def sums_of(found: Found | None) -> dict[str, Any]:
    """What a check found, in numbers, and the needs."""
    return {
        "refused": found is not None and found.refused,
        "route": msgspec.to_builtins(found.route) if found else None,
        "source": msgspec.to_builtins(found.source) if found else None,
        "counts": found.counts if found else {},
        "steps": len(found.lines) if found else 0,
        "findings": len(found.findings) if found else 0,
        "needs_met": needs_as_told(found.needs if found else ()),
        "schedules": msgspec.to_builtins(found.schedules) if found else [],
    }


def needs_as_told(needs: Iterable[NeedMet]) -> list[dict[str, Any]]:
    """Needs, each with what could stand for it."""
    return [msgspec.structs.asdict(one) for one in needs]


def binding_as_told(found: Found) -> dict[str, Any]:
    """What the plan is bound to."""
    return {"digest": found.binding.digest, **msgspec.structs.asdict(found.binding)}


def undo_as_told(seen: UndoProspect, language: Language) -> dict[str, Any]:
    """What an undo would do."""
    plan = seen.reversal.plan
    return {
        "receipt_id": seen.receipt.id,
        "package_name": seen.receipt.package_name,
        "plan_digest": seen.plan_digest,
        "findings": [finding_of(one, language) for one in seen.reversal.findings],
        "plan": {
            "refused": plan.refused,
            "steps": [line_as_told(line, language) for line in lines_of(plan)],
        },
    }


def still_there(shown: Shown, found: Found | None) -> Found:
    """Raises: NotFound: what the check found went with the package."""
    if found is not None:
        return found
    raise NotFound(
        ErrorCode.PACKAGE_MISSING,
        f"what the check of {shown.record.package_name} found is gone with its package",
        subject=shown.record.id,
        hint="look at the receipt, or hand the package in again",
    )


def options_as_told(options: ImportOptions) -> dict[str, Any]:
    """Only what was said, as bodies have it, with the options of the route where one was used."""
    said = msgspec.to_builtins(options) | {
        "mapping": dict(options.mapping.sections()),
        "apply_deletions": options.apply_deletions or None,
        "rules": [_said(rule) | {"mapping": dict(rule.mapping.sections())} for rule in options.rules],
    }
    if options.route is not RouteChoice.USED:
        del said["route"]
    if options.act is ImportAct.PACKAGE:
        del said["act"]
    return {name: value for name, value in said.items() if value}


def _said(rule: ObjectRule) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(rule).items() if value}
