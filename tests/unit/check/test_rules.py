"""Each rule: what it finds, and what it leaves alone."""

from __future__ import annotations

import re
from typing import Any

import pytest

from builders import Load, job, node, script, stored, target
from jobferry.check.runner import check
from jobferry.model.kinds import NeedKind, ObjectKind, SchedulingState
from jobferry.model.messages import Language, say
from jobferry.model.messages.chinese import CHINESE
from jobferry.model.messages.english import ENGLISH
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.mapping import Mapping
from jobferry.model.transfer.policy import Duplicates, MissingReference, UnknownInventory

JOB, SCRIPT, RESOURCE = ObjectKind.JOB, ObjectKind.SCRIPT, ObjectKind.RESOURCE


def codes(load: Load, view=None, **options) -> set[str]:
    return {finding.code for finding in check(load.context(view, **options))}


def only(load: Load, view=None, **options) -> Finding:
    (finding,) = check(load.context(view, **options))
    return finding


def test_a_sound_package_into_an_empty_workspace_has_no_findings() -> None:
    assert codes(Load().job("orders", node(scriptName="clean")).script("clean")) == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b'{"name": "a", "name": "b"}', "doubled-key"),
        (b'{"name": "a" "b"}', "json-broken"),
        (b'{"name": "\xff"}', "not-utf8"),
        (b'{"name": "\\ud800"}', "lone-surrogate"),
        (b'{"name": NaN}', "json-constant"),
        (b'{"a": ' * 250 + b"1" + b"}" * 250, "too-deep"),
        (b'{"a": ' + b"1" * 4301 + b"}", "number-too-long"),
        (b"[]", "not-an-object"),
    ],
)
def test_an_unusable_text_blocks_its_object(text: bytes, code: str) -> None:
    finding = only(Load().add(JOB, text))
    assert (finding.code, finding.severity) == (code, Severity.BLOCK)


@pytest.mark.parametrize(
    ("document", "code", "path"),
    [
        (job("a b"), "name-illegal", "name"),
        (job("x" * 129), "name-illegal", "name"),
        (job("j", node("n", after=["ghost"])), "predecessor-unknown", "nodes[0].preNodeName[0]"),
        (job("j", node("a", after=["b"]), node("b", after=["a"])), "nodes-cyclic", "nodes"),
        (job("j", node("a"), node("a")), "node-doubled", "nodes[1].name"),
        (job("j", {**node(), "retryTimes": "9"}), "field-range", "nodes[0].retryTimes"),
        (job("j", {**node(), "maxExecutionTime": "1E5"}), "field-type", "nodes[0].maxExecutionTime"),
        (job("j", directory="/a/b c"), "directory-illegal", "directory"),
        (job("j", directory="/" + "/".join("abcdefghijk")), "directory-illegal", "directory"),
        (job("j", params=[{"name": "p", "value": "v" * 1025}]), "field-too-long", "params[0].value"),
        (
            job("j", schedule={"cron": {"expression": "5 0 0 * * ?"}}),
            "cron-illegal",
            "schedule.cron.expression",
        ),
        (job("j", basicConfig={"priority": 3}), "field-range", "basicConfig.priority"),
        (job("j", *[node(f"n{i}") for i in range(201)]), "too-many-nodes", "nodes"),
    ],
)
def test_an_invalid_field_is_named_by_its_path(document: dict[str, Any], code: str, path: str) -> None:
    finding = only(Load().add(JOB, document))
    assert (finding.code, finding.path, finding.severity) == (code, path, Severity.BLOCK)


def test_documented_zeros_and_texts_for_numbers_are_accepted() -> None:
    tolerant = job(
        "j",
        {**node(), "retryTimes": "5", "pollingInterval": "10"},
        basicConfig={"instanceTimeout": 0, "tags": {}},
    )
    assert codes(Load().add(JOB, tolerant)) == set()


