"""Differences of two and three documents: none if and only if there is nothing to tell."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jobferry.model.transfer.plan_view import sides

_leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["a\nb", "a\nc"])
_names = st.sampled_from(["name", "value", "x", "y"])
_values: st.SearchStrategy[Any] = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3),
    max_leaves=12,
)

documents = st.dictionaries(_names, _values, max_size=4)


@given(documents, documents)
def test_two_sides_differ_somewhere_if_and_only_if_they_are_not_alike(here: Any, package: Any) -> None:
    alike = _exactly(here) == _exactly(package)
    assert (sides(None, here, package) == []) == alike
    assert sides(None, here, here) == []


@given(documents, documents)
def test_what_only_one_side_changed_is_told_with_the_base_on_the_other(base: Any, edited: Any) -> None:
    for here, package in ((base, edited), (edited, base)):
        found = sides(base, here, package)
        assert (found == []) == (_exactly(base) == _exactly(edited))
        for one in found:
            untouched = one.here if here is base else one.package
            assert untouched == one.base
    assert sides(base, edited, edited) == []


def _exactly(value: Any) -> str:
    """Values that compare alike but are not, such as 1 and true, apart; keys in any order."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key!r}:{_exactly(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_exactly, value)) + "]"
    return repr(value)
