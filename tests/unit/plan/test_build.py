"""Plans: what becomes of each object, in which order, and what stays out with what."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from builders import SOURCE, Load, found_in, grant, job, node, resource, script, stored, target
from jobferry.check.runner import check
from jobferry.model.document.edits import edited
from jobferry.model.document.text import digest_of, parse
from jobferry.model.kinds import NeedKind, ObjectKind, SchedulingState
from jobferry.model.messages import Language, say
from jobferry.model.package import Deletion
from jobferry.model.rights import Role
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.import_context import RequestedDeletion
from jobferry.model.transfer.mapping import Mapping
from jobferry.model.transfer.plan import Bind, Block, Create, Hold, Keep, Lock, Overwrite, Plan, Skip, Submit
from jobferry.model.transfer.policy import Duplicates, MissingReference, Outcome, TargetStatus
from jobferry.plan.apply import receipt_items
from jobferry.plan.build import as_planned, build, leaving_order

JOB, SCRIPT, RESOURCE = ObjectKind.JOB, ObjectKind.SCRIPT, ObjectKind.RESOURCE
OVERWRITE = Duplicates.OVERWRITE


def plan(load: Load, view=None, **options) -> Plan:
    context = load.context(view, **options)
    return build(context, check(context))


def outcomes(load: Load, view=None, **options) -> dict[str, str]:
    made = plan(load, view, **options)
    return {item.name: item.outcome.value for item in receipt_items(made, found_in(made))}


def texts(load: Load, view=None, **options) -> dict[str, dict[str, Any]]:
    """What would be written, by name."""
    context = load.context(view, **options)
    return {
        arrival.name: parse(edited(load.text_of(arrival.entry), arrival.edits)) for arrival in context.items
    }


def test_new_objects_are_created_and_submitted_in_landing_order() -> None:
    load = Load().job("a_down", node(scriptName="clean"), upstream=["z_up"]).job("z_up").script().resource()
    leading = [step.name for step in plan(load).steps if isinstance(step, Create)]
    assert leading == ["lookup", "clean", "z_up", "a_down"]
    assert [step.name for step in plan(load).steps if isinstance(step, Submit)] == ["clean", "z_up", "a_down"]


def test_jobs_in_a_circle_still_land() -> None:
    load = Load().job("a", upstream=["b"]).job("b", upstream=["a"])
    assert outcomes(load) == {"a": "created", "b": "created"}


def test_saved_submits_nothing() -> None:
    assert not [
        s for s in plan(Load().job(), target_status=TargetStatus.SAVED).steps if isinstance(s, Submit)
    ]


def test_the_same_again_is_unchanged_whatever_the_policy() -> None:
    there = stored(JOB, job("orders"), state=SchedulingState.SCHEDULING)
    for duplicates in Duplicates:
        (step,) = plan(Load().job("orders"), target(there), duplicates=duplicates).steps
        assert isinstance(step, Keep)


def test_the_same_draft_that_is_not_live_is_submitted() -> None:
    there = stored(JOB, job("orders"), live=False)
    steps = plan(Load().job("orders"), target(there), duplicates=OVERWRITE).steps
    assert [type(step) for step in steps] == [Overwrite, Lock, Submit, Bind]
    assert isinstance(
        plan(Load().job("orders"), target(there), target_status=TargetStatus.SAVED).steps[0], Keep
    )


def test_skip_leaves_what_exists_and_still_binds_new_jobs_to_it() -> None:
    view = target(stored(SCRIPT, script("clean", "SELECT 2")))
    load = Load().job("orders", node(scriptName="clean")).script("clean")
    assert outcomes(load, view) == {"clean": "skipped", "orders": "created"}


def test_a_failing_job_takes_along_its_dependents_and_what_only_it_uses() -> None:
    load = (
        Load()
        .job("bad", node(connectionName="gone", scriptName="only_bad"), node("n2", scriptName="shared"))
        .job("down", upstream=["bad"])
        .job("further", node(type_="DLFSubJob", jobName="down"))
        .job("good", node(scriptName="shared"))
        .script("only_bad")
        .script("shared")
        .script("lonely")
    )
    assert outcomes(load) == {
        "bad": "blocked",
        "down": "blocked",
        "further": "blocked",
        "only_bad": "blocked",
        "good": "created",
        "shared": "created",
        "lonely": "created",
    }


def why(load: Load, view=None, language=Language.ENGLISH, **options) -> dict[str, list[str]]:
    """What is said of each object that stays out."""
    blocked = [step for step in plan(load, view, **options).steps if isinstance(step, Block)]
    return {step.name: [say(one, language).message for one in step.findings] for step in blocked}


LOCKED_HARD: dict[str, Any] = {"grant": grant(Role.DEVELOPER), "settings": {"lock_policy": "hard"}}
KEPT_OUT = {
    "its script, which somebody has locked": (
        target(stored(SCRIPT, script("used", "SELECT 2"), locked_by="wang"), **LOCKED_HARD),
        Load().job("orders", node(scriptName="used")).script("used"),
    ),
    "its script, which is of another type here": (
        target(stored(SCRIPT, script("used") | {"type": "Shell"})),
        Load().job("orders", node(scriptName="used")).script("used"),
    ),
    "its resource": (
        target(stored(RESOURCE, resource("used") | {"type": "file"})),
        Load().job("orders", node(resourcePath="used")).resource("used"),
    ),
    "the job that it waits for, which is running": (
        target(stored(JOB, job("used", node("old")), state=SchedulingState.SCHEDULING)),
        Load().job("orders", upstream=["used"]).job("used"),
    ),
    "the job that it runs, which refers to nothing here": (
        target(stored(JOB, job("used"))),
        Load().job("orders", node(type_="DLFSubJob", jobName="used")).job("used", node(connectionName="no")),
    ),
}


@pytest.mark.parametrize("missing", MissingReference)
@pytest.mark.parametrize("case", KEPT_OUT)
def test_a_job_stays_out_with_what_could_not_overwrite_what_is_here(
    case: str, missing: MissingReference
) -> None:
    view, load = KEPT_OUT[case]
    if missing is MissingReference.HOLD and "refers to nothing" in case:
        return  # then that one lands held
    assert outcomes(load, view, duplicates=OVERWRITE, missing=missing) == {
        "orders": "blocked",
        "used": "blocked",
    }


def test_who_stays_out_is_told_what_for_and_why_that_stays_out() -> None:
    view, load = deepcopy(KEPT_OUT["its script, which somebody has locked"])
    load.job("later", upstream=["orders"])
    told = why(load, view, duplicates=OVERWRITE)
    (locked,) = told["used"]
    assert told["orders"] == [f"needs an object that is left out of this import: it {locked}"]
    assert told["later"] == told["orders"]
    (chinese,) = why(load, view, Language.CHINESE, duplicates=OVERWRITE)["later"]
    assert chinese.startswith("需要的对象未能导入：该对象")


def test_a_missing_thing_does_not_hold_what_stays_out() -> None:
    context = Load().job("a b", node(connectionName="gone")).context(missing=MissingReference.HOLD)
    found = check(context)
    assert {one.severity for one in found if one.code == "connection-missing"} == {Severity.HOLD}
    shown = as_planned(found, build(context, found))
    assert {one.code: one.severity for one in shown} == {
        "name-illegal": Severity.BLOCK,
        "connection-missing": Severity.WARN,
    }


def test_outcome_package_keeps_everything_out() -> None:
    load = Load().job("bad", node(connectionName="gone")).job("good")
    made = plan(load, outcome=Outcome.PACKAGE)
    assert made.refused
    assert all(isinstance(step, Block) for step in made.steps)


def test_hold_lets_a_job_land_and_says_what_is_missing() -> None:
    load = Load().job("orders", node(connectionName="gone"))
    made = plan(load, missing=MissingReference.HOLD)
    (item,) = receipt_items(made, found_in(made))
    assert (item.outcome, item.missing) == ("held", ("connection gone",))


def test_hold_spreads_to_those_who_need_a_job_that_fails() -> None:
    load = Load().job("a b").job("down", upstream=["a b"])
    assert outcomes(load, missing=MissingReference.HOLD) == {"a b": "blocked", "down": "held"}


def test_a_renamed_job_is_found_by_its_uid() -> None:
    view = target(stored(JOB, job("old"), uid="u1"))
    steps = plan(Load().job("new", uid="u1"), view, duplicates=OVERWRITE).steps
    assert isinstance(steps[0], Overwrite)
    assert (steps[0].former_name, steps[0].name) == ("old", "new")


def test_without_a_manifest_jobs_match_by_name_only() -> None:
    view = target(stored(JOB, job("orders", node("x")), uid="other"))
    assert isinstance(
        plan(Load(manifest=False).job("orders"), view, duplicates=OVERWRITE).steps[0], Overwrite
    )


def test_a_job_bound_by_name_once_is_known_by_its_source_uid_later() -> None:
    local, text = stored(JOB, job("here"), uid="mine")
    view = target((local, text), by_uid={}, bound={(JOB, "theirs"): local}, objects={})
    assert isinstance(plan(Load().job("there", uid="theirs"), view, duplicates=OVERWRITE).steps[0], Overwrite)


def test_binding_remembers_source_uid_and_digests() -> None:
    load = Load().script("clean")
    (bind,) = [step for step in plan(load).steps if isinstance(step, Bind)]
    (item,) = load.contents().entries
    assert (bind.source_platform, bind.source_uid) == (SOURCE, "uid-clean")
    assert bind.entry_digest == bind.result_digest == item.info.sha256
    assert bind.edits_digest == ""


def test_an_overwritten_job_keeps_its_place() -> None:
    view = target(stored(JOB, job("orders", directory="/mine")))
    made = texts(Load().job("orders", node("x"), directory="/theirs"), view, duplicates=OVERWRITE)
    assert made["orders"]["directory"] == "/mine"


def test_a_chosen_directory_is_for_new_objects_only() -> None:
    view = target(stored(JOB, job("old", directory="/mine")))
    load = Load().job("old", node("x")).job("new", directory="/theirs")
    made = texts(load, view, duplicates=OVERWRITE, directory="/chosen")
    assert (made["old"]["directory"], made["new"]["directory"]) == ("/mine", "/chosen")


def test_a_package_without_schedule_keeps_the_target_s() -> None:
    bare = {key: value for key, value in job("orders", node("x")).items() if key != "schedule"}
    made = texts(Load().add(JOB, bare), target(stored(JOB, job("orders"))), duplicates=OVERWRITE)
    assert made["orders"]["schedule"] == job()["schedule"]


def test_an_empty_sensitive_value_keeps_the_target_s() -> None:
    there = job("orders", node("n", header="h"), params=[{"name": "db_password", "value": "s3cret"}])
    there["nodes"][0]["properties"][0]["value_is_sensitive"] = True
    coming = job("orders", node("first"), node("n", header=""), params=[{"name": "db_password", "value": ""}])
    coming["nodes"][1]["properties"][0]["value_is_sensitive"] = True
    made = texts(Load().add(JOB, coming), target(stored(JOB, there)), duplicates=OVERWRITE)["orders"]
    assert made["params"][0]["value"] == "s3cret"
    assert made["nodes"][1]["properties"][0]["value"] == "h"


def test_parameters_users_and_zones_are_set_the_job_s_own_value_winning() -> None:
    params = [{"name": "day", "value": "1"}, {"name": "city", "value": "x"}]
    cron = {"expression": "0 0 1 * * ?", "expressionTimeZone": "GMT+8"}
    load = Load().job("orders", params=params, schedule={"type": "CRON", "cron": cron})
    made = texts(
        load,
        params={"day": "2", "city": "y"},
        job_params={"orders": {"day": "3"}},
        execute_user="lin",
        time_zone="GMT+2",
    )["orders"]
    assert [one["value"] for one in made["params"]] == ["3", "y"]
    assert made["basicConfig"] == {"executeUser": "lin"}
    assert (
        made["schedule"]["cron"].items()
        >= {"expression": "0 0 1 * * ?", "expressionTimeZone": "GMT+2"}.items()
    )


def test_a_mapping_reaches_nodes_schedules_scripts_and_the_cluster_of_a_cdm_definition() -> None:
    load = (
        Load()
        .job(
            "orders",
            node("a", connectionName="c1", queueName="q1"),
            node("b", "CDMJob", clusterName="k1", jobName="m"),
            node("c", "DLISpark", clusterName="q1"),
            upstream=["up"],
        )
        .script("clean", connectionName="c1")
        .add(ObjectKind.CDM, {"x": 1}, name="k1/m")
    )
    mapping = Mapping(
        {
            NeedKind.CONNECTION: {"c1": "c2"},
            NeedKind.QUEUE: {"q1": "q2"},
            NeedKind.CLUSTER: {"k1": "k2"},
            NeedKind.JOB: {"up": "over"},
        }
    )
    made = texts(load, mapping=mapping)
    values = [[one["value"] for one in each["properties"]] for each in made["orders"]["nodes"]]
    assert values == [["c2", "q2"], ["k2", "m"], ["q2"]]
    assert made["orders"]["schedule"]["cron"]["dependJobs"]["jobs"] == ["over"]
    assert made["clean"]["connectionName"] == "c2"
    assert "k2/m" in made


def test_a_mapping_there_and_back_gives_the_original_values() -> None:
    there = Mapping({NeedKind.CONNECTION: {"c1": "c2"}})
    back = Mapping({NeedKind.CONNECTION: {"c2": "c1"}})
    original = job("orders", node("a", connectionName="c1"))
    mapped = texts(Load().add(JOB, original), mapping=there)["orders"]
    assert texts(Load().add(JOB, mapped), mapping=back)["orders"] == original


def test_the_fingerprint_moves_with_every_subject_and_with_nothing_else() -> None:
    load = Load().job("orders", node("x"))
    there = stored(JOB, job("orders"))
    bystander = stored(SCRIPT, script("other"), id_=2)
    same = plan(load, target(there), duplicates=OVERWRITE).fingerprint
    assert plan(load, target(there, bystander), duplicates=OVERWRITE).fingerprint == same
    moved = stored(JOB, job("orders"), state=SchedulingState.PAUSED)
    assert plan(load, target(moved), duplicates=OVERWRITE).fingerprint != same
    assert plan(load, target()).fingerprint != same


def test_the_same_inputs_make_the_same_plan() -> None:
    load = Load().job("a", upstream=["b"]).job("b").script()
    assert plan(load) == plan(load)
    assert plan(load).package_digest == load.contents().digest


def test_a_skipped_job_has_not_failed() -> None:
    view = target(stored(JOB, job("orders", node("x"))))
    (step,) = plan(Load().job("orders"), view).steps
    assert isinstance(step, Skip)


def test_held_steps_name_the_missing_and_digest_of_the_text() -> None:
    load = Load().job("orders", node(connectionName="gone"))
    steps = plan(load, missing=MissingReference.HOLD).steps
    assert [type(step) for step in steps] == [Create, Lock, Hold, Submit, Bind]
    (item,) = load.contents().entries
    assert isinstance(steps[0], Create)
    assert steps[0].digest == item.info.sha256 == digest_of(load.text_of(item))


def cdm(content: bytes, name: str, uid: str = "u1") -> Load:
    return Load().add(ObjectKind.CDM, content, name=name, uid=uid)


def test_a_cdm_definition_that_is_here_is_neither_copied_nor_overwritten_where_copies_are_wanted() -> None:
    here = stored(ObjectKind.CDM, {"steps": 1}, name="k1/load")
    load = cdm(b'{"steps": 2}', "k1/load").job("orders", uid="u2")
    assert outcomes(load, target(here), duplicates=Duplicates.COPY) == {
        "k1/load": "skipped",
        "orders": "created",
    }


def test_a_cdm_definition_of_another_name_is_not_unchanged_although_its_text_is() -> None:
    here = stored(ObjectKind.CDM, {}, name="k1/old", uid="u1")
    same, renamed = cdm(here[1], "k1/old"), cdm(here[1], "k1/new")
    assert outcomes(same, target(here), duplicates=OVERWRITE) == {"k1/old": "unchanged"}
    assert outcomes(renamed, target(here), duplicates=OVERWRITE) == {"k1/new": "overwritten"}


def test_what_goes_comes_after_what_uses_it() -> None:
    here = [
        stored(RESOURCE, resource("lib"), id_=1)[0],
        stored(SCRIPT, script("clean"), id_=2)[0],
        stored(ObjectKind.CDM, {}, id_=3, name="k1/load")[0],
        stored(JOB, job("b"), id_=4)[0],
        stored(JOB, job("a"), id_=5)[0],
    ]
    going = [
        RequestedDeletion(
            deletion=Deletion(kind=one.kind, name=one.name, uid=one.uid), target=one, edited=False
        )
        for one in here
    ]
    assert [one.target.name for one in leaving_order(going)] == ["a", "b", "k1/load", "clean", "lib"]
