"""Who reads sensitive values: those who may edit the job. Others find them empty, whichever way they come."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from builders import job, node, written
from contract.editing.conftest import Crew
from contract.rights.conftest import client
from people import caller_named

MARK, LATER = "MARK-of-the-secret", "MARK-that-came-later"


def _marked(value: str) -> dict[str, Any]:
    """A job that has the value wherever one is sensitive, and an unknown key beside."""
    load = node("load", "RESTAPI", url="http://x", password=value, region="eu")
    load["properties"].append({"name": "header", "value": value, "value_is_sensitive": True})
    params = [
        {"name": "db_password", "value": value},
        {"name": "hidden", "value": value},
        {"name": "day", "value": "1"},
    ]
    unknown: dict[str, Any] = {"x-unknown": [1, 2.50]}
    return job("a", load, params=params, maskedParams=["hidden"], **unknown)


@pytest.fixture
def marked(crew: Crew) -> Crew:
    """The job with two versions and a draft that differ in their secrets only."""
    crew.done("anne", "POST", "objects/job", _marked(MARK))
    crew.done("anne", "PUT", "objects/job/a", _marked(LATER))
    crew.done("anne", "PUT", "objects/job/a?submit=false", _marked(MARK))
    return crew


def _ways(crew: Crew) -> list[str]:
    """Every call that answers with a job's document, or with a part of one."""
    factory = f"{crew.door.factory}/jobs/a"
    documents = [f"documents/job/a{query}" for query in ("", "?version=1", "?version=2", "?version=live")]
    shown = [f"{factory}{query}" for query in ("", "?version=1", "?getJobSubmitVersion=true")]
    differences = ["differences/job/a?former=1&latter=2", "differences/job/a?former=2"]
    return [*documents, *shown, *differences, f"{crew.door.factory}/jobs"]


def test_who_may_not_edit_reads_no_sensitive_value(marked: Crew) -> None:
    for way in _ways(marked):
        answer = marked.ask("vera", "GET", way)
        assert answer.status_code == 200, answer.text
        assert "MARK" not in answer.text, way


@pytest.mark.parametrize("name", ["anne", "olga", "head"])
def test_who_may_edit_reads_them_all(marked: Crew, name: str) -> None:
    for way in _ways(marked)[:-1]:
        assert "MARK" in marked.ask(name, "GET", way).text, way


def test_a_token_that_only_reads_is_no_way_to_them(marked: Crew) -> None:
    caller = caller_named(marked.door.platform, marked.user("anne"))
    with client(marked.door, caller, read_only=True) as reading:
        text = reading.get(f"{marked.at}/documents/job/a").text
    assert '"db_password"' in text
    assert "MARK" not in text


def test_what_is_read_differs_in_the_sensitive_values_alone(marked: Crew) -> None:
    mine, hers = (marked.ask(name, "GET", "documents/job/a") for name in ("anne", "vera"))
    assert hers.text == mine.text.replace(MARK, "")
    assert mine.content == written(_marked(MARK))
    shown = [marked.ask(name, "GET", f"{marked.door.factory}/jobs/a").text for name in ("anne", "vera")]
    assert shown[1] == shown[0].replace(MARK, "")


def test_a_document_read_without_its_secrets_has_an_etag_of_its_own(marked: Crew) -> None:
    mine, hers = (marked.ask(name, "GET", "documents/job/a") for name in ("anne", "vera"))
    for answer in (mine, hers):
        assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
        assert answer.headers["Cache-Control"] == "private, no-cache"
    assert mine.headers["ETag"] != hers.headers["ETag"]


def test_that_a_sensitive_value_differs_is_told_and_not_what_it_is(marked: Crew) -> None:
    way = "differences/job/a?former=1&latter=2"
    hers = marked.done("vera", "GET", way)["items"]
    mine = marked.done("anne", "GET", way)["items"]
    assert [one["path"] for one in hers] == [one["path"] for one in mine]
    assert len(hers) == 4
    assert {(one["former"], one["latter"]) for one in hers} == {("***", "*** (another)")}
    assert {(one["former"], one["latter"]) for one in mine} == {(MARK, LATER)}
    assert marked.done("vera", "GET", "differences/job/a?former=1")["items"] == []


def _values(crew: Crew, name: str) -> dict[str, str]:
    document = crew.done(name, "GET", "documents/job/a")
    return {one["name"]: one["value"] for one in document["params"] + document["nodes"][0]["properties"]}


def test_what_the_workspace_calls_sensitive_is_hidden_at_once(marked: Crew) -> None:
    before = _values(marked, "vera")
    assert (before["region"], before["password"], before["db_password"]) == ("eu", "", "")
    changed = marked.door.http.patch(f"{marked.at}/settings", json={"sensitive_names": "region"})
    assert changed.status_code == 200, changed.text
    after = _values(marked, "vera")
    assert (after["region"], after["password"], after["db_password"]) == ("", MARK, MARK)
    assert (after["header"], after["hidden"]) == ("", "")
    assert set(_values(marked, "anne").values()) == {"http://x", "eu", "1", MARK}


def test_reading_and_saving_back_loses_no_secret(marked: Crew) -> None:
    factory = f"{marked.door.factory}/jobs/a"
    read = marked.done("anne", "GET", factory)
    marked.done("anne", "PUT", factory, read)
    assert marked.ask("anne", "GET", "documents/job/a").text.count(MARK) == 4
