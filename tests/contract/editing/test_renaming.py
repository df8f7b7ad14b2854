"""Rename and move of single objects: byte for byte, by the rules of a save."""

from __future__ import annotations

from typing import Any

import pytest

from builders import job, resource
from contract.editing.conftest import QUIET, Crew

ODD = '{"nodes":[],"schedule":{"type":"EXECUTE_ONCE"},  "name" :"a", "n": 1.50, "名":"\\u540d"}'


def rename(crew: Crew, who: str, name: str, to: str, kind: str = "job", **query: Any) -> dict[str, Any]:
    done: dict[str, Any] = crew.done(who, "POST", f"objects/{kind}/{name}/rename", {"to": to}, params=query)
    return done


def test_a_renamed_object_keeps_every_other_byte_its_uid_and_what_is_live(crew: Crew) -> None:
    made = crew.done("anne", "POST", "objects/job", ODD.encode())
    shown = rename(crew, "anne", "a", "订单")
    assert (shown["name"], shown["uid"], shown["live_version"]) == ("订单", made["uid"], 1)
    assert crew.ask("anne", "GET", "documents/job/订单").text == ODD.replace('"a"', '"订单"')
    live = crew.done("anne", "GET", "documents/job/订单", params={"version": "live"})
    assert live["name"] == "a"
    assert crew.refused("anne", "GET", "objects/job/a")["code"] == "job-missing"
    found = crew.done("head", "GET", "audit", params={"action": "object-edit"})["items"]
    assert [(row["subject"], row["detail"]) for row in found] == [("订单", "renamed from a")]


def test_scripts_resources_and_cdm_definitions_are_renamed_too(crew: Crew) -> None:
    crew.made("anne", "s", kind="script")
    crew.done("anne", "POST", "objects/resource", resource("jar"))
    crew.done("anne", "POST", "objects/cdm", {"name": "load"}, params={"name": "cluster/load"})
    assert rename(crew, "anne", "s", "t", "script")["name"] == "t"
    assert crew.done("anne", "GET", "documents/script/t")["name"] == "t"
    assert rename(crew, "anne", "jar", "lib", "resource")["name"] == "lib"
    assert crew.done("anne", "GET", "documents/resource/lib")["name"] == "lib"
    assert rename(crew, "anne", "cluster/load", "other/load", "cdm")["name"] == "other/load"
    assert crew.done("anne", "GET", "documents/cdm/other/load") == {"name": "load"}


@pytest.mark.parametrize(
    ("kind", "name", "to"),
    [
        ("job", "a", ""),
        ("job", "a", "a b"),
        ("job", "a", "x" * 129),
        ("script", "s", "a/b"),
        ("resource", "jar", "x" * 33),
        ("cdm", "cluster/load", "load"),
    ],
)
def test_nothing_is_renamed_to_what_is_no_name(crew: Crew, kind: str, name: str, to: str) -> None:
    crew.made("anne", "a")
    crew.made("anne", "s", kind="script")
    crew.done("anne", "POST", "objects/resource", resource("jar"))
    crew.done("anne", "POST", "objects/cdm", {"name": "load"}, params={"name": "cluster/load"})
    told = crew.refused("anne", "POST", f"objects/{kind}/{name}/rename", {"to": to})
    assert told["status"] == "400"
    assert told["code"] in ("invalid-name", "empty-name")
    assert crew.done("anne", "GET", f"objects/{kind}/{name}")["name"] == name


def test_a_name_that_is_taken_is_kept_by_who_has_it(crew: Crew) -> None:
    for kind in ("job", "script"):
        crew.made("anne", "a", kind=kind)
        crew.made("anne", "b", kind=kind)
        told = crew.refused("anne", "POST", f"objects/{kind}/a/rename", {"to": "b"})
        assert (told["status"], told["code"]) == ("409", "name-taken")
        shown = crew.done("anne", "GET", f"objects/{kind}/a")
        assert rename(crew, "anne", "a", "a", kind) == shown


