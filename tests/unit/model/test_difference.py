"""What differs between two documents."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import job, node
from jobferry.model.document.difference import differences

KEYS = st.sampled_from(["name", "a", "b", "nodes"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "x", "x\ny", "x\nz"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def told(former: Any, latter: Any) -> list[tuple[str, Any, Any]]:
    return [(one.path, one.former, one.latter) for one in differences(former, latter)]


def test_nodes_and_properties_are_found_by_their_names() -> None:
    before = job("a", node("x", queueName="q", sql="1"), node("y", "Dummy"))
    after = job("a", node("y", "Dummy"), node("x", queueName="p", sql="1"), description="d")
    assert told(before, after) == [
        ("nodes[x].properties[queueName].value", "q", "p"),
        ("nodes", ["x", "y"], ["y", "x"]),
        ("description", None, "d"),
    ]


def test_what_comes_and_goes_is_told_from_null() -> None:
    (one,) = differences({"a": None}, {})
    assert (one.path, one.in_former, one.in_latter) == ("a", True, False)


def test_texts_of_several_lines_are_told_by_line() -> None:
    (one,) = differences({"content": "a\nb\nc"}, {"content": "a\nB\nc"})
    assert one.lines == ("@@ -2 +2 @@", "-b", "+B")


@pytest.mark.parametrize(("former", "latter"), [(1, True), (0, False), (1, "1"), ([], {}), ("", None)])
def test_values_of_other_kinds_differ(former: Any, latter: Any) -> None:
    assert told({"a": former}, {"a": latter}) == [("a", former, latter)]


@given(VALUES, VALUES)
def test_there_is_no_difference_exactly_where_values_are_alike(former: Any, latter: Any) -> None:
    assert not differences(former, former)
    assert bool(differences(former, latter)) == (repr(_sorted(former)) != repr(_sorted(latter)))


def _sorted(value: Any) -> Any:
    """The value with its keys in order: their order is no difference."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(one) for one in value] if isinstance(value, list) else value
