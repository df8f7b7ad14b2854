"""Imports into workspaces that want reviews or releases: target status by role, at both doors."""

from __future__ import annotations

from typing import Any

import pytest

from builders import job, script
from contract.reviews.conftest import QUIET, Office, code

PACKAGE = (job("orders", QUIET), job("daily", QUIET, upstream=["orders"]), script("clean"))

MATRIX = [
    # settings, who, target status, approvers: the answer, live version, pending reviews, waiting items
    ({}, "lin", None, (), "", 1, 0, 0),
    ({}, "lin", "SAVED", (), "", 0, 0, 0),
    ({}, "lin", "SUBMITTED", (), "", 1, 0, 0),
    ({}, "lin", "PRODUCTION", (), "DLF.6888", 0, 0, 0),
    ({}, "sun", "PRODUCTION", (), "DLF.6888", 0, 0, 0),
    ({}, "zhao", "PRODUCTION", (), "", 1, 0, 0),
    ({"review": "all"}, "lin", None, (), "DLF.0802", 0, 0, 0),
    ({"review": "all"}, "lin", "SAVED", (), "", 0, 0, 0),
    ({"review": "all"}, "lin", "SUBMITTED", (), "DLF.0802", 0, 0, 0),
    ({"review": "all"}, "lin", "SUBMITTED", ("lin",), "DLF.3051", 0, 0, 0),
    ({"review": "all"}, "lin", "SUBMITTED", ("sun",), "DLF.3051", 0, 0, 0),
    ({"review": "all"}, "lin", "SUBMITTED", ("zhao",), "", 0, 1, 0),
    ({"review": "all"}, "lin", "PRODUCTION", ("zhao",), "DLF.6888", 0, 0, 0),
    ({"review": "all"}, "zhao", "SUBMITTED", ("qian",), "", 0, 1, 0),
    ({"review": "all"}, "zhao", "PRODUCTION", (), "", 1, 0, 0),
    ({"mode": "enterprise"}, "lin", "SAVED", (), "", 0, 0, 0),
    ({"mode": "enterprise"}, "lin", "SUBMITTED", (), "", 0, 0, 3),
    ({"mode": "enterprise"}, "zhao", "SUBMITTED", (), "", 0, 0, 3),
    ({"mode": "enterprise"}, "lin", "PRODUCTION", (), "DLF.6888", 0, 0, 0),
    ({"mode": "enterprise"}, "zhao", "PRODUCTION", (), "", 1, 0, 0),
]


@pytest.mark.parametrize(
    ("settings", "who", "status", "approvers", "said", "live", "reviews", "waiting"), MATRIX
)
def test_the_factory_imports_by_target_status(
    plain: Office,
    *,
    settings: dict[str, str],
    who: str,
    status: str | None,
    approvers: tuple[str, ...],
    said: str,
    live: int,
    reviews: int,
    waiting: int,
) -> None:
    if settings:
        plain.set(**settings)
    body: dict[str, Any] = {"path": plain.stored(*PACKAGE)}
    if status:
        body["targetStatus"] = status
    if approvers:
        body["approvers"] = [{"approverName": one} for one in approvers]
    refused = {"": 200, "DLF.6888": 403}.get(said, 400)
    answer = plain.ask(who, "POST", f"{plain.factory}/jobs/import", body, refused)
    if said:
        assert code(answer) == said
        assert plain.ask("owner", "GET", "objects/job").json()["total"] == 0
        return
    task = plain.door.ended(answer.json()["taskId"])
    assert task["status"] == "SUCCESSFUL", task
    for kind, name in (("job", "orders"), ("job", "daily"), ("script", "clean")):
        assert plain.live(name, kind) == live
    listed = plain.ask("owner", "GET", "reviews", state="pending").json()
    assert listed["total"] == reviews
    assert plain.ask("owner", "GET", "pending-items").json()["total"] == waiting


