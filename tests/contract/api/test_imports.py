"""An import as a resource: checked, looked at, changed, applied as it was shown, or let go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from builders import job, node, script
from contract.api.doors import Door, fits, looked_into, opened, rechecked, with_pages
from contract.rights.conftest import client
from jobferry.api.native import checks, imports, receipts, report, tasks
from jobferry.model.rights import Role
from people import assign, enrol

FROM, TO = "/api/workspaces/leaving", "/api/workspaces/arriving"
CONNECTED = node("load", connectionName="dwh", scriptName="clean")


class Handed(NamedTuple):
    """A package that lies on the shelf, in a platform whose workspace *arriving* has none of it."""

    door: Door
    package: bytes

    def body(self, **options: Any) -> dict[str, Any]:
        answer = self.door.http.post("/api/packages?name=p.zip", content=self.package)
        return {"package": {"id": answer.json()["id"]}, "options": options}

    def made(self, **options: Any) -> dict[str, Any]:
        return looked_into(self.door.http, TO, self.body(**options))

    def applied(self, made: dict[str, Any]) -> httpx.Response:
        body = {"plan_digest": made["plan_digest"]}
        return self.door.http.post(f"{TO}/imports/{made['id']}/apply", json=body)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


@pytest.fixture(scope="module", params=[True, False], ids=["own", "served"])
def door(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Door]:
    """A platform that keeps its last check, as a command's own does, and one that plans again."""
    with opened(tmp_path_factory.mktemp("platform")) as running:
        running.platform.checked._last.keeps = request.param
        yield running


@pytest.fixture(scope="module")
def handed(door: Door) -> Handed:
    door.workspace("leaving")
    door.workspace("arriving")
    for path, body in (("job", job("orders", CONNECTED)), ("script", script("clean"))):
        assert door.http.post(f"{FROM}/objects/{path}", json=body).status_code == 201
    for name in ("prod", "spare"):
        body = {"name": name, "type": "DWS", "config": {"clusterName": "c"}}
        assert door.http.post(f"{TO}/connections", json=body).status_code == 201
    return Handed(door, door.http.post(f"{FROM}/exports", json={}).content)


def test_an_import_is_checked_mapped_applied_and_told(handed: Handed) -> None:
    http = handed.door.http
    made = handed.made()
    (need,) = [one for one in made["needs"] if one["kind"] == "connection"]
    assert (need["presence"], need["candidates"]) == ("missing", ["prod", "spare"])
    assert made["counts"] == {"blocked": 2}
    place = f"{TO}/imports/{made['id']}"
    options = {"mapping": {"connection": {"dwh": "prod"}}}
    again = with_pages(http, TO, fits(imports.ImportAnswer, rechecked(http, place, options)))
    assert again["options"] == options
    assert again["plan_digest"] != made["plan_digest"]
    assert code(handed.applied(made)) == (409, "target-changed")

    shown = fits(imports.ImportAnswer, http.get(place))
    assert (shown["state"], shown["check"]["counts"], shown["check"]["steps"]) == (
        "checked",
        {"create": 2},
        2,
    )
    plan = fits(report.StepList, http.get(f"{place}/plan", params={"offset": 1, "limit": 5}))
    assert (plan["total"], [one["name"] for one in plan["items"]]) == (2, ["orders"])
    assert plan["items"] == again["steps"][1:]
    assert {page: http.get(link).status_code for page, link in again["links"].items()} == dict.fromkeys(
        again["links"], 200
    )
    bound = fits(checks.BindingAnswer, http.get(f"{place}/binding"))
    objects = [one["object"] for one in bound["items"] if one["deed"]]
    assert (bound["digest"], objects) == (again["plan_digest"], ["job orders", "script clean"])

    assert http.put(f"{place}/objects/job/orders/viewed", json={"viewed": True}).status_code == 204
    assert http.put(f"{place}/objects/script/clean/viewed", json={"viewed": True}).status_code == 204
    assert http.put(f"{place}/objects/script/clean/viewed", json={"viewed": False}).status_code == 204
    assert code(http.put(f"{place}/objects/job/none/viewed", json={"viewed": True})) == (404, "entry-missing")
    seen = fits(checks.ViewedList, http.get(f"{place}/viewed"))
    assert seen == {"total": 1, "items": [{"kind": "job", "name": "orders"}]}
    rechecked(http, place, options | {"missing": "hold"})
    assert http.get(f"{place}/viewed").json() == seen, "another check that does the same with it"
    rechecked(http, place, {"mapping": {"connection": {"dwh": "spare"}}})
    assert http.get(f"{place}/viewed").json()["total"] == 0, "the plan does something else now"
    assert rechecked(http, place, options).json()["plan_digest"] == again["plan_digest"]

    begun = fits(tasks.StartedAnswer, handed.applied(again), 202)
    assert handed.door.ended(begun["task_id"])["message"] == "2 created"
    assert fits(tasks.StartedAnswer, handed.applied(again), 202) == begun
    over = fits(imports.ImportAnswer, http.get(place))
    assert (over["state"], over["receipt_id"]) == ("applied", begun["task_id"])
    receipt = fits(receipts.ReceiptAnswer, http.get(f"/api/receipts/{begun['task_id']}"))
    assert receipt["plan_digest"] == again["plan_digest"]
    listed = http.get(f"{TO}/receipts", params={"plan": again["plan_digest"]})
    assert [one["id"] for one in fits(receipts.ReceiptList, listed)["items"]] == [receipt["id"]]
    for answer in (http.put(f"{place}/options", json={}), http.post(f"{place}/discard")):
        assert code(answer) == (409, "import-finished")


