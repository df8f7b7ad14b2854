"""Directories over HTTP: one level with counts; create, rename, move, delete; what stands in the way."""

from __future__ import annotations

import json
from typing import Any

import pytest

from builders import job, resource, script
from contract.editing.conftest import QUIET, Crew, packed


def level(crew: Crew, parent: str = "/", kind: str = "job", who: str = "vera") -> dict[str, Any]:
    shown: dict[str, Any] = crew.done(who, "GET", f"directories/{kind}", params={"parent": parent})
    return shown


def counts(crew: Crew, parent: str = "/", kind: str = "job", who: str = "vera") -> dict[str, tuple[int, ...]]:
    """By path: objects, objects below, directories."""
    found = level(crew, parent, kind, who)["items"]
    return {one["path"]: (one["objects"], one["objects_below"], one["directories"]) for one in found}


def shape(crew: Crew, name: str, kind: str = "job") -> tuple[str, str]:
    """Where an object lies by its row and by its document."""
    shown = crew.done("head", "GET", f"objects/{kind}/{name}")
    document = crew.done("head", "GET", f"documents/{kind}/{name}")
    return shown["directory"], document["directory"]


def moved(crew: Crew, path: str, parent: str) -> dict[str, Any]:
    answer: dict[str, Any] = crew.done(
        "anne", "POST", "directories/job/move", {"path": path, "parent": parent}
    )
    return answer


def test_a_tree_is_shown_a_level_at_a_time_with_counts(crew: Crew) -> None:
    for name, directory in {"a": "/", "b": "/dw", "c": "/dw/ods", "d": "/dw/ods", "e": "/lake"}.items():
        crew.made("anne", name, directory=directory)
    crew.done("anne", "POST", "directories/job", {"path": "/empty/数据"})
    top = level(crew)
    assert top["parent"] == {"path": "/", "objects": 1, "objects_below": 5, "directories": 3}
    assert counts(crew) == {"/dw": (1, 3, 1), "/empty": (0, 0, 1), "/lake": (1, 1, 0)}
    assert counts(crew, "/dw") == {"/dw/ods": (2, 2, 0)}
    assert counts(crew, "dw/ods/") == {}
    assert counts(crew, kind="script") == {}
    page = crew.done("vera", "GET", "directories/job", params={"offset": 1, "limit": 1})
    assert (page["total"], [one["path"] for one in page["items"]]) == (3, ["/empty"])


def test_each_kind_has_a_tree_of_its_own_and_cdm_definitions_have_none(crew: Crew) -> None:
    crew.made("anne", "s", kind="script", directory="/dw")
    crew.done("anne", "POST", "objects/resource", resource("jar", directory="/jars"))
    assert counts(crew, kind="script") == {"/dw": (1, 1, 0)}
    assert counts(crew, kind="resource") == {"/jars": (1, 1, 0)}
    assert counts(crew) == {}
    told = crew.refused("vera", "GET", "directories/cdm")
    assert told["code"] == "invalid-value"


def test_a_directory_that_is_not_there_is_told_with_those_beside_it(crew: Crew) -> None:
    crew.made("anne", "a", directory="/dw/ods")
    for method, path, body in (
        ("GET", "directories/job?parent=/dw/dwd", None),
        ("DELETE", "directories/job?path=/dw/dwd", None),
        ("POST", "directories/job/move", {"path": "/dw/dwd", "parent": "/"}),
        ("POST", "directories/job/rename", {"path": "/dw/dwd", "name": "x"}),
        ("GET", "objects/job?directory=/dw/dwd", None),
    ):
        told = crew.refused("anne", method, path, body)
        assert (told["status"], told["code"], told["subject"]) == ("404", "directory-missing", "/dw/dwd")
        assert told["hint"].endswith(": /dw/ods")
    told = crew.refused("anne", "POST", "directories/job/move", {"path": "/dw", "parent": "/none"})
    assert (told["code"], told["subject"]) == ("directory-missing", "/none")


