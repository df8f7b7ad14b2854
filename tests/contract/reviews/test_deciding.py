"""Who decides about reviews, what a decision does, and what it is told."""

from __future__ import annotations

from typing import Any

import pytest

from builders import job, node, script
from cases import every_case
from contract.reviews.conftest import QUIET, Office, code
from contract.rights.conftest import client
from jobferry.model.audit import AuditFilter
from people import caller_named, store_of


@pytest.mark.parametrize(
    ("who", "status"),
    [("lin", 403), ("sun", 403), ("wu", 403), ("zhou", 403), ("qian", 403), ("owner", 403), ("zhao", 200)],
)
def test_only_a_named_administrator_decides(office: Office, who: str, status: int) -> None:
    id_ = office.submitted("orders", "zhao")
    for verb in ("approve", "reject"):
        answer = office.ask(
            who, "POST", f"reviews/{id_}/{verb}", status=409 if verb == "reject" and status == 200 else status
        )
        if status == 403:
            assert code(answer) == "not-allowed"
            assert answer.json()["error"]["hint"]
    assert office.live("orders") == (1 if status == 200 else 0)


def test_nobody_approves_what_they_ask_for(office: Office) -> None:
    id_ = office.submitted("orders", "qian", who="zhao")
    answer = office.ask("zhao", "POST", f"reviews/{id_}/approve", status=403)
    assert "cannot decide" in answer.json()["error"]["message"]
    with store_of(office.door.platform).read() as snapshot:
        wanted = AuditFilter(workspace_id=office.workspace["id"], action="review-decide")
        total, rows = snapshot.audit.page(wanted, offset=0, limit=5)
    assert (total, rows[0].event.outcome, rows[0].event.subject) == (1, "refused", id_)


def test_an_approver_who_is_no_administrator_any_more_decides_nothing(office: Office) -> None:
    id_ = office.submitted("orders", "zhao")
    office.ask("owner", "PUT", "members/zhao", {"roles": ["developer"]})
    office.ask("zhao", "POST", f"reviews/{id_}/approve", status=403)
    office.ask("qian", "POST", f"reviews/{id_}/withdraw")
    assert office.review(id_)["state"] == "withdrawn"


def test_a_rejected_draft_stays_a_draft(office: Office) -> None:
    id_ = office.submitted("orders", "zhao")
    office.ask("zhao", "POST", f"reviews/{id_}/reject", {"answer": "name the owner"})
    shown = office.object("orders")
    assert (shown["live_version"], shown["last_version"], shown["review"]) == (0, 0, "")
    told = office.notices("lin")[0]
    assert (told["code"], told["args"]["state"]) == ("review-decided", "rejected")
    assert "name the owner" in told["message"]
    office.ask("lin", "PUT", "objects/job/orders", job("orders", QUIET), approver="zhao")


@pytest.mark.parametrize("verb", ["approve", "reject", "withdraw"])
def test_what_is_decided_is_decided(office: Office, verb: str) -> None:
    id_ = office.submitted("orders", "zhao")
    office.ask("zhao", "POST", f"reviews/{id_}/approve")
    who = "lin" if verb == "withdraw" else "zhao"
    answer = office.ask(who, "POST", f"reviews/{id_}/{verb}", status=409)
    assert code(answer) == "review-over"
    assert "approved by zhao" in answer.json()["error"]["message"]


def test_what_changed_since_is_not_approved(office: Office) -> None:
    id_ = office.submitted("orders", "zhao")
    office.ask("lin", "PUT", "objects/job/orders", job("orders", QUIET, description="other"), submit=False)
    answer = office.ask("zhao", "POST", f"reviews/{id_}/approve", status=409)
    assert code(answer) == "review-stale"
    assert "orders" in answer.json()["error"]["message"]
    assert (office.live("orders"), office.review(id_)["state"]) == (0, "pending")
    office.ask("lin", "POST", f"reviews/{id_}/withdraw")
    again = office.ask(
        "lin", "PUT", "objects/job/orders", job("orders", QUIET, description="other"), approver="zhao"
    )
    office.ask("zhao", "POST", f"reviews/{again.json()['review']}/approve")
    assert office.live("orders") == 1


def test_what_was_published_since_is_not_approved(office: Office) -> None:
    id_ = office.submitted("orders", "zhao")
    office.ask("qian", "POST", "locks/job/orders")
    office.ask("qian", "PUT", "objects/job/orders", job("orders", QUIET), publish=True)
    assert code(office.ask("zhao", "POST", f"reviews/{id_}/approve", status=409)) == "review-stale"


