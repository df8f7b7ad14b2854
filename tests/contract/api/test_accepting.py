"""Kinds that nobody has inventoried: what refers to them is held until somebody says that they are here."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from builders import job, node, written
from contract.api.doors import Door
from contract.api.test_holding import waits
from contract.api.test_mapping import handed_in


def landed(door: Door, workspace: str, *documents: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Imports jobs as the workspace's policy says, and gives the task."""
    package = handed_in(door, *((f"jobs/{one['name']}.job", one) for one in documents))
    body = {"package": {"id": package}, "options": options, "apply": True}
    started = door.http.post(f"/api/workspaces/{workspace}/imports", json=body)
    assert started.status_code == 202, started.text
    return door.ended(started.json()["task_id"])


def accept(door: Door, workspace: str, *kinds: str, accepted: bool = True) -> list[str]:
    body = {"kinds": list(kinds), "accepted": accepted}
    said = door.http.put(f"/api/workspaces/{workspace}/inventory/accepted", json=body)
    assert said.status_code == 200, said.text
    kept: list[str] = said.json()["accepted"]
    return kept


def started(door: Door, workspace: str, name: str) -> bool:
    return door.http.post(f"{door.factory}/jobs/{name}/start", headers={"workspace": workspace}).is_success


BOTH = job("both", node("a", queueName="etl"), node("b", type_="MRSSpark", clusterName="mrs"))
ONE = job("one", node("a", queueName="other"))


def test_a_job_that_refers_to_what_nobody_knows_of_is_held_until_all_of_it_is_accepted(door: Door) -> None:
    door.workspace("unknown")
    assert landed(door, "unknown", BOTH, ONE)["message"] == "2 held"
    assert waits(door, "unknown") == {"both": ["cluster mrs", "queue etl"], "one": ["queue other"]}
    assert not started(door, "unknown", "one")
    assert accept(door, "unknown", "queue") == ["queue"]
    assert waits(door, "unknown") == {"both": ["cluster mrs"]}
    assert started(door, "unknown", "one")
    assert accept(door, "unknown", "graph", "cluster") == ["queue", "cluster", "graph"]
    assert waits(door, "unknown") == {}
    told = door.http.get("/api/workspaces/unknown/audit", params={"action": "object-release"}).json()["items"]
    assert sorted(row["subject"] for row in told) == ["both", "one"]
    assert landed(door, "unknown", job("later", node("a", queueName="more")))["message"] == "1 created"


def test_what_is_accepted_no_longer_is_unknown_again_and_an_entry_makes_it_checked(door: Door) -> None:
    door.workspace("withdrawn")
    accept(door, "withdrawn", "queue", "agent")
    assert accept(door, "withdrawn", "queue", accepted=False) == ["agent"]
    assert door.http.get("/api/workspaces/withdrawn/inventory").json()["accepted"] == ["agent"]
    assert landed(door, "withdrawn", ONE)["message"] == "1 held"
    things = {"items": [{"kind": "queue", "name": "etl"}]}
    assert door.http.post("/api/workspaces/withdrawn/inventory", json=things).status_code == 201
    missing = landed(door, "withdrawn", job("two", node("a", queueName="gone")))
    assert missing["message"] == "1 blocked"


def test_the_setting_says_the_same_and_lets_go_as_well(door: Door) -> None:
    door.workspace("by_setting")
    landed(door, "by_setting", ONE)
    changed = door.http.patch("/api/workspaces/by_setting/settings", json={"inventory_accepted": "queue"})
    assert changed.is_success, changed.text
    assert waits(door, "by_setting") == {}


def test_nothing_but_kinds_of_the_inventory_is_accepted(door: Door) -> None:
    door.workspace("refusing")
    place = "/api/workspaces/refusing/inventory/accepted"
    for kinds in ([], ["queue", "connection"], ["dwarf"]):
        refused = door.http.put(place, json={"kinds": kinds})
        assert refused.status_code == 400, refused.text
        assert "queue, agent, cluster" in refused.json()["error"]["hint"]
    assert door.http.get("/api/workspaces/refusing/inventory").json()["accepted"] == []


def test_an_import_may_still_only_warn_or_block(door: Door) -> None:
    door.workspace("warning")
    assert landed(door, "warning", ONE, unknown_inventory="warn")["message"] == "1 created"
    assert landed(door, "warning", BOTH, unknown_inventory="block")["message"] == "1 blocked"


def test_a_factory_import_says_in_its_subtasks_what_a_job_waits_for(door: Door) -> None:
    door.workspace("told")
    (door.folder / "objects" / "told").mkdir(parents=True)
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("jobs/both.job", written(BOTH))
    (door.folder / "objects" / "told" / "in.zip").write_bytes(package.getvalue())
    headers = {"workspace": "told"}
    begun = door.http.post(f"{door.factory}/jobs/import", json={"path": "obs://told/in.zip"}, headers=headers)
    assert begun.is_success, begun.text
    door.ended(begun.json()["taskId"])
    messages, counted = {}, {"en": "1 held", "zh": "挂起 1 个"}
    for language in ("en", "zh"):
        asked = headers | {"X-Language": language}
        task = door.http.get(f"{door.factory}/system-tasks/{begun.json()['taskId']}", headers=asked).json()
        assert (task["status"], task["message"]) == ("SUCCESSFUL", counted[language])
        (messages[language],) = (one["message"] for one in task["subtasks"])
    assert messages == {
        "en": "held: it cannot start until this is here: queue etl, cluster mrs",
        "zh": "已导入但挂起，以下内容就绪前不能启动：队列 etl、集群 mrs",
    }
