"""The tables of calls: each call is found, described once, and light to load."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from typing import Any, NoReturn

import pytest

from cases import every_case
from jobferry.api.calls import Asked, Declared
from jobferry.api.decoding import Bound
from jobferry.api.dispatcher import readers_of, word_of
from jobferry.api.factory.calls import CALLS as FACTORY
from jobferry.api.native.calls import CALLS as NATIVE
from jobferry.errors import ErrorCode, Unauthenticated

TABLES = {"native": NATIVE, "factory": FACTORY}
HEAVY = {"sqlalchemy", "starlette", "anyio", "httpx", "uvicorn", "dbos", "obstore", "jobferry.services"}


@pytest.mark.parametrize("table", TABLES)
def test_no_two_calls_have_one_name_or_one_address(table: str) -> None:
    calls = TABLES[table]
    assert Counter(call.name for call in calls if call.is_described).most_common(1)[0][1] == 1
    assert Counter((call.method, call.path) for call in calls).most_common(1)[0][1] == 1


@pytest.mark.parametrize("table", TABLES)
def test_every_call_can_be_read_and_says_what_it_does(table: str) -> None:
    with every_case() as case:
        for call in TABLES[table]:
            with case(call.method, call.path):
                _can_be_read(call)


def _can_be_read(call: Declared) -> None:
    read = Bound(call).read()
    assert call.run.__doc__
    assert read.answers or read.hints["return"] is NoReturn
    in_path = {one.key for one in read.parameters if one.place == "path"}
    assert all(f"{{{name}" in call.path for name in in_path)


@pytest.mark.parametrize("path", ["", "/", "*", "/api", "/api/", "/api/x", "/api/workspaces/dev/", "//api"])
def test_an_address_of_nothing_has_a_word_that_no_call_has(path: str) -> None:
    assert word_of(path) not in {word_of(call.path) for call in NATIVE} - {"workspaces"}


def test_the_native_calls_load_neither_the_database_nor_a_web_framework() -> None:
    probe = f"""import sys, jobferry.api.native.calls
print(sorted(name for name in {HEAVY!r} if name in sys.modules))"""
    ended = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


def test_fewer_calls_read_at_once_where_the_database_is_read_in_this_process() -> None:
    assert 1 < readers_of("SQLite 3.46.1") < readers_of("PostgreSQL 17.2")


def test_a_call_that_asks_who_signed_in_is_refused_where_nobody_did() -> None:
    nothing: Any = None
    asked = Asked(nothing, None, {}, {}, nothing, "", False, nothing)
    with pytest.raises(Unauthenticated) as caught:
        asked.signed_in()
    assert caught.value.code is ErrorCode.NOT_SIGNED_IN
