"""Files that others made, read by the command line: whatever is wrong, the error names them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jobferry.cli import options, plan_file
from jobferry.cli.commands.exports import extents_said
from jobferry.cli.commands.inventory import things
from jobferry.cli.files import new_file
from jobferry.errors import InvalidRequest

NESTED = "[" * 30_000
LAUGHS = "[&n0 [x, x]" + "".join(f", &n{one} [*n{one - 1}, *n{one - 1}]" for one in range(1, 60)) + "]"


@pytest.mark.parametrize(
    "read",
    [
        options.mapping_file,
        options.rules,
        things,
        plan_file.read,
        lambda file: extents_said(full=False, since_last=False, span=(None, None), receipt=file),
    ],
)
@pytest.mark.parametrize("ending", ["json", "yaml"])
def test_one_that_is_nested_too_deep_is_refused_by_name(
    read: Callable[[Path], Any], ending: str, tmp_path: Path
) -> None:
    file = tmp_path / f"deep.{ending}"
    file.write_text(NESTED)
    with pytest.raises(InvalidRequest) as told:
        read(file)
    assert str(file) in told.value.message
    assert told.value.hint


def test_a_value_that_unfolds_without_end_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "laughs.yaml"
    file.write_text(f"connection: {{dwh: {LAUGHS}}}")
    with pytest.raises(InvalidRequest, match="the value list is not a name"):
        options.mapping_file(file)


DOUBLED = "connection:\n  dwh: first\n  old: other\n  dwh: second\n"


@pytest.mark.parametrize(
    ("read", "text", "told"),
    [
        (options.mapping_file, DOUBLED, "line 4, column 3: the key 'dwh' is there twice, first in line 2"),
        (options.mapping_file, "script: {a: b}\nscript: {c: d}\n", "line 2, column 1: the key 'script'"),
        (
            options.rules,
            "- name: a\n  duplicates: skip\n  name: b\n",
            "line 3, column 3: the key 'name'",
        ),
        (options.parsed, "dwh:\n  password: a\n  password: b\n", "line 3, column 3: the key 'password'"),
        (options.parsed, '"a b": 1\na b: 2\n', "line 2, column 1: the key 'a b'"),
    ],
)
def test_a_yaml_key_that_is_there_twice_is_refused_by_name_and_line(
    read: Callable[[Path], Any], text: str, told: str, tmp_path: Path
) -> None:
    file = tmp_path / "given.yaml"
    file.write_text(text)
    with pytest.raises(InvalidRequest) as caught:
        read(file)
    assert told in caught.value.message
    assert str(file) in caught.value.message


def test_a_json_key_that_is_there_twice_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "given.json"
    file.write_text('{"connection": {"dwh": "first", "dwh": "second"}}')
    with pytest.raises(InvalidRequest, match="the key 'dwh' is there twice"):
        options.mapping_file(file)


def test_what_yaml_merges_in_may_be_said_again(tmp_path: Path) -> None:
    file = tmp_path / "given.yaml"
    file.write_text("base: &b {a: x, c: y}\nconnection:\n  <<: *b\n  a: z\n")
    assert options.parsed(file)["connection"] == {"a": "z", "c": "y"}


def test_a_text_file_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "given.yaml"
    file.write_bytes("connection: {dwh: 数仓}".encode("gbk"))
    with pytest.raises(InvalidRequest, match=rf"{file} is not UTF-8 at byte 18") as told:
        options.mapping_file(file)
    assert told.value.hint == "save the file as UTF-8"


def test_a_plan_file_of_other_fields_is_refused_although_its_seal_is_right(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    body = {"jobferry_plan": 1, "package": "p.zip"}
    seal = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    file.write_text(json.dumps(body | {"seal": seal}))
    with pytest.raises(InvalidRequest, match="is not a plan") as told:
        plan_file.read(file)
    assert told.value.hint == "make it again with `jobferry plan`"


def test_what_a_killed_call_left_is_taken_away_and_what_one_is_writing_stays(tmp_path: Path) -> None:
    dead, alive = tmp_path / ".out.zip.999999999", tmp_path / ".out.zip.1"
    for draft in (dead, alive):
        draft.write_bytes(b"half")
    with new_file(tmp_path / "out.zip") as put:
        put(b"whole")
    assert sorted(tmp_path.iterdir()) == [alive, tmp_path / "out.zip"]
