"""Versions: list, look, compare, go back, submit, and how many are kept."""

from __future__ import annotations

from typing import Any

import pytest

from builders import job, node, script
from contract.editing.conftest import QUIET, Crew, packed

FIRST = b'{"name":"a", "type":"DWSSQL",  "content":"SELECT 1;\\nSELECT 2;", "x":1E5}'


def numbers(crew: Crew, kind: str, name: str = "a") -> list[int]:
    return [one["number"] for one in crew.done("vera", "GET", f"versions/{kind}/{name}")["items"]]


def differing(crew: Crew, kind: str, **which: int) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = crew.done("vera", "GET", f"differences/{kind}/a", params=which)["items"]
    return items


def test_a_script_goes_back_and_takes_effect_once_it_is_submitted(crew: Crew) -> None:
    crew.done("anne", "POST", "objects/script", FIRST)
    crew.done("anne", "PUT", "objects/script/a", script("a", "SELECT 1;\nSELECT 3;"))
    crew.done("anne", "PUT", "objects/script/a?submit=false", script("a", "SELECT 4;"))
    assert numbers(crew, "script") == [2, 1]
    assert crew.ask("vera", "GET", "documents/script/a?version=1").content == FIRST
    (content,) = [one for one in differing(crew, "script", former=1, latter=2) if one["path"] == "content"]
    assert content["lines"] == ["@@ -2 +2 @@", "-SELECT 2;", "+SELECT 3;"]
    assert [one["latter"] for one in differing(crew, "script", former=2)] == ["SELECT 4;"]
    shown = crew.done("anne", "POST", "rollbacks/script/a", {"version": 1})
    assert crew.ask("vera", "GET", "documents/script/a").content == FIRST
    assert (shown["live_version"], shown["last_version"]) == (2, 2)
    shown = crew.done("anne", "POST", "submits/script/a", params={"note": "back to the first"})
    assert (shown["live_version"], shown["last_version"]) == (3, 3)
    newest = crew.done("vera", "GET", "versions/script/a")["items"][0]
    assert (newest["number"], newest["live"], newest["note"]) == (3, True, "back to the first")
    assert newest["submitted_by"] == crew.user("anne")


def test_an_imported_overwrite_is_taken_back_by_going_back(crew: Crew) -> None:
    before = job("a", node("n", "Dummy"), description="as it was", basicConfig={"tags": ["x"]})
    crew.done("anne", "POST", "objects/job", before)
    text = crew.ask("vera", "GET", "documents/job/a").content
    receipt = crew.imported("anne", packed(job("a", node("m", "Dummy"))), duplicates="overwrite")
    assert receipt["lines"][0]["outcome"] == "overwritten"
    listed = crew.done("vera", "GET", "versions/job/a")["items"]
    assert [(one["number"], one["import_id"]) for one in listed] == [(2, receipt["id"]), (1, "")]
    crew.done("anne", "POST", "rollbacks/job/a", {"version": 1})
    assert crew.ask("vera", "GET", "documents/job/a").content == text


def test_name_and_place_stay_as_they_are(crew: Crew) -> None:
    crew.done("anne", "POST", "objects/job", job("a", QUIET, directory="/old"))
    crew.done("anne", "PUT", "objects/job/a", job("b", QUIET, directory="/new", description="later"))
    shown = crew.done("anne", "POST", "rollbacks/job/b", {"version": 1})
    assert (shown["name"], shown["directory"]) == ("b", "/new")
    document = crew.done("vera", "GET", "documents/job/b")
    assert (document["name"], document["directory"], "description" in document) == ("b", "/new", False)


def test_only_the_holder_goes_back_or_submits(crew: Crew) -> None:
    crew.made("anne", "a")
    assert crew.refused("bert", "POST", "rollbacks/job/a", {"version": 1})["code"] == "locked"
    assert crew.refused("bert", "POST", "submits/job/a")["code"] == "locked"
    crew.done("anne", "DELETE", "locks/job/a")
    assert crew.refused("bert", "POST", "submits/job/a")["code"] == "not-locked"
    crew.done("bert", "POST", "submits/job/a?take_lock=true")
    assert (numbers(crew, "job"), crew.holder("a")) == ([2, 1], "bert")
    assert crew.refused("vera", "POST", "submits/job/a")["code"] == "not-allowed"


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("POST", "rollbacks/job/a", {"version": 7}, "version-missing"),
        ("POST", "rollbacks/job/a", {"version": 0}, "invalid-value"),
        ("POST", "rollbacks/job/nobody", {"version": 1}, "job-missing"),
        ("GET", "differences/job/a?former=7", None, "version-missing"),
        ("GET", "differences/job/a?former=1&latter=2&third=3&former=x", None, "invalid-value"),
        ("GET", "versions/resource/r", None, "invalid-value"),
        ("POST", "submits/cdm/c%2Fj", None, "invalid-value"),
        ("POST", f"submits/job/a?note={'n' * 129}", None, "invalid-description"),
    ],
)
def test_what_cannot_be_is_said(crew: Crew, method: str, path: str, body: Any, code: str) -> None:
    crew.made("anne", "a")
    assert crew.refused("anne", method, path, body)["code"] == code


def test_a_locked_tag_is_not_taken_off_by_going_back(crew: Crew) -> None:
    crew.made("anne", "a")
    crew.done("anne", "PUT", "objects/job/a", job("a", QUIET, basicConfig={"tags": ["gold"]}))
    crew.done("head", "PUT", "tag-locks/gold")
    assert crew.refused("anne", "POST", "rollbacks/job/a", {"version": 1})["code"] == "tag-locked"


def test_the_last_versions_and_the_live_one_are_kept_and_numbers_go_on(crew: Crew) -> None:
    crew.door.http.patch(f"{crew.at}/settings", json={"version_count": "3"})
    crew.made("anne", "a")
    for _ in range(3):
        crew.done("anne", "POST", "submits/job/a")
    assert numbers(crew, "job") == [4, 3, 2]
    crew.imported("anne", packed(job("a", node("m", "Dummy"))), duplicates="overwrite")
    assert numbers(crew, "job") == [5, 4, 3]
