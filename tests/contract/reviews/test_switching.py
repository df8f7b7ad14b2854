"""When reviews can be switched on and off, and by whom."""

from __future__ import annotations

from typing import Any

import pytest

from builders import job
from contract.reviews.conftest import QUIET, Office, code


@pytest.mark.parametrize("who", ["zhao", "lin", "sun", "wu", "zhou"])
def test_it_is_the_owner_who_switches(plain: Office, who: str) -> None:
    plain.ask(who, "PATCH", "settings", {"review": "all"}, 403)


def test_it_is_not_switched_off_while_something_is_pending(office: Office) -> None:
    id_ = office.submitted("orders", "zhao")
    assert code(office.set(409, review="off")) == "review-pending"
    assert code(office.set(409, review="")) == "review-pending"
    office.set(review="dw_*")
    office.ask("lin", "POST", f"reviews/{id_}/withdraw")
    office.set(review="off")
    office.ask("lin", "PUT", "objects/job/orders", job("orders", QUIET))
    assert office.live("orders") == 1


@pytest.mark.parametrize(
    ("kind", "fields", "status"),
    [
        ("REAL_TIME", {}, 409),
        ("REAL_TIME", {"singleNodeJobFlag": False}, 409),
        ("REAL_TIME", {"singleNodeJobFlag": True}, 200),
        ("BATCH", {}, 200),
    ],
)
def test_real_time_pipeline_jobs_stand_in_the_way(
    plain: Office, kind: str, fields: dict[str, Any], status: int
) -> None:
    plain.saved("stream", processType=kind, **fields)
    answer = plain.set(status, review="all")
    if status == 409:
        assert code(answer) == "mode-refused"
        assert "stream" in answer.json()["error"]["message"]
        plain.ask("lin", "DELETE", "objects/job/stream", status=204)
        plain.set(review="all")


def test_a_refused_change_changes_nothing(office: Office) -> None:
    office.submitted("orders", "zhao")
    office.set(409, review="off", time_zone="Asia/Shanghai")
    held = office.ask("owner", "GET", "settings").json()
    assert {one["key"]: one["value"] for one in held}["time_zone"] == "UTC"


def test_what_needs_no_review_any_more_is_not_asked_for_again(office: Office) -> None:
    id_ = office.submitted("orders", "zhao")
    office.ask("lin", "POST", f"reviews/{id_}/withdraw")
    office.set(review="off")
    refused = office.ask("lin", "POST", f"reviews/{id_}/resubmit", {}, 409)
    assert code(refused) == "mode-refused"
    assert "no longer requires a review of the job orders" in refused.json()["error"]["message"]
    assert office.review(id_)["state"] == "withdrawn"