def test_one_review_holds_all_that_an_import_submits(office: Office) -> None:
    receipt = office.imported("lin", *PACKAGE, target_status="submitted", approvers=["zhao"])
    assert receipt["counts"] == {"created": 3}
    assert receipt["review"]["state"] == "pending"
    review = office.review(receipt["review"]["id"])
    assert (review["size"], review["import_id"], review["asked_by"]) == (3, receipt["id"], "lin")
    assert [one["name"] for one in review["items"]] == ["clean", "orders", "daily"]
    assert office.notices("zhao")[0]["code"] == "review-asked"
    office.ask("zhao", "POST", f"reviews/{review['id']}/approve")
    assert [office.live(name) for name in ("orders", "daily")] == [1, 1]
    assert office.live("clean", "script") == 1
    shown = office.door.http.get(f"/api/receipts/{receipt['id']}").json()
    assert shown["review"] == {"id": review["id"], "state": "approved"}


def test_a_rejected_import_goes_nowhere(office: Office) -> None:
    receipt = office.imported("lin", *PACKAGE, target_status="submitted", approvers=["zhao"])
    office.ask("zhao", "POST", f"reviews/{receipt['review']['id']}/reject")
    assert [office.live(name) for name in ("orders", "daily")] == [0, 0]


def test_one_changed_object_keeps_an_import_from_going_live(office: Office) -> None:
    receipt = office.imported("lin", *PACKAGE, target_status="submitted", approvers=["zhao"])
    office.ask("lin", "PUT", "objects/job/daily", job("daily", QUIET), submit=False)
    answer = office.ask("zhao", "POST", f"reviews/{receipt['review']['id']}/approve", status=409)
    assert code(answer) == "review-stale"
    assert [office.live(name) for name in ("orders", "daily")] == [0, 0]


def test_the_plan_says_how_things_go_live(office: Office) -> None:
    body = {
        "package": {"path": office.stored(*PACKAGE)},
        "options": {"target_status": "submitted", "approvers": ["zhao"]},
    }
    steps = office.looked_into("lin", body)["steps"]
    assert {(one["submits"], one["way"]) for one in steps} == {(1, "review")}


def test_a_check_without_approvers_tells_what_needs_them(office: Office) -> None:
    body = {"package": {"path": office.stored(*PACKAGE)}, "options": {"target_status": "submitted"}}
    report = office.looked_into("lin", body)
    assert {(one["code"], one["severity"]) for one in report["findings"]} >= {("approvers-missing", "block")}
    assert {one["verdict"] for one in report["steps"]} == {"blocked"}


def test_of_a_list_only_what_it_names_needs_approvers(plain: Office) -> None:
    plain.set(review="dai*")
    receipt = plain.imported("lin", *PACKAGE, target_status="submitted")
    assert receipt["counts"] == {"created": 2, "blocked": 1}
    assert plain.live("orders") == 1
    receipt = plain.imported("lin", *PACKAGE, target_status="submitted", approvers=["zhao"])
    assert receipt["review"]["state"] == "pending"
    assert plain.live("daily") == 0


def test_what_waits_is_not_submitted_by_an_import(office: Office) -> None:
    office.imported("lin", *PACKAGE, target_status="submitted", approvers=["zhao"])
    again = {"duplicates": "overwrite", "target_status": "submitted", "approvers": ["zhao"]}
    body = {"package": {"path": office.stored(*PACKAGE)}, "options": again}
    report = office.looked_into("lin", body)
    assert {one["code"] for one in report["findings"] if one["severity"] == "block"} == {"review-pending"}
    saved = body | {"options": {"duplicates": "overwrite", "target_status": "saved"}}
    report = office.looked_into("lin", saved)
    assert {one["verdict"] for one in report["steps"]} == {"unchanged"}


def test_publishing_by_a_rule_for_single_objects_takes_the_right(office: Office) -> None:
    body = {
        "package": {"path": office.stored(*PACKAGE)},
        "options": {"target_status": "production"},
    }
    begun = office.ask("lin", "POST", "imports", body, 202).json()
    refused = office.ask("lin", "GET", f"imports/{begun['id']}", wait=60).json()
    assert (refused["state"], refused["code"], "zhao" in refused["hint"]) == ("refused", "not-allowed", True)
    begun = office.ask("zhao", "POST", "imports", body, 202).json()
    assert office.ask("zhao", "GET", f"imports/{begun['id']}", wait=60).json()["state"] == "checked"


