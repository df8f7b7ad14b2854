"""Lists from the command line: a piece of the name, the order, and how many at most."""

from __future__ import annotations

from typing import Any

import pytest

from builders import job

from .lines import Lines


@pytest.fixture
def filled(run: Lines) -> Lines:
    """Two of each thing, made in this order: ``b``, ``a``."""
    http, here = run.door.http, f"/api/workspaces/{run.workspace}"
    for name in ("b", "a"):
        user = f"{run.workspace}-{name}"
        connection = {"name": name, "type": "DWS", "config": {"clusterName": "c"}}
        made = [
            http.post(f"{here}/connections", json=connection),
            http.post(f"{here}/inventory", json={"items": [{"kind": "queue", "name": name}]}),
            http.put(f"{here}/variables/{name}", json={"value": name, "type": "variable"}),
            http.post("/api/users", json={"name": user}),
            http.put(f"{here}/members/{user}", json={"roles": ["viewer"]}),
            http.put(f"{here}/directory-policies/{name}", json={"directories": ["/"], "users": [user]}),
            http.put(f"{here}/download-policies/{name}", json={"roles": ["operator"]}),
            http.put(f"{here}/routes/p1/{name}", json={"options": {"params": {"day": name}}}),
            http.post(f"{here}/objects/job", json=job(name)),
            http.post(f"{here}/exports", json={"names": [name]}),
        ]
        assert {answer.status_code for answer in made} <= {200, 201, 204}, [answer.text for answer in made]
    return run


def names(found: list[dict[str, Any]], key: str = "name") -> list[str]:
    return [one[key] for one in found]


def test_lists_are_narrowed_ordered_and_cut(filled: Lines) -> None:
    json = filled.json
    assert names(json("connection list --name A --type DWS --sort -name --limit 5")) == ["a"]
    assert names(json("connection list --sort -name")) == ["b", "a"]
    assert json("connection list --type HIVE") == []
    assert names(json("inventory list --kind queue --name b --sort name --limit 1")) == ["b"]
    assert names(json("variable list --name a --type variable --sort -type --limit 9")) == ["a"]
    member = f"{filled.workspace}-"
    assert names(json(f"member list --name {member} --role viewer --sort -name --limit 1"), "user") == [
        f"{member}b"
    ]
    assert names(json(f"user list --name {member} --sort created_at --limit 1")) == [f"{member}b"]
    assert names(json("policy list --name a --sort name --limit 2")) == ["a"]
    assert names(json("download-policy list --name b --sort name --limit 2")) == ["b"]
    assert names(json("route list --name b --sort -saved_at --limit 2"), "source_workspace") == ["b"]
    assert names(json(f"workspace list --name {filled.workspace} --sort created_at --limit 1")) == [
        filled.workspace
    ]
    assert "p1" in filled("route list").out


def test_exports_are_found_by_file_place_and_time(filled: Lines) -> None:
    found = filled.json("download list --sort file_name --limit 1")
    assert len(found) == 1
    name = found[0]["file_name"]
    assert len(filled.json("download list")) == 2
    assert {one["file_name"] for one in filled.json(f"download list --file {name.upper()}")} == {name}
    assert filled.json("download list --file moon") == []
    assert filled.json("download list --path obs://nowhere") == []
    assert filled.json("download list --until 2001-01-01") == []
    assert len(filled.json("download list --since 2001-01-01")) == 2


def test_tokens_keys_notices_reviews_and_releases_are_ordered(filled: Lines) -> None:
    filled("token create one")
    filled("token create two")
    assert names(filled.json("token list --name tw --sort -created_at --limit 3")) == ["two"]
    filled("key create")
    assert len(filled.json("key list --sort -used_at --limit 1")) == 1
    assert filled.json("notice list --sort at --limit 1") == []
    assert filled.json("review list --name a --sort name --limit 1") == []
    assert filled.json("release list --name a --sort -size --limit 1") == []
    assert filled.json("release waiting --name a --sort name --limit 1") == []


def test_an_order_that_is_none_is_refused_with_those_there_are(filled: Lines) -> None:
    refused = filled("connection list --sort colour", code=2)
    assert "-name, -type, -updated_at, name, type, updated_at" in refused.err
    assert "--limit" in filled("connection list --limit 0", code=2).err
