"""A user whom a directory policy narrows walks all calls: of a hidden object only the taken name shows."""

from __future__ import annotations

import io
import itertools
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx
import pytest

from builders import job, node, script
from cases import every_case
from contract.api.doors import Door, fits, opened
from contract.rights.conftest import client
from jobferry.api.factory.calls import CALLS as FACTORY
from jobferry.api.native import imports
from jobferry.api.native.calls import CALLS as NATIVE
from jobferry.model.rights import Role
from people import assign, enrol, policy

OWN = "/api/workspaces/matrix"
SOURCE = "/api/workspaces/source"
MARKED = re.compile("zq-[a-z]+")
"""What is hidden is marked so: texts, directories, descriptions, tags, users, and names nobody has given."""
PUBLIC = {"GET /api/workspaces/{workspace}/members"}
"""Who is a member is no secret."""
GIVEN = ("hidden", "hiddens", "moved", "waits", "seen", "opens")
"""Names that the narrowed user knows, since they are in the package: some are taken by hidden objects."""
HIDDEN = (("job", "hidden"), ("job", "moved"), ("script", "hiddens"))


class World(NamedTuple):
    """The platform, the narrowed user's client, and ids of what they made and had made."""

    door: Door
    http: httpx.Client
    package: bytes
    ids: dict[str, str]


def made(answer: httpx.Response) -> Any:
    assert answer.status_code in (200, 201, 202, 204), answer.text
    return answer.json() if answer.content else {}


def uploaded(http: httpx.Client, package: bytes) -> dict[str, Any]:
    return {"id": made(http.post("/api/packages?name=p.zip", content=package))["id"]}


def imported(http: httpx.Client, package: bytes, **options: Any) -> dict[str, Any]:
    body = {"package": uploaded(http, package), "options": options}
    begun = made(http.post(f"{OWN}/imports", json=body))
    found: dict[str, Any] = http.get(f"{OWN}/imports/{begun['id']}", params={"wait": 60}).json()
    return found


def applied(http: httpx.Client, import_: dict[str, Any], status: str = "SUCCESSFUL") -> str:
    body = {"plan_digest": import_["plan_digest"]}
    task = made(http.post(f"{OWN}/imports/{import_['id']}/apply", json=body))["task_id"]
    ended = made(http.get(f"/api/tasks/{task}", params={"wait": 60}))
    assert ended["status"] == status, ended["message"]
    return str(ended["id"])


def waiting(name: str, *jobs: str, directory: str = "/a", **fields: Any) -> dict[str, Any]:
    return job(name, node("n", "Shell", scriptName="hiddens"), upstream=jobs, directory=directory, **fields)


def hide(http: httpx.Client) -> None:
    """Another user edits and moves what the narrowed user has imported, and adds more beside it."""
    text = node("n", "Shell", statement="echo zq-text", scriptName="")
    for name in ("hidden", "moved"):
        change(http, "job", job(name, text, directory="/b", description="zq-description"))
    change(http, "script", script("hiddens", "echo zq-text", directory="/b", description="zq-description"))
    made(http.post(f"{OWN}/objects/job/moved/rename", json={"to": "zq-renamed"}))
    secret = {"directory": "/zq-directory", "description": "zq-description"}
    for path, body in [
        ("job", job("zq-user-of-seen", node("n", "SubJob", jobName="seen"), **secret)),
        ("job", waiting("zq-between", "seen", **secret)),
        ("job", waiting("waits", "zq-between", **secret)),
        ("script", script("zq-script", "echo zq-text", directory="/zq-directory")),
    ]:
        made(http.post(f"{OWN}/objects/{path}?submit=true", json=body))


