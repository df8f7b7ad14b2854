"""Connections leave without secrets, arrive all or none, and say what they lack."""

from __future__ import annotations

import json
from typing import Any

import pytest

from builders import job, node
from contract.api.doors import looked_into
from contract.kinds.conftest import Side, unpacked, zipped

Sides = tuple[Side, Side]


def test_all_connections_leave_without_secrets_and_arrive_incomplete(sides: Sides) -> None:
    here, there = sides
    here.connect("dwh", password="marker-one")
    here.connect("hive", "HIVE", connectionMethod="direct")
    package, digest = here.exported("connections")
    entries = unpacked(package)
    assert list(entries) == ["manifest.json", "connections/dwh.conn", "connections/hive.conn"]
    manifest = json.loads(entries["manifest.json"])
    emptied = {"kind": "connection", "name": "dwh", "paths": [["config", "password"]]}
    assert manifest["emptied"] == [emptied]
    assert b"marker-one" not in package + b"".join(entries.values())
    told = there.imported("connections", package, expect_digest=digest)
    assert told["applied"]
    assert [(one["name"], one["outcome"], one["incomplete"]) for one in told["items"]] == [
        ("dwh", "created", True),
        ("hive", "created", False),
    ]
    assert there.connections()["dwh"]["incomplete"]
    assert there.exported("connections")[1] == digest
    again = there.imported("connections", package)
    assert {one["outcome"] for one in again["items"]} == {"unchanged"}


def test_what_is_secret_here_stays_whatever_is_imported(sides: Sides) -> None:
    here, there = sides
    here.connect("dwh", password="marker-one", userName="new")
    there.connect("dwh", password="kept-two", userName="old")
    package, _ = here.exported("connections")
    skipped = there.imported("connections", package)
    assert [one["outcome"] for one in skipped["items"]] == ["skipped"]
    assert there.connections()["dwh"]["document"]["config"]["userName"] == "old"
    told = there.imported("connections", package, duplicates="overwrite")
    assert [(one["outcome"], one["incomplete"]) for one in told["items"]] == [("overwritten", False)]
    assert there.connections()["dwh"]["document"]["config"]["userName"] == "new"
    assert there.secrets("dwh") == {"password": "kept-two"}


def test_a_value_that_only_a_later_pattern_calls_secret_leaves_empty_and_is_not_blanked(
    sides: Sides,
) -> None:
    here, _ = sides
    here.connect("dwh", pin="marker-pin", user="old")
    patterns = {"sensitive_names": "*pin*"}
    assert here.door.http.patch(f"{here.path}/settings", json=patterns).status_code == 200
    package, _ = here.exported("connections")
    assert b"marker-pin" not in b"".join(unpacked(package).values())
    here.imported("connections", package, duplicates="overwrite")
    assert here.secrets("dwh") == {"pin": "marker-pin"}


def test_passwords_and_places_are_given_at_the_import(sides: Sides) -> None:
    here, there = sides
    here.connect("dwh", password="marker-one", ip="127.0.0.1", port="8000")
    package, _ = here.exported("connections")
    params = {"dwh": {"password": "given", "ip": "127.0.0.9"}}
    told = there.imported("connections", package, params=params)
    assert [one["incomplete"] for one in told["items"]] == [False]
    assert there.connections()["dwh"]["document"]["config"]["ip"] == "127.0.0.9"
    assert there.secrets("dwh") == {"password": "given"}
    error = there.imported("connections", package, 400, params={"nobody": {"password": "x"}})
    assert "nobody" in error["error"]["message"]


def test_one_that_fails_keeps_all_out_and_a_dry_run_only_tells(sides: Sides) -> None:
    here, there = sides
    here.connect("a", password="p")
    here.connect("b", "HOST", ip="127.0.0.1")
    there.connect("b", "RDS", ip="127.0.0.1")
    package, _ = here.exported("connections")
    for more in ({"dry_run": True}, {}):
        told = there.imported("connections", package, duplicates="overwrite", **more)
        assert not told["applied"]
        assert [(one["name"], one["outcome"]) for one in told["items"]] == [
            ("a", "created"),
            ("b", "blocked"),
        ]
        assert "type" in told["items"][1]["reason"]
    assert list(there.connections()) == ["b"]
    assert there.imported("connections", package, 400, duplicates="copy")["error"]["subject"] == "duplicates"
    dry = there.imported("connections", package, dry_run=True)
    assert not dry["applied"]
    assert list(there.connections()) == ["b"]


