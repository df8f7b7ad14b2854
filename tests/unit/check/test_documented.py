"""What the service documents, in a package: warns or blocks by profile; what can never be always blocks."""

from __future__ import annotations

from typing import Any

import pytest

from builders import Load, job, node, script, stored, target
from jobferry.check.runner import check
from jobferry.model.document.facts import FactRules, facts_of
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.policy import Duplicates, Profile, ZoneMode

START = "2026-01-01T00:00:00+08"


def cron(**fields: Any) -> dict[str, Any]:
    return {"schedule": {"type": "CRON", "cron": {"expression": "0 0 1 * * ?", "startTime": START} | fields}}


def event(**fields: Any) -> dict[str, Any]:
    return {
        "schedule": {"type": "EVENT", "event": {"eventType": "KAFKA"} | fields},
        "processType": "REAL_TIME",
    }


def nodes(**fields: Any) -> dict[str, Any]:
    return {"nodes": [{"name": "n", "type": "Dummy"} | fields]}


DOCUMENTED = [
    ({"schedule": None}, "schedule-missing", "schedule"),
    ({"schedule": {"type": ""}}, "value-required", "schedule.type"),
    ({"schedule": {"type": "WEEKLY"}}, "field-value", "schedule.type"),
    (cron(expression=""), "value-required", "schedule.cron.expression"),
    (cron(startTime=None), "value-required", "schedule.cron.startTime"),
    (cron(expressionTimeZone="Mars/Base"), "zone-unknown", "schedule.cron.expressionTimeZone"),
    (
        cron(dependJobs={"jobs": [], "dependPeriod": "X"}),
        "field-value",
        "schedule.cron.dependJobs.dependPeriod",
    ),
    (
        cron(dependJobs={"jobs": [], "dependFailPolicy": "X"}),
        "field-value",
        "schedule.cron.dependJobs.dependFailPolicy",
    ),
    ({"processType": "SOMETIMES"}, "field-value", "processType"),
    (event(eventType="FOO"), "field-value", "schedule.event.eventType"),
    (event(eventType="DIS"), "value-required", "schedule.event.channel"),
    (event(readPolicy="FIRST"), "field-value", "schedule.event.readPolicy"),
    (event(failPolicy="FAIL"), "field-value", "schedule.event.failPolicy"),
    (nodes(eventTrigger={"eventType": "FOO"}), "field-value", "nodes[0].eventTrigger.eventType"),
    (nodes(cronTrigger={"startTime": START}), "value-required", "nodes[0].cronTrigger.expression"),
    (nodes(failPolicy="END"), "field-value", "nodes[0].failPolicy"),
    (nodes(failPolicy="EXIT"), "word-former", "nodes[0].failPolicy"),
    (nodes(conditions=[{"preNodeName": "a"}]), "value-required", "nodes[0].conditions[0].expression"),
    ({"params": [{"name": "p", "value": "", "type": "secret"}]}, "field-value", "params[0].type"),
]
NEVER = [
    (cron(expression="0 0 25 * * ?"), "cron-illegal", "schedule.cron.expression"),
    (cron(expression="0 0 1 * 13 ?"), "cron-illegal", "schedule.cron.expression"),
    (
        nodes(cronTrigger={"expression": "0 x 1 * * ?", "startTime": START}),
        "cron-illegal",
        "nodes[0].cronTrigger.expression",
    ),
    (cron(startTime="yesterday"), "time-illegal", "schedule.cron.startTime"),
    (cron(endTime="2026-13-01T00:00:00+08"), "time-illegal", "schedule.cron.endTime"),
]


def found(fields: dict[str, Any], profile: Profile, **options: Any) -> list[tuple[str, str, Severity]]:
    context = (
        Load()
        .job("orders", **fields)
        .context(target(settings={"profile": profile}), directory="/in", **options)
    )
    # the workspace's zone is not what these cases are about
    return [(one.code, one.path, one.severity) for one in check(context) if one.code != "time-zone-differs"]