ILLEGAL = {
    "deep": ("/" + "/".join("abcdefghijk"), "11 levels deep; at most 10"),
    "space": ("/a b", "the part 'a b'"),
    "long": ("/" + "x" * 65, "1 to 64"),
    "dots": ("/../etc", "the part '..'"),
}


@pytest.mark.parametrize("case", ILLEGAL)
def test_a_directory_is_called_as_directories_are(crew: Crew, case: str) -> None:
    path, words = ILLEGAL[case]
    told = crew.refused("anne", "POST", "directories/job", {"path": path})
    assert (told["code"], told["status"]) == ("invalid-name", "400")
    assert words in told["message"]
    assert counts(crew) == {}


def test_the_root_is_neither_made_nor_moved_nor_deleted(crew: Crew) -> None:
    for method, path, body in (
        ("POST", "directories/job", {"path": "//"}),
        ("POST", "directories/job/move", {"path": "/", "parent": "/"}),
        ("POST", "directories/job/rename", {"path": "", "name": "x"}),
        ("DELETE", "directories/job?path=/", None),
    ):
        told = crew.refused("head", method, path, body)
        assert (told["code"], told["subject"]) == ("invalid-value", "/")


@pytest.mark.parametrize("crew", [{"max_directories": "3"}], indirect=True)
def test_a_workspace_has_room_for_so_many_directories_at_every_call(crew: Crew) -> None:
    crew.done("anne", "POST", "directories/job", {"path": "/a/b/c"})
    crew.done("anne", "POST", "directories/script", {"path": "/a/b/c"})
    crew.made("anne", "inside", directory="/a/b")
    for method, path, body in (
        ("POST", "directories/job", {"path": "/d"}),
        ("POST", "objects/job", job("new", QUIET, directory="/a/d")),
        ("PUT", "objects/job/inside", job("inside", QUIET, directory="/d")),
        ("POST", "objects/job/inside/move", {"directory": "/d"}),
        ("POST", "objects/script", script("new", directory="/a/d/e")),
    ):
        told = crew.refused("anne", method, path, body)
        assert (told["status"], told["code"]) == ("409", "quota-reached"), path
        assert "at most 3 are allowed" in told["message"]
    receipt = crew.imported("anne", packed(job("arriving", QUIET, directory="/d")))
    assert [one["outcome"] for one in receipt["lines"]] == ["blocked"]
    assert counts(crew) == {"/a": (0, 1, 1)}


def test_a_directory_exists_once(crew: Crew) -> None:
    crew.done("anne", "POST", "directories/job", {"path": "/a"})
    crew.done("anne", "POST", "directories/job", {"path": "/b/a"})
    told = crew.refused("anne", "POST", "directories/job", {"path": "a/"})
    assert (told["status"], told["code"], told["subject"]) == ("409", "name-taken", "/a")
    assert crew.refused("anne", "POST", "directories/job/move", {"path": "/b/a", "parent": "/"})["code"] == (
        "name-taken"
    )
    told = crew.refused("anne", "POST", "directories/job/rename", {"path": "/b", "name": "a"})
    assert (told["code"], told["subject"]) == ("name-taken", "/a")


def test_a_directory_is_deleted_only_while_nothing_lies_in_it(crew: Crew) -> None:
    crew.made("anne", "a", directory="/dw/ods")
    told = crew.refused("anne", "DELETE", "directories/job?path=/dw")
    assert (told["status"], told["code"]) == ("409", "directory-in-use")
    assert told["message"] == "the directory /dw holds 1 object and 1 directory, and cannot be deleted"
    crew.done("anne", "POST", "objects/job/a/move", {"directory": "/"})
    assert crew.refused("anne", "DELETE", "directories/job?path=/dw")["message"].endswith(
        "holds 0 objects and 1 directory, and cannot be deleted"
    )
    crew.done("anne", "DELETE", "directories/job?path=/dw/ods")
    crew.done("anne", "DELETE", "directories/job?path=/dw")
    assert counts(crew) == {}