def test_a_plan_whose_target_moved_is_not_applied_and_names_what_moved(handed: Handed) -> None:
    http = handed.door.http
    handed.door.workspace("moving")
    body = handed.body(missing="hold")
    place = "/api/workspaces/moving"
    made = looked_into(http, place, body)
    assert http.post(f"{place}/objects/script", json=script("clean", "SELECT 2")).status_code == 201
    apply = f"{place}/imports/{made['id']}/apply"
    task = handed.door.ended(http.post(apply, json={"plan_digest": made["plan_digest"]}).json()["task_id"])
    assert (task["status"], task["code"], task["receipt_id"]) == ("FAILED", "target-changed", None)
    assert "here (script clean)" in task["message"]
    shown = http.get(f"{place}/imports/{made['id']}").json()
    assert (shown["state"], shown["code"]) == ("checked", "target-changed")
    again = rechecked(http, f"{place}/imports/{made['id']}", {"missing": "hold"}).json()
    begun = http.post(apply, json={"plan_digest": again["plan_digest"]}).json()["task_id"]
    assert handed.door.ended(begun)["message"] == "1 skipped, 1 held"


_MOVES = {
    "object": ("POST", "objects/script", script("clean", "SELECT 2"), "script clean"),
    "need": ("DELETE", "connections/dwh", None, "job orders"),
    "policy": ("PATCH", "settings", {"target_status": "saved"}, "settings of the workspace (target_status)"),
    "nothing": ("PATCH", "settings", {"max_jobs": "7"}, ""),
}
"""What is asked of the platform between check and apply, and what the plan says has moved."""


@pytest.mark.parametrize("move", _MOVES)
def test_what_a_plan_counts_on_has_to_stay_until_it_lands(handed: Handed, move: str) -> None:
    http, place = handed.door.http, f"/api/workspaces/{move}"
    method, what, body, named = _MOVES[move]
    handed.door.workspace(move)
    dwh = {"name": "dwh", "type": "DWS", "config": {"clusterName": "c"}}
    assert http.post(f"{place}/connections", json=dwh).status_code == 201
    made = looked_into(http, place, handed.body())
    assert made["counts"] == {"create": 2}
    assert http.request(method, f"{place}/{what}", json=body).is_success
    begun = http.post(f"{place}/imports/{made['id']}/apply", json={"plan_digest": made["plan_digest"]})
    task = handed.door.ended(begun.json()["task_id"])
    assert task["code"] == ("target-changed" if named else "")
    assert named in task["message"]


