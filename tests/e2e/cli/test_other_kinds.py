"""Connections and environment variables on the command line."""

from __future__ import annotations

from builders import job, node, written

from .conftest import Program

MARKER = "marker-9120"


def test_connections_go_out_and_come_in(jobferry: Program, ready: str) -> None:
    folder = jobferry.folder
    made = ["connection", "create", "dwh_own", "--type", "DWS", "--set", "clusterName=own"]
    jobferry.done(*made, "--set", f"password={MARKER}", "--data", ready)
    told = jobferry.done("connection", "export", "-o", "out.zip", "--data", ready, "--json").json
    assert told["objects"] >= 1
    assert MARKER.encode() not in folder.joinpath("out.zip").read_bytes()
    jobferry.done("connection", "delete", "dwh_own", "--yes", "--data", ready)
    shown = jobferry.done("connection", "import", "out.zip", "--dry-run", "--data", ready).out
    assert "this was a dry run; nothing was changed" in shown
    digest = ["--expect-digest", told["digest"]]
    shown = jobferry.done("connection", "import", "out.zip", *digest, "--data", ready).out
    (line,) = (line for line in shown.splitlines() if line.startswith("dwh_own"))
    assert line.split() == ["dwh_own", "created", "incomplete"]
    jobferry.done("connection", "secret", "dwh_own", "--stdin", "--data", ready, send=f"{MARKER}\n".encode())
    listed = jobferry.done("connection", "list", "--data", ready, "--json").json
    assert [one["incomplete"] for one in listed if one["name"] == "dwh_own"] == [False]
    folder.joinpath("params.yaml").write_text("nobody: {ip: '1'}\n")
    refused = jobferry("connection", "import", "out.zip", "--params", "params.yaml", "--data", ready)
    assert refused.code == 2
    assert "nobody" in refused.err


def test_variables_go_out_and_come_in(jobferry: Program, ready: str) -> None:
    jobferry.done("variable", "set", "region", MARKER, "--data", ready)
    jobferry.done("variable", "set", "zone", "east", "--constant", "--data", ready)
    jobferry.done("variable", "export", "-o", "out.zip", "--data", ready)
    assert MARKER.encode() not in jobferry.folder.joinpath("out.zip").read_bytes()
    jobferry.done("variable", "delete", "region", "--yes", "--data", ready)
    jobferry.folder.joinpath("values.yaml").write_text("region: 'here'\n")
    brought = jobferry.done(
        "variable", "import", "out.zip", "--values", "values.yaml", "--data", ready, "--json"
    ).json
    assert {one["name"]: one["outcome"] for one in brought["items"]} | {
        "region": "created",
        "zone": "unchanged",
    } == {one["name"]: one["outcome"] for one in brought["items"]}
    listed = jobferry.done("variable", "list", "--data", ready, "--json").json
    assert {one["name"]: one["value"] for one in listed}["region"] == "here"


def test_a_kind_is_accepted_whole_and_what_was_held_for_it_is_let_go(jobferry: Program, ready: str) -> None:
    jobferry.done("workspace", "create", "fresh", "--data", ready)
    place = ["--workspace", "fresh", "--data", ready]
    package = jobferry.folder / "graphs" / "jobs"
    package.mkdir(parents=True)
    document = job("walks", node("a", "Dummy", graphName="streets"))
    (package / "walks.job").write_bytes(written(document))
    shown = jobferry.done("import", "graphs", *place, code=9).out
    assert "held until this is there:\n  [1] job walks refers to the graph streets" in shown
    assert jobferry.done("inventory", "accept", "graph", "queue", *place).out.splitlines() == [
        "queue: everything (accepted)",
        "graph: everything (accepted)",
    ]
    (walks,) = jobferry.done("job", "list", *place, "--json").json
    assert walks["held"] == []
    told = jobferry.done("inventory", "accept", "graph", "--off", *place, "--json").json
    assert told == {"accepted": ["queue"]}
    assert "everything (accepted)" in jobferry.done("inventory", "list", *place).out
    again = ["import", "graphs", "--duplicates", "copy", "--unknown-inventory"]
    assert jobferry(*again, "block", *place).code == 3
    assert "inventory-unknown" in jobferry.done(*again, "warn", *place).out
