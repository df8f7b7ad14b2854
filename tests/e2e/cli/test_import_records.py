"""Imports of every origin, from the command line."""

from __future__ import annotations

from builders import job, node

from .lines import Lines, written


def test_imports_of_every_origin_are_listed_and_shown(run: Lines) -> None:
    written(run.folder, "a.job", job("a", node("n", "Dummy")))
    written(run.folder, "b.job", job("b", node("n", "DWSSQL", connectionName="nowhere")))
    run("import a.job --yes", who="zhao")
    run("check b.job", code=3)
    package = run.door.http.post("/api/packages?name=c.zip", content=(run.folder / "a.job").read_bytes())
    assert package.status_code == 201
    body = {"package": {"id": package.json()["id"]}}
    place = f"/api/workspaces/{run.workspace}/imports"
    begun = run.door.http.post(place, json=body).json()
    run.door.ended(begun["task_id"])

    listed = run.json("import-record list")
    assert {one["origin"] for one in listed} == {"cli", "api"}
    told = run("import-record list").out
    assert "applied" in told and "discarded" in told
    (mine,) = run.json(f"import-record list --by {run.people['zhao']} --state applied --origin cli")
    assert mine["package_name"].startswith("a")
    assert run("import-record list --name c.zip -q").out == begun["id"] + "\n"
    assert run.json("import-record list --until 2001-01-01") == []
    assert len(run.json("import-record list --since 2001-01-01")) == 3

    shown = run(f"import-record show {mine['id'][:10]}").out
    assert "applied" in shown and "1 created" in shown
    assert run.json(f"import-record show {mine['id']}")["receipt_id"] == mine["receipt_id"]
    ended = run(f"import-record show {begun['id']} --lines 3").out
    assert ended.startswith("c.zip")
    assert "there is no import moon" in run("import-record show moon", code=4).err
    assert "已写入" in run("import-record list --language zh").out


def test_a_job_is_shown_with_its_newest_versions(run: Lines) -> None:
    written(run.folder, "a.job", job("a", node("n", "Dummy")))
    run("job create a.job", who="lin")
    for number in range(7):
        written(run.folder, "a.job", job("a", node("n", "Dummy"), description=str(number)))
        run("job edit a a.job --lock", who="lin")
    shown = run("job show a").out
    versions = shown[shown.index("versions") :].splitlines()
    assert versions[1].startswith("  v8  live  ")
    assert versions[-1] == "  and 3 more"
    assert len(versions) == 7
