"""Jobs, scripts, resources, CDM definitions and directories by command: list, show, make, change, move."""

from __future__ import annotations

import json

import pytest

from builders import job, node, resource

from .lines import Lines, written

NONE = "0" * 64


@pytest.fixture
def made(run: Lines) -> Lines:
    """A script that lin made of a file, and a job that uses it, made of nodes."""
    (run.folder / "clean.sql").write_text("SELECT 1 -- 你好\n", encoding="utf-8")
    run("script create clean --type DWSSQL --file clean.sql --connection dwh --directory /dw", who="lin")
    run(
        "job create orders --node load=DWSSQL,scriptName=clean,connectionName=dwh --node tell=Dummy "
        '--after tell=load --cron "0 0 1 * * ?"',
        who="lin",
    )
    return run


def test_a_script_and_a_job_are_made_from_nothing(made: Lines) -> None:
    run = made
    document = json.loads(run("script show clean --document").out)
    assert document == {
        "name": "clean",
        "type": "DWSSQL",
        "directory": "/dw",
        "connectionName": "dwh",
        "content": "SELECT 1 -- 你好\n",
    }
    whole = json.loads(run("job show orders --json").out)
    assert whole["nodes"] == [
        {
            "name": "load",
            "type": "DWSSQL",
            "preNodeName": [],
            "properties": [
                {"name": "scriptName", "value": "clean"},
                {"name": "connectionName", "value": "dwh"},
            ],
        },
        {"name": "tell", "type": "Dummy", "preNodeName": ["load"], "properties": []},
    ]
    assert (whole["schedule"]["type"], whole["schedule"]["cron"]["expression"]) == ("CRON", "0 0 1 * * ?")
    assert run("job create later --node n=Dummy --draft").out == "later: draft\n"
    told = run("job create odd --node a=Dummy --after b=a", code=2).err
    assert "--after names b, which no --node does" in told


def test_a_job_is_shown_to_people_in_their_language(made: Lines) -> None:
    run = made
    shown = run("job show orders").out
    assert shown.startswith("orders  (job, BATCH)\n")
    assert "every day at 01:00" in shown
    assert "  load     DWSSQL  script clean, connection dwh\n  └─ tell  Dummy\n" in shown
    (runs,) = [line for line in shown.splitlines() if line.startswith("  next runs")]
    assert runs.count(", ") == 4
    chinese = run("job show orders --language zh").out
    assert "每天 01:00" in chinese
    assert "节点\n" in chinese
    assert "\nSELECT 1 -- 你好\nused by\n  job orders\nversions\n  v1  live  " in run("script show clean").out


def test_lists_are_narrowed_sorted_cut_and_show_the_columns_that_are_asked_for(made: Lines) -> None:
    run = made
    run("job create bills --node n=Dummy --draft")
    lines = run("job list --columns name,live --sort -name").out.splitlines()
    assert lines == ["name    live", "orders  v1", "bills   -"]
    cut = run("job list --limit 1 --columns name")
    assert (cut.out, cut.err) == ("name\nbills\n", "and 1 more\n")
    assert [one["name"] for one in run.json("job list --not-live")] == ["bills"]
    assert [one["name"] for one in run.json("job list --query ORD --state STOPPED --live")] == ["orders"]
    assert [one["name"] for one in run.json("script list --directory / --below --type DWSSQL")] == ["clean"]
    assert run.json(f"script list --holder {run.people['lin']} --by {run.people['lin']}")
    assert run("script list --since 2999-01-01").err == "nothing here\n"
    assert "the columns are: name, type" in run("job list --columns size", code=2).err
    assert "/nowhere" in run("script list --directory /nowhere", code=4).err


def test_a_script_is_changed_by_its_text_and_nothing_else_of_it(made: Lines) -> None:
    run = made
    before = run("script show clean --document").out
    (run.folder / "clean.sql").write_text("SELECT 2\n", encoding="utf-8")
    assert run("script edit clean --text clean.sql", who="lin").out == "clean: v2\n"
    assert run("script show clean --document").out == before.replace("SELECT 1 -- 你好", "SELECT 2")
    same = run("script edit clean --text clean.sql", who="lin")
    assert (same.out, same.err) == ("", "nothing was changed\n")
    assert "locked by" in run("script edit clean --text -", code=5, send="SELECT 3").err
    assert "an editor needs a terminal" in run("job edit orders", who="lin", code=2).err


def test_objects_are_renamed_and_moved_and_who_uses_them_is_told(made: Lines) -> None:
    run = made
    renamed = run("script rename clean tidy", who="lin")
    assert renamed.out == "clean is now tidy\n"
    assert renamed.err == "1 still say clean: `jobferry uses script:clean`\n"
    assert run("script move tidy /lake/raw", who="lin").out == "tidy is now /lake/raw/tidy\n"
    assert run("job rename orders bills", who="lin").err == ""
    assert run("job move bills /dw", code=5).err
    run("lock release bills", who="lin")
    assert run("job move bills /dw --lock").out == "bills is now /dw/bills\n"


