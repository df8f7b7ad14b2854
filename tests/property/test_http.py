"""Lossless over HTTP: what is posted is what is read, exported, imported and read again, by both APIs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from documents import job_text, resource_text, script_text, tokens, transported, unmarked
from hypothesis import given
from hypothesis import strategies as st

from contract.api.doors import Door, opened
from jobferry.model.document.edits import raw_at
from sampling import examples

Pairs = tuple[tuple[str, Any], ...]
NAMES = {"job": "j", "script": "s", "resource": "r"}
texts = st.fixed_dictionaries(
    {
        "job": transported(job_text()),
        "script": transported(script_text()),
        "resource": transported(resource_text()),
    }
)
LAID_OVER = {
    "job": {"id", "createTime", "lastUpdateUser", "version", "directory", "basicConfig"},
    "script": {"id", "directory", "version", "createUser", "autoAcquireLock"},
    "resource": {"id", "directory"},
}
USUAL = {
    "job": {"processType", "params", "description", "emptyRunningJob", "singleNodeJobFlag"},
    "script": {"owner", "database", "queueName", "configuration", "description"},
    "resource": {"dependFiles", "dependPackages", "desc"},
}
CONTROLS = '"targetStatus" : "SAVED","id": 7,'


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened(tmp_path_factory.mktemp("platform")) as running:
        for workspace in ("here", "there"):
            running.workspace(workspace)
            made = running.http.post(
                f"{running.factory}/connections",
                json={"name": "c1", "type": "RDS", "config": {"ip": "10.0.0.1", "port": "1"}},
                headers={"workspace": workspace},
            )
            assert made.status_code == 204, made.text
        yield running


def own(workspace: str, *parts: str) -> str:
    return "/api/workspaces/" + "/".join((workspace, *parts))


def documents(door: Door, workspace: str) -> dict[str, bytes]:
    """Every object's text as the own API gives it."""
    found = {}
    for kind, name in NAMES.items():
        answer = door.http.get(own(workspace, "documents", kind, name))
        assert answer.status_code == 200, answer.text
        found[kind] = answer.content
    return found


def emptied(door: Door, *workspaces: str) -> None:
    for workspace in workspaces:
        for kind, name in NAMES.items():
            assert door.http.delete(own(workspace, "objects", kind, name)).status_code in (204, 404)


def imported(door: Door, package: bytes, workspace: str) -> None:
    handed = door.http.post("/api/packages", params={"name": "p.zip"}, content=package).json()["id"]
    begun = door.http.post(own(workspace, "imports"), json={"package": {"id": handed}, "apply": True})
    assert begun.status_code == 202, begun.text
    ended = door.ended(begun.json()["task_id"])
    assert ended["status"] == "SUCCESSFUL", ended


@given(held=texts)
@examples(30, few=8)
def test_the_own_api_gives_back_every_byte(door: Door, held: dict[str, bytes]) -> None:
    emptied(door, "here", "there")
    bare = {kind: unmarked(text) for kind, text in held.items()}
    for kind, text in held.items():
        made = door.http.post(own("here", "objects", kind), content=text)
        assert made.status_code == 201, made.text
    assert documents(door, "here") == bare
    for kind, name in NAMES.items():
        assert door.http.put(own("here", "objects", kind, name), content=held[kind]).status_code == 200
    assert documents(door, "here") == bare
    package = door.http.post(own("here", "exports"), json={}).content
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        exported = {kind: archive.read(f"{kind}s/{name}.{kind}") for kind, name in NAMES.items()}
    assert exported == bare
    imported(door, package, "there")
    assert documents(door, "there") == bare


def posted(door: Door, kind: str, text: bytes) -> str:
    """Creates an object through the Factory API, and gives the address where that shows it."""
    place = f"{door.factory}/{kind}s"
    made = door.http.post(place, content=text, headers={"workspace": "here"})
    assert made.status_code in (200, 204), made.text
    return f"{place}/{made.json()['resourceId'] if kind == 'resource' else NAMES[kind]}"


def shown(door: Door, place: str) -> Pairs:
    answer = door.http.get(place, headers={"workspace": "here"})
    assert answer.status_code == 200, answer.text
    pairs: Pairs = tokens(answer.content)
    return pairs


def said(pairs: Pairs, kind: str) -> Pairs:
    """What an answer says apart from what it lays over."""
    return tuple(pair for pair in pairs if pair[0] not in LAID_OVER[kind] | USUAL[kind])


@given(held=texts)
@examples(30, few=10)
def test_the_factory_api_answers_every_token_in_its_order(door: Door, held: dict[str, bytes]) -> None:
    """Numbers by their spelling; and what it stored is every byte."""
    emptied(door, "here", "there")
    places = {kind: posted(door, kind, text) for kind, text in held.items()}
    for kind, text in held.items():
        answer = shown(door, places[kind])
        assert said(answer, kind) == said(tokens(unmarked(text)), kind)
        assert LAID_OVER[kind] <= {key for key, _ in answer}
    bare = {kind: unmarked(text) for kind, text in held.items()}
    assert documents(door, "here") == bare
    exported = door.http.post(
        f"{door.factory}/jobs/j/export", json={"obsPath": "obs://trip"}, headers={"workspace": "here"}
    )
    assert exported.status_code == 200, exported.text
    begun = door.http.post(
        f"{door.factory}/jobs/import",
        json={"path": f"{exported.json()['obsPath']}/j.zip", "sameNamePolicy": "OVERWRITE"},
        headers={"workspace": "there"},
    )
    assert door.ended(begun.json()["taskId"])["status"] == "SUCCESSFUL"
    assert door.http.get(own("there", "documents", "job", "j")).content == bare["job"]


@given(held=texts)
@examples(25)
def test_an_answer_of_the_factory_api_put_back_changes_no_token(door: Door, held: dict[str, bytes]) -> None:
    """What SDKs do: get, change nothing, put. What was laid over stays; all else is what it was."""
    emptied(door, "here", "there")
    for kind, text in held.items():
        place = posted(door, kind, text)
        answer = door.http.get(place, headers={"workspace": "here"}).content
        put = door.http.put(place, content=answer, headers={"workspace": "here"})
        assert put.status_code == 204, put.text
        assert said(shown(door, place), kind) == said(tokens(unmarked(text)), kind)


@given(held=texts)
@examples(25)
def test_control_fields_are_taken_out_and_every_other_value_keeps_its_bytes(
    door: Door, held: dict[str, bytes]
) -> None:
    emptied(door, "here", "there")
    text = unmarked(held["job"])
    posted(door, "job", text.replace(b"{", b"{" + CONTROLS.encode(), 1))
    stored = door.http.get(own("here", "documents", "job", "j")).content
    assert tokens(stored) == tokens(text)
    for key, _ in tokens(text):
        one, other = raw_at(stored, (key,)), raw_at(text, (key,))
        assert one is not None
        assert other is not None
        assert bytes(one) == bytes(other)
    assert door.http.get(own("here", "objects", "job", "j")).json()["live_version"] == 0
