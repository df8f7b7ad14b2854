"""The same on many objects: each by itself, answered object by object."""

from __future__ import annotations

from typing import Any

import pytest

from builders import job, resource
from contract.editing.conftest import QUIET, Crew


def changed(
    crew: Crew, who: str, action: str, *names: str, kind: str = "job", **more: Any
) -> dict[str, tuple[str, str]]:
    """By name: the error's code, and the review that it waits for."""
    answer = crew.done(who, "POST", f"objects/{kind}/bulk", {"action": action, "names": list(names), **more})
    assert [one["name"] for one in answer["items"]] == list(names)
    assert answer["failed"] == sum(one["error"] is not None for one in answer["items"])
    assert answer["done"] + answer["failed"] == len(names)
    return {one["name"]: ((one["error"] or {}).get("code", ""), one["review"]) for one in answer["items"]}


def codes(crew: Crew, who: str, action: str, *names: str, kind: str = "job", **more: Any) -> dict[str, str]:
    return {name: code for name, (code, _) in changed(crew, who, action, *names, kind=kind, **more).items()}


def shown(crew: Crew, name: str, kind: str = "job") -> dict[str, Any]:
    found: dict[str, Any] = crew.done("head", "GET", f"objects/{kind}/{name}")
    return found


def test_what_cannot_be_done_with_one_does_not_keep_the_others(crew: Crew) -> None:
    for name in ("a", "b"):
        crew.made("anne", name)
    crew.done("anne", "POST", "objects/job", job("draft", QUIET), params={"submit": False})
    assert codes(crew, "anne", "start", "a", "nobody", "draft", "b") == {
        "a": "",
        "nobody": "job-missing",
        "draft": "not-submitted",
        "b": "",
    }
    assert [shown(crew, name)["state"] for name in ("a", "draft", "b")] == [
        "SCHEDULING",
        "STOPPED",
        "SCHEDULING",
    ]
    assert codes(crew, "anne", "delete", "a", "draft") == {"a": "job-running", "draft": ""}
    assert codes(crew, "anne", "stop", "a", "b") == {"a": "", "b": ""}
    rows = crew.done("head", "GET", "audit", params={"action": "job-start"})["items"]
    assert sorted((row["subject"], row["outcome"], row["detail"]) for row in rows) == [
        ("a", "done", ""),
        ("b", "done", ""),
        ("draft", "failed", "not-submitted"),
        ("nobody", "failed", "job-missing"),
    ]


def test_the_error_says_what_the_single_call_says(crew: Crew) -> None:
    crew.made("bert", "a")
    single = crew.refused("anne", "POST", "objects/job/a/move", {"directory": "/x"})
    body = {"action": "move", "names": ["a"], "directory": "/x"}
    (item,) = crew.done("anne", "POST", "objects/job/bulk", body)["items"]
    assert item["error"] == {key: single[key] for key in ("code", "message", "hint")}


def test_locks_are_taken_and_released_by_the_policy(crew: Crew) -> None:
    crew.made("anne", "a")
    crew.made("bert", "b")
    assert codes(crew, "anne", "lock", "a", "b") == {"a": "", "b": ""}
    assert [crew.holder(name) for name in ("a", "b")] == ["anne", "anne"]
    assert codes(crew, "bert", "unlock", "a", "b", "c") == {"a": "", "b": "", "c": "job-missing"}
    assert [crew.holder(name) for name in ("a", "b")] == ["", ""]
    assert codes(crew, "anne", "submit", "a") == {"a": "not-locked"}
    assert codes(crew, "anne", "submit", "a", take_lock=True) == {"a": ""}
    assert shown(crew, "a")["last_version"] == 2


def test_tags_are_given_besides_others_and_taken_off(crew: Crew) -> None:
    crew.done("anne", "POST", "objects/job", job("a", QUIET, basicConfig={"tags": ["x", "old"]}))
    crew.made("anne", "b")
    assert codes(crew, "anne", "tag", "a", "b", tags=["x", "夜间"]) == {"a": "", "b": ""}
    assert [shown(crew, name)["tags"] for name in ("a", "b")] == [["x", "old", "夜间"], ["x", "夜间"]]
    crew.done("head", "PUT", "tag-locks/old")
    assert codes(crew, "anne", "untag", "a", "b", tags=["old", "x"]) == {"a": "tag-locked", "b": ""}
    assert [shown(crew, name)["tags"] for name in ("a", "b")] == [["x", "old", "夜间"], ["夜间"]]
    before = shown(crew, "b")["digest"]
    assert codes(crew, "anne", "untag", "b", tags=["nobody"]) == {"b": ""}
    assert shown(crew, "b")["digest"] == before
    listed = crew.done("vera", "GET", "tags")["items"]
    assert {tag["name"]: tag["jobs"] for tag in listed} == {"old": 1, "x": 1, "夜间": 2}


