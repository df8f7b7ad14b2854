"""Locks: who may take, release and change what, with several users at both doors."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from builders import job, script
from contract.editing.conftest import QUIET, Crew, packed

SOFT, HARD = {"lock_policy": "soft"}, {"lock_policy": "hard"}
ANNES = job("a", QUIET, description="anne was here")


class Case(NamedTuple):
    """Under a policy, what somebody may do with what a holder, or nobody, has locked."""

    policy: dict[str, str]
    who: str
    holder: str
    takes: bool
    releases: bool
    saves: bool
    imports: bool


MATRIX = [
    Case(SOFT, "anne", "anne", True, True, True, True),
    Case(SOFT, "anne", "", True, True, False, True),
    Case(SOFT, "anne", "bert", True, True, False, True),
    Case(SOFT, "olga", "bert", True, True, False, True),
    Case(SOFT, "head", "bert", True, True, False, True),
    Case(HARD, "anne", "anne", True, True, True, True),
    Case(HARD, "anne", "", True, True, False, True),
    Case(HARD, "anne", "bert", False, False, False, False),
    Case(HARD, "olga", "bert", False, False, False, False),
    Case(HARD, "head", "bert", True, True, False, True),
]


def prepared(crew: Crew, holder: str) -> None:
    """A job and a script whose locks that user holds."""
    for kind in ("job", "script"):
        crew.made(holder or "bert", "a", kind)
        if not holder:
            crew.done("bert", "DELETE", f"locks/{kind}/a")
        assert crew.holder("a", kind) == holder


@pytest.mark.parametrize(
    ("crew", "case"),
    [(case.policy, case) for case in MATRIX],
    ids=[f"{case.policy['lock_policy']}-{case.who}-{case.holder or 'free'}" for case in MATRIX],
    indirect=["crew"],
)
def test_who_may_do_what(crew: Crew, case: Case) -> None:
    _, who, holder, takes, releases, saves, imports = case
    prepared(crew, holder)
    for kind, document in (("job", job("a", QUIET)), ("script", script("a"))):
        for method, path, may in [
            ("PUT", f"objects/{kind}/a", saves),
            ("DELETE", f"locks/{kind}/a", releases),
        ]:
            answer = crew.ask(who, method, path, document if method == "PUT" else None)
            assert answer.is_success == may, answer.text
            if not may:
                told = answer.json()["error"]
                assert answer.status_code == 409
                assert told["code"] == ("locked" if holder else "not-locked")
                assert crew.user(holder) in told["message"]
                assert crew.holder("a", kind) == holder
        if releases and holder:
            assert crew.holder("a", kind) == ""
            crew.done(holder, "POST", f"locks/{kind}/a")
    receipt = crew.imported(who, packed(ANNES, script("a", "SELECT 2")), duplicates="overwrite")
    outcome = "overwritten" if imports else "blocked"
    assert {item["outcome"] for item in receipt["lines"]} == {outcome}
    assert crew.holder("a") == (who if imports else holder)
    if imports and holder:
        crew.done(who, "DELETE", "locks/job/a")
        crew.done(holder, "POST", "locks/job/a")
    answer = crew.ask(who, "POST", "locks/job/a")
    assert answer.is_success == takes
    assert crew.holder("a") == (who if takes else holder)


@pytest.mark.parametrize("crew", [SOFT, HARD], indirect=True, ids=["soft", "hard"])
def test_who_creates_or_imports_holds_the_lock_and_skipping_moves_nothing(crew: Crew) -> None:
    crew.made("anne", "a")
    assert crew.holder("a") == "anne"
    receipt = crew.imported("bert", packed(ANNES, job("b", QUIET)), duplicates="skip")
    assert [(one["name"], one["outcome"]) for one in receipt["lines"]] == [("a", "skipped"), ("b", "created")]
    assert (crew.holder("a"), crew.holder("b")) == ("anne", "bert")
    before = crew.done("head", "GET", "objects/job/b")
    crew.imported("anne", packed(job("b", QUIET)), duplicates="overwrite")
    assert crew.done("head", "GET", "objects/job/b") == before  # unchanged, so nothing moves


def test_a_lock_that_is_lost_refuses_the_stale_editor_and_tells_them(crew: Crew) -> None:
    crew.made("anne", "a")
    crew.done("bert", "POST", "locks/job/a")
    told = crew.refused("anne", "PUT", "objects/job/a", ANNES)
    assert told["code"] == "locked"
    assert re.search(r"locked by bert-\w+ since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", told["message"])
    (notice,) = crew.notices("anne")
    assert (
        notice == f"{crew.user('bert')} has taken the lock of a in the workspace {crew.place}, which you held"
    )
    crew.done("anne", "DELETE", "locks/job/a")
    assert "released the lock of a" in crew.notices("bert")[0]
    assert crew.refused("bert", "PUT", "objects/job/a", ANNES)["code"] == "not-locked"
    crew.done("bert", "PUT", "objects/job/a?take_lock=true", ANNES)
    assert crew.holder("a") == "bert"


def test_a_save_from_an_older_draft_is_refused(crew: Crew) -> None:
    crew.made("anne", "a")
    seen = crew.ask("anne", "GET", "documents/job/a").headers["ETag"]
    crew.done("anne", "PUT", "objects/job/a", ANNES, headers={"If-Match": seen})
    told = crew.refused("anne", "PUT", "objects/job/a", job("a", QUIET), headers={"If-Match": seen})
    assert (told["status"], told["code"]) == ("412", "draft-changed")
    assert crew.user("anne") in told["message"]
    crew.done("anne", "PUT", "objects/job/a", job("a", QUIET), headers={"If-Match": "*"})


def test_locks_stop_neither_running_nor_exporting_nor_looking(crew: Crew) -> None:
    crew.made("anne", "a")
    crew.done("bert", "POST", "jobs/a/start")
    crew.done("olga", "POST", "jobs/a/stop")
    crew.done("bert", "POST", "exports", b'{"names": ["a"]}')
    crew.done("vera", "GET", "documents/job/a")
    assert crew.refused("bert", "DELETE", "objects/job/a")["code"] == "locked"
    crew.done("anne", "DELETE", "objects/job/a")


def test_the_factory_door_takes_free_locks_and_refuses_foreign_ones(crew: Crew) -> None:
    factory = crew.door.factory
    for area, document in (("jobs", ANNES), ("scripts", script("a", "SELECT 2"))):
        kind = area.removesuffix("s")
        crew.done("anne", "POST", f"{factory}/{area}", document)
        answer = crew.ask("bert", "PUT", f"{factory}/{area}/a", document)
        assert (answer.status_code, answer.json()["error_code"]) == (403, "DLF.6888")
        assert f"locked by {crew.user('anne')} since" in answer.json()["hint"]
        assert crew.ask("bert", "DELETE", f"{factory}/{area}/a").json()["error_code"] == "DLF.6888"
        crew.done("anne", "DELETE", f"locks/{kind}/a")
        crew.done("bert", "PUT", f"{factory}/{area}/a", document)
        assert crew.holder("a", kind) == "bert"


def test_many_locks_are_released_at_once_and_those_of_others_are_named(crew: Crew) -> None:
    crew.door.http.patch(f"{crew.at}/settings", json=HARD)
    crew.made("anne", "a")
    crew.made("bert", "b")
    crew.made("anne", "s", "script")
    items = [{"kind": "job", "name": "a"}, {"kind": "job", "name": "b"}, {"kind": "script", "name": "s"}]
    answer = crew.done("anne", "POST", "locks/release", {"items": items})
    assert [one["name"] for one in answer["unlocked"]] == ["a", "s"]
    (left,) = answer["refused"]
    assert (left["kind"], left["name"]) == ("job", "b")
    assert crew.user("bert") in left["message"]
    assert [crew.holder("a"), crew.holder("b"), crew.holder("s", "script")] == ["", "bert", ""]
    gone = [*items, {"kind": "job", "name": "nobody"}]
    assert crew.refused("head", "POST", "locks/release", {"items": gone})["code"] == "job-missing"
    assert crew.holder("b") == "bert"
    crew.done("head", "POST", "locks/release", {"items": items})
    assert "released the lock of b" in crew.notices("bert")[0]


def test_locks_are_listed_by_holder(crew: Crew) -> None:
    for who, name in (("anne", "a"), ("bert", "b"), ("anne", "c")):
        crew.made(who, name)
    crew.done("anne", "DELETE", "locks/job/c")
    listed = crew.done("vera", "GET", "locks")
    assert [(one["name"], one["locked_by"]) for one in listed["items"]] == [
        ("a", crew.user("anne")),
        ("b", crew.user("bert")),
    ]
    mine = crew.done("vera", "GET", "locks", params={"holder": crew.user("bert")})
    assert (mine["total"], mine["items"][0]["name"]) == (1, "b")
    assert crew.refused("anne", "POST", "locks/resource/r")["code"] == "invalid-value"


def test_only_those_who_edit_default_items_change_the_lock_policy(crew: Crew) -> None:
    for who in ("anne", "head"):
        assert crew.refused(who, "PATCH", "settings", HARD)["code"] == "not-allowed"
    assert crew.door.http.patch(f"{crew.at}/settings", json=HARD).status_code == 200


def test_an_overwrite_tells_the_former_holder_and_the_preview_says_whose_lock_it_takes(crew: Crew) -> None:
    crew.made("anne", "a")
    handed = crew.http["bert"].post("/api/packages", content=packed(ANNES)).json()["id"]
    order = {"package": {"id": handed}, "options": {"duplicates": "overwrite"}}
    made = crew.done("bert", "POST", "imports", order)
    crew.done("bert", "GET", f"imports/{made['id']}?wait=60")
    steps = crew.done("bert", "GET", f"imports/{made['id']}/plan")["items"]
    assert steps[0]["lock_from"] == crew.user("anne")
    receipt = crew.imported("bert", packed(ANNES), duplicates="overwrite")
    assert [one["code"] for one in receipt["reported"]] == ["locks-overridden"]
    assert crew.notices("anne") == [
        f"{crew.user('bert')} has imported p.zip into the workspace {crew.place} and overwritten a, "
        "whose locks you held"
    ]