def test_the_quota_counts_what_comes_before(sides: Sides) -> None:
    here, there = sides
    for name in "abc":
        here.connect(name)
    assert there.door.http.patch(f"{there.path}/settings", json={"max_connections": 2}).status_code == 200
    told = there.imported("connections", here.exported("connections")[0])
    assert [one["outcome"] for one in told["items"]] == ["created", "created", "blocked"]
    assert there.connections() == {}


@pytest.mark.parametrize(
    ("package", "code"),
    [
        (b"no zip", "package-unreadable"),
        (zipped(jobs__a=b"{}"), "package-empty"),
        (zipped(**{"variables__a.var": b"{}"}), "package-empty"),
    ],
)
def test_a_package_of_something_else_is_refused(sides: Sides, package: bytes, code: str) -> None:
    assert sides[0].imported("connections", package, 422)["error"]["code"] == code


def test_documents_of_others_are_read_and_the_broken_fail_by_name(sides: Sides) -> None:
    here, _ = sides
    good = b'{"type": "DWS", "config": {"clusterName": "c", "password": "in-the-open"}}'
    package = zipped(**{"DLF__connections__a.conn": good, "DLF__connections__b.conn": b"broken"})
    told = here.imported("connections", package)
    assert [(one["name"], one["outcome"]) for one in told["items"]] == [("a", "created"), ("b", "blocked")]
    told = here.imported("connections", zipped(**{"connections__a.conn": good}))
    assert told["applied"]
    assert here.secrets("a") == {"password": "in-the-open"}


def test_a_package_with_a_manifest_must_be_what_it_says(sides: Sides) -> None:
    here, there = sides
    here.connect("dwh")
    entries = unpacked(here.exported("connections")[0])
    entries["connections/dwh.conn"] += b" "
    altered = zipped(**{name.replace("/", "__"): text for name, text in entries.items()})
    assert there.imported("connections", altered, 422)["error"]["code"] == "package-altered"
    entries = unpacked(here.exported("connections")[0])
    more = entries | {"connections/more.conn": entries["connections/dwh.conn"]}
    fewer = {"manifest.json": entries["manifest.json"], "connections/more.conn": b"{}"}
    for lie in (more, fewer):
        package = zipped(**{name.replace("/", "__"): text for name, text in lie.items()})
        assert there.imported("connections", package, 422)["error"]["code"] == "package-altered"
    newer = {"manifest.json": b'{"format": 9}', "connections/dwh.conn": entries["connections/dwh.conn"]}
    package = zipped(**{name.replace("/", "__"): text for name, text in newer.items()})
    assert there.imported("connections", package, 422)["error"]["code"] == "package-format-newer"


def test_the_factory_exports_the_documented_tree_and_imports_by_its_own_words(sides: Sides) -> None:
    here, there = sides
    here.connect("dwh", password="marker-one")
    here.connect("rds", "RDS", password="marker-two", ip="127.0.0.1", port="1", userName="u")
    answer = here.call("POST", "/connections/export", {})
    assert "DLF_All_DataConnections.zip" in answer.headers["Content-Disposition"]
    assert list(unpacked(answer.content)) == ["connections/dwh.conn", "connections/rds.conn"]
    bucket = there.door.folder / "objects" / "there"
    bucket.mkdir(parents=True, exist_ok=True)
    (bucket / "connections.zip").write_bytes(answer.content)
    body: dict[str, Any] = {
        "path": "obs://there/connections.zip",
        "params": [{"name": "dwh", "type": "DWS", "params": {"password": "given"}}],
    }
    task = there.call("POST", "/connections/import", body).json()["taskId"]
    told = there.call("GET", f"/system-tasks/{task}").json()
    assert told["status"] == "SUCCESSFUL"
    assert [one["name"] for one in told["subtasks"]] == [
        "Import the dwh connection.",
        "Import the rds connection.",
    ]
    assert there.secrets("dwh") == {"password": "given"}
    body["params"][0]["type"] = "RDS"
    task = there.call("POST", "/connections/import", body).json()["taskId"]
    told = there.call("GET", f"/system-tasks/{task}").json()
    assert (told["status"], "not RDS" in told["message"]) == ("FAILED", True)
    there.call("POST", "/connections/import", {"path": "/file.zip"}, 400)
    there.call("POST", "/connections/import", body | {"sameNamePolicy": "ASK"}, 400)


