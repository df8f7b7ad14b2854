"""Who uses what, what is around a job, and when jobs run next, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from builders import job, node, script
from contract.api.doors import Door, fits, opened
from contract.api.test_accepting import landed
from jobferry.api.native.graphs import JobRunsList
from jobferry.api.native.references import ReferenceList, UseList
from jobferry.model.graph import Graph
from jobferry.model.next_runs import JobRuns

OWN = "/api/workspaces/default"
FAR = "/api/workspaces/far"
WAITS_FAR = {
    "type": "CRON",
    "cron": {"dependJobs": {"otherWorkSpaceJobs": [{"workSpace": "default", "jobName": "load"}]}},
}


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Three jobs one after the other; the last runs the first, and a job elsewhere waits for the first."""
    with opened(tmp_path_factory.mktemp("platform")) as running:
        running.workspace("far")
        made = [
            ("script", script("clean", connectionName="dwh")),
            ("job", job("load", node("a", scriptName="clean", connectionName="dwh"), directory="/dw/ods")),
            ("job", job("sum", node("b", scriptName="gone", queueName="etl"), upstream=["load"])),
            ("job", job("end", node("c", "SubJob", jobName="load"), upstream=["sum"], directory="/dw")),
        ]
        for kind, document in made:
            answer = running.http.post(f"{OWN}/objects/{kind}", json=document)
            assert answer.status_code == 201, answer.text
        late = running.http.post(f"{FAR}/objects/job", json=job("late", schedule=WAITS_FAR))
        assert late.status_code == 201, late.text
        yield running


def uses(door: Door, thing: str, **query: Any) -> dict[str, Any]:
    found: dict[str, Any] = fits(UseList, door.http.get(f"{OWN}/uses/{thing}", params=query))
    return found


def told(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["workspace"], one["kind"], one["name"]) for one in found["items"]]


def test_users_of_a_connection_are_jobs_and_scripts_with_the_place_of_the_use(door: Door) -> None:
    found = uses(door, "connection/dwh")
    assert (found["total"], found["presence"]) == (2, "missing")
    assert told(found) == [("default", "job", "load"), ("default", "script", "clean")]
    places = [one["places"] for one in found["items"]]
    assert places[0] == [{"path": "nodes[0].properties[1].value", "role": ""}]
    assert places[1] == [{"path": "connectionName", "role": ""}]
    assert told(uses(door, "connection/dwh", by="script")) == [("default", "script", "clean")]
    assert told(uses(door, "connection/dwh", offset=1)) == [("default", "script", "clean")]


def test_a_job_is_used_as_upstream_and_nested_also_from_elsewhere(door: Door) -> None:
    found = uses(door, "job/load")
    assert found["presence"] == "here"
    assert told(found) == [("default", "job", "end"), ("far", "job", "late"), ("default", "job", "sum")]
    roles = [[place["role"] for place in one["places"]] for one in found["items"]]
    assert roles == [["nested"], ["upstream"], ["upstream"]]


def test_a_draft_and_a_live_version_may_use_different_things(door: Door) -> None:
    changed = job("sum", node("b", scriptName="other"), upstream=["load"])
    query = {"submit": False, "take_lock": True}
    assert door.http.put(f"{OWN}/objects/job/sum", json=changed, params=query).status_code == 200
    try:
        used = [uses(door, f"script/{name}")["items"] for name in ("gone", "other")]
        assert [(one["name"], one["draft"], one["live"]) for [one] in used] == [
            ("sum", False, True),
            ("sum", True, False),
        ]
        assert uses(door, "script/gone", state="draft")["total"] == 0
        live = door.http.get(f"{OWN}/references/job/sum", params={"state": "live", "to": "script"})
        assert [one["name"] for one in live.json()["items"]] == ["gone"]
    finally:
        back = job("sum", node("b", scriptName="gone", queueName="etl"), upstream=["load"])
        answer = door.http.put(f"{OWN}/objects/job/sum", json=back, params={"take_lock": True})
        assert answer.status_code == 200


def test_references_tell_what_is_here_missing_or_unknown(door: Door) -> None:
    def listed(**query: Any) -> dict[str, Any]:
        answer = door.http.get(f"{OWN}/references/job/sum", params=query)
        found: dict[str, Any] = fits(ReferenceList, answer)
        return found

    found = listed()
    uid = door.http.get(f"{OWN}/objects/job/load").json()["uid"]
    assert [(one["kind"], one["name"], one["presence"], one["local_id"]) for one in found["items"]] == [
        ("script", "gone", "missing", ""),
        ("queue", "etl", "unknown", ""),
        ("job", "load", "here", uid),
    ]
    assert (found["total"], found["missing"]) == (3, 1)
    assert listed(presence="missing", limit=1)["total"] == 1
    answer = door.http.post(
        f"{OWN}/inventory", json={"items": [{"kind": "queue", "name": "etl", "local_id": "q-7"}]}
    )
    assert answer.status_code == 201
    (queue,) = listed(to="queue")["items"]
    assert (queue["presence"], queue["local_id"]) == ("here", "q-7")
    assert door.http.delete(f"{OWN}/inventory/queue/etl").status_code == 204


