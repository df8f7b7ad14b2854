"""An outline says of a document what its facts say."""

from jobferry.model.document.facts import ExportFacts, ExportReference, Facts, export_facts_of
from jobferry.model.document.problems import Problem
from jobferry.model.document.references import NESTED, UPSTREAM, Reference
from jobferry.model.kinds import NeedKind

WHOLE = Facts(
    name="订单",
    directory="/a",
    subtype="BATCH",
    references=(
        Reference(NeedKind.SCRIPT, 'a "script"', ("nodes", 0, "properties", 2, "value"), role=NESTED),
        Reference(NeedKind.JOB, "作业", ("schedule", "cron", "dependJobs", "jobs", 0), "w", UPSTREAM),
        Reference(NeedKind.VARIABLE, "x", ()),
    ),
    problems=(Problem("code", "nodes[0]", {"name": "a\x00b"}),),
    sensitive=(("params", 1, "value"),),
    exposed=True,
    zones=(("UTC", ("schedule", "cron", "expressionTimeZone")),),
    parameters=(("x", ("params", 0, "value")),),
    has_schedule=True,
    nodes=3,
    tags=("t",),
    ends=(("never", ("schedule",)),),
)


def test_its_fields_are_those_of_facts_in_their_order() -> None:
    fields = ExportFacts.__struct_fields__
    assert fields == Facts.__struct_fields__[: len(fields)]
    assert ExportReference.__struct_fields__ == ("kind", "name", "place", "workspace")
    assert Reference.__struct_fields__[:4] == ("kind", "name", "path", "workspace")


def test_it_tells_references_with_their_paths_and_what_is_sensitive() -> None:
    outline = export_facts_of(WHOLE)
    told = [(one.kind, one.name, one.path, one.workspace) for one in outline.references]
    assert told == [(one.kind, one.name, one.path, one.workspace) for one in WHOLE.references]
    assert [one.in_schedule for one in outline.references] == [False, True, False]
    assert (outline.sensitive, outline.exposed, outline.has_schedule) == (WHOLE.sensitive, True, True)


def test_facts_of_next_to_nothing_have_an_outline_too() -> None:
    outline = export_facts_of(Facts("a"))
    assert (outline.references, outline.sensitive) == ((), ())
    assert not outline.exposed
    assert not outline.has_schedule