EXACT = (
    '{ "name" : "a",\n "directory":"/dw\\/ods/",  "nodes":[{"name":"n","type":"Dummy","more": 1.0e0}],'
    ' "schedule":{"type":"EXECUTE_ONCE"},"é":"\\u00e9"}'
)


def test_what_moves_says_its_new_place_and_keeps_every_other_byte(crew: Crew) -> None:
    crew.done("anne", "POST", "objects/job", EXACT.encode())
    crew.made("anne", "b", directory="/dw")
    crew.made("anne", "c", directory="/lake")
    crew.done("anne", "POST", "directories/job", {"path": "/dw/empty"})
    assert moved(crew, "/dw", "/lake") == {"path": "/lake/dw", "objects": 2}
    text = crew.ask("anne", "GET", "documents/job/a").text
    assert text == EXACT.replace('"/dw\\/ods/"', '"/lake/dw/ods"')
    assert shape(crew, "b") == ("/lake/dw", "/lake/dw")
    assert shape(crew, "c") == ("/lake", "/lake")
    assert counts(crew) == {"/lake": (1, 3, 1)}
    assert counts(crew, "/lake/dw") == {"/lake/dw/empty": (0, 0, 0), "/lake/dw/ods": (1, 1, 0)}
    renamed = crew.done("anne", "POST", "directories/job/rename", {"path": "/lake/dw", "name": "仓库"})
    assert renamed == {"path": "/lake/仓库", "objects": 2}
    assert shape(crew, "a") == ("/lake/仓库/ods", "/lake/仓库/ods")


def test_a_move_leaves_what_is_live_and_who_it_was_made_by(crew: Crew) -> None:
    crew.made("bert", "a", directory="/dw")
    crew.done("bert", "DELETE", "locks/job/a")
    crew.done("anne", "POST", "directories/job/rename", {"path": "/dw", "name": "x", "take_locks": True})
    shown = crew.done("head", "GET", "objects/job/a")
    live = crew.done("head", "GET", "documents/job/a", params={"version": "live"})
    assert (shown["live_version"], shown["last_version"], live["directory"]) == (1, 1, "/dw")
    assert (shown["created_by"], shown["updated_by"], shown["locked_by"]) == (
        crew.user("bert"),
        crew.user("anne"),
        crew.user("anne"),
    )


def test_a_directory_does_not_go_into_itself_nor_too_deep(crew: Crew) -> None:
    crew.done("anne", "POST", "directories/job", {"path": "/a/b/c/d/e/f"})
    crew.done("anne", "POST", "directories/job", {"path": "/1/2/3/4/5"})
    for parent in ("/a/b", "/a"):
        told = crew.refused("anne", "POST", "directories/job/move", {"path": "/a", "parent": parent})
        assert (told["status"], told["message"]) == ("400", "the directory /a cannot be moved into itself")
    told = crew.refused("anne", "POST", "directories/job/move", {"path": "/a", "parent": "/1/2/3/4/5"})
    assert told["message"] == "/1/2/3/4/5/a/b/c/d/e/f would be 11 levels deep; at most 10 are allowed"
    assert moved(crew, "/a", "/1/2/3/4")["path"] == "/1/2/3/4/a"


@pytest.mark.parametrize("name", ["", "a/b", "..", "a b", "x" * 65])
def test_a_directory_is_not_renamed_to_what_is_no_name(crew: Crew, name: str) -> None:
    crew.done("anne", "POST", "directories/job", {"path": "/a"})
    told = crew.refused("anne", "POST", "directories/job/rename", {"path": "/a", "name": name})
    assert (told["status"], told["code"]) == ("400", "invalid-name")
    assert counts(crew) == {"/a": (0, 0, 0)}