def undone(office: Office, receipt: dict[str, Any]) -> dict[str, Any]:
    plan = office.ask("lin", "GET", f"/api/receipts/{receipt['id']}/undo-plan").json()
    body = {"plan_digest": plan["plan_digest"]}
    begun = office.ask("lin", "POST", f"/api/receipts/{receipt['id']}/undo", body, 202).json()
    return office.door.ended(begun["task_id"])


def test_undoing_an_import_withdraws_its_review(office: Office) -> None:
    receipt = office.imported("lin", *PACKAGE, target_status="submitted", approvers=["zhao"])
    assert undone(office, receipt)["status"] == "SUCCESSFUL"
    assert office.review(receipt["review"]["id"])["state"] == "withdrawn"
    office.set(review="off")


def test_undoing_an_import_takes_its_pending_items_away(enterprise: Office) -> None:
    receipt = enterprise.imported("lin", *PACKAGE, target_status="submitted")
    assert undone(enterprise, receipt)["status"] == "SUCCESSFUL"
    assert enterprise.ask("owner", "GET", "pending-items").json()["total"] == 0


def test_what_is_in_a_pending_release_is_not_undone(enterprise: Office) -> None:
    receipt = enterprise.imported("lin", *PACKAGE, target_status="submitted")
    release = enterprise.released("r")
    task = undone(enterprise, receipt)
    assert (task["status"], task["code"]) == ("FAILED", "review-pending")
    enterprise.ask("lin", "POST", f"releases/{release['id']}/withdraw")
    assert undone(enterprise, receipt)["status"] == "SUCCESSFUL"


def test_the_review_of_an_import_is_asked_for_again_and_goes_with_its_undo(office: Office) -> None:
    receipt = office.imported("lin", job("orders", QUIET), job("lines", QUIET), approvers=["zhao"])
    first = receipt["review"]["id"]
    office.ask("zhao", "POST", f"reviews/{first}/reject")
    again = office.ask("lin", "POST", f"reviews/{first}/resubmit", {}, 201).json()
    assert (again["size"], again["import_id"], again["name"]) == (
        2,
        receipt["id"],
        office.review(first)["name"],
    )
    assert undone(office, receipt)["status"] == "SUCCESSFUL"
    assert office.review(again["id"])["state"] == "withdrawn"


@pytest.mark.parametrize("status", ["production", "submitted"])
@pytest.mark.parametrize("said_by", ["option", "rule", "second rule", "workspace"])
def test_only_who_may_publish_imports_for_production_whatever_says_so(
    plain: Office, said_by: str, status: str
) -> None:
    """By an option, by a rule for objects that are not even in the package, or by the workspace's policy."""
    rule = {"name": "nothing-of-this-name", "target_status": status}
    by: dict[str, dict[str, Any]] = {
        "option": {"target_status": status},
        "rule": {"rules": [rule]},
        "second rule": {"rules": [{"kind": "job", "target_status": "saved"}, rule]},
        "workspace": {},
    }
    if said_by == "workspace":
        plain.set(target_status=status)
    asked = {"package": {"path": plain.stored(*PACKAGE)}, "options": by[said_by]}
    if status == "submitted":
        assert plain.looked_into("lin", asked)["steps"]
        return
    assert code(plain.ask("lin", "POST", "imports", asked | {"apply": True}, 403)) == "not-allowed"
    begun = plain.ask("lin", "POST", "imports", asked, 202).json()
    refused = plain.ask("lin", "GET", f"imports/{begun['id']}", wait=60).json()
    assert (refused["state"], refused["code"]) == ("refused", "not-allowed")
    assert plain.looked_into("zhao", asked)["steps"]