def test_resources_and_cdm_definitions_are_made_changed_and_deleted(run: Lines) -> None:
    written(run.folder, "jar.json", resource("jar"))
    run("resource create jar.json")
    assert "obs://bucket/lookup.jar" in run("resource show jar").out
    written(run.folder, "jar.json", resource("jar", desc="second"))
    run("resource edit jar jar.json")
    run("resource rename jar lib")
    run("resource move lib /jars")
    listed = run("resource list --columns name,directory").out
    assert listed == "name  directory\nlib   /jars\n"
    run("resource delete lib --yes")
    written(run.folder, "cdm.json", {"name": "load"})
    run("cdm create cluster/load cdm.json")
    run("cdm rename cluster/load cluster/again")
    assert json.loads(run("cdm show cluster/again --document").out) == {"name": "load"}
    run("cdm edit cluster/again cdm.json")
    run("cdm delete cluster/again --yes")
    assert run("cdm list").err == "nothing here\n"


def test_directories_are_made_renamed_moved_and_deleted(made: Lines) -> None:
    run = made
    run("directory create /a/b")
    written(run.folder, "j.job", job("inside", node("n", "Dummy"), directory="/a/b"))
    run("job create j.job")
    assert run("directory list").out.splitlines()[1].split() == ["/a", "0", "1", "1"]
    assert run("directory rename /a/b c").out == "/a/b is now /a/c (1 objects)\n"
    assert run("directory move /a/c /").out == "/a/c is now /c (1 objects)\n"
    assert run.json("directory list /a") == []
    run("directory delete /a --yes")
    assert "holds 1 object" in run("directory delete /c --yes", code=5).err
    assert run.json("job list --directory /c")[0]["name"] == "inside"
    run("lock release inside")
    assert "cannot be moved" in run("directory rename /c d", who="lin", code=5).err
    run("directory rename /c d --lock", who="lin")
    assert run.json("directory list --kind script")[0]["path"] == "/dw"
    assert "into itself" in run("directory move /d /d", code=2).err


def test_every_other_option_of_jobs_and_scripts_is_taken(made: Lines) -> None:
    run = made
    lin, zhao = run.people["lin"], run.people["zhao"]
    document = run("job show orders --document").out
    assert run("job list --tag x", code=4).err
    assert run("job list --held --below --directory / --type BATCH").err == "nothing here\n"
    assert "orders" in run("job list --not-held --since 2020-01-01 --sort -updated_at --limit 1").out
    assert "orders" in run(f"job list --by {lin} --holder {lin} --columns name").out
    assert "clean" in run("script list --query CLE --not-held --live --sort directory --limit 5").out
    assert run("script list --held --not-live --since 2020-01-01 --columns name").err == "nothing here\n"
    etag = run("script show clean --version live --etag").err.removeprefix("etag: ").strip()
    written(run.folder, "clean.json", json.loads(run("script show clean --document --version 1").out))
    assert (
        run(
            f"script edit clean clean.json --if-match {etag} --draft --approver {zhao} --note n", who="lin"
        ).out
        == "clean: v1\n"
    )
    run("lock release clean --script")
    run("script edit clean clean.json --lock --publish")
    run("script rename clean tidy --lock")
    run("script move tidy /x --lock")
    run("lock release orders")
    run("job rename orders bills --lock")
    run("job move bills /x --lock")
    run(f"script delete tidy --approver {zhao} --note gone --yes")
    assert json.loads(document)["name"] == "orders"
    assert (
        run(f"script create one --type DWSSQL --file clean.sql --draft --approver {zhao} --note n").out
        == "one: draft\n"
    )
    assert run("script create two --type DWSSQL --publish").out == "two: v1\n"


def test_every_other_option_of_resources_cdm_definitions_and_directories_is_taken(run: Lines) -> None:
    written(run.folder, "jar.json", resource("jar", directory="/jars"))
    run("resource create jar.json")
    assert json.loads(run("resource show jar --document").out)["name"] == "jar"
    assert "jar" in run("resource list --query JA --directory / --below --type jar --limit 3").out
    assert "jar" in run("resource list --since 2020-01-01 --sort -name").out
    assert run("resource list --by nobody").err == "nothing here\n"
    assert run(f"resource edit jar jar.json --if-match {NONE}", code=5).err
    written(run.folder, "cdm.json", {"name": "load"})
    run("cdm create cluster/load cdm.json")
    assert run(f"cdm edit cluster/load cdm.json --if-match {NONE}", code=5).err
    assert "load" in run("cdm list --query LOAD --directory / --below --since 2020-01-01").out
    assert run("cdm list --sort name --limit 3 --columns name").out == "name\ncluster/load\n"
    assert run("cdm list --by nobody").err == "nothing here\n"
    assert run("cdm list --type none", code=2).err
    run("directory create /a --kind script")
    run("directory rename /a b --kind script")
    run("directory create /c --kind script")
    run("directory move /b /c --kind script --lock")
    run("directory delete /c/b --kind script --yes")
