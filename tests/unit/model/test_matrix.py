"""Tag files: reading and writing the table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobferry.model.tags import read_matrix, written_matrix


def marked(text: str) -> dict[str, set[str]]:
    found = read_matrix(text)
    assert found.faults == []
    return {name: set(row.tags) for name, row in found.rows.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("job,x,y\na,1,0\nb,,1\n", {"a": {"x"}, "b": {"y"}}),
        ("anything,x,y\r\na,1\r\n,,\r\n\r\nb\r\n", {"a": {"x"}, "b": set()}),
        ("job,x,y,x\na,0,0,1\nb,1,0,0\nc,0,1,\n", {"a": {"x"}, "b": {"x"}, "c": {"y"}}),
        ("job,x,y\na,1,0\na,0,1\n", {"a": {"y"}}),
        ('job,"a,b",夜间,,\na, 1 ,1,,0\n', {"a": {"a,b", "夜间"}}),
    ],
)
def test_a_table_says_which_jobs_have_which_tags(text: str, expected: dict[str, set[str]]) -> None:
    assert marked(text) == expected


def test_tags_keep_their_order_and_lines_are_those_of_the_file() -> None:
    found = read_matrix('job,y,x,y\na,1\n"b\n",1\nc,1\n')
    assert found.tags == ("y", "x")
    assert [row.line for row in found.rows.values()] == [2, 3, 5]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("job,x\na,yes\nb,2\nc,1\n", [(2, "'yes' in column 2"), (3, "'2' in column 2")]),
        ("job,x\na,1,1\n", [(2, "has 1 in column 3, which has no tag's name")]),
        ("job,x\n ,1\n", [(2, "names no job")]),
        ("", [(1, "names no tag")]),
        ("job;x\na;1\n", [(1, "names no tag")]),
        ('job,x\n"a,1\n', [(2, "cannot be read as CSV")]),
    ],
)
def test_what_is_wrong_is_told_by_line(text: str, faults: list[tuple[int, str]]) -> None:
    found = read_matrix(text).faults
    assert [fault.line for fault in found] == [line for line, _ in faults]
    assert all(said in fault.reason for fault, (_, said) in zip(found, faults, strict=True))


_NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)


@given(st.lists(_NAMES, min_size=1, unique=True), st.dictionaries(_NAMES, st.sets(st.integers(0, 3))))
def test_what_is_written_is_read_again(tags: list[str], jobs: dict[str, set[int]]) -> None:
    has = {name: {tags[place] for place in places if place < len(tags)} for name, places in jobs.items()}
    written = written_matrix(tags, has.items())
    assert written.startswith(b"\xef\xbb\xbfjob,")
    assert marked(written.decode("utf-8-sig")) == has
