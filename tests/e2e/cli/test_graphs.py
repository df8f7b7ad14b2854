"""Graphs and users on the command line: nodes of a job, jobs around it and in a directory, who uses what."""

from __future__ import annotations

from typing import Any

import pytest

from builders import job, node, script
from builders import written as document

from .conftest import Ended, zipped
from .lines import Lines, written


def save(run: Lines, kind: str, document: dict[str, Any]) -> None:
    place = f"/api/workspaces/{run.workspace}/objects/{kind}"
    answer = run.door.http.post(place, json=document)
    assert answer.status_code == 201, answer.text


@pytest.fixture
def run(run: Lines) -> Lines:
    """Three jobs in a row and a script of the first; the last one runs the first again."""
    save(run, "script", script("clean", connectionName="dwh"))
    nodes = (
        node("begin", "Dummy"),
        node("left", after=["begin"], scriptName="clean"),
        node("right", after=["begin"]),
        node("finish", "SMN", after=["left", "right"]),
    )
    save(run, "job", job("load", *nodes, directory="/dw"))
    save(run, "job", job("sum", upstream=["load"], directory="/dw"))
    save(run, "job", job("end", node("again", "SubJob", jobName="load"), upstream=["sum"]))
    return run


def lines_of(ended: Ended) -> list[str]:
    return ended.out.splitlines()


def test_the_nodes_of_a_job_are_drawn_level_by_level(run: Lines) -> None:
    assert lines_of(run("graph load")) == [
        "1 ─ begin  Dummy",
        "2 ┬ left   DWSSQL after begin",
        "  └ right  DWSSQL after begin",
        "3 ─ finish SMN    after left, right",
    ]
    assert lines_of(run("graph load --live")) == lines_of(run("graph load"))
    assert [one["after"] for one in run.json("graph load")] == [
        [],
        ["begin"],
        ["begin"],
        ["left", "right"],
    ]


def test_jobs_around_a_job_and_in_a_directory_are_drawn_with_what_is_left_out(run: Lines) -> None:
    assert lines_of(run("graph sum --around")) == [
        "1 ─ load stopped",
        "2 ─ sum  stopped after load",
        "3 ─ end  stopped after sum; runs load",
    ]
    assert lines_of(run("graph sum --hops 1 --direction up")) == [
        "1 ─ load stopped",
        "2 ─ sum  stopped after load",
    ]
    assert lines_of(run("graph sum --around --most 2"))[-1] == "not shown: 1 (down, hop 1)"
    assert lines_of(run("graph --directory /dw")) == [
        "1 ─ load stopped",
        "2 ─ sum  stopped after load",
        "not shown: 1 (down, hop 1)",
    ]
    assert lines_of(run("graph --directory /dw --language zh"))[-1] == "未显示：1 个（下游，第 1 跳）"
    scripts = lines_of(run("graph load --around --direction up --kind script"))
    assert scripts == ["1 ─ load  job stopped script clean", "2 ─ clean script"]
    every = run.json("graph load --hops 2 --direction up --kind all")
    assert {(one["kind"], one["presence"]) for one in every["nodes"]} == {
        ("job", "here"),
        ("script", "here"),
        ("connection", "missing"),
    }


def test_a_graph_is_written_as_mermaid_dot_and_json(run: Lines) -> None:
    mermaid = lines_of(run("graph sum --around --format mermaid"))
    assert mermaid[0] == "flowchart LR"
    assert '  n0["sum<br/>stopped"]' in mermaid
    dot = lines_of(run("graph load --format dot"))
    assert (dot[0], dot[-1]) == ("digraph jobferry {", "}")
    assert '  n3 [label="finish\\nSMN", fillcolor="#ffffff"];' in dot
    assert run("graph sum --around --format json").json == run.json("graph sum --around")


