"""Enterprise mode: what is submitted waits until a release that somebody else approves takes it live."""

from __future__ import annotations

import msgspec
import pytest

from builders import job, script
from contract.reviews.conftest import QUIET, Office, code
from contract.reviews.test_importing import PACKAGE
from jobferry.model.rights import Role
from people import assign, caller_named, store_of


def made(office: Office, *names: str) -> None:
    for name in names:
        office.ask("lin", "POST", "objects/job", job(name, QUIET), 201)


def waiting(office: Office) -> list[str]:
    return [one["name"] for one in office.ask("owner", "GET", "pending-items").json()["items"]]


def test_a_submit_makes_a_version_that_is_not_live(enterprise: Office) -> None:
    made(enterprise, "orders")
    shown = enterprise.object("orders")
    assert (shown["live_version"], shown["last_version"]) == (0, 1)
    assert waiting(enterprise) == ["orders"]
    refused = enterprise.ask("lin", "POST", "jobs/orders/start", status=409)
    assert code(refused) == "not-submitted"


def test_a_release_takes_everything_live_at_once(enterprise: Office) -> None:
    made(enterprise, "b", "a")
    enterprise.ask("lin", "POST", "objects/script", script("clean"), 201)
    release = enterprise.released("november")
    assert (release["name"], release["size"], release["state"]) == ("november", 3, "pending")
    assert waiting(enterprise) == []
    shown = enterprise.ask("wu", "GET", f"releases/{release['id']}").json()
    assert [one["name"] for one in shown["items"]] == ["clean", "a", "b"]
    enterprise.ask("wu", "POST", f"releases/{release['id']}/approve", {"answer": "go"})
    assert [enterprise.live(name) for name in ("a", "b")] == [1, 1]
    assert enterprise.live("clean", "script") == 1
    told = enterprise.notices("lin")[0]
    assert (told["code"], told["args"]["state"]) == ("release-decided", "approved")


@pytest.mark.parametrize(
    ("name", "status"),
    [("", 400), ("x" * 128, 201), ("x" * 129, 400), ("a\x00b", 400), ("发布", 201)],
)
def test_names_of_releases(enterprise: Office, name: str, status: int) -> None:
    made(enterprise, "orders")
    enterprise.ask("lin", "POST", "releases", {"name": name, "everything": True}, status)


def test_a_release_is_no_review_and_a_review_is_no_release(office: Office, enterprise: Office) -> None:
    made(enterprise, "orders")
    for place, id_, kind in (
        (enterprise, enterprise.released("r")["id"], "reviews"),
        (office, office.submitted("orders", "zhao"), "releases"),
    ):
        for verb in ("approve", "reject", "withdraw"):
            missing = place.ask("zhao", "POST", f"{kind}/{id_}/{verb}", {}, 404)
            assert code(missing) == "review-missing"
        place.ask("zhao", "GET", f"{kind}/{id_}", status=404)
        assert place.live("orders") == 0


@pytest.mark.parametrize(
    ("who", "status"),
    [("wu", 200), ("zhao", 200), ("owner", 200), ("lin", 403), ("sun", 403), ("zhou", 403)],
)
def test_who_approves_releases(enterprise: Office, who: str, status: int) -> None:
    made(enterprise, "orders")
    release = enterprise.released("r")
    enterprise.ask(who, "POST", f"releases/{release['id']}/approve", status=status)
    assert enterprise.live("orders") == (1 if status == 200 else 0)


def test_nobody_approves_their_own_release(enterprise: Office) -> None:
    made(enterprise, "orders")
    release = enterprise.released("r", "zhao")
    enterprise.ask("zhao", "POST", f"releases/{release['id']}/approve", status=403)
    enterprise.ask("qian", "POST", f"releases/{release['id']}/approve")


