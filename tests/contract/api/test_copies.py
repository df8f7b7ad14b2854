"""Import as copy: the package's objects come in beside those that are here, which stay as they are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from builders import job, node, script, written
from contract.api.doors import Door, checked, looked_into, refused

PLACE = "/api/workspaces/copying"
ORDERS = job("orders", node("load", scriptName="clean"), node("run", "SubJob", jobName="hourly"))
DOCUMENTS = (
    ("job", ORDERS),
    ("job", job("hourly", node("n", "Dummy"))),
    ("script", script("clean")),
)


@pytest.fixture(scope="module")
def package(door: Door) -> bytes:
    door.workspace("copying", unknown_inventory="warn")
    for kind, document in reversed(DOCUMENTS):
        made = door.http.post(f"{PLACE}/objects/{kind}", content=written(document))
        assert made.status_code == 201, made.text
    return door.http.post(f"{PLACE}/exports", json={}).content


def asked(door: Door, package: bytes, **options: Any) -> dict[str, Any]:
    handed = door.http.post("/api/packages?name=p.zip", content=package)
    return {"package": {"id": handed.json()["id"]}, "options": {"duplicates": "copy"} | options}


def imported(door: Door, package: bytes, **options: Any) -> tuple[dict[str, Any], str]:
    made = looked_into(door.http, PLACE, asked(door, package, **options))
    begun = door.http.post(f"{PLACE}/imports/{made['id']}/apply", json={"plan_digest": made["plan_digest"]})
    task = door.ended(begun.json()["task_id"])
    assert task["status"] == "SUCCESSFUL", task
    return made, task["receipt_id"]


def here(door: Door) -> dict[str, tuple[str, str]]:
    """By kind and name the uids and digests of what is here."""
    found = {}
    for kind in ("job", "script"):
        for one in door.http.get(f"{PLACE}/objects/{kind}").json()["items"]:
            found[f"{kind} {one['name']}"] = (one["uid"], one["digest"])
    return found


def document(door: Door, kind: str, name: str) -> bytes:
    return door.http.get(f"{PLACE}/documents/{kind}/{name}").content


def test_copies_come_beside_and_go_together_and_an_undo_takes_them_away(door: Door, package: bytes) -> None:
    before = here(door)
    made, receipt = imported(door, package)
    steps = {one["name"]: (one["verdict"], one["note"]) for one in made["steps"]}
    assert steps["orders_copy"] == ("create", "copy of orders")
    now = here(door)
    assert {name: now[name] for name in before} == before
    assert now.keys() - before.keys() == {"job orders_copy", "job hourly_copy", "script clean_copy"}
    assert len({uid for uid, _ in now.values()}) == 6
    copied = written(ORDERS).replace(b'"orders"', b'"orders_copy"').replace(b'"clean"', b'"clean_copy"')
    assert document(door, "job", "orders_copy") == copied.replace(b'"hourly"', b'"hourly_copy"')
    assert document(door, "script", "clean_copy") == written(script("clean_copy"))

    imported(door, package, duplicates="overwrite")
    assert here(door) == now, "the originals are still who they were"
    _, second = imported(door, package)
    assert "job orders_copy2" in here(door)
    for one in (second, receipt):
        begun = door.http.post(f"/api/receipts/{one}/undo", json={})
        assert door.ended(begun.json()["task_id"])["status"] == "SUCCESSFUL"
    assert here(door) == before


def test_a_rule_copies_single_objects_and_the_package_follows(door: Door, package: bytes) -> None:
    rules = [{"kind": "script", "duplicates": "copy"}]
    body = asked(door, package, duplicates="overwrite", copy_name="new-{name}", rules=rules)
    made = looked_into(door.http, PLACE, body)
    verdicts = {one["name"]: one["verdict"] for one in made["steps"]}
    assert verdicts == {"new-clean": "create", "orders": "overwrite", "hourly": "unchanged"}
    assert [(one["object"], one["to"]) for one in made["replacements"]] == [("orders", "new-clean")]
    again = looked_into(door.http, PLACE, asked(door, package, **json.loads(json.dumps(made["options"]))))
    assert again["plan_digest"] == made["plan_digest"]


@pytest.mark.parametrize(
    "options",
    [{"copy_name": "copy"}, {"copy_name": "{name}."}, {"copy_name": "x{name}", "duplicates": "skip"}],
)
def test_a_name_for_copies_that_makes_no_sense_is_refused(
    door: Door, package: bytes, options: dict[str, Any]
) -> None:
    assert refused(checked(door.http, PLACE, asked(door, package, **options)))[0] == "invalid-value"