@pytest.mark.parametrize(("fields", "code", "path"), DOCUMENTED, ids=lambda value: str(value)[:60])
def test_what_is_not_as_documented_warns_or_blocks_by_profile(
    fields: dict[str, Any], code: str, path: str
) -> None:
    assert found(fields, Profile.FACTORY) == [(code, path, Severity.WARN)]
    assert found(fields, Profile.EASYDATA) == [(code, path, Severity.WARN)]
    assert found(fields, Profile.STRICT) == [(code, path, Severity.BLOCK)]


@pytest.mark.parametrize(("fields", "code", "path"), NEVER, ids=lambda value: str(value)[:60])
@pytest.mark.parametrize("profile", Profile)
def test_a_time_that_can_never_be_blocks_everywhere(
    profile: Profile, fields: dict[str, Any], code: str, path: str
) -> None:
    assert found(fields, profile) == [(code, path, Severity.BLOCK)]


@pytest.mark.parametrize("profile", Profile)
def test_a_month_is_only_told(profile: Profile) -> None:
    told = found(cron(expression="0 0 1 1 JAN ?"), profile)
    assert told == [("cron-monthly", "schedule.cron.expression", Severity.WARN)]


@pytest.mark.parametrize(
    "fields",
    [
        {"nodes": None},
        {"processType": None},
        {"schedule": {"type": "CRON"}},
        {"schedule": {"type": "EXECUTE_ONCE", "cron": {"expression": "", "startTime": ""}}},
        {"schedule": {"type": "EXECUTE_ONCE", "scheduleOffset": 0, "anything": {}}},
        cron(dependJobs={"jobs": [], "dependPrePeriod.": True}),
        cron(dependJobs=[{"jobs": ["a"]}]),
        cron(startTime="2024-07-23T13:08:37+08", endTime="", expressionTimeZone="GMT+8"),
        event(engineType="KAFKA", concurrent="1"),
        event(eventType="DIS", channel="clicks", failPolicy="SUSPEND", readPolicy="NEW"),
        nodes(type="Brand New", cronTrigger={}, eventTrigger=None, location={"x": "1.5", "y": 2}),
        {"basicConfig": {"instanceTimeout": 0, "tags": {}}, "resouces": []},
        {"params": [{"name": "a", "value": "1", "type": "constants"}, {"name": "b", "value": "1"}]},
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_must_be_accepted_is(fields: dict[str, Any]) -> None:
    document = {key: value for key, value in job("orders", **fields).items() if value is not None}
    assert facts_of(ObjectKind.JOB, document, FactRules()).problems == ()


def test_with_convert_an_illegal_expression_is_called_illegal() -> None:
    options = {"time_zone": "UTC", "zone_mode": ZoneMode.CONVERT}
    told = found(cron(expression="0 0 25 * * ?", expressionTimeZone="GMT+8"), Profile.FACTORY, **options)
    assert [code for code, _, _ in told] == ["cron-illegal"]


def test_an_unknown_zone_that_the_import_replaces_is_not_told() -> None:
    fields = cron(expressionTimeZone="Mars/Base")
    assert found(fields, Profile.STRICT, time_zone="UTC") == []
    kept = found(fields, Profile.STRICT, time_zone="UTC", zone_mode=ZoneMode.KEEP)
    assert [code for code, _, _ in kept] == ["zone-unknown"]


def test_a_schedule_that_the_package_leaves_out_is_not_told_where_one_is_here() -> None:
    here = stored(ObjectKind.JOB, job("orders", node("old")), uid="u1")
    load = Load().job("orders", node("new"), uid="u1", schedule=None)
    assert not list(check(load.context(target(here), duplicates=Duplicates.OVERWRITE)))


def test_a_job_that_is_only_not_as_documented_lands_and_is_fitted() -> None:
    load = Load().job("orders", processType="SOMETIMES")
    (arrival,) = load.context(execute_user="lin").items
    assert arrival.edits


def test_a_script_has_a_content_which_may_be_empty() -> None:
    def problems(document: dict[str, Any]) -> list[str]:
        return [one.code for one in facts_of(ObjectKind.SCRIPT, document, FactRules()).problems]

    assert problems({"name": "s", "type": "Shell"}) == ["value-required"]
    assert problems(script(content="")) == []
