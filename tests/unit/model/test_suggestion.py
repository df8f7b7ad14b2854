"""Suggestions: what is here of a missing thing's kind, the likest names first."""

from __future__ import annotations

from pathlib import Path

import pytest

import jobferry
from builders import Load, node, target
from jobferry.model.kinds import NeedKind
from jobferry.model.names import nearest_names
from jobferry.model.transfer.mapping import Mapping, guess, likenesses, mapping_of
from jobferry.model.transfer.preview import Presence
from jobferry.services.importing.preview import NeedMet, needs_met

HERE = {
    NeedKind.CONNECTION: ("dwh_prod", "ods_prod", "lake"),
    NeedKind.JOB: tuple(f"dws_{number}_daily" for number in range(500)),
    NeedKind.QUEUE: ("etl", "adhoc"),
}
VIEW = target(connections=HERE[NeedKind.CONNECTION], inventory={NeedKind.QUEUE: HERE[NeedKind.QUEUE]})


def needed(load: Load, mapping: Mapping = Mapping()) -> dict[tuple[str, str], NeedMet]:
    found = needs_met(load.context(VIEW, mapping=mapping), names)
    return {(need.kind, need.name): need for need in found}


def names(kind: NeedKind) -> tuple[str, ...]:
    return HERE.get(kind, ())


def test_what_is_most_like_it_comes_first_and_nothing_of_another_kind() -> None:
    load = Load().job("a", node("n", connectionName="dwh_test", queueName="x9"), upstream=["dws_417_hourly"])
    found = needed(load)
    assert found["connection", "dwh_test"].candidates == ("dwh_prod", "ods_prod", "lake")
    assert found["queue", "x9"].candidates[0] in HERE[NeedKind.QUEUE]
    assert found["job", "dws_417_hourly"].candidates[0] == "dws_417_daily"
    assert len(found["job", "dws_417_hourly"].candidates) == 10


def test_what_is_missing_after_a_mapping_goes_by_the_name_in_the_package() -> None:
    mapping = mapping_of({"connection": {"dwh_test": "dwh_stage"}})
    found = needed(Load().job("a", node("n", connectionName="dwh_test")), mapping)
    need = found["connection", "dwh_test"]
    assert (need.local, need.presence) == ("dwh_stage", Presence.MISSING)


def test_of_more_than_ten_things_the_likest_ten_are_told() -> None:
    many = tuple(f"queue_{number:02}" for number in range(30))
    view = target(inventory={NeedKind.QUEUE: many})
    load = Load().job("a", node("n", queueName="queue_29_x"))
    (need,) = needs_met(load.context(view), lambda _: many)
    assert len(need.candidates) == 10
    assert need.candidates[0] == "queue_29"


def test_what_is_here_has_no_candidates_and_a_kind_that_is_absent_has_none() -> None:
    found = needed(Load().job("a", node("n", connectionName="lake", scriptName="clean")))
    assert (found["connection", "lake"].presence, found["connection", "lake"].candidates) == (
        Presence.HERE,
        (),
    )
    assert (found["script", "clean"].presence, found["script", "clean"].candidates) == (Presence.MISSING, ())


def test_the_first_candidates_leave_nothing_missing() -> None:
    load = Load().job("a", node("n", connectionName="dwh_test", queueName="q"), upstream=[])
    sections: dict[str, dict[str, str]] = {}
    for need in needed(load).values():
        sections.setdefault(need.kind, {})[need.name] = need.candidates[0]
    after = needed(load, mapping_of(sections))
    assert {need.presence for need in after.values()} == {Presence.HERE}


TYPED = {"dwh_prod": "DWS", "ods_prod": "HIVE", "lake": "HOST", "lake_prod": "DLI"}


