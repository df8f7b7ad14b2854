"""The outline of a job, plain and not."""

from __future__ import annotations

from builders import job, node
from jobferry.model.document.outline import OutlineParameter, OutlineSchedule, OutlineUse, outline_of
from jobferry.model.kinds import NeedKind

ORDERS = job(
    "orders",
    node("load", "DWSSQL", scriptName="clean", connectionName="dwh"),
    node("tell", "Shell", after=["load"], scriptName="clean", connectionName="box"),
    upstream=["raw"],
    description="nightly",
    basicConfig={"owner": "anne", "priority": 1, "tags": ["x"]},
    params=[
        {"name": "day", "value": "${today}", "type": "variable"},
        {"name": "db_password", "value": "hush"},
        {"name": "empty_password", "value": ""},
        {"name": "number", "value": 7, "type": "constants"},
    ],
)


def use(kind: NeedKind, name: str, workspace: str = "") -> OutlineUse:
    return OutlineUse(kind, name, workspace)


def test_nodes_are_told_with_their_order_and_what_each_refers_to() -> None:
    outline = outline_of(ORDERS, ())
    assert [(one.name, one.type, one.after) for one in outline.nodes] == [
        ("load", "DWSSQL", []),
        ("tell", "Shell", ["load"]),
    ]
    assert outline.nodes[0].uses == [use(NeedKind.SCRIPT, "clean"), use(NeedKind.CONNECTION, "dwh")]
    assert outline.nodes[1].uses == [use(NeedKind.SCRIPT, "clean"), use(NeedKind.CONNECTION, "box")]
    assert outline.waits_for == [use(NeedKind.JOB, "raw")]
    assert outline.uses == [use(NeedKind.USER, "anne")]
    assert (outline.description, outline.owner, outline.priority) == ("nightly", "anne", "1")


def test_sensitive_parameters_are_masked_and_empty_ones_stay_empty() -> None:
    secret = {("params", 1, "value"), ("params", 2, "value")}
    assert outline_of(ORDERS, secret).parameters == [
        OutlineParameter("day", "${today}", "variable", False),
        OutlineParameter("db_password", "***", "variable", True),
        OutlineParameter("empty_password", "", "variable", True),
        OutlineParameter("number", "7", "constants", False),
    ]


def test_jobs_of_other_workspaces_are_waited_for_there() -> None:
    depend = {"otherWorkSpaceJobs": [{"jobName": "raw", "workSpace": "lake"}], "sameWorkSpaceJobs": []}
    document = job("a", schedule={"type": "CRON", "cron": {"dependJobs": depend}})
    assert outline_of(document, ()).waits_for == [use(NeedKind.JOB, "raw", "lake")]


def test_a_schedule_is_told_as_it_is_written() -> None:
    cron = {"expression": "0 0 1 * * ?", "startTime": "2026-01-01T00:00:00+08", "expressionTimeZone": "GMT+8"}
    document = job("a", schedule={"type": "CRON", "cron": cron})
    assert outline_of(document, ()).schedule == OutlineSchedule(
        "CRON", "0 0 1 * * ?", "GMT+8", "2026-01-01T00:00:00+08", "", ""
    )


def test_nodes_of_real_time_jobs_have_schedules_of_their_own() -> None:
    timed = {**node("a"), "cronTrigger": {"expression": "0 0/5 * * * ?"}}
    woken = {**node("b"), "eventTrigger": {"eventType": "KAFKA"}}
    first, second, third = outline_of(job("a", timed, woken, node("c")), ()).nodes
    assert first.schedule is not None
    assert (first.schedule.type, first.schedule.expression) == ("CRON", "0 0/5 * * * ?")
    assert second.schedule is not None
    assert (second.schedule.type, second.schedule.event) == ("EVENT", "KAFKA")
    assert third.schedule is None


def test_what_has_no_shape_counts_as_nothing() -> None:
    odd = {"name": "a", "nodes": [{"name": 7, "preNodeName": "x"}], "schedule": [], "params": "no"}
    outline = outline_of(odd, ())
    assert [(one.name, one.after) for one in outline.nodes] == [("", [])]
    assert outline.schedule == OutlineSchedule("", "", "", "", "", "")
