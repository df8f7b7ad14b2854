"""A data folder that is damaged, not whole, or from another time: said by name, and left as it is."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from processes import Program

Damage = Callable[[Path], object]


@pytest.fixture
def program(founded: Path, tmp_path: Path) -> Program:
    shutil.copytree(founded, tmp_path / "here")
    return Program(tmp_path / "here", home=tmp_path / "home")


def sql(file: str, *statements: str) -> Damage:
    def damage(folder: Path) -> None:
        with closing(sqlite3.connect(folder / file)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    return damage


def noise(file: str, *, after: int = 0) -> Damage:
    def damage(folder: Path) -> None:
        whole = (folder / file).read_bytes()
        (folder / file).write_bytes(whole[:after] + b"\xa5" * (len(whole) - after))

    return damage


def cut(file: str, size: int) -> Damage:
    return lambda folder: (folder / file).write_bytes((folder / file).read_bytes()[:size])


def without(file: str) -> Damage:
    return lambda folder: (folder / file).unlink()


NEWER = "UPDATE {} SET version_num = '9999'"
DAMAGES: dict[str, tuple[Damage, int, str, str]] = {
    "no database": (noise("platform.db"), 6, "platform.db is not a database", "backup"),
    "damaged": (noise("platform.db", after=4096), 6, "platform.db is damaged", "backup"),
    "cut off": (cut("platform.db", 20_000), 6, "platform.db is damaged", "backup"),
    "a table lost": (
        sql("platform.db", "DROP TABLE object_counts"),
        6,
        "is not complete: no such table",
        "backup",
    ),
    "newer": (sql("platform.db", NEWER.format("jobferry_revision")), 5, "newer Jobferry", "install"),
    "tasks no database": (noise("tasks.db"), 6, "tasks.db is not a database", "backup"),
    "tasks newer": (sql("tasks.db", NEWER.format("jobferry_task_revision")), 5, "newer Jobferry", "install"),
    "key lost": (without("key"), 6, "key of the data folder", "backup"),
    "key damaged": (noise("key"), 6, "key of the data folder", "backup"),
}


@pytest.mark.parametrize(("damage", "code", "said", "hint"), DAMAGES.values(), ids=DAMAGES)
def test_what_is_wrong_is_said_and_nothing_is_written(
    program: Program, damage: Damage, code: int, said: str, hint: str
) -> None:
    damage(program.data)
    before = {path.name: path.read_bytes() for path in program.data.iterdir() if path.name in FILES}
    ended = program("job", "list")
    assert (ended.code, said in ended.err) == (code, True), ended.err
    assert hint in ended.err.splitlines()[-1]
    assert {path.name: path.read_bytes() for path in program.data.iterdir() if path.name in FILES} == before


FILES = {"platform.db", "tasks.db", "key", "credentials.json"}


def test_a_served_platform_says_the_same(program: Program) -> None:
    noise("tasks.db")(program.data)
    ended = program("serve", "--port", "0")
    assert (ended.code, "tasks.db is not a database" in ended.err) == (6, True), ended.err