def test_objects_of_every_kind_are_moved_and_deleted(crew: Crew) -> None:
    crew.made("anne", "s", kind="script")
    crew.done("anne", "POST", "objects/resource", resource("jar"))
    for kind, name in (("script", "s"), ("resource", "jar")):
        assert codes(crew, "anne", "move", name, kind=kind, directory="/x/y") == {name: ""}
        assert shown(crew, name, kind)["directory"] == "/x/y"
        assert codes(crew, "anne", "delete", name, kind=kind) == {name: ""}
        assert crew.refused("anne", "GET", f"objects/{kind}/{name}")["code"] == f"{kind}-missing"


@pytest.mark.parametrize("crew", [{"review": "all"}], indirect=True)
def test_what_waits_for_a_review_says_which(crew: Crew) -> None:
    crew.done("head", "POST", "objects/job", job("a", QUIET), params={"publish": True})
    assert changed(crew, "head", "submit", "a") == {"a": ("missing-value", "")}
    answer = crew.done(
        "head",
        "POST",
        "objects/job/bulk",
        {"action": "delete", "names": ["a"], "approvers": ["administrator"], "note": "old"},
    )
    (item,) = answer["items"]
    assert (item["waits"], item["error"]) == (True, None)
    review = crew.done("head", "GET", f"reviews/{item['review']}")
    assert review["note"] == "old"
    assert shown(crew, "a")["name"] == "a"


@pytest.mark.parametrize("crew", [{"mode": "enterprise"}], indirect=True)
def test_what_waits_for_a_release_says_so_before_there_is_one(crew: Crew) -> None:
    crew.done("anne", "POST", "objects/job", job("a", QUIET), params={"submit": False})
    answer = crew.done("anne", "POST", "objects/job/bulk", {"action": "submit", "names": ["a"]})
    assert [(one["waits"], one["review"], one["error"]) for one in answer["items"]] == [(True, "", None)]


WRONG: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "too many": ("job", {"action": "stop", "names": [f"j{n}" for n in range(1001)]}, "names", "1,001 names"),
    "none": ("job", {"action": "stop", "names": []}, "names", "0 names"),
    "doubled": ("job", {"action": "stop", "names": ["a", "b", "a"]}, "names", "a more than once"),
    "a script is not started": ("script", {"action": "start", "names": ["s"]}, "action", "the kind script"),
    "a resource is not locked": (
        "resource",
        {"action": "lock", "names": ["s"]},
        "action",
        "the kind resource",
    ),
    "no tags": ("job", {"action": "tag", "names": ["a"]}, "tags", "tags is required"),
    "no directory": ("job", {"action": "move", "names": ["a"]}, "directory", "directory is required"),
    "tags for a stop": (
        "job",
        {"action": "stop", "names": ["a"], "tags": ["x"]},
        "tags",
        "does not apply to stop",
    ),
    "an action that is none": ("job", {"action": "explode", "names": ["a"]}, "action", "use one of: start"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_call_that_is_wrong_does_nothing(crew: Crew, case: str) -> None:
    kind, body, subject, words = WRONG[case]
    crew.made("anne", "a")
    told = crew.refused("anne", "POST", f"objects/{kind}/bulk", body)
    assert (told["status"], told["subject"]) == ("400", subject)
    assert words in told["message"]


def test_who_may_not_do_it_is_told_once_for_all(crew: Crew) -> None:
    crew.made("anne", "a")
    told = crew.refused("vera", "POST", "objects/job/bulk", {"action": "start", "names": ["a", "b", "c"]})
    assert (told["status"], told["code"]) == ("403", "not-allowed")
    rows = crew.done("head", "GET", "audit", params={"outcome": "refused"})["items"]
    assert [row["subject"] for row in rows] == ["a"]