def test_users_are_told_with_where_they_use_a_thing(run: Lines) -> None:
    assert lines_of(run("uses script:clean")) == [
        "script clean: exists here, used by 1 object",
        "kind  name  directory  in           place",
        "job   load  /dw        draft, live  nodes[1].properties[0].value",
    ]
    rows = lines_of(run("uses job:load --limit 1"))
    assert rows[0] == "job load: exists here, used by 2 objects"
    assert rows[2:] == ["job   end   /          draft, live  nested", "and 1 more"]
    assert lines_of(run("uses connection:dwh --live"))[0] == (
        "data connection dwh: missing here, used by 1 object"
    )
    assert run.json("uses queue:none") == {
        "kind": "queue",
        "name": "none",
        "presence": "unknown",
        "total": 0,
        "items": [],
    }
    chinese = lines_of(run("uses script:clean --language zh"))
    assert chinese[0] == "脚本 clean：在本地存在，被 1 个对象引用"


WRONG = [
    ("graph", 2, "name a job or a directory"),
    ("graph load --directory /dw", 2, "name a job or a directory"),
    ("graph laod", 4, "laod"),
    ("graph --directory /nowhere", 4, "/nowhere"),
    ("graph load --around --kind scrpt", 2, "did you mean script?"),
    ("uses clean", 2, "KIND:NAME, such as script:clean"),
    ("uses script:", 2, "KIND:NAME, such as script:clean"),
    ("uses conection:dwh", 2, "did you mean connection?"),
    ("uses script:claen", 4, "nothing refers to it"),
    ("uses script:clear", 4, "did you mean clean?"),
    ("uses user:nobody", 0, ""),
]


@pytest.mark.parametrize(("line", "code", "words"), WRONG)
def test_a_mistake_is_told_with_the_next_step(run: Lines, line: str, code: int, words: str) -> None:
    assert words in run(line, code=code).err


def test_a_name_that_is_alike_is_proposed_for_every_kind(run: Lines) -> None:
    run("inventory add queue etl_day")
    assert "did you mean etl_day?" in run("uses queue:etl_days", code=4).err
    assert run.door.http.put(
        f"/api/workspaces/{run.workspace}/variables/region", json={"value": "here", "type": "constant"}
    ).is_success
    assert "did you mean region?" in run("uses variable:regoin", code=4).err


def packed(run: Lines, *jobs: dict[str, Any]) -> None:
    """The jobs as ``p.zip``."""
    entries = {f"jobs/{one['name']}.job": document(one) for one in jobs}
    (run.folder / "p.zip").write_bytes(zipped(entries))


def test_the_jobs_of_a_package_are_drawn_by_what_becomes_of_them(run: Lines) -> None:
    there = job("sum", node("other", "Dummy"))
    new = job("new", node("n", "SubJob", jobName="sum"), upstream=["sum"])
    stuck = job("stuck", node(scriptName="gone"), upstream=["new"])
    packed(run, there, new, stuck)
    assert lines_of(run("check p.zip --graph text", code=3)) == [
        "1 ─ sum   skip",
        "2 ─ new   create  after sum; runs sum",
        "3 ─ stuck blocked after new",
    ]
    mermaid = lines_of(run("check p.zip --graph mermaid", code=3))
    numbers = {line.strip().partition("[")[0]: line for line in mermaid if "[" in line}
    (blocked,) = (line.split() for line in mermaid if line.endswith(" blocked") and "class " in line)
    assert "stuck" in numbers[blocked[1]]
    assert lines_of(run("check p.zip --graph dot", code=3))[0] == "digraph jobferry {"


def test_two_hundred_jobs_of_a_package_are_drawn_those_that_need_a_look_first(run: Lines) -> None:
    jobs = [job(f"j{number:03}", node("n", "Dummy")) for number in range(201)]
    packed(run, *jobs, job("zz", node(scriptName="gone")))
    drawn = lines_of(run("check p.zip --graph text", code=3))
    assert len(drawn) == 201
    assert drawn[-1] == "not shown: 2 of 202 jobs"
    assert any("zz" in line and "blocked" in line for line in drawn)


def test_a_package_in_object_storage_is_not_drawn(run: Lines) -> None:
    written(run.folder, "a.job", job("a", node("n", "Dummy")))
    assert run("check a.job --graph text").out.split() == ["1", "─", "a", "create"]
    assert "did you mean" not in run("check obs://nowhere/p.zip --graph text", code=4).err
