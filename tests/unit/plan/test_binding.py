"""What a plan is bound to: whatever of an object moves after it was made is named."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from builders import Load, job, node, stored, target
from jobferry.check.runner import check
from jobferry.model.kinds import ObjectKind, SchedulingState
from jobferry.model.records import StoredObject
from jobferry.model.transfer.binding import Binding, ChangedPart, binding_of, changed_parts, told
from jobferry.model.transfer.policy import Duplicates
from jobferry.plan.build import build, subjects

HERE, TEXT = stored(ObjectKind.JOB, job("orders"), last_version=1)


def bound(here: StoredObject) -> Binding:
    """To a plan that skips the job, whatever it is like."""
    load = Load().job("orders", node("other"), uid=HERE.uid)
    context = load.context(target((here, TEXT)), duplicates=Duplicates.SKIP)
    plan = build(context, check(context))
    return binding_of(plan, subjects(context), context.target_state.grant, context.options, context.policy)


def test_a_plan_of_the_same_target_has_the_same_digest() -> None:
    assert bound(HERE).digest == bound(HERE).digest
    assert list(changed_parts(bound(HERE), bound(HERE))) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"options": "o"}, "the mapping or the options"),
        ({"rights": "r"}, "what the importing user may do here"),
    ],
)
def test_other_options_and_rights_are_named(change: dict[str, Any], named: str) -> None:
    assert list(changed_parts(bound(HERE), msgspec.structs.replace(bound(HERE), **change))) == [
        ChangedPart(named)
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "d" * 64},
        {"directory": "/elsewhere"},
        {"live_version": 2},
        {"last_version": 2},
        {"state": SchedulingState.SCHEDULING},
        {"locked_by": "zhao"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_of_an_object_counts_is_named_when_it_moves(change: dict[str, Any]) -> None:
    then, now = bound(HERE), bound(msgspec.structs.replace(HERE, **change))
    assert then.digest != now.digest
    assert list(changed_parts(then, now)) == [ChangedPart("here", ("job orders",))]
    assert told(changed_parts(then, now)) == "here (job orders)"
