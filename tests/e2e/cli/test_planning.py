"""A plan is made, looked at, and carried out exactly so, or not at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from .conftest import JOB, SCRIPT, Program, text, zipped

ORDERS = ("--duplicates", "overwrite")


def plan(jobferry: Program, package: Path | str, *more: str) -> dict[str, Any]:
    jobferry.done("plan", package, *ORDERS, *more, "-o", "plan.json")
    return dict(json.loads((jobferry.folder / "plan.json").read_text()))


def names(jobferry: Program, data: str) -> list[str]:
    return [one["name"] for one in jobferry.done("job", "list", "--data", data, "--json").json]


def receipts(jobferry: Program, data: str) -> int:
    return len(jobferry.done("receipt", "list", "--data", data, "--json").json)


def test_a_plan_is_carried_out_as_it_was_shown(jobferry: Program, package: Path, ready: str) -> None:
    rules = "- {kind: script, name: 'cl*', target_status: saved}\n"
    jobferry.folder.joinpath("rules.yaml").write_text(rules)
    shown = jobferry.done("plan", package, "--rules", "rules.yaml", "-o", "plan.json", "--data", ready)
    assert "  + create     job orders" in shown.out
    (of_script,) = [line for line in shown.out.splitlines() if "create     script clean" in line]
    assert "submits" not in of_script
    made = json.loads((jobferry.folder / "plan.json").read_text())
    assert made["package_size"] == package.stat().st_size
    assert names(jobferry, ready) == []
    assert list((jobferry.folder / ready / "packages").iterdir()) == []
    applied = jobferry.done("apply", "plan.json", "--data", ready)
    assert "2 created" in applied.out
    assert names(jobferry, ready) == ["orders"]
    assert jobferry.done("version", "list", "orders", "--data", ready, "--json").json
    assert not jobferry.done("version", "list", "--script", "clean", "--data", ready, "--json").json

    again = jobferry.done("apply", "plan.json", "--data", ready)
    assert "this plan was applied already" in again.err
    assert "2 created" in again.out
    assert receipts(jobferry, ready) == 1


def test_a_plan_is_carried_out_as_the_act_that_it_was_made_for(
    jobferry: Program, package: Path, ready: str
) -> None:
    act = ("--act", "import-workspace-job")
    there = ("--data", ready)
    refused = jobferry("plan", package, *act, "-o", "plan.json", *there)
    assert refused.code == 5
    assert "change_management is off" in refused.err
    jobferry.done("setting", "set", "change_management=true", *there)
    assert plan(jobferry, package, *act, *there)["options"]["act"] == "import-workspace-job"
    jobferry.done("setting", "set", "change_management=", *there)
    assert jobferry("apply", "plan.json", *there).code == 5
    assert names(jobferry, ready) == []
    jobferry.done("setting", "set", "change_management=true", *there)
    applied = jobferry.done("apply", "plan.json", *there, "--json").json
    assert applied["receipt"]["act"] == "import-workspace-job"


def test_a_job_that_was_edited_after_the_plan_is_named_and_nothing_is_written(
    jobferry: Program, package: Path, ready: str
) -> None:
    jobferry.done("import", package, "--data", ready)
    jobferry.folder.joinpath("newer.zip").write_bytes(
        zipped(
            {
                "jobs/orders.job": text(JOB | {"directory": "/other"}),
                "scripts/clean.script": text(SCRIPT | {"content": "SELECT 2"}),
            }
        )
    )
    plan(jobferry, "newer.zip", "--data", ready)
    edited = JOB | {"schedule": {"type": "EXECUTE_ONCE", "note": "edited"}}
    jobferry.folder.joinpath("edit.zip").write_bytes(zipped({"jobs/orders.job": text(edited)}))
    jobferry.done("import", "edit.zip", *ORDERS, "--data", ready)
    before = jobferry.done("export", "--all", "-o", "before.zip", "--data", ready, "--json").json["digest"]

    ended = jobferry("apply", "plan.json", "--data", ready)
    assert ended.code == 5
    assert "here (job orders)" in ended.err
    assert "clean" not in ended.err
    after = jobferry.done("export", "--all", "-o", "after.zip", "--data", ready, "--json").json["digest"]
    assert (after, receipts(jobferry, ready)) == (before, 2)
    assert list((jobferry.folder / ready / "packages").iterdir()) == []


def test_what_a_plan_is_bound_to_is_named_when_it_moved(jobferry: Program, package: Path, ready: str) -> None:
    plan(jobferry, package, "--data", ready)
    other = JOB | {"name": "billing"}
    jobferry.folder.joinpath("other.zip").write_bytes(zipped({"jobs/billing.job": text(other)}))
    ended = jobferry("apply", "plan.json", "other.zip", "--data", ready)
    assert (ended.code, "the package" in ended.err) == (5, True)

    jobferry.done("setting", "set", "missing=hold", "--data", ready)
    ended = jobferry("apply", "plan.json", "--data", ready)
    assert (ended.code, "settings of the workspace (missing)" in ended.err) == (5, True)
    jobferry.done("setting", "set", "missing=", "--data", ready)

    jobferry.done("connection", "delete", "dwh", "--data", ready)
    ended = jobferry("apply", "plan.json", "--data", ready)
    assert (ended.code, "what these refer to here" in ended.err) == (5, True)
    assert "job orders" in ended.err
    assert names(jobferry, ready) == []


def test_a_plan_file_is_not_edited_by_hand(jobferry: Program, package: Path, ready: str) -> None:
    file = jobferry.folder / "plan.json"
    made = plan(jobferry, package, "--data", ready)
    changes: list[tuple[dict[str, Any], str]] = [
        ({"options": {"mapping": {"connection": {"dwh": "other"}}}}, "was changed after it was written"),
        ({"jobferry_plan": 2}, "has plan format 2; this program knows 1"),
        ({"jobferry_plan": None}, "is no plan"),
    ]
    for change, told in changes:
        file.write_text(json.dumps(made | change))
        ended = jobferry("apply", "plan.json", "--data", ready)
        assert (ended.code, told in ended.err) == (2, True), ended.err
    file.write_text("{")
    assert jobferry("apply", "plan.json", "--data", ready).code == 2
    assert jobferry("apply", "gone.json", "--data", ready).code == 4
    assert names(jobferry, ready) == []


@pytest.mark.parametrize("place", ["platform", "workspace"])
def test_a_plan_for_another_place_is_refused(
    jobferry: Program, package: Path, ready: str, place: str
) -> None:
    jobferry.done("workspace", "create", "other", "--data", ready)
    plan(jobferry, package, "--data", ready)
    if place == "platform":
        shutil.rmtree(jobferry.folder / ready)
        jobferry.done("init", "there")
        ended = jobferry("apply", "plan.json", "--data", "there")
    else:
        ended = jobferry("apply", "plan.json", "-w", "other", "--data", ready)
    assert ended.code == 5
    assert f"this plan was made for the {place}" in ended.err
