"""A receipt that is carried back is used only as it was written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.report.receipt_file import HeldObject, read_receipt_file, sealed

HELD: dict[str, Any] = {"kind": "job", "uid": "u1", "name": "订单", "sha256": "ab"}
CONTENT: dict[str, Any] = {
    "id": "r1",
    "platform_id": "p2",
    "workspace": "prod",
    "source_platform": "p1",
    "source_workspace": "dev",
    "counts": {"created": 1, "skipped": 2},
    "holds": [HELD],
}


def test_it_is_read_however_its_json_is_spaced_and_ordered() -> None:
    written = sealed(CONTENT)
    moved = dict(reversed(json.loads(json.dumps(written, indent=3)).items()))
    found = read_receipt_file(moved)
    assert found.holds == (HeldObject(**HELD),)
    assert (found.source_platform, found.source_workspace) == ("p1", "dev")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda one: one["holds"].clear(), "damaged"),
        (lambda one: one.update(source_workspace="x"), "damaged"),
        (lambda one: one.pop("seal"), "no receipt file"),
        (lambda one: one.pop("holds"), "no receipt file"),
        (lambda one: one.clear(), "no receipt file"),
        (lambda one: one.update(sealed({"holds": 5})), "damaged"),
    ],
)
def test_a_damaged_one_is_refused(spoil: Any, reason: str) -> None:
    written = json.loads(json.dumps(sealed(CONTENT)))
    spoil(written)
    with pytest.raises(InvalidRequest, match=reason) as told:
        read_receipt_file(written)
    assert told.value.code is ErrorCode.RECEIPT_INVALID


def test_one_that_holds_something_else_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="cannot be read"):
        read_receipt_file(sealed(CONTENT | {"holds": [{"kind": "moon"}]}))


def test_what_it_says_is_told_in_a_few_letters() -> None:
    with pytest.raises(InvalidRequest, match="cannot be read") as told:
        read_receipt_file(sealed(CONTENT | {"holds": [{"kind": "\n" * 9_999}]}))
    assert told.value.message.isprintable()
    assert len(told.value.message) < 300