def test_a_connection_of_the_same_name_is_skipped_by_the_factory_call_unless_said_otherwise(
    sides: Sides,
) -> None:
    here, there = sides
    here.connect("dwh", userName="new")
    there.connect("dwh", userName="old")
    body = {"path": there.file("connections.zip", here.exported("connections")[0])}
    for policy, user in (({}, "old"), ({"sameNamePolicy": "OVERWRITE"}, "new")):
        task = there.call("POST", "/connections/import", body | policy).json()["taskId"]
        assert there.call("GET", f"/system-tasks/{task}").json()["status"] == "SUCCESSFUL"
        assert there.connections()["dwh"]["document"]["config"]["userName"] == user


def test_a_job_says_so_at_its_import_and_does_not_start_before_the_password_is_there(sides: Sides) -> None:
    here, there = sides
    here.connect("dwh", password="marker-one")
    there.imported("connections", here.exported("connections")[0])
    using = job("orders", node(connectionName="dwh", statementOrScript="STATEMENT"))
    here.ask("POST", "objects/job", using, 201)
    package = here.ask("POST", "exports", {}).content
    made = looked_into(there.door.http, there.path, {"package": {"id": there.handed_in(package)}})
    assert "connection-incomplete" in [one["code"] for one in made["findings"]]
    there.ask("POST", "objects/job", using, 201)
    refused = there.ask("POST", "jobs/orders/start", None, 409).json()["error"]
    assert (refused["code"], refused["subject"]) == ("connection-incomplete", "dwh")
    there.ask("PUT", "connections/dwh/secrets", {"secrets": {"userName": "x"}}, 400)
    there.ask("PUT", "connections/dwh/secrets", {"secrets": {"password": "given"}})
    assert there.secrets("dwh") == {"password": "given"}
    there.ask("POST", "jobs/orders/start", None, 200)


def test_an_export_stands_in_the_download_center_and_in_the_audit(sides: Sides) -> None:
    here, there = sides
    missing = here.ask("POST", "connections/export", None, 404).json()["error"]
    assert missing["code"] == "connection-missing"
    here.connect("dwh", password="marker-one")
    there.imported("connections", here.exported("connections")[0])
    here.call("POST", "/connections/export", {})
    records = here.ask("GET", "downloads?kind=connections").json()["items"]
    assert {one["file_name"] for one in records} == {"DLF_All_DataConnections.zip"}
    assert sorted(one["status"] for one in records) == ["FAILED", "SUCCESSFUL", "SUCCESSFUL"]
    rows = there.ask("GET", "audit").json()["items"]
    assert {"connection-import", "connection-create"} <= {one["action"] for one in rows}


def test_a_connection_keeps_its_name_and_type_when_it_is_saved(sides: Sides) -> None:
    here, _ = sides
    here.connect("dwh")
    dwh = {"name": "dwh", "type": "DWS", "config": {"clusterName": "c"}}
    here.ask("PUT", "connections/dwh", dwh)
    for change, status, code in (
        ({"name": "other"}, 400, "invalid-name"),
        ({"type": "HOST"}, 409, "type-fixed"),
    ):
        told = here.ask("PUT", "connections/dwh", dwh | change, status)
        assert told.json()["error"]["code"] == code