def deploying_developer(office: Office, who: str = "wu") -> None:
    """Give a deployer the role developer, too."""
    assign(
        office.door.platform,
        caller_named(office.door.platform, who),
        office.name,
        Role.DEPLOYER,
        Role.DEVELOPER,
    )


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_nobody_decides_about_a_release_with_something_that_they_submitted(
    enterprise: Office, verb: str
) -> None:
    deploying_developer(enterprise)
    made(enterprise, "orders")
    enterprise.submitted("mine", who="wu")
    release = enterprise.released("r")
    refused = enterprise.ask("wu", "POST", f"releases/{release['id']}/{verb}", status=403)
    assert "something in it" in refused.json()["error"]["message"]
    assert (enterprise.live("mine"), enterprise.live("orders")) == (0, 0)
    enterprise.ask("zhao", "POST", f"releases/{release['id']}/{verb}")


def test_nobody_approves_a_deletion_that_they_asked_for_or_what_their_import_submitted(
    enterprise: Office,
) -> None:
    deploying_developer(enterprise)
    enterprise.imported("wu", *PACKAGE, target_status="submitted")
    release = enterprise.released("import")
    enterprise.ask("wu", "POST", f"releases/{release['id']}/approve", status=403)
    enterprise.ask("zhao", "POST", f"releases/{release['id']}/approve")
    enterprise.ask("wu", "DELETE", "objects/job/orders", status=202)
    release = enterprise.released("deletion")
    enterprise.ask("wu", "POST", f"releases/{release['id']}/approve", status=403)
    assert enterprise.object("orders")


def test_what_does_not_wait_for_somebody_is_not_shown_as_waiting_for_them(enterprise: Office) -> None:
    deploying_developer(enterprise)
    enterprise.submitted("mine", who="wu")
    release = enterprise.released("r")
    assert release["approvable_by"] == sorted(release["approvable_by"])
    assert set(release["approvable_by"]) == {"administrator", "qian", "zhao"}
    pending = {
        who: enterprise.ask(who, "GET", "releases", tab="pending").json()["total"]
        for who in ("wu", "zhao", "lin")
    }
    assert pending == {"wu": 0, "zhao": 1, "lin": 0}
    assert [enterprise.notices(who) for who in ("wu", "lin")] == [[], []]
    assert enterprise.notices("zhao")[0]["code"] == "release-asked"


def test_creating_a_release_names_those_who_can_approve_it(enterprise: Office) -> None:
    made(enterprise, "a", "b")
    one = [{"kind": "job", "name": "a"}]
    assert enterprise.released("r", items=one, approvers=["wu"])["approvable_by"] == ["wu"]
    others = enterprise.released("s", "zhao")
    assert (others["approvers"], set(others["approvable_by"])) == ([], {"administrator", "qian", "wu"})


def test_who_is_disabled_is_not_among_those_who_can_approve(enterprise: Office) -> None:
    made(enterprise, "orders")
    users = "/api/users/wu"
    enterprise.door.http.patch(users, json={"disabled": True}).raise_for_status()
    try:
        assert "wu" not in enterprise.released("r")["approvable_by"]
        enterprise.ask("lin", "POST", f"releases/{release_of(enterprise)}/withdraw")
        body = {"name": "r", "everything": True, "approvers": ["wu"]}
        assert code(enterprise.ask("lin", "POST", "releases", body, 400)) == "approver-invalid"
    finally:
        enterprise.door.http.patch(users, json={"disabled": False}).raise_for_status()


def release_of(office: Office) -> str:
    (release,) = office.ask("owner", "GET", "releases", state="pending").json()["items"]
    return str(release["id"])


def test_who_submitted_something_in_a_release_cannot_be_named_for_it(enterprise: Office) -> None:
    deploying_developer(enterprise)
    enterprise.submitted("mine", who="wu")
    body = {"name": "r", "everything": True, "approvers": ["wu"]}
    refused = enterprise.ask("lin", "POST", "releases", body, 400)
    assert code(refused) == "approver-invalid"
    assert "wu" not in refused.json()["error"]["hint"]


