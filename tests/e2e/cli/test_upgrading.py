"""What an earlier version has left is brought up to date: it answers as before, and one can go on with it."""

from __future__ import annotations

import json
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from crashing.lives import Zygote
from postgres import postgres_server

from .conftest import Program

EARLIER = Path(__file__).resolve().parents[2] / "upgrade" / "0.1.0"
DATA = ("--data", "here")
SAFELY: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
"""Python 3.11 before 3.11.4, which is Debian's, knows no filter."""


class Left(NamedTuple):
    """What the earlier version has left, with what it answered, and this version to go on with it."""

    program: Program
    receipt: str
    answers: dict[str, Any]

    def done(self, *line: str, **more: Any) -> Any:
        return self.program.done(*line, *DATA, **more)


@pytest.fixture(params=[pytest.param("sqlite", marks=pytest.mark.sqlite), "postgresql"])
def left(request: pytest.FixtureRequest, tmp_path: Path, zygote: Zygote) -> Iterator[Left]:
    with tarfile.open(EARLIER / f"{request.param}.tar.xz") as archive:
        archive.extractall(tmp_path, **SAFELY)  # noqa: S202 - made by us
    (tmp_path / "home").mkdir()
    told = json.loads((tmp_path / "answers.json").read_text())
    program = Program(tmp_path, zygote)
    if request.param == "sqlite":
        yield Left(program, **told)
        return
    with postgres_server() as server:
        address = server.database()
        lines = (tmp_path / "database.sql").read_text().splitlines(keepends=True)
        with psycopg.connect(address) as connection:
            connection.execute("".join(line for line in lines if not line.startswith("\\")).encode())
        program.environment["JOBFERRY_DATABASE"] = address
        yield Left(program, **told)


AGEING = {"available"}
"""What is said otherwise once time has passed."""


def lost(then: Any, now: Any, where: str = "") -> list[str]:
    """Where what was said then is not said any more. Fields may have been added."""
    if isinstance(then, dict) and isinstance(now, dict):
        gone = [f"{where}.{key} is gone" for key in then if key not in now]
        both = [key for key in then if key in now and key not in AGEING]
        return gone + [line for key in both for line in lost(then[key], now[key], f"{where}.{key}")]
    if isinstance(then, list) and isinstance(now, list) and is_of_settings(then):
        return lost({one["key"]: one for one in then}, {one["key"]: one for one in now}, where)
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        pairs = enumerate(zip(then, now, strict=True))
        return [line for number, (a, b) in pairs for line in lost(a, b, f"{where}[{number}]")]
    return [] if then == now else [f"{where}: {then!r} is now {now!r}"]


def is_of_settings(items: list[Any]) -> bool:
    """Whether a list is of settings, of which there may be more now."""
    return bool(items) and all(isinstance(one, dict) and {"key", "acts"} <= one.keys() for one in items)


def test_it_answers_as_it_did_and_goes_on(left: Left) -> None:
    for line, then in left.answers.items():
        now = left.done(*line.split(), "--json").json
        assert lost(then, now, line) == []
    left.done("review", "withdraw", left.answers["review list"][0]["id"])
    left.done("undo", left.receipt, "--yes")
    (tagged,) = (one for one in left.answers["version list orders"] if one["note"] == "tagged")
    version = left.done("version", "show", "orders", str(tagged["number"])).out
    assert left.done("job", "show", "orders", "--document").out == version
    left.done("backup", "all.backup")
    assert "the audit is whole" in left.program.done("verify", "all.backup", "--key-file", "here/key").out


@pytest.mark.sqlite
@pytest.mark.parametrize("left", ["sqlite"], indirect=True)
def test_the_copy_that_is_kept_is_as_it_was(left: Left) -> None:
    here = left.program.folder / "here"
    before = {name: dumped(here / name) for name in ("platform.db", "tasks.db")}
    left.done("job", "list")
    for name, then in before.items():
        (copy,) = here.glob(f"{name}.before-*")
        assert dumped(copy) == then
        assert dumped(here / name) != then


def dumped(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())
