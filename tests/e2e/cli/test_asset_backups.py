"""Asset backups of a workspace by their commands: taken, looked at, edited and restored from."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from builders import job, node, script, written

from .lines import Lines

_places = itertools.count(1)


class Kept:
    """Where the backups of a workspace lie."""

    def __init__(self, run: Lines, bucket: str) -> None:
        self._run = run
        self.bucket = bucket
        self.folder = run.door.folder / "objects" / bucket / run.workspace

    def take(self) -> str:
        return str(self._run.json("asset-backup create")["name"])

    def file(self, name: str, beginning: str) -> Path:
        (found,) = (self.folder / name).glob(f"{beginning}*")
        return found

    def edit(self, name: str, **changes: Any) -> None:
        file = self.file(name, "backup.json")
        file.write_text(json.dumps(json.loads(file.read_text()) | changes))


@pytest.fixture
def kept(run: Lines) -> Iterator[Kept]:
    """A workspace with a job, its script and a variable, whose backups have a place."""
    for name in ("dwh_test", "dwh_prod"):
        run(f"connection create {name} --type DWS --set clusterName={name} --set password=marker-4711")
    document = script("clean", connectionName="dwh_test", database="dw")
    run("script create -", send=written(document).decode())
    load = node("load", "DWSSQL", connectionName="dwh_test", database="dw", scriptName="clean")
    run("job create -", send=written(job("orders", load)).decode())
    run("variable set zone east --constant")
    run("variable set api_token marker-4711 --constant")
    made = Kept(run, f"kept{next(_places)}")
    run(f"setting set asset_backup_path=obs://{made.bucket}")
    yield made


def connection_of(run: Lines, kind: str, name: str) -> str:
    document = json.loads(run(f"{kind} show {name} --document").out)
    if kind == "script":
        return str(document["connectionName"])
    properties = {one["name"]: one["value"] for one in document["nodes"][0]["properties"]}
    return str(properties["connectionName"])


def test_a_name_that_is_edited_in_backup_json_is_what_jobs_use_after_restoring(
    run: Lines, kept: Kept
) -> None:
    name = kept.take()
    shown = run(f"asset-backup show {name}").out
    assert "connection: dwh_test\n" in shown
    assert "database: dw\n" in shown
    kept.edit(name, connections={"dwh_test": "dwh_prod"})
    assert "connection: dwh_test → dwh_prod" in run(f"asset-backup show {name}").out
    dry = run(f"asset-backup restore {name} --duplicates overwrite --dry-run").out
    assert "connection dwh_test → dwh_prod" in dry
    assert "nothing was changed" in dry
    assert connection_of(run, "job", "orders") == "dwh_test"
    told = run.json(f"asset-backup restore {name} --duplicates overwrite --yes")
    assert told["receipt"]["counts"] == {"overwritten": 2}
    assert connection_of(run, "job", "orders") == connection_of(run, "script", "clean") == "dwh_prod"
    run("undo --last --yes")
    assert connection_of(run, "job", "orders") == "dwh_test"


def test_what_is_said_on_the_line_goes_before_what_was_edited(run: Lines, kept: Kept) -> None:
    name = kept.take()
    kept.edit(name, connections={"dwh_test": "nobody"})
    run(f"asset-backup restore {name} --duplicates overwrite --yes --map connection:dwh_test=dwh_prod")
    assert connection_of(run, "job", "orders") == "dwh_prod"


def test_what_is_here_is_skipped_or_overwritten_and_what_is_gone_comes_back(run: Lines, kept: Kept) -> None:
    name = kept.take()
    run("job delete orders --yes")
    run("variable set zone west --constant")
    run("script edit clean -", send=written(script("clean", "SELECT 2", connectionName="dwh_test")).decode())
    told = run.json(f"asset-backup restore {name} --duplicates skip --yes")
    assert told["receipt"]["counts"] == {"created": 1, "skipped": 1}
    outcomes = {one["name"]: one["outcome"] for one in told["variables"]["items"]}
    assert outcomes == {"api_token": "unchanged", "zone": "skipped"}
    assert "SELECT 2" in run("script show clean --document").out
    run(f"asset-backup restore {name} --duplicates overwrite --yes --no-variables")
    assert "SELECT 1" in run("script show clean --document").out
    values = {one["name"]: one["value"] for one in run.json("variable list")}
    assert values["zone"] == "west"
    run(f"asset-backup restore {name} --duplicates overwrite --yes")
    assert {one["name"]: one["value"] for one in run.json("variable list")}["zone"] == "east"


def test_it_takes_the_options_of_every_import(run: Lines, kept: Kept) -> None:
    name = kept.take()
    run("job delete orders --yes")
    (run.folder / "mapping.yaml").write_text("connection: {dwh_test: dwh_prod}")
    (run.folder / "rules.yaml").write_text("- {name: clean, duplicates: skip}")
    told = run.json(
        f"asset-backup restore {name} --duplicates overwrite --mapping mapping.yaml --rules rules.yaml"
        " --target saved --outcome package --missing hold --hold connection:nobody --unknown-inventory warn"
        " --directory /restored --time-zone UTC --zone-mode keep --execute-user lin --param a=1"
        " --job-param orders:a=1 --approver lin --lines 3 --yes"
    )
    counts = told["receipt"]["counts"]
    assert counts == {"created": 1, "skipped": 1}
    assert connection_of(run, "job", "orders") == "dwh_prod"
    (orders,) = run.json("job list")
    assert (orders["directory"], orders["live_version"]) == ("/restored", 0)
    run(f"asset-backup restore {name} --no-variables --duplicates copy --copy-name {{name}}_old --yes")
    assert {one["name"] for one in run.json("job list")} == {"orders", "orders_old"}


def test_a_file_that_was_altered_by_a_byte_or_is_missing_is_refused_by_name(run: Lines, kept: Kept) -> None:
    name = kept.take()
    for folder, what in (("3_scripts", "scripts"), ("1_env", "variables"), ("4_jobs", "jobs")):
        file = kept.file(name, f"{folder}/*.zip")
        whole = file.read_bytes()
        altered = bytearray(whole)
        altered[len(whole) // 2] ^= 1
        for spoiled in (bytes(altered), whole[:-1], whole + b"\0"):
            file.write_bytes(spoiled)
            refused = run(f"asset-backup restore {name} --yes", code=7)
            assert f"{name}/{folder}/{what}-" in refused.err
            assert "was altered after the backup was taken; nothing is restored" in refused.err
        file.unlink()
        assert "is missing" in run(f"asset-backup restore {name} --yes", code=7).err
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(whole)
    assert run.json(f"asset-backup restore {name} --duplicates skip --yes")["receipt"]["counts"]


def test_a_backup_json_that_cannot_be_used_says_where(run: Lines, kept: Kept) -> None:
    name = kept.take()
    file = kept.file(name, "backup.json")
    whole = json.loads(file.read_text())
    for spoiled, told, code in (
        ("{", "is not readable", 7),
        (
            json.dumps(whole | {"connections": {"dwh_test": " "}}),
            "the data connection dwh_test has no name",
            7,
        ),
        (json.dumps(whole | {"format": 2}), "formats up to 1 are read here", 7),
        (json.dumps(whole | {"more": 1}), "`more`", 7),
        (json.dumps(whole)[:-1] + ', "format": 1}', "the key format twice", 7),
        (json.dumps(whole | {"files": [whole["files"][0] | {"path": "../x.zip"}]}), "../x.zip is no file", 7),
        (json.dumps(whole | {"files": []}), "the backup holds nothing", 7),
    ):
        file.write_text(spoiled)
        assert told in run(f"asset-backup restore {name} --yes", code=code).err
    file.write_text("{")
    (listed,) = run.json("asset-backup list")
    assert listed["name"] == name
    assert "is not readable" in listed["reason"]
    file.unlink()
    assert run.json("asset-backup list") == []
    assert f"there is no asset backup {name}" in run(f"asset-backup restore {name} --yes", code=4).err


def test_no_secret_is_in_it_and_no_connection(run: Lines, kept: Kept) -> None:
    import zipfile

    name = kept.take()
    paths = set()
    for file in (kept.folder / name).rglob("*.zip"):
        with zipfile.ZipFile(file) as package:
            paths |= set(package.namelist())
            assert b"marker-4711" not in b"".join(map(package.read, package.namelist()))
    assert b"marker-4711" not in kept.file(name, "backup.json").read_bytes()
    assert paths == {
        "manifest.json",
        "jobs/orders.job",
        "scripts/clean.script",
        "variables/api_token.var",
        "variables/zone.var",
    }


def test_they_are_listed_and_restored_from_another_folder(run: Lines, kept: Kept) -> None:
    assert "daily backups are off" in run("asset-backup status").out
    run("setting set asset_backup=true")
    name = kept.take()
    told = run("asset-backup status").out
    assert "daily backups are on; the next: " in told
    assert f"last good: {name}" in told
    assert run("asset-backup list --quiet").out == f"{name}\n"
    assert [one["created_by"] for one in run.json("asset-backup list")] == ["administrator"]
    elsewhere = run.door.folder / "objects" / kept.bucket / "copied"
    kept.folder.rename(elsewhere)
    assert run.json("asset-backup list") == []
    place = f"obs://{kept.bucket}/copied"
    (copied,) = run.json(f"asset-backup list --limit 1 --from {place}")
    assert (copied["name"], copied["created_by"]) == (name, "")
    assert run.json(f"asset-backup show {name} --from {place}")["workspace"] == run.workspace
    assert run(f"asset-backup restore {name} --from {place} --dry-run").code == 0


def test_developers_do_not_restore_and_where_nothing_is_set_that_is_said(run: Lines, kept: Kept) -> None:
    for words in ("list", "create", "status", "show x", "restore x"):
        assert "may not take asset backups" in run(f"asset-backup {words}", who="lin", code=8).err
    run("setting set asset_backup_path=")
    assert "it is not said where asset backups of" in run("asset-backup create", code=2).err
    assert run.json("asset-backup list") == []
