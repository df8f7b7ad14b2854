"""Held jobs: why they wait, and that they are let go by what they waited for."""

from __future__ import annotations

from typing import Any

from builders import job, node, script, written
from contract.api.doors import Door
from contract.api.test_mapping import handed_in


def landed_held(door: Door, workspace: str, *documents: dict[str, Any]) -> None:
    """Imports jobs that refer to what is not here."""
    package = handed_in(door, *((f"jobs/{one['name']}.job", one) for one in documents))
    body = {"package": {"id": package}, "options": {"missing": "hold"}, "apply": True}
    started = door.http.post(f"/api/workspaces/{workspace}/imports", json=body)
    assert started.status_code == 202, started.text
    assert door.ended(started.json()["task_id"])["status"] == "SUCCESSFUL"


def waits(door: Door, workspace: str) -> dict[str, list[str]]:
    items = door.http.get(f"/api/workspaces/{workspace}/objects/job").json()["items"]
    return {one["name"]: sorted(one["held"]) for one in items if one["held"]}


def connect(door: Door, workspace: str, name: str) -> None:
    document = {"name": name, "type": "DWS", "config": {"clusterName": name}}
    made = door.http.post(f"/api/workspaces/{workspace}/connections", content=written(document))
    assert made.status_code == 201, made.text


def save(door: Door, workspace: str, kind: str, document: dict[str, Any]) -> None:
    made = door.http.post(f"/api/workspaces/{workspace}/objects/{kind}", content=written(document))
    assert made.status_code == 201, made.text


def test_a_held_job_is_let_go_by_each_thing_as_it_appears(door: Door) -> None:
    door.workspace("holding")
    door.http.post("/api/workspaces/holding/inventory", json={"items": [{"kind": "queue", "name": "other"}]})
    uses = node("a", connectionName="dwh", scriptName="clean", queueName="etl")
    landed_held(
        door,
        "holding",
        job("orders", uses, upstream=["sales"]),
        job("lines", node("a", connectionName="dwh")),
    )
    assert waits(door, "holding") == {
        "lines": ["connection dwh"],
        "orders": ["connection dwh", "job sales", "queue etl", "script clean"],
    }
    refused = door.http.post(f"{door.factory}/jobs/lines/start", headers={"workspace": "holding"})
    assert refused.status_code >= 400
    connect(door, "holding", "dwh")
    assert waits(door, "holding") == {"orders": ["job sales", "queue etl", "script clean"]}
    save(door, "holding", "script", script("clean"))
    save(door, "holding", "job", job("sales"))
    assert waits(door, "holding") == {"orders": ["queue etl"]}
    door.http.post("/api/workspaces/holding/inventory", json={"items": [{"kind": "queue", "name": "etl"}]})
    assert waits(door, "holding") == {}
    told = door.http.get("/api/workspaces/holding/audit", params={"action": "object-release"}).json()["items"]
    assert sorted(row["subject"] for row in told) == ["lines", "orders"]


def test_an_import_and_a_new_name_let_go_as_well(door: Door) -> None:
    door.workspace("renaming")
    landed_held(door, "renaming", job("orders", upstream=["sales"]), job("lines", upstream=["stock"]))
    landed_held(door, "renaming", job("sales"))
    assert waits(door, "renaming") == {"lines": ["job stock"]}
    renamed = door.http.put("/api/workspaces/renaming/objects/job/sales", content=written(job("stock")))
    assert renamed.status_code == 200, renamed.text
    assert waits(door, "renaming") == {}


def test_a_job_that_an_import_or_an_undo_renames_releases_what_waits_for_the_name(door: Door) -> None:
    """The import finds the job by its uid, so no job of the new name is created."""
    for place in ("renamed-at-source", "renamed-by-import"):
        door.workspace(place)
    source, target = "/api/workspaces/renamed-at-source", "/api/workspaces/renamed-by-import"

    def carried() -> str:
        """Import the source's jobs; returns the receipt."""
        packed = door.http.post(f"{source}/exports", json={}).content
        package = door.http.post("/api/packages", content=packed).json()["id"]
        body = {"package": {"id": package}, "options": {"duplicates": "overwrite"}, "apply": True}
        task = door.http.post(f"{target}/imports", json=body).json()["task_id"]
        assert door.ended(task)["status"] == "SUCCESSFUL"
        return str(task)

    save(door, "renamed-at-source", "job", job("sales", node("n", "Dummy")))
    carried()
    renamed = door.http.post(f"{source}/objects/job/sales/rename", json={"to": "stock"})
    assert renamed.is_success, renamed.text
    landed_held(door, "renamed-by-import", job("lines", node("n", "Dummy"), upstream=["stock"]))
    assert waits(door, "renamed-by-import") == {"lines": ["job stock"]}
    receipt = carried()
    assert waits(door, "renamed-by-import") == {}
    landed_held(door, "renamed-by-import", job("orders", node("n", "Dummy"), upstream=["sales"]))
    assert waits(door, "renamed-by-import") == {"orders": ["job sales"]}
    undone = door.http.post(f"/api/receipts/{receipt}/undo", json={})
    assert undone.status_code == 202, undone.text
    assert door.ended(undone.json()["task_id"])["status"] == "SUCCESSFUL"
    assert waits(door, "renamed-by-import") == {}


def test_a_job_that_an_undo_brings_back_releases_what_waits_for_its_name(door: Door) -> None:
    door.workspace("bringing-back")
    package = handed_in(door, ("jobs/sales.job", job("sales", node("n", "Dummy"))))
    body = {"package": {"id": package}, "apply": True}
    task = door.http.post("/api/workspaces/bringing-back/imports", json=body).json()["task_id"]
    for waiting in ({}, {"orders": ["job sales"]}):
        assert door.ended(task)["status"] == "SUCCESSFUL"
        if waiting:
            landed_held(door, "bringing-back", job("orders", node("n", "Dummy"), upstream=["sales"]))
        assert waits(door, "bringing-back") == waiting
        task = door.http.post(f"/api/receipts/{task}/undo", json={}).json()["task_id"]
    assert door.ended(task)["status"] == "SUCCESSFUL"
    assert waits(door, "bringing-back") == {}