def test_a_job_that_runs_is_not_deleted(office: Office) -> None:
    office.ask("zhao", "POST", "objects/job", job("orders", QUIET), 201, publish=True)
    office.ask("lin", "POST", "locks/job/orders")
    waiting = office.ask("lin", "DELETE", "objects/job/orders", status=202, approver="zhao").json()
    office.ask("lin", "POST", "jobs/orders/start", status=200)
    answer = office.ask("zhao", "POST", f"reviews/{waiting['review']}/approve", status=409)
    assert code(answer) == "job-running"
    office.ask("lin", "POST", "jobs/orders/stop", status=200)
    office.ask("zhao", "POST", f"reviews/{waiting['review']}/approve")
    assert code(office.ask("owner", "GET", "objects/job/orders", status=404)) == "job-missing"


@pytest.mark.parametrize(("who", "status"), [("lin", 200), ("zhao", 200), ("sun", 403), ("zhou", 403)])
def test_who_asked_takes_it_back_or_an_administrator(office: Office, who: str, status: int) -> None:
    id_ = office.submitted("orders", "zhao")
    office.ask(who, "POST", f"reviews/{id_}/withdraw", status=status)
    assert office.review(id_)["state"] == ("withdrawn" if status == 200 else "pending")
    assert bool(office.object("orders")["review"]) == (status != 200)


def test_the_tabs(office: Office) -> None:
    first = office.submitted("first", "zhao")
    second = office.submitted("second", "qian", "zhao", who="owner")
    third = office.submitted("third", "qian", who="zhao")
    office.ask("zhao", "POST", f"reviews/{second}/approve")

    def listed(who: str, **query: Any) -> list[str]:
        return [one["id"] for one in office.ask(who, "GET", "reviews", **query).json()["items"]]

    assert listed("zhao", tab="pending") == [first]
    assert listed("zhao", tab="reviewed") == [second]
    assert listed("zhao", tab="mine") == [third]
    assert listed("lin") == [third, second, first]
    assert listed("lin", state="approved") == [second]
    assert listed("qian", tab="pending") == [third]


def test_who_is_asked_is_told(office: Office) -> None:
    id_ = office.submitted("orders", "zhao")
    told = office.notices("zhao")[0]
    assert told["code"] == "review-asked"
    assert (told["about"]["kind"], told["about"]["id"]) == ("review", id_)
    assert office.ask("zhao", "GET", f"reviews/{told['about']['id']}").json()["id"] == id_
    assert "lin" in told["message"]
    assert office.notices("qian") == []


def test_the_audit_has_every_step(office: Office) -> None:
    first, second = office.submitted("a", "zhao"), office.submitted("b", "zhao")
    third = office.submitted("c", "zhao")
    office.ask("zhao", "POST", f"reviews/{first}/approve")
    office.ask("zhao", "POST", f"reviews/{second}/reject")
    office.ask("lin", "POST", f"reviews/{third}/withdraw")
    with store_of(office.door.platform).read() as snapshot:
        wanted = AuditFilter(workspace_id=office.workspace["id"], kind="review")
        _, rows = snapshot.audit.page(wanted, offset=0, limit=20)
    done = [(row.event.actor, row.event.action, row.event.subject) for row in reversed(rows)]
    assert done == [
        ("lin", "review-ask", first),
        ("lin", "review-ask", second),
        ("lin", "review-ask", third),
        ("zhao", "review-approve", first),
        ("zhao", "review-reject", second),
        ("lin", "review-withdraw", third),
    ]


def test_directory_policies_hide_what_others_asked(office: Office) -> None:
    theirs = office.submitted("hidden", "zhao", who="owner", directory="/secret")
    policy = {"directories": ["/open"], "users": ["lin", "sun"]}
    office.ask("owner", "PUT", "directory-policies/p", policy)
    mine = office.submitted("orders", "zhao", directory="/open")
    assert [one["id"] for one in office.ask("lin", "GET", "reviews").json()["items"]] == [mine]
    assert office.ask("sun", "GET", "reviews").json()["total"] == 0
    assert code(office.ask("sun", "GET", f"reviews/{theirs}", status=404)) == "review-missing"
    assert office.ask("zhao", "GET", "reviews").json()["total"] == 2


def test_a_start_names_the_script_and_the_node_that_are_not_submitted(plain: Office) -> None:
    plain.ask("lin", "POST", "objects/script", script("clean"), 201, submit=False)
    uses = job("orders", QUIET, node("sweep", "Shell", scriptName="clean"))
    plain.ask("lin", "POST", "objects/job", uses, 201)
    refused = plain.ask("lin", "POST", "jobs/orders/start", status=409)
    assert code(refused) == "not-submitted"
    told = refused.json()["error"]["message"]
    assert told == (
        "the job orders cannot start because the script clean, "
        "which it uses in its node sweep, is not submitted"
    )


