"""Rules about what goes live, and how a plan says so."""

from __future__ import annotations

from typing import Any

import pytest

from builders import Load, grant, node, stored, target
from jobferry.check.runner import check
from jobferry.model.kinds import ObjectKind
from jobferry.model.rights import Role
from jobferry.model.transfer.plan import AskReview, Block, Submit
from jobferry.model.transfer.policy import TargetStatus
from jobferry.plan.build import build

QUIET = node("n", "Dummy")
CODES = ("approvers-missing", "not-allowed-publish", "review-pending")

CASES: list[tuple[dict[str, str], Role, dict[str, Any], list[str], str]] = [
    ({}, Role.DEVELOPER, {}, [], "live"),
    ({}, Role.DEVELOPER, {"target_status": TargetStatus.PRODUCTION}, ["not-allowed-publish"], "out"),
    ({}, Role.ADMINISTRATOR, {"target_status": TargetStatus.PRODUCTION}, [], "live"),
    ({"review": "all"}, Role.DEVELOPER, {}, ["approvers-missing"], "out"),
    ({"review": "all"}, Role.DEVELOPER, {"approvers": ("zhao",)}, [], "review"),
    ({"review": "all"}, Role.DEVELOPER, {"target_status": TargetStatus.SAVED}, [], "saved"),
    ({"review": "all"}, Role.OWNER, {"target_status": TargetStatus.PRODUCTION}, [], "live"),
    ({"review": "dw_*"}, Role.DEVELOPER, {}, [], "live"),
    ({"mode": "enterprise"}, Role.DEVELOPER, {}, [], "release"),
    ({"mode": "enterprise"}, Role.OWNER, {"target_status": TargetStatus.PRODUCTION}, [], "live"),
]


@pytest.mark.parametrize(("settings", "role", "options", "codes", "way"), CASES)
def test_how_an_object_goes_live(
    *, settings: dict[str, str], role: Role, options: dict[str, Any], codes: list[str], way: str
) -> None:
    view = target(settings=settings, grant=grant(role))
    context = Load().script("orders").resource("lookup").context(view, **options)
    findings = [one for one in check(context) if one.code in CODES]
    assert [one.code for one in findings] == codes
    steps = [step for step in build(context, findings).steps if step.kind is ObjectKind.SCRIPT]
    submitted = next((step for step in steps if isinstance(step, Submit)), None)
    if isinstance(steps[0], Block):
        seen = "out"
    elif any(isinstance(step, AskReview) for step in steps):
        seen = "review"
    else:
        seen = "saved" if submitted is None else "live" if submitted.live else "release"
    assert seen == way


@pytest.mark.parametrize("settings", [{"review": "all"}, {"mode": "enterprise"}])
@pytest.mark.parametrize(("status", "blocked"), [(None, True), (TargetStatus.SAVED, False)])
def test_what_waits_already_is_not_submitted(
    settings: dict[str, str], status: TargetStatus | None, blocked: bool
) -> None:
    there = stored(ObjectKind.SCRIPT, {"name": "orders", "type": "DWSSQL", "content": "SELECT 0"})
    view = target(there, settings=settings, waiting={there[0].id: "r1"})
    options = {"target_status": status, "approvers": ("zhao",), "duplicates": "overwrite"}
    context = Load().script("orders", uid=there[0].uid).context(view, **options)
    findings = [one for one in check(context) if one.code in CODES]
    assert [one.code for one in findings] == (["review-pending"] if blocked else [])
    assert [one.args["review"] for one in findings] == (["r1"] if blocked else [])
