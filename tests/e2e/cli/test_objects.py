"""Jobs, scripts, resources, CDM definitions and directories by command: list, show, make, change, move."""

from __future__ import annotations

import json

import pytest

from builders import job, node, resource

from .lines import Lines, written


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
    document = json.loads(made("script show clean --document").out)
    assert document == {
        "name": "clean",
        "type": "DWSSQL",
        "directory": "/dw",
        "connectionName": "dwh",
        "content": "SELECT 1 -- 你好\n",
    }
    whole = json.loads(made("job show orders --json").out)
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
    assert made("job create later --node n=Dummy --draft").out == "later: draft\n"
    told = made("job create odd --node a=Dummy --after b=a", code=2).err
    assert "--after names b, which no --node does" in told


def test_a_job_is_shown_to_people_in_their_language(made: Lines) -> None:
    shown = made("job show orders").out
    assert shown.startswith("orders  (job, BATCH)\n")
    assert "every day at 01:00" in shown
    assert "  load     DWSSQL  script clean, connection dwh\n  └─ tell  Dummy\n" in shown
    (runs,) = [line for line in shown.splitlines() if line.startswith("  next runs")]
    assert runs.count(", ") == 4
    chinese = made("job show orders --language zh").out
    assert "每天 01:00" in chinese
    assert "节点\n" in chinese
    assert made("script show clean").out.endswith("\nSELECT 1 -- 你好\nused by\n  job orders\n")


def test_lists_are_narrowed_sorted_cut_and_show_the_columns_that_are_asked_for(made: Lines) -> None:
    made("job create bills --node n=Dummy --draft")
    lines = made("job list --columns name,live --sort -name").out.splitlines()
    assert lines == ["name    live", "orders  v1", "bills   -"]
    cut = made("job list --limit 1 --columns name")
    assert (cut.out, cut.err) == ("name\nbills\n", "and 1 more\n")
    assert [one["name"] for one in made.json("job list --not-live")] == ["bills"]
    assert [one["name"] for one in made.json("job list --query ORD --state STOPPED --live")] == ["orders"]
    assert [one["name"] for one in made.json("script list --directory / --below --type DWSSQL")] == ["clean"]
    assert made.json(f"script list --holder {made.people['lin']} --by {made.people['lin']}")
    assert made("script list --since 2999-01-01").err == "nothing here\n"
    assert "the columns are: name, type" in made("job list --columns size", code=2).err
    assert "/nowhere" in made("script list --directory /nowhere", code=4).err


def test_a_script_is_changed_by_its_text_and_nothing_else_of_it(made: Lines) -> None:
    before = made("script show clean --document").out
    (made.folder / "clean.sql").write_text("SELECT 2\n", encoding="utf-8")
    assert made("script edit clean --text clean.sql", who="lin").out == "clean: v2\n"
    assert made("script show clean --document").out == before.replace("SELECT 1 -- 你好", "SELECT 2")
    same = made("script edit clean --text clean.sql", who="lin")
    assert (same.out, same.err) == ("", "nothing was changed\n")
    assert "locked by" in made("script edit clean --text -", code=5, send="SELECT 3").err
    assert "an editor needs a terminal" in made("job edit orders", who="lin", code=2).err


def test_objects_are_renamed_and_moved_and_who_uses_them_is_told(made: Lines) -> None:
    renamed = made("script rename clean tidy", who="lin")
    assert renamed.out == "clean is now tidy\n"
    assert renamed.err == "1 still say clean: `jobferry uses script:clean`\n"
    assert made("script move tidy /lake/raw", who="lin").out == "tidy is now /lake/raw/tidy\n"
    assert made("job rename orders bills", who="lin").err == ""
    assert made("job move bills /dw", code=5).err
    made("lock release bills", who="lin")
    assert made("job move bills /dw --lock").out == "bills is now /dw/bills\n"


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
