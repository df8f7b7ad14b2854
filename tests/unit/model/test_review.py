"""Of which objects a workspace wants reviews, and who decides."""

from __future__ import annotations

import pytest

from jobferry.model.kinds import ObjectKind
from jobferry.model.review import Review, ReviewKind, read_scope


@pytest.mark.parametrize(
    ("value", "name", "covered"),
    [
        ("off", "off", False),
        ("OFF", "orders", False),
        ("all", "orders", True),
        ("All", "orders", True),
        ("orders", "orders", True),
        ("orders", "orders_daily", False),
        ("dw_*, billing", "dw_", True),
        ("dw_*, billing", "billing", True),
        ("dw_*, billing", "Billing", False),
        ("dw_*, billing", "my_billing", False),
        ("a?c", "abc", True),
        ("数仓_*", "数仓_订单", True),
        ("a.c", "abc", False),
    ],
)
def test_patterns_are_of_whole_names(value: str, name: str, covered: bool) -> None:
    assert read_scope(value).covers(ObjectKind.JOB, name) is covered
    assert read_scope(value).covers(ObjectKind.SCRIPT, name) is covered


@pytest.mark.parametrize("kind", [ObjectKind.RESOURCE, ObjectKind.CDM])
def test_what_has_no_versions_is_not_reviewed(kind: ObjectKind) -> None:
    assert not read_scope("all").covers(kind, "orders")


@pytest.mark.parametrize(
    ("approvers", "who", "may"),
    [((), "zhao", True), ((), "lin", False), (("zhao",), "zhao", True), (("zhao",), "qian", False)],
)
def test_whom_a_review_leaves_the_decision_to(approvers: tuple[str, ...], who: str, may: bool) -> None:
    review = Review(
        id="r",
        workspace_id="w",
        kind=ReviewKind.RELEASE,
        name="r",
        size=1,
        asked_by="lin",
        asked_at=1,
        approvers=approvers,
    )
    assert review.may_be_decided_by(who, ["lin", "sun"]) is may
    assert not review.may_be_decided_by(who, [who])
