"""What differs between two documents."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import job, node
from jobferry.model.document.difference import MAX_LINES, TOO_LONG, LineComparison, differences
from jobferry.model.transfer.plan_view import sides

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


def lines(count: int, step: int = 1) -> str:
    """A text of so many lines, of which only 150 are different ones."""
    return "\n".join(str(step * number % 150) for number in range(count))


def test_three_changed_lines_of_ten_thousand_are_shown() -> None:
    former = [f"INSERT INTO t VALUES ({number});" for number in range(10_000)]
    latter = ["a", *former[1:5_000], "b", *former[5_000:-1]]
    (one,) = differences({"content": "\n".join(former)}, {"content": "\n".join(latter)})
    assert one.lines == (
        "@@ -1 +1 @@",
        f"-{former[0]}",
        "+a",
        "@@ -5000,0 +5001 @@",
        "+b",
        "@@ -10000 +10000,0 @@",
        f"-{former[-1]}",
    )


def test_texts_of_very_many_pairs_of_lines_are_not_compared_by_line() -> None:
    compared, too_long = differences(
        {"a": lines(12_000), "b": lines(25_000)}, {"a": lines(12_000, 7), "b": lines(25_000, 7)}
    )
    assert compared.lines[0].startswith("@@")
    assert too_long.lines == (TOO_LONG,)
    assert (too_long.former, too_long.latter) == (lines(25_000), lines(25_000, 7))


@pytest.mark.parametrize("line", ["", "\r", "a"])
def test_texts_of_very_many_equal_lines_are_not_compared_by_line(line: str) -> None:
    text = f"{line}\n" * MAX_LINES
    assert LineComparison().compare(text, text + "b\n") == (TOO_LONG,)


def test_one_limit_holds_for_all_texts_of_a_document() -> None:
    comparison = LineComparison(max_pairs=4)
    assert comparison.compare("a\nb", "c\nd") == ("@@ -1,2 +1,2 @@", "-a", "-b", "+c", "+d")
    assert comparison.compare("a\nb", "c\nd") == (TOO_LONG,)


def test_a_text_of_one_line_has_no_lines_however_long() -> None:
    (one,) = differences({"content": "a" * 2**22}, {"content": "b" * 2**22})
    assert one.lines == ()


class Counted(str):
    """A text that counts how often it is compared, cut into lines and written out."""

    __slots__ = ()
    compared = cut = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__

    def __repr__(self) -> str:
        raise AssertionError("a comparison needs no copy of a value")

    def splitlines(self, keepends: bool = False) -> list[str]:
        Counted.cut += 1
        return super().splitlines(keepends)


@pytest.mark.parametrize("depth", [1, 60, 190])
def test_each_value_of_a_nested_document_is_compared_once(depth: int) -> None:
    def nested(last: int) -> Any:
        value: Any = {"many": [Counted("x") for _ in range(100)], "last": last}
        for level in range(depth):
            value = {"a": value} if level % 2 else [value]
        return value

    former, latter = nested(0), nested(1)
    Counted.compared = 0
    (one,) = differences(former, latter)
    assert (one.former, one.latter, Counted.compared) == (0, 1, 100)


def test_values_inside_very_long_paths_are_compared_as_a_whole() -> None:
    former: Any = {"many": [0] * 1_000}
    latter: Any = {"many": [1] * 1_000}
    for _ in range(100):
        former, latter = {"k" * 1_000: former}, {"k" * 1_000: latter}
    (one,) = differences(former, latter)
    assert one.path.endswith("k.many")
    assert (one.former, one.latter) == ([0] * 1_000, [1] * 1_000)


def test_three_sides_are_compared_line_by_line_once() -> None:
    base, here, package = ({"content": Counted(text)} for text in ("a\nb\nc", "A\nb\nc", "a\nb\nC"))
    Counted.cut = 0
    (one,) = sides(base, here, package)
    assert one.lines == ("@@ -1 +1 @@", "-A", "+a", "@@ -3 +3 @@", "-c", "+C")
    assert Counted.cut == 2


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
