"""Lists of objects over HTTP: what narrows them, and what does not exist is told with what there is."""

from __future__ import annotations

from typing import Any

import pytest

from builders import job, node
from contract.editing.conftest import QUIET, Crew, packed


def names(crew: Crew, kind: str = "job", **query: Any) -> list[str]:
    answer = crew.done("vera", "GET", f"objects/{kind}", params=query)
    return [one["name"] for one in answer["items"]]


def test_a_list_is_narrowed_by_everything_that_it_shows(crew: Crew) -> None:
    crew.done("anne", "POST", "objects/job", job("a", QUIET, basicConfig={"tags": ["x"]}, directory="/dw"))
    crew.done("bert", "POST", "objects/job", job("b", QUIET, directory="/dw/ods"), params={"submit": False})
    crew.imported("anne", packed(job("c", node(scriptName="gone", connectionName="gone"))), missing="hold")
    crew.done("anne", "POST", "jobs/a/start")
    crew.done("bert", "DELETE", "locks/job/b")
    assert names(crew) == ["a", "b", "c"]
    for query, expected in (
        ({"directory": "/dw"}, ["a"]),
        ({"directory": "dw/", "below": True}, ["a", "b"]),
        ({"directory": "/"}, ["c"]),
        ({"tag": ["x", "x"]}, ["a"]),
        ({"state": "SCHEDULING"}, ["a"]),
        ({"state": "STOPPED", "held": False}, ["b"]),
        ({"held": True}, ["c"]),
        ({"live": False}, ["b"]),
        ({"locked": False}, ["b"]),
        ({"holder": crew.user("anne")}, ["a", "c"]),
        ({"created_by": crew.user("bert")}, ["b"]),
        ({"updated_since": 1 << 50}, []),
        ({"type": "REAL_TIME"}, []),
        ({"type": "BATCH", "name": "B"}, ["b"]),
        ({"sort": "-name"}, ["c", "b", "a"]),
        ({"sort": "created_at", "limit": 1}, ["a"]),
    ):
        assert names(crew, **query) == expected, query
    (first, *_) = crew.done("vera", "GET", "objects/job")["items"]
    assert first["tags"] == ["x"]


UNKNOWN: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "a directory": ("job", {"directory": "/none"}, "directory-missing", ": /dw"),
    "a tag": ("job", {"tag": ["y"]}, "tag-missing", ": x"),
    "a type": ("script", {"type": "Cobol"}, "invalid-value", ": DWSSQL"),
    "a job type": ("job", {"type": "FAST"}, "invalid-value", ": BATCH, REAL_TIME"),
    "a tag of scripts": ("script", {"tag": ["x"]}, "invalid-value", ": job"),
    "a state of scripts": ("script", {"state": "STOPPED"}, "invalid-value", ": job"),
    "a version of resources": ("resource", {"live": True}, "invalid-value", ": job, script"),
    "a lock of resources": ("resource", {"locked": True}, "invalid-value", ": job, script"),
    "a holder of cdm": ("cdm", {"holder": "x"}, "invalid-value", ": job, script"),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_does_not_exist_is_refused_with_what_there_is(crew: Crew, case: str) -> None:
    kind, query, code, hint = UNKNOWN[case]
    crew.done("anne", "POST", "objects/job", job("a", QUIET, basicConfig={"tags": ["x"]}, directory="/dw"))
    crew.made("anne", "s", kind="script")
    told = crew.refused("vera", "GET", f"objects/{kind}", params=query)
    assert told["code"] == code
    assert told["hint"].endswith(hint)


@pytest.mark.parametrize(
    ("query", "words"),
    [({"sort": "size"}, "-updated_at"), ({"state": "ASLEEP"}, "STOPPED"), ({"held": "perhaps"}, "true")],
)
def test_a_word_that_is_none_is_refused_with_those_that_are(
    crew: Crew, query: dict[str, str], words: str
) -> None:
    told = crew.refused("vera", "GET", "objects/job", params=query)
    assert (told["status"], told["code"]) == ("400", "invalid-value")
    assert words in told["message"]


def test_nobody_lists_what_a_policy_keeps_from_them(crew: Crew) -> None:
    for name, directory in {"a": "/dw", "b": "/dw/ods", "c": "/"}.items():
        crew.made("head", name, directory=directory)
    policy = {"directories": ["/dw/ods"], "users": [crew.user("vera")]}
    crew.done("head", "PUT", "directory-policies/p", policy)
    assert names(crew) == ["b"]
    assert names(crew, directory="/dw", below=True) == ["b"]
    assert names(crew, directory="/dw") == []
    assert (
        crew.refused("vera", "GET", "objects/job", params={"directory": "/x"})["code"] == "directory-missing"
    )


def test_a_job_is_told_in_outline_in_the_words_of_its_reader(crew: Crew) -> None:
    document = job(
        "a",
        node("load", "DWSSQL", scriptName="s", db_password="hush"),
        node("end", "Dummy", after=["load"]),
        upstream=["raw"],
        params=[{"name": "my_secret", "value": "hush"}, {"name": "day", "value": "1"}],
    )
    document["schedule"]["cron"]["expressionTimeZone"] = "Asia/Shanghai"
    crew.made("anne", "raw")
    crew.made("anne", "s", kind="script")
    crew.done("anne", "POST", "objects/job", document)
    hidden = crew.ask("vera", "GET", "jobs/a/outline")
    answer = crew.ask("anne", "GET", "jobs/a/outline")
    assert "hush" not in answer.text + hidden.text
    assert hidden.json()["parameters"][0] == {
        "name": "my_secret",
        "value": "",
        "type": "variable",
        "is_sensitive": True,
    }
    shown = answer.json()
    assert (shown["object"]["name"], shown["version"], shown["zone"]) == ("a", 0, "Asia/Shanghai")
    assert [(one["name"], one["after"]) for one in shown["nodes"]] == [("load", []), ("end", ["load"])]
    assert shown["nodes"][0]["uses"] == [{"kind": "script", "name": "s", "workspace": ""}]
    assert shown["waits_for"] == [{"kind": "job", "name": "raw", "workspace": ""}]
    assert [(one["name"], one["value"]) for one in shown["parameters"]] == [
        ("my_secret", "***"),
        ("day", "1"),
    ]
    assert shown["schedule"]["words"] == "every day at 01:00"
    assert len(shown["next_runs"]) == 5
    assert {one % 86_400_000 for one in shown["next_runs"]} == {17 * 3_600_000}
    chinese = crew.done("vera", "GET", "jobs/a/outline?version=live", headers={"Accept-Language": "zh-CN"})
    assert (chinese["schedule"]["words"], chinese["version"]) == ("每天 01:00", 1)
    told = crew.refused("vera", "GET", "jobs/a/outline?version=9")
    assert (told["status"], told["code"]) == ("404", "version-missing")
    assert crew.refused("vera", "GET", "jobs/nobody/outline")["code"] == "job-missing"