def test_a_release_that_no_member_could_approve_is_refused(enterprise: Office) -> None:
    for who in ("owner", "zhao", "qian"):
        enterprise.submitted(f"of-{who}", who=who)
    enterprise.ask("owner", "DELETE", "members/wu", status=204)
    refused = enterprise.ask("lin", "POST", "releases", {"name": "r", "everything": True}, 400)
    assert code(refused) == "approver-invalid"
    assert len(waiting(enterprise)) == 3
    one = [{"kind": "job", "name": "of-zhao"}]
    assert set(enterprise.released("r", items=one)["approvable_by"]) == {"administrator", "qian"}


def test_a_release_from_before_is_judged_by_the_same_rule(enterprise: Office) -> None:
    deploying_developer(enterprise)
    enterprise.submitted("mine", who="wu")
    release = enterprise.released("r")
    with store_of(enterprise.door.platform).write() as uow:
        review = uow.reviews.by_id(release["id"])
        assert review is not None
        uow.reviews.replace(msgspec.structs.replace(review, approvers=("wu",)))
        uow.commit()
    enterprise.ask("wu", "POST", f"releases/{release['id']}/approve", status=403)
    assert enterprise.ask("wu", "GET", "releases", tab="pending").json()["total"] == 0


def test_named_approvers_decide_alone(enterprise: Office) -> None:
    made(enterprise, "orders")
    release = enterprise.released("r", everything=True, approvers=["wu"])
    assert enterprise.notices("wu")[0]["code"] == "release-asked"
    enterprise.ask("zhao", "POST", f"releases/{release['id']}/approve", status=403)
    enterprise.ask("wu", "POST", f"releases/{release['id']}/approve")


@pytest.mark.parametrize("verb", ["reject", "withdraw"])
def test_what_is_turned_down_waits_again(enterprise: Office, verb: str) -> None:
    made(enterprise, "a", "b")
    release = enterprise.released("r")
    enterprise.ask("lin" if verb == "withdraw" else "wu", "POST", f"releases/{release['id']}/{verb}")
    assert waiting(enterprise) == ["a", "b"]
    assert [enterprise.live(name) for name in ("a", "b")] == [0, 0]
    again = enterprise.released("again", items=[{"kind": "job", "name": "b"}])
    assert (again["size"], waiting(enterprise)) == (1, ["a"])


def test_a_newer_submit_replaces_what_waits(enterprise: Office) -> None:
    made(enterprise, "orders")
    enterprise.ask("lin", "PUT", "objects/job/orders", job("orders", QUIET, description="two"))
    items = enterprise.ask("owner", "GET", "pending-items").json()["items"]
    assert [(one["name"], one["version"]) for one in items] == [("orders", 2)]
    release = enterprise.released("r")
    enterprise.ask(
        "lin", "PUT", "objects/job/orders", job("orders", QUIET, description="three"), submit=False
    )
    enterprise.ask("wu", "POST", f"releases/{release['id']}/approve")
    assert enterprise.live("orders") == 2
    live = enterprise.ask("lin", "GET", "documents/job/orders", version="live").json()
    assert live["description"] == "two"


def test_what_is_in_a_pending_release_is_not_submitted_again(enterprise: Office) -> None:
    made(enterprise, "orders")
    enterprise.released("r")
    refused = enterprise.ask("lin", "PUT", "objects/job/orders", job("orders", QUIET), 409)
    assert code(refused) == "review-pending"


def test_deleting_what_is_live_waits_for_a_release(enterprise: Office) -> None:
    made(enterprise, "draft", "orders")
    enterprise.ask("lin", "DELETE", "objects/job/draft", status=204)
    assert waiting(enterprise) == ["orders"]
    enterprise.ask("wu", "POST", f"releases/{enterprise.released('first')['id']}/approve")
    assert enterprise.ask("lin", "DELETE", "objects/job/orders", status=202).json() == {"review": ""}
    release = enterprise.released("second")
    enterprise.ask("wu", "POST", f"releases/{release['id']}/approve")
    assert enterprise.ask("owner", "GET", "objects/job").json()["total"] == 0