def test_what_was_rejected_is_asked_for_again_unless_it_changed(office: Office) -> None:
    first = office.submitted("orders", "zhao")
    pending = office.ask("lin", "POST", f"reviews/{first}/resubmit", {}, 409)
    assert code(pending) == "review-over"
    office.ask("zhao", "POST", f"reviews/{first}/reject", {"answer": "why?"})
    office.ask("zhou", "POST", f"reviews/{first}/resubmit", {}, 403)
    said = {"approvers": ["qian"], "note": "that is why"}
    again = office.ask("lin", "POST", f"reviews/{first}/resubmit", said, 201).json()
    assert (again["state"], again["approvers"], again["note"]) == ("pending", ["qian"], "that is why")
    assert code(office.ask("lin", "POST", f"reviews/{first}/resubmit", {}, 409)) == "review-pending"
    assert office.notices("qian")[0]["code"] == "review-asked"
    office.ask("lin", "POST", f"reviews/{again['id']}/withdraw")
    third = office.ask("lin", "POST", f"reviews/{again['id']}/resubmit", {}, 201).json()
    assert third["approvers"] == ["qian"]
    office.ask("qian", "POST", f"reviews/{third['id']}/approve")
    assert office.live("orders") == 1

    other = office.submitted("lines", "zhao")
    office.ask("zhao", "POST", f"reviews/{other}/reject")
    office.ask("lin", "PUT", "objects/job/lines", job("lines", QUIET, owner="lin"), submit=False)
    changed = office.ask("lin", "POST", f"reviews/{other}/resubmit", {}, 409)
    assert code(changed) == "review-stale"


def test_a_deletion_is_asked_for_again(office: Office) -> None:
    office.ask("zhao", "POST", "objects/job", job("orders", QUIET), 201, publish=True)
    id_ = office.ask("zhao", "DELETE", "objects/job/orders", status=202, approver="qian").json()["review"]
    office.ask("qian", "POST", f"reviews/{id_}/reject")
    again = office.ask("zhao", "POST", f"reviews/{id_}/resubmit", {}, 201).json()
    office.ask("qian", "POST", f"reviews/{again['id']}/approve")
    office.ask("owner", "GET", "objects/job/orders", status=404)


def test_a_draft_that_is_there_is_submitted_with_approvers(office: Office) -> None:
    office.saved("orders")
    id_ = office.ask("lin", "POST", "submits/job/orders", approver="zhao").json()["review"]
    office.ask("zhao", "POST", f"reviews/{id_}/approve")
    assert office.live("orders") == 1


def test_a_read_only_token_withdraws_nothing_that_its_user_asked_for(office: Office) -> None:
    review = office.submitted("orders", "zhao")
    caller = caller_named(office.door.platform, "lin")
    with client(office.door, caller, read_only=True) as reading:
        path = f"/api/workspaces/{office.name}/reviews/{review}/withdraw"
        assert reading.post(path).status_code == 403
    assert office.review(review)["state"] == "pending"
    office.ask("lin", "POST", f"reviews/{review}/withdraw")


def test_reviews_of_another_workspace_are_not_there_by_their_real_ids(
    office: Office, enterprise: Office, plain: Office
) -> None:
    """The caller may do everything in both workspaces: only the address is of the wrong one."""
    review = office.submitted("orders", "zhao", who="lin")
    rejected = office.submitted("lines", "zhao", who="lin")
    office.ask("zhao", "POST", f"reviews/{rejected}/reject")
    enterprise.submitted("orders")
    release = enterprise.released("r")["id"]
    with every_case() as case:
        for id_, kind, verbs in (
            (review, "reviews", ("approve", "reject", "withdraw")),
            (rejected, "reviews", ("resubmit",)),
            (release, "releases", ("approve", "reject", "withdraw")),
            (review, "releases", ("approve", "reject", "withdraw")),
            (release, "reviews", ("approve", "reject", "withdraw", "resubmit")),
        ):
            with case(f"{kind} show"):
                assert code(plain.ask("zhao", "GET", f"{kind}/{id_}", status=404)) == "review-missing"
            for verb in verbs:
                with case(f"{kind} {verb}"):
                    refused = plain.ask("zhao", "POST", f"{kind}/{id_}/{verb}", {}, 404)
                    assert code(refused) == "review-missing"
    assert (office.live("orders"), office.live("lines"), enterprise.live("orders")) == (0, 0, 0)
    assert office.review(review)["state"] == "pending"
    assert enterprise.ask("owner", "GET", f"releases/{release}").json()["state"] == "pending"
