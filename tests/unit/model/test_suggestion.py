"""Suggestions: what would answer the findings that a mapping can answer."""

from __future__ import annotations

from builders import Load, node, target
from jobferry.check.runner import check
from jobferry.model.kinds import NeedKind
from jobferry.model.transfer.mapping import Guess, Mapping, guesses, mapping_of

HERE = {
    NeedKind.CONNECTION: ("dwh_prod", "ods_prod", "lake"),
    NeedKind.JOB: tuple(f"dws_{number}_daily" for number in range(500)),
    NeedKind.QUEUE: ("etl", "adhoc"),
}
VIEW = target(connections=HERE[NeedKind.CONNECTION], inventory={NeedKind.QUEUE: HERE[NeedKind.QUEUE]})


def guessed(load: Load, mapping: Mapping = Mapping()) -> dict[tuple[str, str], Guess]:
    findings = check(load.context(VIEW, mapping=mapping))
    found = guesses(findings, mapping.names, lambda kind: HERE.get(kind, ()))
    return {(one.section, one.name): one for one in found}


def test_what_is_most_like_it_is_guessed_and_nothing_of_another_kind() -> None:
    load = Load().job("a", node("n", connectionName="dwh_test", queueName="x9"), upstream=["dws_417_hourly"])
    found = guessed(load)
    assert found["connection", "dwh_test"].candidates == ("dwh_prod", "ods_prod", "lake")
    assert found["queue", "x9"].candidates[0] in HERE[NeedKind.QUEUE]
    assert found["job", "dws_417_hourly"].candidates[0] == "dws_417_daily"
    assert len(found["job", "dws_417_hourly"].candidates) == 10


def test_what_is_missing_after_a_mapping_goes_by_the_name_in_the_package() -> None:
    mapping = mapping_of({"connection": {"dwh_test": "dwh_stage"}})
    found = guessed(Load().job("a", node("n", connectionName="dwh_test")), mapping)
    assert set(found) == {("connection", "dwh_test")}


def test_a_zone_that_differs_is_answered_and_a_kind_that_is_absent_is_named() -> None:
    cron = {"expression": "0 0 1 * * ?", "expressionTimeZone": "Europe/Berlin"}
    load = Load().job("a", node("n", scriptName="clean"), schedule={"type": "CRON", "cron": cron})
    found = guessed(load)
    assert found["time-zone", "Europe/Berlin"].candidates == (VIEW.settings.time_zone,)
    assert found["script", "clean"].candidates == ()


def test_the_suggestion_leaves_no_finding_that_a_mapping_can_answer() -> None:
    load = Load().job("a", node("n", connectionName="dwh_test", queueName="q"), upstream=[])
    found = guessed(load).values()
    sections: dict[str, dict[str, str]] = {}
    for one in found:
        sections.setdefault(one.section, {})[one.name] = one.candidates[0]
    after = check(load.context(VIEW, mapping=mapping_of(sections)))
    assert guesses(after, {}, lambda _: ()) == ()