def change(http: httpx.Client, kind: str, body: dict[str, Any]) -> None:
    name = body["name"]
    made(http.post(f"{OWN}/locks/{kind}/{name}"))
    made(http.put(f"{OWN}/objects/{kind}/{name}?submit=true", json=body))
    made(http.post(f"{OWN}/objects/{kind}/{name}/move", json={"directory": "/zq-directory"}))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(tmp_path_factory.mktemp("platform")) as door:
        door.workspace("source")
        door.workspace("matrix", change_management="true")
        running = door.platform
        narrow = assign(running, enrol(running, "narrow"), "matrix", Role.DEVELOPER, Role.OPERATOR)
        hider = assign(running, enrol(running, "zq-user"), "matrix", Role.DEVELOPER, Role.OPERATOR)
        for path, body in [
            ("job", job("hidden", node("n", "Shell", statement="echo", scriptName=""), directory="/b")),
            ("job", job("moved", node("n", "Dummy"), directory="/b")),
            ("job", waiting("seen")),
            ("script", script("hiddens", "echo", directory="/b")),
            ("script", script("opens", "echo", directory="/a")),
        ]:
            made(door.http.post(f"{SOURCE}/objects/{path}", json=body))
        former = made_package(door.http)
        circle = waiting("seen", "waits")
        made(door.http.put(f"{SOURCE}/objects/job/seen?take_lock=true", json=circle))
        package = made_package(door.http)
        with client(door, narrow) as http, client(door, hider) as theirs:
            receipt = applied(http, imported(http, former, missing="hold", duplicates="overwrite"))
            locks = [{"kind": kind, "name": name} for kind, name in HIDDEN]
            made(http.post(f"{OWN}/locks/release", json={"items": locks}))
            export = made(http.post(f"{OWN}/downloads", json={}))["task_id"]
            door.ended(export)
            hide(theirs)
            before = imported(http, former, missing="hold", duplicates="overwrite")["id"]
            policy(running, "/a", users=["narrow"], workspace="matrix")
            import_ = imported(http, package, missing="hold", duplicates="overwrite")
            shown = made(http.post(f"{OWN}/export-previews", json={}))["id"]
            ids = {"before": before, "receipt_id": receipt, "task_id": receipt, "import_id": import_["id"]}
            yield World(
                door, http, package, ids | {"download_id": export, "preview_id": shown, "number": "1"}
            )


def made_package(http: httpx.Client) -> bytes:
    answer = http.post(f"{SOURCE}/exports", json={})
    assert answer.status_code == 200, answer.text
    return answer.content


def read(answer: httpx.Response) -> str:
    """All that an answer says, what it packs included."""
    told = f"{answer.text} {answer.headers}"
    if answer.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
            told += " ".join(f"{name} {package.read(name).decode()}" for name in package.namelist())
    return json.dumps(told, ensure_ascii=False)


def filled(path: str, words: dict[str, str]) -> str:
    return re.sub(
        r"\{(\w+)(?::path)?\}", lambda found: quote(words.get(found[1], words["name"]), safe=""), path
    )


QUERY = {"former": "1", "wait": "5", "kind": "job", "path": "/a", "limit": "100"}


def test_no_call_shows_what_a_directory_policy_hides(world: World) -> None:
    routes = sorted({(call.method, call.path) for call in (*NATIVE, *FACTORY) if call.method == "GET"})
    fixed = world.ids | {"workspace": "matrix", "project_id": world.door.platform.identity.project_id}
    with every_case() as tried:
        for (method, path), name, kind in itertools.product(routes, GIVEN, ("job", "script")):
            parts = set(re.findall(r"\{(\w+)", path)) - fixed.keys()
            is_again = (not parts and name != GIVEN[0]) or (not parts & {"kind"} and kind == "script")
            if is_again or f"{method} {path}" in PUBLIC:
                continue
            with tried(method, path, name, kind):
                words = fixed | {"name": name, "kind": kind}
                query = QUERY | ({} if "{kind}" in path else {"kind": kind})
                answer = world.http.get(filled(path, words))
                assert MARKED.findall(read(answer)) == []
                assert MARKED.findall(read(world.http.get(filled(path, words), params=query))) == []


def test_no_call_that_looks_or_is_refused_shows_what_a_directory_policy_hides(world: World) -> None:
    package = uploaded(world.http, world.package)
    circle = waiting("seen", "waits")
    factory = f"/v1/{world.door.platform.identity.project_id}"
    calls: list[tuple[str, str, Any]] = [
        ("POST", f"{OWN}/comparisons", {"package": package}),
        ("POST", f"{OWN}/export-previews", {"names": ["seen"]}),
        ("POST", f"{OWN}/exports", {"names": ["seen"]}),
        ("POST", f"{OWN}/exports", {}),
        ("POST", f"{OWN}/next-runs", {"names": ["hidden", "seen"]}),
        ("PUT", f"{OWN}/objects/job/seen?take_lock=true", circle),
        ("POST", f"{OWN}/objects/script/opens/rename", {"to": "hiddens"}),
        ("POST", f"{OWN}/objects/job/seen/rename", {"to": "hidden"}),
        ("POST", f"{OWN}/objects/job/seen/rename", {"to": "renamed"}),
        ("POST", f"{OWN}/objects/job/renamed/rename", {"to": "seen"}),
        ("POST", f"{OWN}/directories/job/rename", {"path": "/a", "name": "b"}),
        ("POST", f"/api/receipts/{world.ids['receipt_id']}/undo", {"rest": False}),
        ("POST", f"{factory}/jobs/check-file", {"path": "obs://nowhere/p.zip"}),
    ]
    for name, kind in itertools.product(("hidden", "hiddens"), ("job", "script")):
        body = (
            job(name, node("n", "Dummy"), directory="/a") if kind == "job" else script(name, directory="/a")
        )
        calls += [
            ("POST", f"{OWN}/objects/{kind}", body),
            ("PUT", f"{OWN}/objects/{kind}/{name}?take_lock=true", body),
            ("POST", f"{OWN}/objects/{kind}/{name}/move", {"directory": "/a"}),
            ("POST", f"{OWN}/objects/{kind}/bulk", {"action": "delete", "names": [name]}),
            ("POST", f"{OWN}/locks/{kind}/{name}", None),
            ("POST", f"{OWN}/locks/release", {"items": [{"kind": kind, "name": name}]}),
            ("POST", f"{OWN}/submits/{kind}/{name}", None),
            ("POST", f"{OWN}/rollbacks/{kind}/{name}", {"version": 1}),
            ("DELETE", f"{OWN}/objects/{kind}/{name}", None),
            ("POST", f"{factory}/{kind}s", body),
        ]
    with every_case() as tried:
        for method, path, body in calls:
            with tried(method, path):
                answer = world.http.request(method, path, json=body)
                assert answer.status_code < 500, answer.text
                assert MARKED.findall(read(answer)) == []


