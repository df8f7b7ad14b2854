"""Findings grouped into things, and plans read page by page."""

from __future__ import annotations

from typing import Any

import pytest

from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.finding import PACKAGE, Finding, Severity
from jobferry.model.transfer.finding_group import FindingGroup, Place, Reason, grouped
from jobferry.model.transfer.plan_pages import (
    FindingFilter,
    FindingOrder,
    PlaceFilter,
    PlanPages,
    Span,
    StepFilter,
    StepOrder,
    referred,
)
from jobferry.model.transfer.plan_view import Change, PlanLine, Verdict

ALL = Span(0, 100)


def missing(user: str, need: str = "dwh", path: str = "", **more: Any) -> Finding:
    values: dict[str, Any] = {
        "code": "connection-missing",
        "severity": Severity.BLOCK,
        "kind": "job",
        "need_kind": "connection",
        "args": {"need": need},
    }
    return Finding(**(values | more), name=user, need_name=need, path=path)


def follows(user: str, need: str, **cause: str) -> Finding:
    args = {"kind": "script", "need": need, "cause": "connection-missing", **cause}
    return missing(user, need, code="needed-left-out", need_kind="script", args=args)


FOUND = [
    missing("b", path="nodes[0]"),
    missing("a", path="nodes[1]"),
    missing("a", path="nodes[0]"),
    missing("c", "ods"),
    missing("a", severity=Severity.WARN),
    follows("x", "s1", **{"cause.need": "dwh"}),
    follows("y", "s2", **{"cause.need": "dwh"}),
    follows("z", "s2", **{"cause.need": "ods"}),
    Finding.on(PACKAGE, "time-zone-differs", Severity.WARN, zone="UTC"),
]
DIRECTORIES = {("job", "a"): "/dw/ods", ("job", "b"): "/dw", ("job", "c"): "/dwh"}


def test_what_is_said_of_many_objects_is_one_finding_with_all_its_places() -> None:
    found = grouped(FOUND, DIRECTORIES)
    said = [(one.code, one.severity.value, one.need_name, one.objects) for one in found.groups]
    assert said == [
        ("connection-missing", "block", "dwh", 2),
        ("connection-missing", "block", "ods", 1),
        ("needed-left-out", "block", "", 2),
        ("needed-left-out", "block", "", 1),
        ("connection-missing", "warn", "dwh", 1),
        ("time-zone-differs", "warn", "", 0),
    ]
    assert [one.number for one in found.groups] == [1, 2, 3, 4, 5, 6]
    assert found.groups[0].first == (
        Place("job", "a", "/dw/ods", "nodes[0]"),
        Place("job", "b", "/dw", "nodes[0]"),
    )
    assert [(one.name, one.path) for one in found.places[0]] == [
        ("a", "nodes[0]"),
        ("a", "nodes[1]"),
        ("b", "nodes[0]"),
    ]
    assert found.places[-1] == ()
    assert found.counts == {Severity.BLOCK: 4, Severity.WARN: 2}


def test_what_follows_is_one_finding_a_cause_whatever_stands_in_between() -> None:
    found = grouped(FOUND, {})
    assert found.groups[2].args == {"cause": "connection-missing", "cause.need": "dwh"}
    assert found.reasons([FOUND[6], FOUND[0]]) == (Reason(3, ""), Reason(1, "nodes[0]"))


def test_only_ten_objects_stand_in_a_finding_itself() -> None:
    found = grouped([missing(f"job_{number:02}", path=str(number % 2)) for number in range(30)], {})
    (group,) = found.groups
    assert (group.objects, len(found.places[0])) == (30, 30)
    assert [place.name for place in group.first] == [f"job_{number:02}" for number in range(10)]


def line(verdict: Verdict, name: str, directory: str = "/", *numbers: int, **more: Any) -> PlanLine:
    reasons = tuple(Reason(number, "") for number in numbers)
    values: dict[str, Any] = {"kind": ObjectKind.JOB, "change": Change.NEW} | more
    return PlanLine(verdict=verdict, name=name, directory=directory, reasons=reasons, **values)


LINES = [
    line(Verdict.CREATE, "s", "/dw", kind=ObjectKind.SCRIPT),
    line(Verdict.BLOCKED, "B", "/dw", 1),
    line(Verdict.BLOCKED, "a", "/dw/ods", 1, 5),
    line(Verdict.HELD, "c", "/dwh", change=Change.PACKAGE_NEWER),
]
PAGES = PlanPages.of(LINES, grouped(FOUND, DIRECTORIES))


