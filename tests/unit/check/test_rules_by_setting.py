"""Rules that a workspace setting switches: what they find under each of its values."""

from __future__ import annotations

import pytest

from builders import Load, job, node, stored, target, written
from jobferry.check.runner import check
from jobferry.model.document.facts import FactRules, Facts, facts_of
from jobferry.model.document.references import VariableSyntax
from jobferry.model.document.text import digest_of
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.import_context import Intent
from jobferry.model.transfer.plan import Bind, Create, Overwrite
from jobferry.model.transfer.policy import Duplicates
from jobferry.model.transfer.target_state import TargetState
from jobferry.plan.build import build

JOB = ObjectKind.JOB


def found(load: Load, view: TargetState, **options) -> list[Finding]:
    return list(check(load.context(view, **options)))


def edited_here(**settings: str) -> TargetState:
    """The job's text is not the one that the last import from the package's platform wrote."""
    here = stored(JOB, job("orders", node("mine")), id_=7, uid="u1", updated_by="wang")
    entry = digest_of(written(job("orders", node("theirs"))))
    return target(here, settings=settings, landed={7: "another digest"}, landed_entries={7: entry})


@pytest.mark.parametrize(("name", "code"), [("theirs", "target-edited"), ("newer", "both-edited")])
@pytest.mark.parametrize(("value", "severity"), [("overwrite", Severity.WARN), ("block", Severity.BLOCK)])
def test_an_object_edited_here_warns_or_blocks(value: str, severity: Severity, name: str, code: str) -> None:
    load = Load().job("orders", node(name), uid="u1")
    (finding,) = found(load, edited_here(target_edited=value), duplicates=Duplicates.OVERWRITE)
    assert (finding.code, finding.severity, finding.args["by"]) == (code, severity, "wang")
    assert not found(load, edited_here(target_edited=value), duplicates=Duplicates.SKIP)


def test_an_object_that_stands_as_it_landed_was_not_edited() -> None:
    here = stored(JOB, job("orders", node("landed")), id_=7, uid="u1")
    view = target(here, settings={"target_edited": "block"}, landed={7: here[0].digest})
    load = Load().job("orders", node("newer"), uid="u1")
    assert not found(load, view, duplicates=Duplicates.OVERWRITE)


def test_an_edit_that_the_package_makes_too_loses_nothing() -> None:
    here = stored(JOB, job("orders", node("same")), id_=7, uid="u1", live=False)
    view = target(here, settings={"target_edited": "block"}, landed={7: "another digest"})
    assert not found(Load().job("orders", node("same"), uid="u1"), view, duplicates=Duplicates.OVERWRITE)


def test_by_name_alone_the_uid_of_another_object_does_not_count() -> None:
    here = stored(JOB, job("bills"), id_=7, uid="u1")
    load = Load().job("orders", node("n"), uid="u1")
    by_uid = load.context(target(here), duplicates=Duplicates.OVERWRITE)
    assert by_uid.items[0].intent is Intent.OVERWRITE
    by_name = load.context(target(here, settings={"match": "name"}), duplicates=Duplicates.OVERWRITE)
    create, *_, bind = build(by_name, check(by_name)).steps
    assert isinstance(create, Create)
    assert (create.name, create.uid) == ("orders", "")
    assert isinstance(bind, Bind)


def test_by_name_alone_no_identity_conflict_arises() -> None:
    both = (stored(JOB, job("bills"), id_=7, uid="u1"), stored(JOB, job("orders"), id_=8, uid="u2"))
    load = Load().job("orders", node("n"), uid="u1")
    assert {one.code for one in found(load, target(*both), duplicates=Duplicates.OVERWRITE)} == {
        "identity-conflict"
    }
    context = load.context(target(*both, settings={"match": "name"}), duplicates=Duplicates.OVERWRITE)
    assert not check(context)
    overwrite = build(context, ()).steps[0]
    assert isinstance(overwrite, Overwrite)
    assert overwrite.object_id == 8


def waiting() -> Load:
    upstream = {"jobName": "totals", "workSpace": "finance"}
    cron = {"expression": "0 0 1 * * ?", "dependJobs": {"otherWorkSpaceJobs": [upstream]}}
    return Load().job("orders", node("n"), schedule={"type": "CRON", "cron": cron})


def test_a_workspace_that_refuses_dependents_blocks_them_whether_it_has_the_job_or_not() -> None:
    for jobs in (["totals"], []):
        view = target(elsewhere={"finance": jobs}, closed=frozenset({"finance"}))
        (finding,) = found(waiting(), view, missing="hold")
        assert (finding.code, finding.severity) == ("upstream-elsewhere-refused", Severity.BLOCK)
        assert (finding.args["need"], finding.args["workspace"]) == ("totals", "finance")
    assert not found(waiting(), target(elsewhere={"finance": ["totals"]}))


def read(*nodes, **reading) -> Facts:
    document = job("j", *nodes)
    return facts_of(JOB, document, FactRules(**reading), text=written(document))


@pytest.mark.parametrize(
    "type_", ["MRS Spark", "MRSSparkPython", "MapReduce", "HiveSQL", "Spark SQL", "MRSFlinkJob"]
)
def test_a_node_on_mrs_must_name_its_queue_where_that_is_mandatory(type_: str) -> None:
    bare, queued = node("a", type_), node("b", type_, queueName="etl")
    assert not read(bare).problems
    (problem,) = read(queued, bare, mrs_queue=True).problems
    assert (problem.code, problem.path, problem.args) == ("mrs-queue-unset", "nodes[1]", {"node": "a"})


def test_a_hetu_node_names_its_queue_in_its_own_way_and_other_nodes_need_none() -> None:
    fine = [node("a", "MRSHetuEngine", Queue="etl"), node("b", "Shell"), node("c", "DLISQL")]
    assert not read(*fine, mrs_queue=True).problems


def test_only_the_chosen_spelling_is_a_variable_that_is_needed() -> None:
    nodes = [node("a", scriptArgs="x=${plain} y=${dlf.own}")]

    def variables(**reading) -> set[str]:
        return {one.name for one in read(*nodes, **reading).references if one.kind is NeedKind.VARIABLE}

    assert variables() == {"plain"}
    assert variables(variables=VariableSyntax.DLF) == {"own"}


def test_facts_of_another_reading_do_not_count() -> None:
    readings = [FactRules(), FactRules(mrs_queue=True), FactRules(variables=VariableSyntax.DLF)]
    assert len({reading.facts_version(JOB) for reading in readings}) == 3