@pytest.mark.parametrize(("verb", "body"), [("rename", {"to": "b"}), ("move", {"directory": "/x"})])
def test_lock_and_if_match_count_as_with_a_save(crew: Crew, verb: str, body: dict[str, str]) -> None:
    crew.made("bert", "a")
    assert crew.refused("anne", "POST", f"objects/job/a/{verb}", body)["code"] == "locked"
    crew.done("bert", "DELETE", "locks/job/a")
    assert crew.refused("anne", "POST", f"objects/job/a/{verb}", body)["code"] == "not-locked"
    told = crew.refused(
        "anne", "POST", f"objects/job/a/{verb}?take_lock=true", body, headers={"If-Match": '"0"'}
    )
    assert (told["status"], told["code"]) == ("412", "draft-changed")
    digest = crew.done("anne", "GET", "objects/job/a")["digest"]
    done = crew.done(
        "anne", "POST", f"objects/job/a/{verb}?take_lock=true", body, headers={"If-Match": f'"{digest}"'}
    )
    assert (done["locked_by"], done["last_version"]) == (crew.user("anne"), 1)


def test_a_moved_object_says_its_place_and_makes_the_directory(crew: Crew) -> None:
    crew.done("anne", "POST", "objects/job", ODD.encode())
    shown = crew.done("anne", "POST", "objects/job/a/move", {"directory": "dw/ods/"})
    assert shown["directory"] == "/dw/ods"
    text = crew.ask("anne", "GET", "documents/job/a").text
    assert text == ODD[:-1] + ',"directory":"/dw/ods"}'
    tree = crew.done("vera", "GET", "directories/job", params={"parent": "/dw"})["items"]
    assert [(one["path"], one["objects"]) for one in tree] == [("/dw/ods", 1)]
    again = crew.done("anne", "POST", "objects/job/a/move", {"directory": "/dw/ods"})
    assert again == shown
    back = crew.done("anne", "POST", "objects/job/a/move", {"directory": "/"})
    assert back["directory"] == "/"
    rows = crew.done("head", "GET", "audit", params={"action": "object-edit"})["items"]
    assert [row["detail"] for row in rows] == ["moved from /dw/ods", "moved from /"]


def test_an_object_moves_to_no_illegal_place(crew: Crew) -> None:
    crew.made("anne", "a")
    told = crew.refused("anne", "POST", "objects/job/a/move", {"directory": "/a b"})
    assert (told["status"], told["code"]) == ("400", "invalid-document")
    crew.done("anne", "POST", "objects/cdm", {"name": "load"}, params={"name": "cluster/load"})
    told = crew.refused("anne", "POST", "objects/cdm/cluster/load/move", {"directory": "/x"})
    assert told["code"] == "invalid-value"


def test_an_object_moves_only_where_its_mover_may_work(crew: Crew) -> None:
    crew.made("anne", "a", directory="/dw")
    policy = {"directories": ["/dw"], "users": [crew.user("anne")]}
    crew.done("head", "PUT", "directory-policies/p", policy)
    told = crew.refused("anne", "POST", "objects/job/a/move", {"directory": "/lake"})
    assert (told["status"], told["code"]) == ("403", "not-allowed")
    assert crew.done("anne", "POST", "objects/job/a/move", {"directory": "/dw/x"})["directory"] == "/dw/x"


def test_a_rename_that_makes_jobs_wait_for_each_other_is_refused(crew: Crew) -> None:
    crew.done("anne", "POST", "objects/job", job("a", QUIET, upstream=["b"]))
    crew.done("anne", "POST", "objects/job", job("c", QUIET, upstream=["a"]))
    told = crew.refused("anne", "POST", "objects/job/c/rename", {"to": "b"})
    assert (told["status"], told["code"]) == ("400", "invalid-schedule")
    assert crew.done("anne", "GET", "objects/job/c")["name"] == "c"
