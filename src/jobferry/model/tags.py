"""Tags of a workspace: how many, their names and locks, and the table of jobs and tags in a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

import msgspec

from jobferry.sentences import sentence

TAGS_PATH = ("basicConfig", "tags")
"""Where a job's document has its tags."""
MOST_TAGS = 100
"""How many tags a workspace has at most, whether jobs have them or not."""
_LONGEST = 128


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """One tag. ``changed_by`` made it, or last locked or unlocked it. No job gets or loses a locked one."""

    workspace_id: str
    name: str
    locked: bool = False
    changed_by: str = ""
    changed_at: int = 0


Tags = Mapping[str, Tag]
"""The tags of a workspace by name."""


def is_tag(name: str) -> bool:
    """Whether a tag can be called that."""
    return 0 < len(name) <= _LONGEST and name == name.strip() and name.isprintable()


def locked_among(names: Iterable[str], tags: Tags) -> list[str]:
    """Those of the names that are locked tags."""
    return sorted(name for name in set(names) if name in tags and tags[name].locked)


def fresh_among(names: Iterable[str], tags: Container[str]) -> list[str]:
    """Those of the names that are no tags yet, in their order."""
    return [name for name in dict.fromkeys(names) if name not in tags]


def are_too_many(present: int, fresh: int) -> bool:
    """Whether a workspace with that many tags has no room for so many new ones; for none there always is."""
    return fresh > 0 and present + fresh > MOST_TAGS


_Bearer = TypeVar("_Bearer")


def beyond_limit(
    tags: Iterable[str], brought: Iterable[tuple[_Bearer, Iterable[str]]]
) -> Iterator[tuple[_Bearer, str]]:
    """Who brings new tags that the workspace has no room for, and the last of those.

    The others take up room in the order in which they come.
    """
    present = set(tags)
    for bearer, names in brought:
        fresh = fresh_among(names, present)
        if are_too_many(len(present), len(fresh)):
            yield bearer, fresh[-1]
        else:
            present.update(fresh)


CORNER = "job"
"""What stands above the jobs' names; not read."""
_VALUES = {"": False, "0": False, "1": True}


class Fault(NamedTuple):
    """What is wrong in one line, counted from 1."""

    line: int
    reason: str


class Row(NamedTuple):
    """The tags that one job is marked with, and in which line."""

    line: int
    tags: frozenset[str]


class Matrix(NamedTuple):
    """A table as it was read: its tags in their order, each once, the last row of each job, what is wrong."""

    tags: tuple[str, ...]
    rows: dict[str, Row]
    faults: list[Fault]


def read_matrix(text: str) -> Matrix:
    """Reads a table; an empty cell counts as 0, and of two columns with one tag the 1 counts.

    Whether tags and jobs exist is for others to say.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: list[str] = []
    rows: dict[str, Row] = {}
    faults: list[Fault] = []
    try:
        columns = next(reader, [])[1:]
        above = reader.line_num
        for cells in reader:
            line, above = above + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                rows[cells[0]] = Row(line, _marked(columns, cells, line, faults))
    except csv.Error as error:
        faults.append(Fault(reader.line_num, sentence("cannot be read as CSV: {error}", error=error)))
    tags = tuple(dict.fromkeys(tag for tag in columns if tag))
    if not tags and not faults:
        faults.append(
            Fault(1, sentence("names no tag; tags are the columns from the second on, separated by commas"))
        )
    return Matrix(tags, rows, faults)


def written_matrix(tags: Sequence[str], jobs: Iterable[tuple[str, Iterable[str]]]) -> bytes:
    """A table of all these jobs, in UTF-8 with a byte order mark, for the sake of spreadsheet programs."""
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow((CORNER, *tags))
    for name, has in jobs:
        present = set(has)
        sheet.writerow((name, *(int(tag in present) for tag in tags)))
    return text.getvalue().encode("utf-8-sig")


def _marked(columns: list[str], cells: list[str], line: int, faults: list[Fault]) -> frozenset[str]:
    marked: list[str] = []
    if not cells[0].strip():
        faults.append(Fault(line, sentence("names no job")))
    for place, cell in enumerate(cells[1:]):
        value = cell.strip()
        tag = columns[place] if place < len(columns) else ""
        if value not in _VALUES:
            faults.append(
                Fault(
                    line,
                    sentence(
                        "has {value} in column {place}, which is neither 1 nor 0",
                        value=repr(value[:20]),
                        place=place + 2,
                    ),
                )
            )
        elif _VALUES[value] and not tag:
            faults.append(
                Fault(line, sentence("has 1 in column {place}, which has no tag's name", place=place + 2))
            )
        elif _VALUES[value]:
            marked.append(tag)
    return frozenset(marked)
