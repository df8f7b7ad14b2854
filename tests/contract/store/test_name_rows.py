"""A row of names tells what a sorted list would, whatever was changed in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jobferry.store.names import NameRow, NameRows

_names = st.text("aBä单_", min_size=1, max_size=4)
_sets = st.sets(_names, max_size=30)


def in_order(names: set[str]) -> list[str]:
    return sorted(names, key=str.encode)


def row_of(names: set[str]) -> NameRow:
    return NameRow.of("".join(f"{name}\n" for name in in_order(names)).encode(), 1)


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


def test_a_row_of_many_blocks_goes_on_with_changes():
    names = {f"job-{number:05d}" for number in range(0, 40_000, 2)}
    row = row_of(names)
    assert row.search(b"00", 0, 0)[0] == sum("00" in name for name in names)
    for start in (0, 13_000, 39_000):
        gone = {f"job-{number:05d}" for number in range(start, start + 300, 2)}
        come = {f"job-{number:05d}-again" for number in range(start + 1, start + 900, 3)} | {"a", f"z{start}"}
        row, names = row.renamed(gone, come - names, 2), (names - gone) | come
    after = in_order(names)
    assert row.number == len(after)
    assert row.between(0, len(after)) == after
    with_part = [name for name in after if "00" in name]
    assert row.search(b"00", 700, 900) == (len(with_part), with_part[700:1600])


def test_a_row_may_lose_all_names_and_get_others():
    names = {f"job-{number:05d}" for number in range(9_000)}
    row = row_of(names).renamed(names, [], 2)
    assert (row.number, row.between(0, 5), row.search(b"job", 0, 5)) == (0, [], (0, []))
    assert row.renamed([], ["b", "a"], 3).between(0, 5) == ["a", "b"]


def test_a_row_that_was_searched_for_many_things_still_finds_each():
    names = {f"{letter}{number}" for letter in "abcdefghijkl" for number in range(3)}
    row = row_of(names)
    for letter in [*"abcdefghijkl", "a"]:
        assert row.search(letter.encode(), 0, 9) == (3, [f"{letter}{number}" for number in range(3)])


def test_of_more_rows_than_there_is_room_for_the_one_not_asked_for_longest_goes():
    rows, row = NameRows(room=2 * row_of({"x" * 100}).size), row_of({"x" * 100})
    keys = [(place, "job", "") for place in ("w1", "w2", "w3")]
    for key in keys:
        rows.keep(key, row)
    assert [rows.kept(key) for key in keys] == [None, row, row]