def test_publishing_needs_no_release(enterprise: Office) -> None:
    made(enterprise, "orders")
    enterprise.ask("zhao", "POST", "locks/job/orders")
    enterprise.ask("zhao", "PUT", "objects/job/orders", job("orders", QUIET), publish=True)
    assert (enterprise.live("orders"), waiting(enterprise)) == (2, [])


def test_an_import_that_publishes_takes_what_waited(enterprise: Office) -> None:
    enterprise.imported("lin", *PACKAGE, target_status="submitted")
    assert len(waiting(enterprise)) == 3
    enterprise.imported("zhao", *PACKAGE, target_status="production", duplicates="overwrite")
    assert (enterprise.live("orders"), waiting(enterprise)) == (2, [])


def test_a_release_of_what_was_published_since_is_stale(enterprise: Office) -> None:
    made(enterprise, "orders")
    release = enterprise.released("r")
    enterprise.ask("zhao", "POST", "locks/job/orders")
    enterprise.ask("zhao", "PUT", "objects/job/orders", job("orders", QUIET), publish=True)
    refused = enterprise.ask("wu", "POST", f"releases/{release['id']}/approve", status=409)
    assert code(refused) == "review-stale"
    enterprise.ask("wu", "POST", f"releases/{release['id']}/reject")
    assert waiting(enterprise) == []


def test_a_release_holds_1_to_100_items(enterprise: Office) -> None:
    empty = enterprise.ask("lin", "POST", "releases", {"name": "r", "everything": True}, 400)
    assert code(empty) == "invalid-value"
    documents = [job(f"j{number:03}", QUIET) for number in range(101)]
    enterprise.imported("lin", *documents, target_status="submitted")
    refused = enterprise.ask("lin", "POST", "releases", {"name": "r", "everything": True}, 400)
    assert "101" in refused.json()["error"]["message"]
    items = [{"kind": "job", "name": one["name"]} for one in documents[:100]]
    release = enterprise.released("r", items=items)
    enterprise.ask("wu", "POST", f"releases/{release['id']}/approve")
    assert (enterprise.live("j099"), waiting(enterprise)) == (1, ["j100"])


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"name": "r", "items": [{"kind": "job", "name": "nobody"}]}, 404, "review-missing"),
        ({"name": "", "everything": True}, 400, "invalid-name"),
        ({"name": "n" * 129, "everything": True}, 400, "invalid-name"),
        ({"name": "r", "everything": True, "approvers": ["lin"]}, 400, "approver-invalid"),
        ({"name": "r", "everything": True, "approvers": ["sun"]}, 400, "approver-invalid"),
        ({"name": "r", "everything": True, "note": "n" * 129}, 400, "invalid-description"),
    ],
)
def test_releases_that_cannot_be_made(
    enterprise: Office, body: dict[str, object], status: int, said: str
) -> None:
    made(enterprise, "orders")
    assert code(enterprise.ask("lin", "POST", "releases", body, status)) == said
    assert waiting(enterprise) == ["orders"]


def test_the_mode_is_kept_while_something_waits(enterprise: Office) -> None:
    made(enterprise, "orders")
    assert code(enterprise.set(409, mode="simple")) == "review-pending"
    release = enterprise.released("r")
    assert code(enterprise.set(409, mode="simple")) == "review-pending"
    enterprise.ask("wu", "POST", f"releases/{release['id']}/approve")
    enterprise.set(mode="simple")


def test_there_are_no_reviews_in_enterprise_mode(enterprise: Office, office: Office) -> None:
    assert code(enterprise.set(409, review="all")) == "mode-refused"
    assert code(office.set(409, mode="enterprise")) == "mode-refused"
    office.set(review="off", mode="enterprise")