def test_what_waits_elsewhere_is_let_go_when_it_is_started(door: Door) -> None:
    door.workspace("near")
    elsewhere = {"dependJobs": {"otherWorkSpaceJobs": [{"workSpace": "far", "jobName": "sales"}]}}
    cron = {"expression": "0 0 1 * * ?", "startTime": "2026-01-01T00:00:00+08", **elsewhere}
    landed_held(door, "near", job("orders", schedule={"type": "CRON", "cron": cron}))
    assert waits(door, "near") == {"orders": ["workspace far"]}
    start = f"{door.factory}/jobs/orders/start"
    assert door.http.post(start, headers={"workspace": "near"}).status_code >= 400
    door.workspace("far")
    save(door, "far", "job", job("sales"))
    started = door.http.post(start, headers={"workspace": "near"})
    assert started.is_success, started.text
    assert waits(door, "near") == {}


def test_a_job_that_is_missing_in_another_workspace_is_waited_for_until_it_is_there(door: Door) -> None:
    for place in ("here-first", "there-first"):
        door.workspace(place)
    elsewhere = {"dependJobs": {"otherWorkSpaceJobs": [{"workSpace": "there-first", "jobName": "sales"}]}}
    cron = {"expression": "0 0 1 * * ?", "startTime": "2026-01-01T00:00:00+08", **elsewhere}
    landed_held(door, "here-first", job("orders", schedule={"type": "CRON", "cron": cron}))
    (waited,) = waits(door, "here-first")["orders"]
    assert "sales" in waited and "there-first" in waited
    start = f"{door.factory}/jobs/orders/start"
    assert door.http.post(start, headers={"workspace": "here-first"}).status_code >= 400
    save(door, "there-first", "job", job("sales"))
    started = door.http.post(start, headers={"workspace": "here-first"})
    assert started.is_success, started.text
    assert waits(door, "here-first") == {}


def saved(door: Door, workspace: str, document: dict[str, Any], *, submit: bool = True) -> None:
    place = f"/api/workspaces/{workspace}/objects/job/{document['name']}"
    kept = door.http.put(place, params={"submit": submit}, content=written(document))
    assert kept.status_code == 200, kept.text


def test_a_saved_draft_waits_for_what_it_still_refers_to_and_for_nothing_else(door: Door) -> None:
    door.workspace("saving")
    uses = node("a", connectionName="dwh", scriptName="clean", queueName="etl")
    landed_held(door, "saving", job("orders", uses))
    assert waits(door, "saving") == {"orders": ["connection dwh", "queue etl", "script clean"]}
    saved(door, "saving", job("orders", uses, description="said better"))
    assert waits(door, "saving") == {"orders": ["connection dwh", "queue etl", "script clean"]}
    saved(door, "saving", job("orders", node("a", queueName="etl", scriptName="other")))
    assert waits(door, "saving") == {"orders": ["queue etl", "script other"]}
    save(door, "saving", "script", script("other"))
    assert waits(door, "saving") == {"orders": ["queue etl"]}
    saved(door, "saving", job("orders", node("a", type_="Dummy")))
    assert waits(door, "saving") == {}


def test_a_draft_without_what_the_live_version_lacks_is_let_go_when_it_goes_live(door: Door) -> None:
    door.workspace("drafting")
    landed_held(door, "drafting", job("orders", node("a", queueName="etl")))
    saved(door, "drafting", job("orders", node("a", type_="Dummy")), submit=False)
    assert waits(door, "drafting") == {"orders": ["queue etl"]}
    start, headers = f"{door.factory}/jobs/orders/start", {"workspace": "drafting"}
    assert not door.http.post(start, headers=headers).is_success
    place = "/api/workspaces/drafting"
    back = door.http.post(f"{place}/rollbacks/job/orders", json={"version": 1})
    assert back.is_success, back.text
    assert waits(door, "drafting") == {"orders": ["queue etl"]}
    saved(door, "drafting", job("orders", node("a", type_="Dummy")), submit=False)
    submitted = door.http.post(f"{place}/submits/job/orders")
    assert submitted.is_success, submitted.text
    assert waits(door, "drafting") == {}
    assert door.http.post(start, headers=headers).is_success


def test_a_job_that_was_never_held_is_saved_without_being_held(door: Door) -> None:
    door.workspace("knowing")
    save(door, "knowing", "job", job("orders", node("a", queueName="etl")))
    saved(door, "knowing", job("orders", node("a", queueName="etl", connectionName="gone")))
    assert waits(door, "knowing") == {}


def test_a_held_job_waits_for_nothing_once_a_version_that_lacks_nothing_has_overwritten_it(
    door: Door,
) -> None:
    door.workspace("mending")
    landed_held(door, "mending", job("orders", node("a", queueName="etl")))
    assert waits(door, "mending") == {"orders": ["queue etl"]}
    package = handed_in(door, ("jobs/orders.job", job("orders", node("a", type_="Dummy"))))
    body = {"package": {"id": package}, "options": {"duplicates": "overwrite"}, "apply": True}
    task = door.http.post("/api/workspaces/mending/imports", json=body).json()["task_id"]
    assert door.ended(task)["message"] == "1 overwritten"
    assert waits(door, "mending") == {}
    started = door.http.post(f"{door.factory}/jobs/orders/start", headers={"workspace": "mending"})
    assert started.is_success, started.text
