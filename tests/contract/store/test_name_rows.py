"""A row of names tells what a sorted list would, whatever was changed in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jobferry.store.sql.derived.names import NameRow

_names = st.text("aBä单_", min_size=1, max_size=4)
_sets = st.sets(_names, max_size=30)


def in_order(names: set[str]) -> list[str]:
    return sorted(names, key=str.encode)


def row_of(names: set[str]) -> NameRow:
    return NameRow("".join(f"{name}\n" for name in in_order(names)).encode(), 1)


@given(before=_sets, gone=_sets, come=_sets)
def test_a_row_goes_on_with_changes(before, gone, come):
    gone &= before
    come -= before - gone
    row, after = row_of(before).renamed(gone, come, 2), in_order((before - gone) | come)
    assert (row.revision, row.between(0, len(after))) == (2, after)
    with_a = [name for name in after if "a" in name.lower()]
    assert row.search(b"A", 0, len(after)) == (len(with_a), with_a)


@given(names=_sets, data=st.data())
def test_a_page_is_found_by_its_place(names, data):
    offset = data.draw(st.integers(0, len(names)))
    limit = data.draw(st.integers(0, len(names) - offset))
    assert row_of(names).between(offset, limit) == in_order(names)[offset : offset + limit]


def test_a_page_is_found_in_the_midst_of_many():
    names = {f"job-{number:05d}" for number in range(20_000)}
    row = row_of(names)
    for offset in (0, 1, 4_999, 10_000, 19_998):
        assert row.between(offset, 2) == [f"job-{offset:05d}", f"job-{offset + 1:05d}"]
