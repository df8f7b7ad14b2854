"""Scripts of their own: chosen, in either state, and imported as the duplicate policy and status say."""

from __future__ import annotations

from typing import Any

from builders import script
from contract.api.doors import looked_into
from contract.kinds.conftest import Side, unpacked
from jobferry.model.people import Scope
from jobferry.model.rights import Role
from people import assign, enrol, token

Sides = tuple[Side, Side]


def landed(side: Side, package: bytes, **options: Any) -> dict[str, Any]:
    body = {"package": {"id": side.handed_in(package)}, "options": options, "apply": True}
    task = side.door.ended(side.ask("POST", "imports", body, 202).json()["task_id"])
    lines: dict[str, Any] = side.door.http.get(f"/api/receipts/{task['id']}/lines").json()
    return lines


def content(side: Side) -> str:
    return str(side.ask("GET", "documents/script/clean").json()["content"])


def live(side: Side) -> int:
    return int(side.ask("GET", "objects/script/clean").json()["live_version"])


def test_scripts_travel_alone_in_the_state_that_is_asked_for(sides: Sides) -> None:
    here, there = sides
    here.ask("POST", "objects/script", script("clean", "SELECT 1"), 201)
    here.ask("PUT", "objects/script/clean?submit=false", script("clean", "SELECT 2"))
    for state, expected in (("submitted", "SELECT 1"), ("draft", "SELECT 2")):
        package = here.ask("POST", "exports", {"scripts": ["clean"], "state": state}).content
        assert sorted(unpacked(package)) == ["manifest.json", "scripts/clean.script"]
        landed(there, package, duplicates="overwrite")
        assert content(there) == expected
    assert live(there) == 2


def test_the_duplicate_policy_and_the_status_hold_for_scripts(sides: Sides) -> None:
    here, there = sides
    here.ask("POST", "objects/script", script("clean", "SELECT 2"), 201)
    there.ask("POST", "objects/script", script("clean", "SELECT 1"), 201)
    package = here.ask("POST", "exports", {"scripts": ["clean"]}).content
    outcomes = [
        landed(there, package, duplicates=policy, target_status="saved")["items"][0]["outcome"]
        for policy in ("skip", "fail", "overwrite")
    ]
    assert outcomes == ["skipped", "blocked", "overwritten"]
    assert (content(there), live(there)) == ("SELECT 2", 1)
    landed(there, package, duplicates="overwrite", target_status="submitted")
    assert live(there) == 2


def test_under_a_hard_lock_policy_only_the_holder_and_the_heads_overwrite_a_script(sides: Sides) -> None:
    here, there = sides
    here.ask("POST", "objects/script", script("clean", "SELECT 2"), 201)
    package = here.ask("POST", "exports", {"scripts": ["clean"]}).content
    there.set(lock_policy="hard")
    there.ask("POST", "objects/script", script("clean", "SELECT 1"), 201)
    there.ask("POST", "locks/script/clean")
    running = there.door.platform
    lin = assign(running, enrol(running, f"lin-{there.place}"), there.place, Role.DEVELOPER)
    headers = {"X-Auth-Token": token(running, lin, Scope())}
    address = f"/api/packages?name=clean-{there.place}.zip"
    handed = there.door.http.post(address, content=package, headers=headers).json()["id"]
    body = {"package": {"id": handed}, "options": {"duplicates": "overwrite"}}
    report = looked_into(there.door.http, there.path, body, headers=headers)
    assert [one["code"] for one in report["findings"]] == ["locked-by-another"]
    assert [one["verdict"] for one in report["steps"]] == ["blocked"]
    assert landed(there, package, duplicates="overwrite")["items"][0]["outcome"] == "overwritten"
