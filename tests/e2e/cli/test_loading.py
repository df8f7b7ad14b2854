"""Many connections of one file, packages in object storage, and packages compared under a mapping."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from builders import job, node

from .conftest import Program
from .lines import Lines, written

GOOD = """\
dwh:
  type: DWS
  config:
    clusterName: c
    password: secret-one
# a comment
host:
  type: HOST
"""


def test_all_connections_of_a_file_are_made_by_name_or_as_a_list(run: Lines) -> None:
    written(run.folder, "some.yaml", GOOD)
    assert run("connection load some.yaml").out == "2 connections created\n"
    assert run("connection list -q").out.split() == ["dwh", "host"]
    shown = run("connection list --json").out
    assert "secret-one" not in shown
    written(run.folder, "more.json", [{"name": "lake", "type": "HOST"}, {"name": "sea", "type": "HOST"}])
    assert run.json("connection load more.json") == {"names": ["lake", "sea"]}
    audited = run.json("audit list --action connection-create")
    assert {row["subject"] for row in audited} == {"dwh", "host", "lake", "sea"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "dwh:\n  type: DWS\n  config: {clusterName: c}\n\nodd:\n  type: Oracle\n",
            ["line 5, odd", "Oracle"],
        ),
        ("- {name: a, type: HOST}\n- {name: a, type: HOST}\n", ["line 2, a", "taken"]),
        ("- {name: a, type: HOST}\n- type: HOST\n", ["line 2", "no name"]),
        ("a: {type: HOST}\nb: HOST\n", ["line 2", "b", "no type"]),
        ("a: {name: c, type: HOST}\n", ["line 1", "a", "names itself c"]),
        ("a: {type: HOST}\na: {type: HOST}\n", ["line 2", "twice"]),
        ("just a text", ["neither a list nor names"]),
        ("[]", ["empty"]),
        ("", ["neither a list nor names"]),
        ("a: [", ["line"]),
    ],
)
def test_of_a_file_with_an_error_nothing_is_made_and_entry_and_line_are_told(
    run: Lines, content: str, said: list[str]
) -> None:
    written(run.folder, "some.yaml", content)
    for language in ("en", "zh"):
        refused = run(f"connection load some.yaml --language {language}", code=2)
        if language == "en":
            assert [one for one in said if one not in refused.err] == [], refused.err
    assert run("connection list -q").out == ""


def test_every_entry_that_cannot_be_is_told(run: Lines) -> None:
    written(run.folder, "some.yaml", "a: {type: Oracle}\nb: {type: HOST}\nc: {type: Sybase}\n")
    refused = run.json("connection load some.yaml", code=2)["error"]
    assert [(fault["path"], fault["message"][:9]) for fault in refused["errors"]] == [
        ("line 1", "line 1, a"),
        ("line 3", "line 3, c"),
    ]
    assert run("connection load missing.yaml", code=4).err


def test_a_package_in_object_storage_is_looked_into(jobferry: Program, package: Path) -> None:
    objects = jobferry.folder / "here" / "objects" / "bucket"
    objects.mkdir(parents=True)
    (objects / "p.zip").write_bytes(package.read_bytes())
    stored = jobferry.done("inspect", "obs://bucket/p.zip", "--json", "--data", "here").json
    plain = jobferry.done("inspect", str(package), "--json").json
    assert stored | {"findings": plain["findings"]} == plain
    told = jobferry.done("inspect", "obs://bucket/p.zip", "--data", "here").out
    assert "connection dwh" in told
    assert "there is no bucket" in jobferry.done("inspect", "obs://no/p.zip", "--data", "here", code=4).err


def test_a_package_is_compared_as_a_mapping_or_route_would_write_it(run: Lines) -> None:
    here: dict[str, Any] = {"connectionName": "dwh_prod", "database": "db"}
    place, http = f"/api/workspaces/{run.workspace}", run.door.http
    made = http.post(
        f"{place}/objects/job",
        json=job("orders", node("n", "DWSSQL", scriptName="s", **here), directory="/dw"),
    )
    assert made.status_code == 201, made.text
    run("export orders -o prod.zip")
    run("job delete orders --yes")
    there = here | {"connectionName": "dwh_test"}
    made = http.post(
        f"{place}/objects/job",
        json=job("orders", node("n", "DWSSQL", scriptName="s", **there), directory="/dw"),
    )
    assert made.status_code == 201, made.text
    assert run.json("diff prod.zip", code=10)["objects"][0]["changes"] == ["changed"]
    assert run.json("diff prod.zip --map connection:dwh_prod=dwh_test") == {"objects": [], "same": 1}
    written(run.folder, "names.yaml", "connection: {dwh_prod: dwh_test}\n")
    assert run.json("diff prod.zip --mapping names.yaml") == {"objects": [], "same": 1}
    assert "there is no route" in run("diff prod.zip --route", code=4).err
    run("route set prod.zip --map connection:dwh_prod=dwh_test")
    assert run.json("diff prod.zip --route")["same"] == 1
    assert run.json("diff prod.zip", code=10)["same"] == 0
    assert "planet" in run("diff prod.zip --map planet:a=b", code=2).err
    refused = run("diff prod.zip prod.zip --map connection:dwh_prod=dwh_test", code=2)
    assert "two packages are compared here" in refused.err