def test_a_hidden_object_blocks_its_like_and_shows_only_that_the_name_is_taken(world: World) -> None:
    place = f"{OWN}/imports/{world.ids['import_id']}"
    found = {(line["kind"], line["name"]): line for line in world.http.get(f"{place}/plan").json()["items"]}
    codes = {one["number"]: one["code"] for one in world.http.get(f"{place}/findings").json()["items"]}
    for key in HIDDEN:
        line = found[key]
        assert (line["verdict"], line["change"], line["directory"]) == ("blocked", "differs", ""), line
        assert {codes[reason["finding"]] for reason in line["reasons"]} == {"directory-not-allowed"}
        at = f"{place}/objects/{key[0]}/{key[1]}"
        texts = world.http.get(f"{at}/texts").json()
        assert (texts["here"], '"name"' in texts["package"]) == ("", True)
        assert world.http.get(f"{at}/diff").json()["sides"] == []
    (reference,) = world.http.get(f"{OWN}/references/job/seen").json()["items"]
    assert (reference["name"], reference["presence"]) == ("hiddens", "missing")


def test_the_list_of_locks_holds_and_counts_only_what_is_seen(world: World) -> None:
    for kind, seen in (("job", "seen"), ("script", "opens")):
        listed = world.http.get(f"{OWN}/locks", params={"kind": kind}).json()
        names = {(kind, one["name"]) for one in listed["items"]}
        assert (kind, seen) in names
        assert not names & {*HIDDEN, ("job", "waits"), ("script", "zq-script")}
        assert listed["total"] == len(names)
        every = world.door.http.get(f"{OWN}/locks", params={"kind": kind}).json()
        assert every["total"] > listed["total"]


def test_the_preview_of_an_export_is_for_who_made_it(world: World) -> None:
    pages = ("objects", "needs", "left-out", "deletions")
    for page in pages:
        path = f"{OWN}/export-previews/{world.ids['preview_id']}/{page}"
        assert world.http.get(path).status_code == 200
        answer = world.door.http.get(path)  # the owner of the workspace, who may see all of it
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "preview-missing"), page


def test_a_check_from_before_the_policy_is_not_shown_until_it_is_made_again(world: World) -> None:
    place = f"{OWN}/imports/{world.ids['before']}"
    shown = fits(imports.ImportAnswer, world.http.get(place))
    assert shown["check"] is None
    for page in ("plan", "findings", "detection", "differences", "objects/job/hidden/texts"):
        answer = world.http.get(f"{place}/{page}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "target-changed"), page
    assert world.door.http.get(f"{place}/plan").status_code == 200
    again = world.http.put(f"{place}/options", json={"duplicates": "overwrite"})
    assert again.status_code == 202
    checked = world.http.get(place, params={"wait": 60}).json()
    assert checked["check"]["counts"]["blocked"] == 3
    receipt = f"/api/receipts/{applied(world.http, checked, 'FAILED')}"  # nothing else was to be done
    for page in ("", "/lines", "/findings", "/file", "/detection", "/undo-plan", "/undo-plan/steps"):
        assert MARKED.findall(read(world.http.get(receipt + page))) == [], page
    lines = world.http.get(f"{receipt}/lines").json()["items"]
    assert {(one["kind"], one["name"]) for one in lines if one["outcome"] == "blocked"} == {*HIDDEN}