def test_a_job_without_nodes_and_unknown_keys_is_accepted() -> None:
    bare = {
        "name": "bare",
        "schedule": {"type": "CRON"},
        "processType": "BATCH",
        "resouces": [],
        "x": {"y": 1},
    }
    assert codes(Load().add(JOB, bare)) == set()


@pytest.mark.parametrize(
    "state", [SchedulingState.SCHEDULING, SchedulingState.PAUSED, SchedulingState.NORMAL]
)
def test_a_target_that_is_not_stopped_blocks_its_overwriting(state: SchedulingState) -> None:
    view = target(stored(JOB, job("orders"), state=state))
    load = Load().job("orders", node("other"))
    assert codes(load, view, duplicates=Duplicates.OVERWRITE) == {"target-not-stopped"}
    assert codes(load, view, duplicates=Duplicates.SKIP) == set()


def test_an_unchanged_job_is_not_judged_even_while_it_runs() -> None:
    running = stored(JOB, job("orders"), state=SchedulingState.SCHEDULING)
    assert codes(Load().job("orders"), target(running), duplicates=Duplicates.OVERWRITE) == set()


def test_duplicates_fail_finds_what_exists() -> None:
    view = target(stored(SCRIPT, script("clean")))
    assert codes(Load().script("clean", content="SELECT 2"), view, duplicates=Duplicates.FAIL) == {
        "already-exists"
    }


def test_a_script_cannot_change_its_type() -> None:
    view = target(stored(SCRIPT, script("clean")))
    load = Load().script("clean", type="Shell")
    assert codes(load, view, duplicates=Duplicates.OVERWRITE) == {"type-differs"}


def test_uid_and_name_of_two_objects_conflict() -> None:
    view = target(stored(JOB, job("old"), id_=1, uid="u1"), stored(JOB, job("new"), id_=2, uid="u2"))
    load = Load().job("new", node("changed"), uid="u1")
    assert codes(load, view, duplicates=Duplicates.OVERWRITE) == {"identity-conflict"}


def test_quotas_count_what_is_there_and_what_comes() -> None:
    view = target(settings={"max_jobs": "2"}, counts={"jobs": 1, "real-time jobs": 0, "scripts": 0})
    findings = check(Load().job("a").job("b").job("c").context(view))
    assert [(one.code, one.name) for one in findings] == [("quota-reached", "b"), ("quota-reached", "c")]


def test_directories_are_counted_for_jobs_and_scripts_apart_with_those_above_them() -> None:
    there = {JOB: frozenset({"/a"}), SCRIPT: frozenset[str]()}
    view = target(settings={"max_directories": "3"}, directories=there)
    fits = Load().job("one", directory="/a/b").job("two", directory="/c").script("s", directory="/x/y/z")
    assert codes(fits, view) == set()
    finding = only(fits.job("zero", directory="/a/b/d"), view)
    assert (finding.code, finding.severity) == ("quota-reached", Severity.BLOCK)
    told = {"number": "4", "limit": "3", "things": "directories", "setting": "max_directories"}
    assert (finding.kind, finding.args) == (JOB, told)


def test_an_object_that_stays_where_it_is_needs_no_directory_more() -> None:
    here = stored(JOB, job("orders", directory="/a/b"))
    full = {JOB: frozenset({"/a", "/a/b", "/c"})}
    view = target(here, settings={"max_directories": "2"}, directories=full)
    load = Load().job("orders", node("other"), directory="/a/b")
    assert codes(load, view, duplicates=Duplicates.OVERWRITE) == set()


