"""What stands in the way of taking an import back that only who asks, or what is here by now, can tell."""

from __future__ import annotations

from builders import grant, job, stored
from jobferry.model.kinds import ObjectKind
from jobferry.model.people import Grant
from jobferry.model.tags import Tag
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.prior import prior_of, state_hash
from jobferry.model.transfer.receipt import Receipt, ReceiptItem
from jobferry.plan.undo import Present, reversal, too_many_tags

RECEIPT = Receipt(
    id="r",
    workspace_id="w",
    workspace="w",
    platform_id="p",
    imported_by="lin",
    imported_at=0,
    package_name="p.zip",
    package_digest="d",
)


def overwritten(tags_here: int = 0, tags_before: frozenset[str] = frozenset()) -> tuple[ReceiptItem, Present]:
    """A job that an import moved from /former to /here; its text before had these tags."""
    before, _ = stored(ObjectKind.JOB, job("orders", directory="/former"))
    left, _ = stored(ObjectKind.JOB, job("orders", directory="/here"))
    item = ReceiptItem(
        kind=ObjectKind.JOB,
        name="orders",
        outcome=ObjectOutcome.OVERWRITTEN,
        prior=prior_of(before, None),
        object_id=left.id,
        left_mark=state_hash(left),
        left_holder="lin",
    )
    present = Present(
        by_id={left.id: left},
        by_name={left.key: left},
        users={},
        tags={f"t{number}": Tag(workspace_id="w", name=f"t{number}") for number in range(tags_here)},
        worn={before.digest: tags_before},
        counts={},
    )
    return item, present


def found(item: ReceiptItem, present: Present, who: Grant) -> list[Finding]:
    return list(reversal(RECEIPT, [item], present, who, rest=False).findings)


def test_a_directory_that_a_policy_keeps_from_who_asks_is_named_with_who_could() -> None:
    item, present = overwritten()
    (refused,) = found(item, present, grant(directories=("/here",)))
    assert (refused.code, refused.args) == (
        "directory-not-allowed",
        {"directory": "/former", "user": "lin", "who": "zhao"},
    )
    (refused,) = found(item, present, grant(directories=("/former",), administrators=()))
    assert (refused.args["directory"], refused.args["who"]) == ("…", "operations")
    assert found(item, present, grant(directories=("/former", "/here"))) == []


def test_a_tag_that_would_come_back_finds_a_hundred_others() -> None:
    item, present = overwritten(100, frozenset({"gone"}))
    (over,) = too_many_tags([item], present)
    assert (over[0], over[1].code) == (item, "tags-too-many")
    assert "gone" in over[1].args.values()
    assert list(too_many_tags([item], overwritten(99, frozenset({"gone"}))[1])) == []
    assert list(too_many_tags([item], overwritten(100, frozenset({"t1"}))[1])) == []
