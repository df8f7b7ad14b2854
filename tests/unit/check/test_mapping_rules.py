"""Rules about a mapping: what it names, what it makes of it, and what it could not change."""

from __future__ import annotations

from typing import Any

import pytest

from builders import Load, node, target
from jobferry.check.runner import check
from jobferry.model.kinds import NeedKind
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.mapping import mapping_of
from jobferry.model.transfer.target_state import TargetState


def found(load: Load, view: TargetState | None = None, **sections: Any) -> dict[str, Finding]:
    """Findings by code."""
    mapping = mapping_of({name.replace("_", "-"): pairs for name, pairs in sections.items()})
    return {one.code: one for one in check(load.context(view, mapping=mapping))}


def two_queues() -> Load:
    return Load().job("orders", node("a", queueName="q1"), node("b", queueName="q2"), directory="/dw/ods")


@pytest.mark.parametrize(
    ("section", "pairs"),
    [
        ("queue", {"q9": "x"}),
        ("directory", {"/dw/dws": "/x"}),
        ("parameter", {"day": "1"}),
        ("time_zone", {"Asia/Tokyo": "UTC"}),
        ("path", {"obs://a": "obs://b"}),
        ("database", {"dw": "dw_prod"}),
    ],
)
def test_what_a_mapping_names_in_vain_is_told(section: str, pairs: Any) -> None:
    finding = found(two_queues(), **{section: pairs})["mapping-unused"]
    assert (finding.severity, finding.need_name) == (Severity.WARN, next(iter(pairs)))


def test_what_a_mapping_names_is_not_unused() -> None:
    load = two_queues().script("s", content="use dw; select 'obs://a/x' from DW2.t", type="HiveSQL")
    said: dict[str, Any] = {"queue": {"q1": "q3"}, "directory": {"/dw": "/x"}}
    said |= {
        "database": {"dw": "prod", "dw2": "prod2"},
        "path": {"obs://a": "obs://b"},
        "time_zone": {"": "UTC"},
    }
    assert "mapping-unused" not in found(load, **said)


def test_letters_count_for_everything_but_databases_and_the_very_name_goes_first() -> None:
    assert found(two_queues(), queue={"Q1": "q3"})["mapping-unused"].need_name == "Q1"
    load = Load().script("s", content="use dw", type="HiveSQL")
    assert found(load, database={"DW": "other", "dw": "prod"})["mapping-unused"].need_name == "DW"
    assert "mapping-unused" not in found(load, database={"DW": "other"})


@pytest.mark.parametrize(
    ("pairs", "chain"),
    [
        ({"q1": "q2", "q2": "q3"}, "q1 → q2 → q3"),
        ({"q1": "q2", "q2": "q1"}, "q1 → q2 → q1"),
        ({"q1": "q1", "q2": "q3"}, None),
    ],
)
def test_a_chain_of_names_is_told(pairs: dict[str, str], chain: str | None) -> None:
    finding = found(two_queues(), queue=pairs).get("mapping-chained")
    assert (finding.args["chain"] if finding else None) == chain


@pytest.mark.parametrize(
    ("sections", "names"),
    [
        ({"queue": {"q1": "x", "q2": "x"}}, "q1, q2"),
        ({"queue": {"q1": "q2"}}, "q1, q2"),
        ({"queue": {"q1": "q2", "q2": "q1"}}, None),
        ({"queue": {"q1": "x"}}, None),
    ],
)
def test_two_names_that_become_one_are_told(sections: dict[str, Any], names: str | None) -> None:
    finding = found(two_queues(), **sections).get("mapping-merges")
    assert (finding.args["names"] if finding else None) == names


def test_a_target_that_is_not_here_or_is_something_else_is_told() -> None:
    view = target(connections=["etl"], inventory={NeedKind.QUEUE: ["q2", "q3"]})
    assert "mapping-target-missing" in found(two_queues(), view, queue={"q1": "q4"})
    assert found(two_queues(), view, queue={"q1": "etl"})["mapping-target-kind"].args["other"] == "connection"
    assert (
        not {"mapping-target-missing", "mapping-target-kind"}
        & found(two_queues(), view, queue={"q1": "q3"}).keys()
    )
    assert "mapping-target-missing" not in found(two_queues(), queue={"q1": "q4"})


def test_a_directory_that_becomes_too_deep_blocks() -> None:
    deep = "/" + "/".join("abcdefghij")
    finding = found(two_queues(), directory={"/dw": deep})["directory-illegal"]
    assert finding.severity is Severity.BLOCK


def test_places_left_alone_are_told_once_a_text() -> None:
    load = Load().script("s", content="echo dw.a\necho dw.b", type="Shell")
    finding = found(load, database={"dw": "prod"})["text-not-sql"]
    assert (finding.path, finding.args) == ("content", {"need": "dw", "line": "1", "count": "2"})