@pytest.mark.parametrize(
    ("name", "types", "suggested"),
    [
        ("dwh_test", ["DWSSQL"], "dwh_prod"),
        ("dwh_test", ["HiveSQL"], ""),
        ("dwh_test", ["DWSSQL", "HiveSQL"], ""),
        ("dwh_test", ["CDMJob"], "dwh_prod"),
        ("lake_test", ["Shell", "Python"], "lake"),
        ("lake_test", ["DLISQL"], "lake_prod"),
        ("lake_test", ["CDMJob"], ""),
        ("ods_uat", ["HiveSQL"], "ods_prod"),
        ("river", ["HiveSQL"], ""),
    ],
)
def test_a_suggestion_fits_by_name_and_by_the_type_that_all_take_that_use_it(
    name: str, types: list[str], suggested: str
) -> None:
    load = Load()
    for number, type_ in enumerate(types):
        load = load.job(f"j{number}", node("n", type_, connectionName=name))
    found = needs_met(load.context(target(connections=TYPED)), lambda _: sorted(TYPED))
    (need,) = [need for need in found if need.kind is NeedKind.CONNECTION]
    assert need.suggested == suggested
    assert set(need.candidates) == set(TYPED)


@pytest.mark.parametrize(
    ("name", "candidates", "guessed"),
    [
        ("dwh_test", ("dwh_prod", "ods_prod"), "dwh_prod"),
        ("dwh", ("dwh_prod", "lake"), "dwh_prod"),
        ("DWH-UAT", ("dwh_prd",), "dwh_prd"),
        ("订单库_测试", ("订单库", "会员库"), "订单库"),
        ("dwh_test", ("dwh_prod", "dwh_uat"), ""),
        ("test_hive_sql", ("dws_sql",), ""),
        ("dws_417_hourly", ("dws_417_daily",), ""),
        ("dwh_1_test", ("dwh_2_prod",), ""),
        ("test", ("prod",), ""),
        ("con", (), ""),
    ],
)
def test_a_guess_is_the_only_one_of_the_same_name_but_for_the_environment(
    name: str, candidates: tuple[str, ...], guessed: str
) -> None:
    assert guess(name, candidates) == guessed


@pytest.mark.parametrize("kind", [NeedKind.JOB, NeedKind.CONNECTION, NeedKind.QUEUE])
def test_a_very_long_name_is_compared_with_no_other(kind: NeedKind) -> None:
    """Two names of this length took minutes to compare letter by letter."""
    likest = likenesses(lambda _: ("a" * 60, "a" * 256, "a" * 3_000_000))
    assert likest(kind, "a" * 3_000_000) == ()
    assert likest(kind, "a" * 257) == ()
    assert likest(kind, "a" * 256) == ("a" * 256, "a" * 60)


def test_a_need_of_a_very_long_name_has_what_is_here_as_candidates() -> None:
    found = needed(Load().job("a", node("n", connectionName="d" * 3_000_000)))
    assert found["connection", "d" * 3_000_000].candidates == ("dwh_prod", "ods_prod", "lake")


def test_nearest_names_are_the_most_similar_ones_first() -> None:
    known = ("dwh_prod", "dwh_test", "dwh_text", "lake", "d" * 257)
    assert nearest_names("dwh_tset", known, 2) == ["dwh_test", "dwh_text"]
    assert nearest_names("dwh_tset", known) == ["dwh_test"]
    assert nearest_names("planet", ("path", "agent")) == ["path"]


def test_names_far_behind_the_nearest_one_are_left_out() -> None:
    assert nearest_names("impotr", ("import", "import-record", "notice"), 2) == ["import"]


def test_very_long_names_and_unlike_ones_have_no_nearest_name() -> None:
    known = ("dwh_prod", "d" * 257)
    assert nearest_names("xyz", known) == nearest_names("d" * 257, known) == []


def test_no_module_compares_names_in_its_own_way() -> None:
    """The standard library's comparison takes a time that nothing limits."""
    source = Path(jobferry.__file__).parent
    assert [str(path) for path in source.rglob("*.py") if "difflib" in path.read_text()] == []