def graph(door: Door, address: str, **query: Any) -> dict[str, Any]:
    found: dict[str, Any] = fits(Graph, door.http.get(f"{OWN}/{address}", params=query))
    return found


def edges(found: dict[str, Any]) -> set[tuple[str, str, str]]:
    names = {one["number"]: one["name"] for one in found["nodes"]}
    return {(names[one["user"]], one["relation"], names[one["used"]]) for one in found["edges"]}


def test_a_neighbourhood_goes_up_and_down_hop_by_hop(door: Door) -> None:
    found = graph(door, "jobs/sum/neighbourhood", kind="job")
    assert [(one["name"], one["hop"], one["state"]) for one in found["nodes"]] == [
        ("sum", 0, "STOPPED"),
        ("load", 1, "STOPPED"),
        ("end", 1, "STOPPED"),
    ]
    assert edges(found) == {
        ("sum", "upstream", "load"),
        ("end", "upstream", "sum"),
        ("end", "nested", "load"),
    }
    assert found["left_out"] == []
    up = graph(door, "jobs/end/neighbourhood", direction="up", hops=5)
    assert {one["name"] for one in up["nodes"]} == {"end", "sum", "load", "gone", "etl", "clean", "dwh"}
    assert ("load", "script", "clean") in edges(up)
    assert ("clean", "connection", "dwh") in edges(up)
    presence = {one["name"]: one["presence"] for one in up["nodes"]}
    assert (presence["clean"], presence["gone"], presence["etl"]) == ("here", "missing", "unknown")
    types = {one["name"]: one["type"] for one in up["nodes"]}
    assert (types["load"], types["clean"], types["gone"]) == ("BATCH", "DWSSQL", "")


def test_a_neighbourhood_tells_what_it_leaves_out(door: Door) -> None:
    one = graph(door, "jobs/sum/neighbourhood", kind="job", most=2)
    assert [node["name"] for node in one["nodes"]] == ["sum", "load"]
    assert one["left_out"] == [{"hop": 1, "direction": "down", "count": 1}]
    beyond = graph(door, "jobs/end/neighbourhood", direction="up", hops=1)
    assert {node["name"] for node in beyond["nodes"]} == {"end", "sum", "load"}
    assert beyond["left_out"] == [{"hop": 2, "direction": "up", "count": 4}]


def test_a_directory_is_a_graph_of_its_jobs(door: Door) -> None:
    found = graph(door, "directories/job/graph", directory="/dw")
    assert [(one["name"], one["directory"]) for one in found["nodes"]] == [
        ("end", "/dw"),
        ("load", "/dw/ods"),
    ]
    assert edges(found) == {("end", "nested", "load")}
    whole = graph(door, "directories/job/graph", kind="job")
    assert {one["name"] for one in whole["nodes"]} == {"end", "load", "sum"}
    assert whole["left_out"] == []
    some = graph(door, "directories/job/graph", kind="job", most=1)
    assert some["left_out"] == [{"hop": 0, "direction": "both", "count": 2}]
    gone = door.http.get(f"{OWN}/directories/job/graph", params={"directory": "/nowhere"})
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "directory-missing")


def test_next_runs_are_instants_of_the_live_schedule(door: Door) -> None:
    runs = fits(JobRuns, door.http.get(f"{OWN}/jobs/load/next-runs", params={"count": 3}))
    zone = runs["zone"]
    assert (runs["expression"], runs["end"], runs["reason"]) == ("0 0 1 * * ?", None, None)
    assert zone
    first, second, third = runs["runs"]
    assert (second - first, third - second) == (86_400_000, 86_400_000)
    body = {"names": ["end", "nobody", "end"], "count": 1}
    items = fits(JobRunsList, door.http.post(f"{OWN}/next-runs", json=body))["items"]
    assert [(one["name"], len(one["runs"]), one["reason"]) for one in items] == [
        ("end", 1, None),
        ("nobody", 0, "job-missing"),
    ]
    assert door.http.get(f"{OWN}/jobs/nobody/next-runs").status_code == 404


