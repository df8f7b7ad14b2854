"""References

What documents refer to: is it here, or does it come along? *missing* blocks, or holds where the option
`missing` is `hold`. What is mapped is looked for under its new name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from findings.example import Case, Example, Here, job, node, using
from jobferry.model.kinds import NeedKind, ObjectKind

INVENTORIED = (
    ("queue", "Dummy", "queueName"),
    ("agent", "Dummy", "agentName"),
    ("cluster", "MRSSpark", "clusterName"),
    ("resource-group", "Dummy", "resourceGroup"),
    ("stream", "DISTransferTask", "streamName"),
    ("graph", "Dummy", "graphName"),
    ("quality-monitor", "DataQualityMonitor", "monitorName"),
    ("sync-task", "OfflineSync", "syncTaskName"),
)
"""Kinds of the inventory, each with a node type and the property that names one."""


def _inventoried(kind: str, type_: str, key: str) -> Example:
    code, local = f"{kind}-missing", f"a-{kind}-here"
    nodes = {"nodes": [node(type_, **{key: f"no-{kind}"})]}
    found = {"nodes": [node(type_, **{key: local})]}
    return Example(
        code=code,
        meaning="The inventory holds things of this kind, and not this one.",
        fails=Case(files=(job({"name": code, **nodes}),), inventory={kind: (local,)}),
        passes=Case(files=(job({"name": code, **found}),), inventory={kind: (local,)}),
        answer={kind: {f"no-{kind}": local}},
    )


def _upstream(name: str, **depend: Any) -> Case:
    cron = {"expression": "0 0 1 * * ?", "dependJobs": depend}
    return Case(files=(job({"name": name, "schedule": {"type": "CRON", "cron": cron}}),))


def _elsewhere(name: str, workspace: str, there: dict[str, tuple[str, ...]], *closed: str) -> Case:
    waits = [{"workSpace": workspace, "jobName": "daily"}]
    case = _upstream(name, otherWorkSpaceJobs=waits)
    return Case(files=case.files, elsewhere=there, closed=closed)


def _beside(case: Case, *here: Here) -> Case:
    return Case(files=case.files, here=here)


def _stored(kind: ObjectKind, **document: Any) -> Here:
    return Here(kind, document)


SCRIPT = _stored(ObjectKind.SCRIPT, name="a-script", type="Shell", content="echo")
RESOURCE = _stored(ObjectKind.RESOURCE, name="a-resource", type="jar", location="obs://b/a.jar")
NESTED, UPSTREAM = _stored(ObjectKind.JOB, name="a-nested"), _stored(ObjectKind.JOB, name="an-upstream")


def _kept(code: str, meaning: str, fails: Case, passes: Case, here: Here, answer: dict[str, str]) -> Example:
    kind = here.kind.value
    return Example(
        code=code,
        meaning=meaning,
        fails=_beside(fails, here),
        passes=_beside(passes, here),
        answer={kind: answer},
    )


def _typed(connection: str) -> Case:
    document = {
        "name": "connection-type-differs",
        "nodes": [node(type_="HiveSQL", connectionName=connection)],
    }
    types = {"a_dws": "DWS", "a_hive": "HIVE"}
    return Case(files=(job(document),), connections=tuple(types), connection_types=types)


EXAMPLES = (
    Example(
        code="connection-missing",
        meaning="No such connection in this workspace.",
        fails=Case(files=using("connection-missing", connectionName="dwh_test").files, connections=("dwh",)),
        passes=Case(files=using("connection-missing", connectionName="dwh").files, connections=("dwh",)),
        answer={"connection": {"dwh_test": "dwh"}},
    ),
    Example(
        code="connection-type-differs",
        meaning="A connection is here, and of another type than the node or script takes: HiveSQL takes "
        "HIVE, SparkSQL takes SparkSQL, DWSSQL takes DWS, DLISQL takes DLI, RDSSQL takes RDS, Shell and "
        "Python take HOST.",
        fails=_typed("a_dws"),
        passes=_typed("a_hive"),
        answer={"connection": {"a_dws": "a_hive"}},
    ),
    _kept(
        "script-missing",
        "Neither here nor in the package.",
        using("script-missing", scriptName="no-script"),
        using("script-missing", scriptName="a-script"),
        SCRIPT,
        {"no-script": "a-script"},
    ),
    _kept(
        "resource-missing",
        "Neither here nor in the package.",
        using("resource-missing", resourcePath="no-resource"),
        using("resource-missing", resourcePath="a-resource"),
        RESOURCE,
        {"no-resource": "a-resource"},
    ),
    Example(
        code="cdm-missing",
        meaning="No such CDM definition here or in the package; its cluster may well have it. "
        "It warns; where `unknown_inventory` is `block`, it is *missing*. It moves with its cluster.",
        fails=Case(
            files=using("cdm-missing", "CDMJob", clusterName="cdm-here", jobName="load").files,
            inventory={"cluster": ("cdm-here",)},
        ),
        passes=Case(
            files=using("cdm-missing", "CDMJob", clusterName="cdm-here").files,
            inventory={"cluster": ("cdm-here",)},
        ),
    ),
    _kept(
        "nested-job-missing",
        "A job that a node runs is neither here nor in the package.",
        using("nested-job-missing", "NestedFlow", taskName="no-nested"),
        using("nested-job-missing", "NestedFlow", taskName="a-nested"),
        NESTED,
        {"no-nested": "a-nested"},
    ),
    _kept(
        "upstream-job-missing",
        "A job that this one waits for is neither here nor in the package.",
        _upstream("upstream-job-missing", jobs=["no-upstream"]),
        _upstream("upstream-job-missing", jobs=["an-upstream"]),
        UPSTREAM,
        {"no-upstream": "an-upstream"},
    ),
    Example(
        code="waits-in-circle",
        meaning="Jobs of the package, or of the package and here, wait for each other in the same period, or "
        "one for itself; none of them would ever start. It warns where all of them wait so here already. "
        "Waiting for the former period (`PRE_PERIOD`, `dependOnLastPeriod`, `dependPrePeriod`) is no circle.",
        fails=_upstream("waits-in-circle", jobs=["waits-in-circle"]),
        passes=_upstream("waits-in-circle", jobs=["waits-in-circle"], dependPeriod="PRE_PERIOD"),
    ),
    Example(
        code="workspace-missing",
        meaning="An upstream job's workspace is not on this platform, or the importing user does not see it.",
        fails=_elsewhere("workspace-missing", "no-workspace", {"sales": ("daily",)}),
        passes=_elsewhere("workspace-missing", "sales", {"sales": ("daily",)}),
        answer={"workspace": {"no-workspace": "sales"}},
    ),
    Example(
        code="upstream-elsewhere-missing",
        meaning="The other workspace lacks the job.",
        fails=_elsewhere("upstream-elsewhere-missing", "empty", {"empty": ()}),
        passes=_elsewhere("upstream-elsewhere-missing", "empty", {"empty": ("daily",)}),
    ),
    Example(
        code="upstream-elsewhere-refused",
        meaning="The other workspace lets nobody else wait for its jobs (`job_dependency_rule`).",
        fails=_elsewhere("upstream-elsewhere-refused", "closed", {"closed": ("daily",)}, "closed"),
        passes=_elsewhere("upstream-elsewhere-refused", "closed", {"closed": ("daily",)}),
    ),
    *(_inventoried(*one) for one in INVENTORIED),
    Example(
        code="inventory-unknown",
        meaning="The inventory holds nothing of this kind, and nobody has accepted it as a whole, so nobody "
        "knows. Where `unknown_inventory` is `hold`, the object lands held; where it is `block`, the thing "
        "is *missing*; where it is `warn`, this comes once a thing, with the number of objects.",
        fails=using("inventory-unknown", queueName="etl"),
        passes=Case(files=using("inventory-unknown", queueName="etl").files, inventory={"queue": ("etl",)}),
        alone="every kind is inventoried where things of every kind are found missing",
    ),
    Example(
        code="user-missing",
        meaning="The inventory holds users, and not this one. Never asked while it holds none. Once "
        "a user, with the "
        "number of objects.",
        fails=Case(
            files=(job({"name": "user-missing", "basicConfig": {"executeUser": "li"}}),),
            inventory={NeedKind.USER.value: ("wang",)},
        ),
        passes=Case(
            files=(job({"name": "user-missing", "basicConfig": {"executeUser": "wang"}}),),
            inventory={NeedKind.USER.value: ("wang",)},
        ),
        answer={"user": {"li": "wang"}},
    ),
    Example(
        code="variable-missing",
        meaning="`${x}` or `Env.get(x)` without a parameter or environment variable `x`. Once a variable, "
        "with the number of objects.",
        fails=using("variable-missing", value="${day}"),
        passes=Case(
            files=(
                job(
                    {
                        "name": "variable-missing",
                        "nodes": [node(value="${day}")],
                        "params": [{"name": "day", "value": "1"}],
                    }
                ),
            )
        ),
    ),
    Example(
        code="connection-incomplete",
        meaning="A connection is here and lacks its secrets: none travels. Once a connection, with the "
        "number of objects; in the profile `easydata`, `remains-passwords` tells instead.",
        fails=replace(
            using("connection-incomplete", connectionName="hive"),
            connections=("hive",),
            incomplete=("hive",),
        ),
        passes=replace(using("connection-incomplete", connectionName="hive"), connections=("hive",)),
    ),
    Example(
        code="variable-incomplete",
        meaning="An environment variable is here and was never given a value: values of variables do not "
        "travel.",
        fails=replace(
            using("variable-incomplete", value="${region}"), variables=("region",), valueless=("region",)
        ),
        passes=replace(using("variable-incomplete", value="${region}"), variables=("region",)),
    ),
)