REFERENCES = [
    (node(connectionName="x"), NeedKind.CONNECTION),
    (node(queueName="x"), NeedKind.QUEUE),
    (node(agentName="x"), NeedKind.AGENT),
    (node(resourceGroup="x"), NeedKind.RESOURCE_GROUP),
    (node(type_="CDM Job", clusterName="x"), NeedKind.CLUSTER),
    (node(type_="MRSSpark", clusterName="x"), NeedKind.CLUSTER),
    (node(type_="DLI Spark", clusterName="x"), NeedKind.QUEUE),
    (node(type_="OfflineSync", syncTaskName="x"), NeedKind.SYNC_TASK),
    (node(type_="DataQualityMonitor", monitorName="x"), NeedKind.QUALITY_MONITOR),
    (node(type_="GES_Import", graphName="x"), NeedKind.GRAPH),
    (node(type_="DISTransferTask", streamName="x"), NeedKind.STREAM),
]


@pytest.mark.parametrize(("one", "kind"), REFERENCES)
def test_an_inventoried_kind_that_lacks_the_thing_blocks_and_a_mapping_answers_it(
    one: dict[str, Any], kind: NeedKind
) -> None:
    view = target(inventory={kind: ["y"]}, connections=["y"])
    load = Load().job("j", one)
    finding = only(load, view)
    assert (finding.code, finding.need_kind, finding.need_name) == (f"{kind}-missing", kind, "x")
    assert codes(load, view, mapping=Mapping({kind: {"x": "y"}})) == set()


@pytest.mark.parametrize(("one", "kind"), [row for row in REFERENCES if row[1] is not NeedKind.CONNECTION])
def test_a_kind_that_was_never_inventoried_holds_unless_policy_warns_or_blocks_or_it_is_accepted(
    one: dict[str, Any], kind: NeedKind
) -> None:
    load = Load().job("j", one)
    held = only(load)
    assert (held.code, held.severity, held.need_name) == ("inventory-unknown", Severity.HOLD, "x")
    assert only(load, unknown_inventory=UnknownInventory.WARN).severity is Severity.WARN
    assert only(load, unknown_inventory=UnknownInventory.BLOCK).severity is Severity.BLOCK
    for profile in ("easydata", "strict"):
        assert only(load, target(settings={"profile": profile})).severity is Severity.BLOCK
    assert codes(load, target(settings={"inventory_accepted": f"user,{kind}"})) == set()
    there = target(inventory={kind: ["y"]}, settings={"inventory_accepted": kind})
    assert codes(load, there) == set()


@pytest.mark.parametrize(
    ("load", "code"),
    [
        (Load().job("j", node(scriptName="gone")), "script-missing"),
        (Load().job("j", node(resourcePath="gone")), "resource-missing"),
        (Load().job("j", node(type_="DLFSubJob", jobName="gone")), "nested-job-missing"),
        (Load().job("j", node(type_="ForEachJob", subJobName="gone")), "nested-job-missing"),
        (Load().job("j", node(type_="NestedFlow", taskName="gone")), "nested-job-missing"),
        (Load().job("j", upstream=["gone"]), "upstream-job-missing"),
        (Load().script("s", connectionName="gone"), "connection-missing"),
    ],
)
def test_things_that_are_kept_here_are_always_checked(load: Load, code: str) -> None:
    finding = only(load)
    assert (finding.code, finding.severity, finding.need_name) == (code, Severity.BLOCK, "gone")
    assert only(load, missing=MissingReference.HOLD).severity is Severity.HOLD
    kind = NeedKind(finding.need_kind)
    assert only(load, hold={kind: ("gone",)}).severity is Severity.HOLD
    assert only(load, hold={kind: ("other",)}).severity is Severity.BLOCK


def test_a_statement_node_needs_no_script() -> None:
    assert codes(Load().job("j", node(scriptName="gone", statementOrScript="STATEMENT"))) == set()


def test_an_upstream_job_in_the_same_package_counts_in_any_order() -> None:
    assert codes(Load().job("a_down", upstream=["z_up"]).job("z_up")) == set()


def elsewhere_job(workspace: str, name: str) -> dict[str, Any]:
    depend = {"otherWorkSpaceJobs": [{"jobName": name, "workSpace": workspace}]}
    return job("j", schedule={"type": "CRON", "cron": {"dependJobs": depend}})


