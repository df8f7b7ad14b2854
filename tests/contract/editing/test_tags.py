"""Tags: who makes and locks them, and what a locked tag refuses at every door."""

from __future__ import annotations

from typing import Any

import pytest

from builders import job
from contract.editing.conftest import QUIET, Crew, packed


def tagged(name: str, *tags: str, **fields: Any) -> dict[str, Any]:
    return job(name, QUIET, basicConfig={"tags": list(tags)}, **fields)


def names(crew: Crew) -> list[str]:
    return [one["name"] for one in crew.done("vera", "GET", "tags")["items"]]


def tags_of(crew: Crew, name: str) -> list[str]:
    document = crew.done("vera", "GET", f"documents/job/{name}")
    return list(document["basicConfig"]["tags"])


def test_tags_come_with_the_jobs_that_have_them_and_go_when_none_does(crew: Crew) -> None:
    crew.done("anne", "POST", "objects/job", tagged("a", "x", "夜间"))
    crew.done("anne", "PUT", "tags/alone")
    assert names(crew) == ["alone", "x", "夜间"]
    told = crew.refused("olga", "DELETE", "tags/x")
    assert (told["code"], told["message"]) == ("tag-in-use", "1 job has the tag x, among them a")
    crew.done("anne", "PUT", "objects/job/a", tagged("a", "夜间"))
    crew.done("olga", "DELETE", "tags/x")
    assert crew.refused("olga", "DELETE", "tags/x")["code"] == "tag-missing"
    assert names(crew) == ["alone", "夜间"]


@pytest.mark.parametrize("who", ["anne", "olga", "vera", "dora"])
def test_only_owner_and_administrators_lock_tags(crew: Crew, who: str) -> None:
    crew.done("head", "PUT", "tags/gold")
    assert crew.refused(who, "PUT", "tag-locks/gold")["code"] == "not-allowed"
    shown = crew.done("head", "PUT", "tag-locks/gold")
    assert (shown["locked"], shown["changed_by"]) == (True, crew.user("head"))
    assert crew.refused(who, "DELETE", "tag-locks/gold")["code"] == "not-allowed"
    assert crew.done("head", "DELETE", "tag-locks/gold")["locked"] is False


@pytest.mark.parametrize("who", ["anne", "head"])
def test_a_locked_tag_is_neither_deleted_nor_given_nor_taken(crew: Crew, who: str) -> None:
    crew.done(who, "POST", "objects/job", tagged("with", "gold", "x"))
    crew.done(who, "POST", "objects/job", tagged("without", "x"))
    crew.done("head", "PUT", "tag-locks/gold")
    calls: list[tuple[str, str, dict[str, Any] | None]] = [
        ("DELETE", "tags/gold", None),
        ("PUT", "objects/job/with", tagged("with", "x")),
        ("PUT", "objects/job/without", tagged("without", "x", "gold")),
        ("POST", "objects/job", tagged("new", "gold")),
        ("PUT", "jobs/with/tags", {"tags": []}),
        ("PUT", "jobs/without/tags", {"tags": ["gold"]}),
    ]
    for method, path, body in calls:
        told = crew.refused(who, method, path, body)
        assert (told["code"], told["subject"]) == ("tag-locked", "gold"), path
        assert crew.user("head") in told["message"]
    v2 = f"{crew.door.factory.replace('/v1/', '/v2/')}/factory/jobs"
    answer = crew.ask(who, "POST", f"{v2}/with/tags", {"tag_names": []})
    assert (answer.status_code, answer.json()["error_code"]) == (400, "DLF.3051")
    assert "gold" in answer.json()["error_msg"]
    crew.done(who, "PUT", "objects/job/with", tagged("with", "x", "gold", description="the others may go on"))
    assert tags_of(crew, "without") == ["x"]


def test_a_package_job_with_a_locked_tag_fails_and_passes_once_it_is_unlocked(crew: Crew) -> None:
    crew.done("head", "PUT", "tags/gold")
    crew.done("head", "PUT", "tag-locks/gold")
    package = packed(tagged("a", "gold"), tagged("b", "x"))
    receipt = crew.imported("anne", package)
    outcomes = {one["name"]: one["outcome"] for one in receipt["lines"]}
    assert outcomes == {"a": "blocked", "b": "created"}
    (locked,) = [one for one in receipt["reported"] if one["code"] == "tag-locked"]
    assert "has the tag gold, which is locked here" in locked["message"]
    assert [one["name"] for one in locked["first"]] == ["a"]
    assert names(crew) == ["gold", "x"]
    crew.done("head", "DELETE", "tag-locks/gold")
    receipt = crew.imported("anne", package)
    assert {one["name"]: one["outcome"] for one in receipt["lines"]} == {"a": "created", "b": "unchanged"}


def test_the_hundred_and_first_tag_is_refused_at_every_door(crew: Crew) -> None:
    hundred = [f"t{number:03}" for number in range(100)]
    crew.done("anne", "POST", "objects/job", tagged("a", *hundred))
    for method, path, body in [
        ("PUT", "tags/one-more", None),
        ("POST", "objects/job", tagged("b", "one-more")),
        ("PUT", "jobs/a/tags", {"tags": ["one-more"]}),
    ]:
        assert crew.refused("anne", method, path, body)["code"] == "quota-reached", path
    crew.done("anne", "PUT", "tags/t001")
    receipt = crew.imported("anne", packed(tagged("c", "t001"), tagged("d", "one-more")))
    assert {one["name"]: one["outcome"] for one in receipt["lines"]} == {"c": "created", "d": "blocked"}
    assert len(names(crew)) == 100


def test_setting_tags_is_an_edit_of_the_draft_by_who_holds_the_lock(crew: Crew) -> None:
    node = b'{"name":"n","type":"Dummy","location":{"x":"0","y":"0"}}'
    schedule = b'{"type": "EXECUTE_ONCE"}'
    text = b'{"name": "a",  "nodes": [' + node + b'], "x": 1E5, "schedule": ' + schedule + b"}"
    crew.done("anne", "POST", "objects/job", text)
    before = crew.done("anne", "GET", "objects/job/a")
    assert crew.refused("bert", "PUT", "jobs/a/tags", {"tags": ["x"]})["code"] == "locked"
    crew.done("anne", "PUT", "jobs/a/tags", {"tags": ["x", "y", "x"]})
    saved = crew.ask("anne", "GET", "documents/job/a").content
    assert b"1E5" in saved
    assert tags_of(crew, "a") == ["x", "y"]
    after = crew.done("anne", "GET", "objects/job/a")
    assert after["live_version"] == before["live_version"]
    assert after["digest"] != before["digest"]
    crew.done("anne", "DELETE", "locks/job/a")
    v2 = f"{crew.door.factory.replace('/v1/', '/v2/')}/factory/jobs"
    crew.done("bert", "POST", f"{v2}/a/tags", {"tag_names": []})
    assert (tags_of(crew, "a"), crew.holder("a")) == ([], "bert")
    assert crew.refused("bert", "PUT", "jobs/a/tags", {"tags": [" "]})["code"] == "invalid-name"
    assert crew.refused("bert", "PUT", "jobs/nobody/tags", {"tags": []})["code"] == "job-missing"