def test_what_has_no_next_run_says_why(door: Door) -> None:
    door.workspace("runs")
    own = "/api/workspaces/runs"
    schedules: dict[str, dict[str, Any]] = {
        "once": {"type": "EXECUTE_ONCE"},
        "event": {"type": "EVENT", "event": {"eventType": "KAFKA", "channel": "c", "connectionName": "k"}},
        "not-evaluated": {"type": "CRON", "cron": {"expression": "0 0 1 L,15 * ?"}},
        "ended": {"type": "CRON", "cron": {"endTime": "2026-01-02T00:00:00+08"}},
    }
    for name, schedule in schedules.items():
        document = job(f"runs-{name}".replace("-", "_"), schedule=schedule)
        answer = door.http.post(f"{own}/objects/job", json=document)
        assert answer.status_code == 201, (name, answer.text)
        runs = door.http.get(f"{own}/jobs/{document['name']}/next-runs").json()
        assert (runs["runs"], runs["reason"]) == ([], name)
    draft = door.http.post(f"{own}/objects/job", json=job("draft"), params={"submit": False})
    assert draft.status_code == 201
    assert door.http.get(f"{own}/jobs/draft/next-runs").json()["reason"] == "not-submitted"
    bare = {key: value for key, value in job("bare", node("n", "Dummy")).items() if key != "schedule"}
    assert landed(door, "runs", bare)["status"] == "SUCCESSFUL"
    assert door.http.get(f"{own}/jobs/bare/next-runs").json()["reason"] == "no-schedule"


WRONG = [
    ("uses/planet/x", 400, "invalid-value"),
    ("references/job/nobody", 404, "job-missing"),
    ("references/job/load?presence=perhaps", 400, "invalid-value"),
    ("jobs/nobody/neighbourhood", 404, "job-missing"),
    ("jobs/sum/neighbourhood?hops=6", 400, "invalid-value"),
    ("jobs/sum/neighbourhood?most=201", 400, "invalid-value"),
    ("jobs/sum/neighbourhood?kind=planet", 400, "invalid-value"),
    ("jobs/load/next-runs?count=51", 400, "invalid-value"),
]


@pytest.mark.parametrize(("address", "status", "code"), WRONG)
def test_what_cannot_be_asked_is_told(door: Door, address: str, status: int, code: str) -> None:
    answer = door.http.get(f"{OWN}/{address}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text


def test_two_hundred_jobs_are_asked_about_at_once_and_no_more(door: Door) -> None:
    names = [f"job_{number}" for number in range(201)]
    assert len(door.http.post(f"{OWN}/next-runs", json={"names": names[:200]}).json()["items"]) == 200
    refused = door.http.post(f"{OWN}/next-runs", json={"names": names})
    assert refused.status_code == 400
    assert "201 jobs" in refused.json()["error"]["message"]


def test_what_a_directory_policy_keeps_from_somebody_is_not_told(door: Door) -> None:
    door.workspace("parts")
    parts = "/api/workspaces/parts"
    seen = job("seen", node("a", connectionName="dwh"), upstream=["hidden"], directory="/dw")
    hidden = job("hidden", node("a", connectionName="dwh"), directory="/other")
    for document in (hidden, seen):
        assert door.http.post(f"{parts}/objects/job", json=document).status_code == 201
    made = [
        door.http.post("/api/users", json={"name": "lin", "password": "correct horse battery"}),
        door.http.put(f"{parts}/members/lin", json={"roles": ["developer"]}),
        door.http.put(f"{parts}/directory-policies/p", json={"directories": ["/dw"], "users": ["lin"]}),
        door.http.post("/api/users/lin/tokens", json={"name": "t"}),
    ]
    assert [answer.is_success for answer in made] == [True] * 4
    lin = {"X-Auth-Token": made[-1].json()["token"]}

    def asked(address: str) -> Any:
        return door.http.get(f"{parts}/{address}", headers=lin)

    users = asked("uses/connection/dwh").json()
    assert (users["total"], [one["name"] for one in users["items"]]) == (1, ["seen"])
    assert asked("uses/job/hidden").json()["presence"] == "missing"
    around = asked("jobs/seen/neighbourhood?kind=job").json()
    assert [(one["name"], one["presence"]) for one in around["nodes"]] == [
        ("seen", "here"),
        ("hidden", "missing"),
    ]
    assert asked("jobs/hidden/neighbourhood").status_code == 404
    assert asked("directories/job/graph?directory=/other").status_code == 404
    whole = asked("directories/job/graph?kind=job").json()
    assert [one["name"] for one in whole["nodes"]] == ["seen"]
    assert asked("jobs/hidden/next-runs").status_code == 404
    (reference,) = asked("references/job/seen?to=job").json()["items"]
    assert reference["local_id"] == ""
