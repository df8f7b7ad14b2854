"""Files of what exists here: YAML and CSV, and all that is wrong with them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobferry.cli.commands.inventory import things
from jobferry.errors import InvalidRequest

WANTED = [
    {"kind": "queue", "name": "etl", "local_id": "17"},
    {"kind": "queue", "name": "adhoc", "local_id": ""},
    {"kind": "resource-group", "name": "rg, main", "local_id": "rg-9"},
]


def test_yaml_and_csv_say_the_same(tmp_path: Path) -> None:
    by_kind = tmp_path / "here.yaml"
    by_kind.write_text("queue:\n  etl: 17\n  adhoc:\nresource-group: {'rg, main': rg-9}\n")
    rows = tmp_path / "here.csv"
    rows.write_text(
        '\ufeffkind,name,local_id\r\nqueue,etl,17\r\n\r\nqueue,adhoc\r\nresource-group,"rg, main",rg-9\r\n'
    )
    assert things(by_kind) == things(rows) == WANTED


def test_a_kind_may_be_a_list_of_names(tmp_path: Path) -> None:
    file = tmp_path / "here.yml"
    file.write_text("queue: [etl, adhoc]\n")
    assert [one["name"] for one in things(file)] == ["etl", "adhoc"]


def test_all_faults_are_said_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "here.csv"
    file.write_text("name,kind\netl,queue\nx,colour\n,queue\na,queue,1\n")
    with pytest.raises(InvalidRequest) as refused:
        things(file)
    said = refused.value.message
    assert "line 3: 'colour' is not" in said
    assert "line 4: a name has" in said
    assert "line 5: the line has 3 columns" in said
    assert "line 2:" not in said


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.yaml", "queue:\n  - 12\n", "line 2: the name 12 is not valid"),
        ("a.yaml", "queue: etl\n", "line 1: a kind holds"),
        (
            "a.yaml",
            "queue: [a]\nstream: [s]\nqueue: [b]\n",
            "line 3: the kind queue is there twice, first in line 1",
        ),
        ("a.yaml", "- queue\n", "line 1: it has to say by kind"),
        ("a.yaml", "queue: [a\n", "line 2"),
        ("a.yaml", "queue: {a: 1, a: 2}\n", "twice, with different ids"),
        ("a.yaml", "queue:\n  a: [1]\n", "line 2: the id of a is not a single value"),
        ("a.yaml", "queue: [[a]]\n", "line 1: the name [] is not valid"),
        ("a.yaml", f"queue: {list(range(52))}\n", "; and 2 more"),
        ("a.csv", "queue,etl\n", "line 1: the first line"),
        ("a.csv", 'kind,name\nqueue,"a\n', "line 2"),
    ],
)
def test_a_file_that_says_nothing_sensible_is_refused(
    tmp_path: Path, name: str, content: str, told: str
) -> None:
    file = tmp_path / name
    file.write_text(content)
    with pytest.raises(InvalidRequest) as refused:
        things(file)
    assert told in refused.value.message


def test_a_file_of_comments_names_nothing(tmp_path: Path) -> None:
    file = tmp_path / "here.yaml"
    file.write_text("# queue: [etl]\n")
    assert things(file) == []