def test_all_objects_move_or_none_and_each_lock_in_the_way_is_told(crew: Crew) -> None:
    for by, name in (("anne", "mine"), ("bert", "his"), ("anne", "free"), ("bert", "other")):
        crew.made(by, name, directory="/dw")
    crew.done("anne", "DELETE", "locks/job/free")
    body = {"path": "/dw", "name": "x"}
    answer = crew.ask("anne", "POST", "directories/job/rename", body)
    told = answer.json()["error"]
    assert (answer.status_code, told["code"]) == (409, "not-locked")
    assert told["message"] == (
        "the directory /dw cannot be moved: 3 of its 4 objects are locked by others, or by nobody"
    )
    assert [(one["path"], one["code"]) for one in told["errors"]] == [
        ("free", "not-locked"),
        ("his", "locked"),
        ("other", "locked"),
    ]
    told = crew.ask("anne", "POST", "directories/job/rename", {**body, "take_locks": True}).json()["error"]
    assert (told["code"], [one["path"] for one in told["errors"]]) == ("locked", ["his", "other"])
    assert [shape(crew, name) for name in ("mine", "free")] == [("/dw", "/dw")] * 2
    assert crew.holder("free") == ""


def test_a_move_is_told_to_audit_and_change_log(crew: Crew) -> None:
    answer = crew.door.http.patch(f"{crew.at}/settings", json={"change_management": "true"})
    assert answer.status_code == 200, answer.text
    for name in ("a", "b"):
        crew.made("anne", name, directory="/dw")
    crew.done("anne", "DELETE", "locks/job/b")
    crew.done("anne", "POST", "directories/job/rename", {"path": "/dw", "name": "x", "take_locks": True})
    rows = crew.done("head", "GET", "audit", params={"action": "directory-move"})["items"]
    assert [(row["subject"], row["detail"], row["outcome"]) for row in rows] == [
        ("/dw", "to /x, 2 jobs", "done")
    ]
    taken = crew.done("head", "GET", "audit", params={"action": "lock-take"})["items"]
    assert [(row["kind"], row["subject"]) for row in taken] == [("job", "b")]
    changes = crew.done("head", "GET", "changes", params={"change": "moved"})["items"]
    assert {(one["name"], one["former_directory"], one["directory"]) for one in changes} == {
        ("a", "/dw", "/x"),
        ("b", "/dw", "/x"),
    }


def test_whom_a_policy_leaves_one_directory_sees_and_moves_only_there(crew: Crew) -> None:
    for name, directory in {"a": "/dw/ods", "b": "/dw/dwd", "c": "/lake"}.items():
        crew.made("head", name, directory=directory)
        crew.done("head", "DELETE", f"locks/job/{name}")
    policy = {"directories": ["/dw/ods"], "users": [crew.user("anne")]}
    crew.done("head", "PUT", "directory-policies/p", policy)
    assert counts(crew, who="anne") == {"/dw": (0, 1, 1)}
    assert counts(crew, "/dw", who="anne") == {"/dw/ods": (1, 1, 0)}
    assert crew.refused("anne", "GET", "directories/job?parent=/lake")["code"] == "directory-missing"
    for path, body in (
        ("directories/job", {"path": "/lake/x"}),
        ("directories/job/move", {"path": "/dw/ods", "parent": "/lake"}),
        ("directories/job/rename", {"path": "/dw", "name": "x"}),
    ):
        assert crew.refused("anne", "POST", path, body)["code"] == "not-allowed"
    assert crew.done("anne", "POST", "directories/job", {"path": "/dw/ods/new"})["path"] == "/dw/ods/new"
    told = crew.refused("head", "POST", "directories/job/rename", {"path": "/dw", "name": "x"})
    assert (told["code"], told["message"]) == ("directory-in-use", "the directory policy p names /dw/ods")


def test_scripts_and_resources_move_with_their_directories(crew: Crew) -> None:
    crew.made("anne", "s", kind="script", directory="/dw")
    crew.done("anne", "POST", "objects/resource", resource("jar", directory="/dw"))
    for kind in ("script", "resource"):
        crew.done("anne", "POST", f"directories/{kind}/rename", {"path": "/dw", "name": "x"})
    assert shape(crew, "s", "script") == ("/x", "/x")
    assert shape(crew, "jar", "resource") == ("/x", "/x")
    assert json.loads(crew.ask("head", "GET", "documents/resource/jar").text)["location"].startswith("obs://")