def test_steps_are_told_apart_by_whether_they_stay_as_they_are() -> None:
    quiet = [line(Verdict.UNCHANGED, "u"), line(Verdict.SKIP, "k")]
    pages = PlanPages.of([*LINES, *quiet], grouped(FOUND, DIRECTORIES))
    for stays, names in ((True, ["u", "k"]), (False, ["s", "B", "a", "c"])):
        total, found = pages.steps(StepFilter(stays=stays), Span(0, 100))
        assert (total, [step.name for step in found]) == (len(names), names)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (StepFilter(), ["s", "B", "a", "c"]),
        (StepFilter(kind=ObjectKind.JOB), ["B", "a", "c"]),
        (StepFilter(name_part="b"), ["B"]),
        (StepFilter(directory="/dw"), ["s", "B", "a"]),
        (StepFilter(directory="/dw/"), ["s", "B", "a"]),
        (StepFilter(directory="/"), ["s", "B", "a", "c"]),
        (StepFilter(verdict=Verdict.BLOCKED), ["B", "a"]),
        (StepFilter(change=Change.PACKAGE_NEWER), ["c"]),
        (StepFilter(finding=2), ["c"]),
        (StepFilter(finding=99), []),
        (StepFilter(order=StepOrder.NAME), ["B", "a", "c", "s"]),
        (StepFilter(order=StepOrder.NAME_DOWN), ["s", "c", "a", "B"]),
        (StepFilter(order=StepOrder.KIND), ["B", "a", "c", "s"]),
        (StepFilter(order=StepOrder.DIRECTORY), ["B", "s", "a", "c"]),
        (StepFilter(order=StepOrder.DIRECTORY_DOWN), ["c", "a", "s", "B"]),
        (StepFilter(order=StepOrder.VERDICT), ["s", "c", "B", "a"]),
    ],
    ids=str,
)
def test_steps_are_filtered_and_sorted(wanted: StepFilter, names: list[str]) -> None:
    total, page = PAGES.steps(wanted, ALL)
    assert (total, [one.name for one in page]) == (len(names), names)


def test_a_page_beyond_the_end_is_empty_and_its_total_true() -> None:
    assert PAGES.steps(StepFilter(), Span(4, 10)) == (4, [])
    assert PAGES.steps(StepFilter(), Span(1, 2)) == (4, LINES[1:3])


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (FindingFilter(), [1, 2, 3, 4, 5, 6]),
        (FindingFilter(severity=Severity.WARN), [5, 6]),
        (FindingFilter(code="needed-left-out"), [3, 4]),
        (FindingFilter(need_kind="connection", need_part="OD"), [2]),
        (FindingFilter(objects=PlaceFilter(name_part="A")), [1, 5]),
        (FindingFilter(objects=PlaceFilter(directory="/dw", kind=ObjectKind.JOB)), [1, 5]),
        (FindingFilter(objects=PlaceFilter(kind=ObjectKind.SCRIPT)), []),
        (FindingFilter(order=FindingOrder.CODE), [1, 2, 5, 3, 4, 6]),
        (FindingFilter(order=FindingOrder.NEED), [3, 4, 6, 1, 5, 2]),
        (FindingFilter(order=FindingOrder.OBJECTS), [6, 2, 4, 5, 1, 3]),
        (FindingFilter(order=FindingOrder.OBJECTS_DOWN), [1, 3, 2, 4, 5, 6]),
    ],
    ids=str,
)
def test_findings_are_filtered_and_sorted(wanted: FindingFilter, numbers: list[int]) -> None:
    total, page = PAGES.findings(wanted, ALL)
    assert (total, [one.number for one in page]) == (len(numbers), numbers)


def test_the_objects_of_one_finding_are_paged() -> None:
    assert PAGES.objects(1, PlaceFilter(), Span(1, 1))[0] == 3
    assert [one.path for one in PAGES.objects(1, PlaceFilter(name_part="a"), ALL)[1]] == [
        "nodes[0]",
        "nodes[1]",
    ]
    assert PAGES.objects(7, PlaceFilter(), ALL) == (0, [])
    assert PAGES.objects(0, PlaceFilter(), ALL) == (0, [])


def test_a_page_names_the_findings_that_its_lines_refer_to() -> None:
    groups: list[FindingGroup] = PAGES.all_findings()
    assert [one.number for one in referred(groups, LINES)] == [1, 5]
    assert referred(groups, LINES[:1]) == []
