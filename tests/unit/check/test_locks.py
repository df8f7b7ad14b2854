"""Locks of others on what an import would overwrite: findings, steps, and the state a plan is made for."""

from __future__ import annotations

import msgspec
import pytest

from builders import Load, grant, job, node, stored, target
from jobferry.check.runner import check
from jobferry.model.kinds import ObjectKind
from jobferry.model.rights import Role
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.plan import Block, Lock
from jobferry.model.transfer.policy import Duplicates
from jobferry.model.transfer.target_state import TargetState, fingerprint
from jobferry.plan.build import build

JOB = ObjectKind.JOB


def here(locked_by: str, policy: str, *roles: Role) -> TargetState:
    one = stored(JOB, job("orders", node("mine")), uid="u1", locked_by=locked_by, locked_at=1_800_000_000_000)
    return target(one, settings={"lock_policy": policy}, grant=grant(*roles))


@pytest.mark.parametrize(
    ("view", "codes", "takes_from"),
    [
        (here("", "hard"), [], [""]),
        (here("lin", "hard"), [], []),
        (here("wang", "soft", Role.DEVELOPER), ["locks-overridden"], ["wang"]),
        (here("wang", "hard", Role.DEVELOPER), ["locked-by-another"], []),
        (here("wang", "hard", Role.ADMINISTRATOR), ["locks-overridden"], ["wang"]),
    ],
    ids=["free", "own", "soft", "hard", "head"],
)
def test_whose_lock_is_taken_and_whose_blocks(
    view: TargetState, codes: list[str], takes_from: list[str]
) -> None:
    context = Load().job("orders", node("theirs"), uid="u1").context(view, duplicates=Duplicates.OVERWRITE)
    findings = [one for one in check(context) if one.code.startswith("lock")]
    assert [one.code for one in findings] == codes
    plan = build(context, findings)
    assert [step.former_holder for step in plan.steps if isinstance(step, Lock)] == takes_from
    assert isinstance(plan.steps[0], Block) == (codes == ["locked-by-another"])
    if isinstance(plan.steps[0], Block):
        assert findings[0].severity is Severity.BLOCK
        assert findings[0].args["since"] == "2027-01-15 08:00:00 UTC"


def test_what_is_new_is_locked_and_what_has_no_lock_is_not() -> None:
    context = Load().job("a", node("n", "Dummy")).script("s").resource("r").context()
    locked = {step.name for step in build(context, ()).steps if isinstance(step, Lock)}
    assert locked == {"a", "s"}


def test_a_lock_that_moves_is_another_state() -> None:
    one, _ = stored(JOB, job("orders"))
    other = msgspec.structs.replace(one, locked_by="wang")
    assert fingerprint({one.key: one}) != fingerprint({one.key: other})