def test_what_is_said_about_a_plan_is_kept_in_the_receipt(handed: Handed) -> None:
    http, place = handed.door.http, "/api/workspaces/commented"
    handed.door.workspace("commented")
    made = looked_into(http, place, handed.body(missing="hold"))
    said = {"plan_digest": made["plan_digest"], "comment": "ticket 42：上线"}
    task = handed.door.ended(http.post(f"{place}/imports/{made['id']}/apply", json=said).json()["task_id"])
    for below in ("", "/file"):
        assert http.get(f"/api/receipts/{task['receipt_id']}{below}").json()["comment"] == said["comment"]
    assert code(http.post(f"{place}/imports/x/apply", json=said | {"comment": "x" * 1001}))[0] == 400


def test_an_import_that_was_taken_back_names_its_undo(handed: Handed) -> None:
    http, place = handed.door.http, "/api/workspaces/undone"
    handed.door.workspace("undone")
    made = looked_into(http, place, handed.body(missing="hold"))
    begun = http.post(f"{place}/imports/{made['id']}/apply", json={"plan_digest": made["plan_digest"]})
    receipt = handed.door.ended(begun.json()["task_id"])["receipt_id"]
    assert http.get(f"{place}/imports/{made['id']}").json()["undone_by"] is None
    undo = handed.door.ended(http.post(f"/api/receipts/{receipt}/undo", json={}).json()["task_id"])
    (listed,) = http.get(f"{place}/imports").json()["items"]
    shown = http.get(f"{place}/imports/{made['id']}").json()
    assert (listed["state"], listed["undone_by"]) == ("applied", undo["receipt_id"])
    assert shown["undone_by"] == undo["receipt_id"]


def test_what_is_let_go_cannot_be_applied(handed: Handed) -> None:
    made = handed.made(missing="hold", duplicates="overwrite")
    place = f"{TO}/imports/{made['id']}"
    assert handed.door.http.post(f"{place}/discard").status_code == 204
    assert handed.door.http.post(f"{place}/discard").status_code == 204
    assert code(handed.applied(made)) == (409, "import-finished")
    assert handed.door.http.get(place).json()["state"] == "discarded"
    assert code(handed.door.http.get(f"{place}/plan")) == (404, "package-missing")


def test_an_import_is_its_users_and_heads_may_look(handed: Handed) -> None:
    made = handed.made(missing="hold")
    place = f"{TO}/imports/{made['id']}"
    running = handed.door.platform
    head, worker = (enrol(running, name) for name in ("head", "worker"))
    assign(running, head, "arriving", Role.ADMINISTRATOR)
    assign(running, worker, "arriving", Role.DEVELOPER)
    digest = {"plan_digest": made["plan_digest"]}
    with client(handed.door, head) as http:
        assert fits(imports.ImportAnswer, http.get(place))["created_by"] == "administrator"
        assert http.get(f"{TO}/imports").json()["total"] >= 1
        assert code(http.post(f"{place}/apply", json=digest)) == (404, "import-missing")
    with client(handed.door, worker) as http:
        assert code(http.get(place)) == (404, "import-missing")
        assert http.get(f"{TO}/imports").json()["total"] == 0
    elsewhere = handed.door.http.get(f"{FROM}/imports/{made['id']}")
    assert code(elsewhere) == (404, "import-missing")


def test_the_result_of_another_check_of_the_same_package_is_not_shown(handed: Handed) -> None:
    """Two imports of one package: the newer check's result replaces the older one's beside it."""
    http, body = handed.door.http, handed.body()
    first = looked_into(http, TO, body)
    second = looked_into(http, TO, body | {"options": {"missing": "hold"}})
    assert first["plan_digest"] != second["plan_digest"]
    shown = fits(imports.ImportAnswer, http.get(f"{TO}/imports/{first['id']}"))
    assert (shown["state"], shown["check"]) == ("checked", None)
    assert http.get(f"{TO}/imports/{second['id']}").json()["check"] is not None
    for page in ("plan", "findings", "needs", "deletions", "binding", "viewed", "differences"):
        gone = http.get(f"{TO}/imports/{first['id']}/{page}")
        assert code(gone) == (404, "package-missing"), page
        assert http.get(f"{TO}/imports/{second['id']}/{page}").status_code == 200
