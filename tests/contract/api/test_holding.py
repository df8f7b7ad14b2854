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
