"""With review on, what is submitted or deleted waits for somebody else; without it, nothing changes."""

from __future__ import annotations

from typing import Any

import pytest

from builders import job, script
from contract.reviews.conftest import QUIET, Office, code

APPROVERS = [{"approverName": "zhao"}]


def body(name: str, status: str | None = None, *approvers: str) -> dict[str, Any]:
    document = job(name, QUIET)
    if status:
        document["targetStatus"] = status
    if approvers:
        document["approvers"] = [{"approverName": one} for one in approvers]
    return document


STATUSES = [
    # review, who, target status, approvers: status and code, live version, whether a review is pending
    ("off", "lin", None, (), 204, "", 1, False),
    ("off", "lin", "SAVED", (), 204, "", 0, False),
    ("off", "lin", "SUBMITTED", (), 204, "", 1, False),
    ("off", "lin", "SUBMITTED", ("zhao",), 204, "", 1, False),
    ("off", "lin", "PRODUCTION", (), 403, "DLF.6888", None, False),
    ("off", "zhao", "PRODUCTION", (), 204, "", 1, False),
    ("all", "lin", None, (), 400, "DLF.0802", None, False),
    ("all", "lin", None, ("zhao",), 204, "", 0, True),
    ("all", "lin", "SAVED", (), 204, "", 0, False),
    ("all", "lin", "SUBMITTED", (), 400, "DLF.0802", None, False),
    ("all", "lin", "SUBMITTED", ("zhao",), 204, "", 0, True),
    ("all", "lin", "PRODUCTION", ("zhao",), 403, "DLF.6888", None, False),
    ("all", "zhao", "SUBMITTED", (), 400, "DLF.0802", None, False),
    ("all", "zhao", "SUBMITTED", ("zhao",), 400, "DLF.3051", None, False),
    ("all", "zhao", "SUBMITTED", ("qian",), 204, "", 0, True),
    ("all", "zhao", "PRODUCTION", (), 204, "", 1, False),
    ("all", "owner", "PRODUCTION", (), 204, "", 1, False),
    ("dw_*, one", "lin", "SUBMITTED", (), 204, "", 1, False),
]


@pytest.mark.parametrize(
    ("review", "who", "status", "approvers", "answered", "said", "live", "waits"), STATUSES
)
def test_what_a_target_status_does(
    plain: Office,
    *,
    review: str,
    who: str,
    status: str | None,
    approvers: tuple[str, ...],
    answered: int,
    said: str,
    live: int | None,
    waits: bool,
) -> None:
    plain.set(review=review)
    answer = plain.ask(who, "POST", f"{plain.factory}/jobs", body("orders", status, *approvers), answered)
    if said:
        assert code(answer) == said
        assert plain.ask("owner", "GET", "objects/job").json()["total"] == 0
        return
    shown = plain.object("orders")
    assert (shown["live_version"], bool(shown["review"])) == (live, waits)
    document = plain.ask("owner", "GET", "documents/job/orders").json()
    assert "targetStatus" not in document
    assert "approvers" not in document


@pytest.mark.parametrize("name", ["dw_orders", "one"])
def test_a_list_of_patterns_covers_what_it_names(plain: Office, name: str) -> None:
    plain.set(review="dw_*, one")
    refused = plain.ask("lin", "POST", "objects/job", job(name, QUIET), 400)
    assert code(refused) == "missing-value"
    assert "zhao" in refused.json()["error"]["hint"]
    plain.ask("lin", "POST", "objects/job", job(f"my_{name}", QUIET), 201)


def test_the_draft_is_saved_and_goes_live_when_it_is_approved(office: Office) -> None:
    id_ = office.submitted("orders", "zhao", note_="x")
    shown = office.object("orders")
    assert (shown["live_version"], shown["last_version"], shown["review"]) == (0, 0, id_)
    asked = office.review(id_)
    assert [(one["ask"], one["name"], one["version"]) for one in asked["items"]] == [("submit", "orders", 1)]
    assert (asked["state"], asked["asked_by"], asked["approvers"]) == ("pending", "lin", ["zhao"])
    decided = office.ask("zhao", "POST", f"reviews/{id_}/approve", {"answer": "fine"}).json()
    assert (decided["state"], decided["decided_by"], decided["answer"]) == ("approved", "zhao", "fine")
    shown = office.object("orders")
    assert (shown["live_version"], shown["last_version"], shown["review"]) == (1, 1, "")