def test_a_release_that_names_nobody_is_told_to_all_who_may_decide(enterprise: Office) -> None:
    enterprise.submitted("orders")
    enterprise.released("november")
    told = {who: [one["code"] for one in enterprise.notices(who)] for who in ("zhao", "qian", "wu", "sun")}
    assert told == {"zhao": ["release-asked"], "qian": ["release-asked"], "wu": ["release-asked"], "sun": []}


def test_the_factory_puts_releases_together_and_takes_them_back(enterprise: Office) -> None:
    v2 = f"{enterprise.factory.replace('/v1', '/v2')}/factory"
    enterprise.submitted("orders")
    enterprise.submitted("lines", who="zhao")
    listed = enterprise.ask("lin", "GET", f"{v2}/pending-items", item_name="ord").json()
    (item,) = listed["data"]
    told = [item[key] for key in ("item_name", "task_type", "update_type", "submit_user_name")]
    assert (listed["total"], told) == (1, ["orders", 1, 1, "lin"])
    ids = {
        one["item_name"]: one for one in enterprise.ask("lin", "GET", f"{v2}/pending-items").json()["data"]
    }
    approver = ids["lines"]["submit_user_id"]
    body = {
        "package_name": "november",
        "pending_item_list": [item["pending_item_id"]],
        "approver_ids": [approver],
    }
    made = enterprise.ask("lin", "POST", f"{v2}/pending-items/package", body).json()
    wanted = {"key_word": "nov", "deploy_status_filter": [1]}
    (release,) = enterprise.ask("lin", "POST", f"{v2}/release-packages", wanted).json()["data"]
    assert release["package_id"] == made["release_package_id"]
    assert release["package_approvers"] == [{"user_id": approver, "user_name": "zhao"}]
    enterprise.ask(
        "lin", "POST", f"{v2}/release-packages/unpack", {"package_ids": [release["package_id"]]}, 204
    )
    shown = enterprise.ask("lin", "GET", f"{v2}/release-packages/{release['package_id']}").json()
    state = [shown["release_package"][key] for key in ("deploy_status", "delete_flag")]
    assert (state, [one["item_name"] for one in shown["task_details"]]) == ([3, 1], ["orders"])
    unknown = enterprise.ask(
        "lin", "POST", f"{v2}/pending-items/package", body | {"pending_item_list": ["0"]}, 400
    )
    assert "pending_item_list" in unknown.json()["error_msg"]


def test_a_list_of_what_waits_or_of_releases_has_ten_unless_more_are_asked_for(enterprise: Office) -> None:
    v2 = f"{enterprise.factory.replace('/v1', '/v2')}/factory"
    for number in range(11):
        enterprise.submitted(f"job_{number:02}")
    for said, count in (({}, 10), ({"limit": 11}, 11), ({"offset": 10}, 1)):
        answer = enterprise.ask("lin", "GET", f"{v2}/pending-items", **said).json()
        assert (answer["total"], len(answer["data"])) == (11, count)
    for number in range(11):
        enterprise.released(f"release_{number:02}", items=[{"kind": "job", "name": f"job_{number:02}"}])
    for said, count in (({}, 10), ({"limit": 11}, 11), ({"offset": 10}, 1)):
        answer = enterprise.ask("lin", "POST", f"{v2}/release-packages", said).json()
        assert (answer["total"], len(answer["data"])) == (11, count)


def test_what_is_not_answered_about_releases_is_an_unknown_address(enterprise: Office) -> None:
    v2 = f"{enterprise.factory.replace('/v1', '/v2')}/factory"
    answer = enterprise.ask("lin", "POST", f"{v2}/release-packages/deploy", {"package_ids": []}, 404)
    assert answer.json()["error_code"] == "APIGW.0101"
