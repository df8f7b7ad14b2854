"""Reviews and releases where nobody else could decide, or what waits is not one's own."""

from __future__ import annotations

from typing import Any

from builders import job
from contract.reviews.conftest import QUIET, Office, code
from people import assign, caller_named


def test_where_nobody_else_could_approve_a_second_administrator_is_needed(office: Office) -> None:
    for name in ("zhao", "qian"):
        assign(office.door.platform, caller_named(office.door.platform, name), office.name)
    refused = office.ask("owner", "POST", "objects/job", job("orders", QUIET), 400).json()["error"]
    assert refused["hint"] == "the workspace needs a second administrator: `jobferry member add`"


def test_a_release_is_made_by_who_calls_and_what_is_to_go_is_said_so(enterprise: Office) -> None:
    enterprise.ask("lin", "POST", "objects/job", job("orders", QUIET), 201)
    release = enterprise.released("first")
    enterprise.ask("wu", "POST", f"releases/{release['id']}/approve", {"answer": "go"})
    enterprise.ask("lin", "DELETE", "objects/job/orders", status=202)
    second = enterprise.factory.replace("/v1/", "/v2/") + "/factory"
    (item,) = enterprise.ask("lin", "GET", f"{second}/pending-items").json()["data"]
    body = {"package_name": "r", "pending_item_list": [item["pending_item_id"]], "apply_user_id": "moon"}
    refused = enterprise.ask("lin", "POST", f"{second}/pending-items/package", body, 400)
    assert code(refused).startswith("DLF.")
    assert "moon" in refused.text
    assert (item["item_name"], item["update_type"]) == ("orders", 3)


def test_of_what_waits_those_whom_a_policy_restricts_see_their_own(enterprise: Office) -> None:
    for name in ("lin", "sun"):
        body = {"directories": ["/"], "users": [name]}
        enterprise.ask("owner", "PUT", f"directory-policies/{name}", body)
    enterprise.ask("lin", "POST", "objects/job", job("orders", QUIET), 201)

    def seen(who: str, **query: Any) -> int:
        return int(enterprise.ask(who, "GET", "pending-items", **query).json()["total"])

    assert (seen("lin"), seen("sun"), seen("owner")) == (1, 0, 1)
    assert (seen("lin", asked_by="lin"), seen("lin", asked_by="owner")) == (1, 0)
    assert seen("sun", asked_by="lin") == 0
