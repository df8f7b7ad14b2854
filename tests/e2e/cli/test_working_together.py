"""Locks, tags, versions, reviews and releases from the command line: every command, and what it changes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from builders import job, node, script

from .lines import Lines, written


def names(rows: list[dict[str, Any]], key: str = "name") -> list[str]:
    return [one[key] for one in rows]


@pytest.fixture
def orders(run: Lines) -> Lines:
    """A job and a script, both at their first version, made by lin."""
    written(run.folder, "orders.job", job("orders", node("n", "Dummy")))
    run("job create orders.job", who="lin")
    made = run.door.http.post(
        f"/api/workspaces/{run.workspace}/objects/script",
        json=script("clean"),
        headers={"X-Auth-Token": run.token("lin")},
    )
    assert made.status_code == 201, made.text
    return run


def saved(run: Lines, what: str, **changes: Any) -> None:
    """Lin saves the job, and only saves it."""
    written(run.folder, "orders.job", job("orders", node("n", "Dummy"), **changes))
    run(f"job edit orders orders.job --draft {what}", who="lin")


def test_locks_are_taken_listed_by_holder_and_released(orders: Lines) -> None:
    run = orders
    lin, zhao = run.people["lin"], run.people["zhao"]
    run("lock release orders", who="lin")
    run("lock release clean --script", who="lin")
    assert run.json("lock list") == []
    taken = run("lock take orders", who="zhao")
    assert taken.out == f"orders: locked by {zhao}\n"
    run("lock take clean --script", who="lin")
    assert [(one["name"], one["locked_by"]) for one in run.json("lock list")] == [("orders", zhao)]
    assert names(run.json("lock list --script")) == ["clean"]
    assert names(run.json(f"lock list --holder {zhao}")) == ["orders"]
    assert run.json(f"lock list --holder {lin}") == []
    assert "orders" in run("lock list").out
    refused = run("job edit orders orders.job --draft", who="lin", code=5)
    assert zhao in refused.err


def test_a_lock_comes_with_what_is_saved_submitted_or_taken_back(orders: Lines) -> None:
    run = orders
    run("lock release orders", who="lin")
    run("job edit orders orders.job --draft", who="lin", code=5)
    saved(run, "--lock", description="second")
    assert names(run.json("lock list"), "locked_by") == [run.people["lin"]]
    run("lock release orders", who="lin")
    run("job submit orders", who="lin", code=5)
    run("job submit orders --lock --note 'by hand'", who="lin")
    assert run.json("version list orders")[0]["note"] == "by hand"
    assert names(run.json("lock list"), "locked_by") == [run.people["lin"]]
    run("lock release orders", who="lin")
    run("version rollback orders 1", who="lin", code=5)
    run("version rollback orders 1 --lock", who="lin")
    assert names(run.json("lock list"), "locked_by") == [run.people["lin"]]
    assert "description" not in run.json("job show orders")


def test_versions_are_shown_compared_and_taken_back(orders: Lines) -> None:
    run = orders
    saved(run, "", description="second")
    run("job submit orders", who="lin")
    assert "description" not in run("version show orders 1").out
    assert json.loads(run("version show orders 2").out)["description"] == "second"
    told = run("version diff orders 1 2", code=10).out
    assert told.splitlines() == ["description", '  + "second"']
    assert run.json("version diff orders 2") == []
    done = run("version rollback orders 1", who="lin")
    assert done.out == "orders: draft = v1\n"
    (changed,) = run.json("version diff orders 2", code=10)
    assert (changed["former"], changed["in_latter"]) == ("second", False)
    assert [(one["number"], one["live"]) for one in run.json("version list orders")] == [
        (2, True),
        (1, False),
    ]
    assert run.json("job list")[0]["live_version"] == 2
    assert run("--version").out.startswith("jobferry ")
    assert run.json("--version") == {"version": run("--version").out.split()[1]}


def test_versions_of_scripts_are_shown_compared_and_taken_back(orders: Lines) -> None:
    run = orders
    changed = run.door.http.put(
        f"/api/workspaces/{run.workspace}/objects/script/clean",
        params={"submit": "false"},
        json=script("clean", "SELECT 2"),
        headers={"X-Auth-Token": run.token("lin")},
    )
    assert changed.status_code == 200, changed.text
    assert run("script submit clean", who="lin").out == "clean: v2\n"
    assert json.loads(run("version show clean 2 --script").out)["content"] == "SELECT 2"
    told = run("version diff clean 1 --script", code=10).out
    assert told.splitlines() == ["content", '  - "SELECT 1"', '  + "SELECT 2"']
    run("version rollback clean 1 --script", who="lin")
    run("setting set review=all")
    zhao = run.people["zhao"]
    asked = run.json(f"script submit clean --approver {zhao} --note back", who="lin")["review"]
    assert run.json(f"review show {asked}")["note"] == "back"
    run(f"review withdraw {asked}", who="lin")
    run("lock release clean --script", who="lin")
    assert run("script submit clean --publish --lock", who="zhao").out == "clean: v3\n"
    assert run.json("version diff clean 1 --script") == []


def test_tags_are_made_given_locked_and_deleted(orders: Lines) -> None:
    run = orders
    assert run("tag create red", who="lin").out == "red: created\n"
    run("tag create blue", who="lin")
    assert [(one["name"], one["locked"]) for one in run.json("tag list")] == [("blue", False), ("red", False)]
    run("lock release orders", who="lin")
    run("tag set orders red blue", who="lin", code=5)
    assert run("tag set orders red blue --lock", who="lin").out == "orders: red, blue\n"
    assert sorted(json.loads(run("job show orders --document").out)["basicConfig"]["tags"]) == ["blue", "red"]
    assert names(run.json("lock list"), "locked_by") == [run.people["lin"]]
    assert "red" in run("tag delete red", who="lin", code=5).err
    run("tag lock red", who="lin", code=8)
    assert run("tag lock red", who="zhao").out == "red: locked\n"
    assert "locked" in run("tag list").out
    assert "red" in run("tag set orders blue", who="lin", code=5).err
    assert run("tag unlock red", who="zhao").out == "red: unlocked\n"
    run("tag set orders", who="lin")
    run("tag delete red --yes", who="lin")
    assert names(run.json("tag list")) == ["blue"]


def test_tags_are_given_to_many_jobs_and_taken_off_them_and_what_cannot_be_is_named(orders: Lines) -> None:
    run = orders
    written(run.folder, "bills.job", job("bills", node("n", "Dummy")))
    run("job create bills.job", who="lin")
    run("tag set bills blue", who="lin")
    both = "--job bills --job orders"
    assert run(f"tag add red gold {both}", who="lin").out == "bills: +red, +gold\norders: +red, +gold\n"
    assert tags_of(run) == {"bills": ["blue", "red", "gold"], "orders": ["red", "gold"]}
    assert run(f"tag remove gold blue {both}", who="lin").out == "bills: -gold, -blue\norders: -gold, -blue\n"
    assert tags_of(run) == {"bills": ["red"], "orders": ["red"]}
    run("lock release bills", who="lin")
    part = run(f"tag add gold {both} --job nobody", who="chen", code=5)
    assert part.out == ""
    assert "nobody: the job nobody does not exist" in part.err
    run("lock release orders", who="lin")
    run("lock take orders", who="zhao")
    part = run(f"tag add gold {both} --lock", who="chen", code=9)
    assert part.out == "bills: +gold\n"
    assert part.err.startswith("orders: ")
    assert tags_of(run) == {"bills": ["red", "gold"], "orders": ["red"]}
    told = run.json("tag remove gold --job bills --job nobody", who="chen", code=9)
    assert [(item["name"], (item["error"] or {}).get("code")) for item in told["items"]] == [
        ("bills", None),
        ("nobody", "job-missing"),
    ]
    run("tag remove gold --job nobody --lock", who="chen", code=4)
    run("tag add gold", who="chen", code=2)
    run("tag add gold --job bills", who="wu", code=8)


def tags_of(run: Lines) -> dict[str, list[str]]:
    return {one["name"]: one["tags"] for one in run.json("job list")}


def test_a_review_is_withdrawn_rejected_asked_for_again_and_listed_by_whom_it_is_for(orders: Lines) -> None:
    run = orders
    lin, zhao = run.people["lin"], run.people["zhao"]
    run("setting set review=all")
    saved(run, "", description="second")
    first = run.json(f"job submit orders --approver {zhao} --note why", who="lin")["review"]
    assert names(run.json("review list --tab pending", who="zhao"), "id") == [first]
    assert run.json("review list --tab pending", who="lin") == []
    assert names(run.json("review list --tab pending", who="zhao"), "note") == ["why"]
    assert "withdrawn" in run(f"review withdraw {first}", who="lin").out
    assert names(run.json("review list --state withdrawn"), "id") == [first]
    assert run.json("review list --state pending") == []
    again = run.json(f"review resubmit {first} --approver {zhao} --note because", who="lin")["id"]
    assert "because" in run(f"review show {again}").out
    assert "rejected" in run(f"review reject {again} --answer 'not yet'", who="zhao").out
    assert run.json(f"review show {again}")["answer"] == "not yet"
    assert run.json("version list orders")[0]["number"] == 1
    third = run.json(f"review resubmit {again}", who="lin")["id"]
    run(f"review approve {third} --answer fine", who="zhao")
    assert run.json("version list orders")[0]["number"] == 2
    assert names(run.json("review list --tab reviewed", who="zhao"), "id") == [third, again]
    assert names(run.json("review list --tab mine", who="lin"), "id") == [third, again, first]
    assert run.json(f"review show {third}")["asked_by"] == lin


def test_what_is_made_changed_or_deleted_asks_its_approvers_or_is_published(orders: Lines) -> None:
    run = orders
    zhao = run.people["zhao"]
    run("setting set review=all")
    written(run.folder, "bills.job", job("bills", node("n", "Dummy")))
    made = run.json(f"job create bills.job --approver {zhao} --note new", who="lin")
    assert (made["live_version"], run.json(f"review show {made['review']}")["note"]) == (0, "new")
    run(f"review approve {made['review']}", who="zhao")
    changed = run.json(f"job edit bills bills.job --approver {zhao} --note more", who="lin")
    assert run.json(f"review show {changed['review']}")["approvers"] == [zhao]
    run(f"review withdraw {changed['review']}", who="lin")
    run("lock release bills", who="lin")
    run("job edit bills bills.job --publish --lock", who="zhao")
    assert run.json("version list bills")[0]["submitted_by"] == zhao
    written(run.folder, "third.job", job("third", node("n", "Dummy")))
    assert run("job create third.job --publish", who="zhao").out == "third: v1\n"
    run("lock release bills", who="zhao")
    run("lock take bills", who="lin")
    asked = run.json(f"job delete bills --approver {zhao} --note 'no longer'", who="lin")["review"]
    assert run.json(f"review show {asked}")["note"] == "no longer"
    run(f"review approve {asked}", who="zhao")
    assert names(run.json("job list")) == ["orders", "third"]
    saved(run, "", description="at once")
    run("lock release orders", who="lin")
    run("job submit orders --publish --lock", who="zhao")
    assert run.json("version list orders")[0]["number"] == 2


def test_releases_are_made_shown_rejected_withdrawn_and_approved(orders: Lines) -> None:
    run = orders
    lin, wu = run.people["lin"], run.people["wu"]
    run("setting set mode=enterprise")
    saved(run, "", description="second")
    run("job submit orders", who="lin")
    run("script submit clean", who="lin")
    assert sorted(names(run.json("release waiting", who="wu"))) == ["clean", "orders"]
    first = run.json(f"release create first --job orders --approver {wu} --note why", who="lin")["id"]
    assert names(run.json(f"release show {first}")["items"]) == ["orders"]
    assert names(run.json("release list --tab pending", who="wu"), "note") == ["why"]
    assert names(run.json("release waiting", who="wu")) == ["clean"]
    assert "withdrawn" in run(f"release withdraw {first}", who="lin").out
    second = run.json("release create second --job orders --script clean", who="lin")["id"]
    assert "rejected" in run(f"release reject {second} --answer 'not yet'", who="wu").out
    assert "not yet" in run(f"release show {second}").out
    assert sorted(names(run.json("release waiting", who="wu"))) == ["clean", "orders"]
    third = run.json("release create third --all", who="lin")["id"]
    assert names(run.json("release list --tab pending", who="wu"), "id") == [third]
    run(f"release approve {third} --answer fine", who="wu")
    assert run.json("release waiting", who="wu") == []
    assert [one["live"] for one in run.json("version list orders")] == [True, False]
    assert names(run.json("release list --state withdrawn"), "name") == ["first"]
    assert names(run.json("release list --tab reviewed", who="wu")) == ["third", "second"]
    assert run.json(f"release show {third}")["asked_by"] == lin
