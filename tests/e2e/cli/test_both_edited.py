"""A job is edited here and at its source: both edits are shown, and the policy decides."""

from __future__ import annotations

import json

import pytest

from .conftest import JOB, Program, text, zipped

FIELDS = JOB | {"description": "as it was", "owner": "lin"}
OVER = ("--duplicates", "overwrite")


@pytest.fixture
def travelled(jobferry: Program, ready: str) -> str:
    """The job came from the platform *source*, and was edited on both since; gives the newer package."""
    script = {"name": "clean", "type": "DWSSQL", "content": "SELECT 1"}
    entries = {"jobs/orders.job": text(FIELDS), "scripts/clean.script": text(script)}
    jobferry.folder.joinpath("first.zip").write_bytes(zipped(entries))
    jobferry.done("init", "source")
    jobferry.done(
        "connection", "create", "dwh", "--type", "DWS", "--set", "clusterName=d", "--data", "source"
    )
    jobferry.done("import", "first.zip", "--data", "source")
    jobferry.done("export", "--all", "-o", "trip.zip", "--data", "source")
    jobferry.done("import", "trip.zip", "--data", ready)
    for data, change in ((ready, {"owner": "wang"}), ("source", {"description": "newer"})):
        edit = jobferry.folder / "edit.json"
        edit.write_bytes(text(FIELDS | change))
        jobferry.done("job", "edit", "orders", edit, "--data", data)
    jobferry.done("export", "--all", "-o", "newer.zip", "--data", "source")
    return "newer.zip"


def test_both_sides_are_shown_and_the_warning_stands_in_the_receipt(
    jobferry: Program, travelled: str, ready: str
) -> None:
    shown = jobferry.done("plan", travelled, *OVER, "--diff", "-o", "p.json", "--data", ready, "--json").json
    (job,) = shown["differences"]
    assert (job["name"], job["change"], job["is_three_way"]) == ("orders", "both-edited", True)
    told = {one["path"]: [one[side]["value"] for side in ("base", "here", "package")] for one in job["sides"]}
    assert told == {
        "description": ["as it was", "as it was", "newer"],
        "owner": ["lin", "wang", "lin"],
    }
    plain = jobferry.done("plan", travelled, *OVER, "--diff", "-o", "p.json", "--data", ready)
    assert '    here: "wang"' in plain.out.splitlines()
    assert "both-edited" in plain.out
    done = jobferry.done("import", travelled, *OVER, "--data", ready, "--json").json
    receipt = done["receipt"]
    assert [one["code"] for one in done["report"]["findings"]] == ["both-edited"]
    assert receipt["findings"] == {"warn": 1}
    landed = json.loads(jobferry.done("job", "show", "orders", "--document", "--data", ready).out)
    assert (landed["description"], landed["owner"]) == ("newer", "lin")
    jobferry.done("undo", receipt["id"], "--data", ready)
    back = json.loads(jobferry.done("job", "show", "orders", "--document", "--data", ready).out)
    assert (back["description"], back["owner"]) == ("as it was", "wang")
    again = jobferry.done("check", travelled, *OVER, "--data", ready, "--json").json
    assert "both-edited" in [one["change"] for one in again["steps"]]


def test_strict_refuses_what_both_have_edited(jobferry: Program, travelled: str, ready: str) -> None:
    jobferry.done("setting", "set", "target_edited=block", "--data", ready)
    refused = jobferry("import", travelled, *OVER, "--data", ready)
    assert refused.code == 3
    assert "(both-edited)" in refused.out
    kept = json.loads(jobferry.done("job", "show", "orders", "--document", "--data", ready).out)
    assert kept["owner"] == "wang"