@pytest.mark.parametrize(
    ("elsewhere", "code"),
    [({}, "workspace-missing"), ({"sales": []}, "upstream-elsewhere-missing"), ({"sales": ["up"]}, None)],
)
def test_an_upstream_job_of_another_workspace_needs_workspace_and_job(
    elsewhere: dict[str, Any], code: str | None
) -> None:
    found = codes(Load().add(JOB, elsewhere_job("sales", "up")), target(elsewhere=elsewhere))
    assert found == ({code} if code else set())


def test_missing_users_and_variables_only_warn() -> None:
    load = Load().job("j", node(scriptArgs="day=${day}"), basicConfig={"executeUser": "lin"})
    findings = check(load.context(target(inventory={NeedKind.USER: ["zhao"]})))
    assert {(one.code, one.severity) for one in findings} == {
        ("user-missing", Severity.WARN),
        ("variable-missing", Severity.WARN),
    }


def test_a_parameter_of_the_job_is_no_missing_variable() -> None:
    assert (
        codes(Load().job("j", node(scriptArgs="day=${day}"), params=[{"name": "day", "value": "1"}])) == set()
    )


def test_databases_topics_urls_and_paths_are_never_missing() -> None:
    load = Load().job(
        "j",
        node(database="d"),
        node("b", "SMN", topic="t"),
        node("c", "RESTAPI", url="u"),
        node("d", "OBSManager", path="obs://b/x"),
    )
    assert codes(load) == set()


@pytest.mark.parametrize(
    ("zone", "differs"),
    [("Asia/Shanghai", True), ("GMT+8", True), ("UTC", False), ("", False), ("GMT", False)],
)
def test_another_time_zone_warns_unless_it_is_relabelled(zone: str, differs: bool) -> None:
    cron = {"expression": "0 0 1 * * ?"} | ({"expressionTimeZone": zone} if zone else {})
    load = Load().job("j", schedule={"type": "CRON", "cron": cron})
    assert codes(load) == ({"time-zone-differs"} if differs else set())
    assert codes(load, time_zone="GMT+2") == set()


def test_two_spellings_of_one_clock_do_not_differ() -> None:
    cron = {"expression": "0 0 1 * * ?", "expressionTimeZone": "GMT+8"}
    assert (
        codes(Load().job("j", schedule={"cron": cron}), target(settings={"time_zone": "Asia/Shanghai"}))
        == set()
    )


def test_overrides_that_hit_nothing_are_told() -> None:
    load = Load().job("j", params=[{"name": "day", "value": "1"}])
    assert codes(load, job_params={"j": {"dy": "2"}}) == {"parameter-unknown"}
    assert codes(load, job_params={"k": {"day": "2"}}) == {"override-unknown"}


def test_all_findings_come_in_one_pass_the_gravest_first() -> None:
    load = Load().job("a b", node(scriptName="gone", queueName="q")).script("s", connectionName="c")
    found = [one.severity for one in check(load.context())]
    assert found == sorted(found, key=list(Severity).index)
    assert len(found) == 4


def test_both_catalogues_know_the_same_codes_with_the_same_arguments() -> None:
    assert ENGLISH.keys() == CHINESE.keys()
    for code in ENGLISH:
        english, chinese = ("".join(catalogue[code]) for catalogue in (ENGLISH, CHINESE))
        assert set(re.findall(r"{(\w+)}", chinese)) <= set(re.findall(r"{(\w+)}", english)), code


def test_every_finding_of_these_tests_can_be_said_in_both_languages() -> None:
    load = (
        Load()
        .job("a b", node(scriptName="gone", queueName="q"), upstream=["up"])
        .script("s", connectionName="c")
    )
    for finding in check(load.context()):
        assert all(say(finding, language).message for language in Language)