def test_a_script_is_reviewed_like_a_job(office: Office) -> None:
    made = office.ask("lin", "POST", "objects/script", script("clean"), 201, approver="zhao").json()
    assert made["live_version"] == 0
    office.ask("zhao", "POST", f"reviews/{made['review']}/approve")
    assert office.live("clean", "script") == 1
    office.ask("lin", "POST", f"{office.factory}/scripts", script("other"), 400)
    office.ask("lin", "POST", f"{office.factory}/scripts", {**script("other"), "approvers": APPROVERS}, 204)
    office.ask("lin", "DELETE", f"{office.factory}/scripts/clean", {"approvers": APPROVERS}, 204)
    assert office.object("clean", "script")["review"]


def test_resources_are_never_reviewed(office: Office) -> None:
    jar = {"name": "lookup", "type": "jar", "location": "obs://bucket/lookup.jar"}
    office.ask("lin", "POST", "objects/resource", jar, 201)
    office.ask("lin", "DELETE", "objects/resource/lookup", status=204)


def test_deleting_waits_too(office: Office) -> None:
    office.saved("orders")
    assert code(office.ask("lin", "DELETE", "objects/job/orders", status=400)) == "missing-value"
    assert code(office.ask("lin", "DELETE", f"{office.factory}/jobs/orders", status=400)) == "DLF.0802"
    waiting = office.ask("lin", "DELETE", "objects/job/orders", status=202, approver="zhao").json()
    assert office.object("orders")["review"] == waiting["review"]
    office.ask("zhao", "POST", f"reviews/{waiting['review']}/approve")
    assert office.ask("owner", "GET", "objects/job").json()["total"] == 0


def test_the_factory_deletes_by_approvers(office: Office) -> None:
    office.saved("orders")
    office.ask("lin", "DELETE", f"{office.factory}/jobs/orders", {"approvers": APPROVERS}, 204)
    id_ = office.object("orders")["review"]
    assert office.review(id_)["items"][0]["ask"] == "delete"
    office.ask("zhao", "POST", f"reviews/{id_}/reject")
    assert office.object("orders")["review"] == ""


@pytest.mark.parametrize(
    "given", ["zhao", [{"name": "zhao"}], [{"approverName": 1}], {"approverName": "zhao"}]
)
def test_approvers_that_are_no_list_of_names(office: Office, given: Any) -> None:
    answer = office.ask(
        "lin", "POST", f"{office.factory}/jobs", {**body("orders", "SUBMITTED"), "approvers": given}, 400
    )
    assert code(answer) == "DLF.3051"
    assert "approverName" in answer.json()["error_msg"]


@pytest.mark.parametrize("unfit", ["lin", "sun", "wu", "zhou", "nobody"])
def test_who_cannot_approve_is_not_asked(office: Office, unfit: str) -> None:
    answer = office.ask("lin", "POST", "objects/job", job("orders", QUIET), 400, approver=["zhao", unfit])
    assert code(answer) == "approver-invalid"
    assert answer.json()["error"]["subject"] == unfit
    assert office.ask("owner", "GET", "objects/job").json()["total"] == 0


def test_what_waits_is_not_asked_for_twice(office: Office) -> None:
    id_ = office.submitted("orders", "zhao")
    again = office.ask("lin", "PUT", "objects/job/orders", job("orders", QUIET), 409, approver="qian")
    assert code(again) == "review-pending"
    assert id_ in again.json()["error"]["message"]
    gone = office.ask("lin", "DELETE", "objects/job/orders", status=409, approver="qian")
    assert code(gone) == "review-pending"
    office.ask("lin", "PUT", "objects/job/orders", job("orders", QUIET), submit=False)


def test_a_note_is_at_most_128_characters(office: Office) -> None:
    document = job("orders", QUIET)
    refused = office.ask("lin", "POST", "objects/job", document, 400, approver="zhao", note="n" * 129)
    assert code(refused) == "invalid-description"
    made = office.ask("lin", "POST", "objects/job", document, 201, approver="zhao", note="n" * 128).json()
    assert office.review(made["review"])["note"] == "n" * 128


def test_publishing_is_for_owner_and_administrators(office: Office) -> None:
    refused = office.ask("lin", "POST", "objects/job", job("orders", QUIET), 403, publish=True)
    assert "zhao" in refused.json()["error"]["hint"]
    office.ask("zhao", "POST", "objects/job", job("orders", QUIET), 201, publish=True)
    assert office.live("orders") == 1
