"""No call is missed by the table of families, and whoever takes them up late has them all in the end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter
from starlette.types import Message

import jobferry.api
from jobferry.api.app import create_app
from jobferry.api.factory.routes import FAMILIES as FACTORY
from jobferry.api.families import Family, TakingUp, word_of
from jobferry.api.late import LateRoute
from jobferry.api.own.routes import FAMILIES as OWN

FAMILIES = (*OWN, *FACTORY)
CALLS = [call for one in FAMILIES for call in one.router().calls()]
ROOM = Path(jobferry.api.__file__).parent


@pytest.mark.parametrize("one", FAMILIES, ids=lambda one: one.module)
def test_a_family_is_found_by_the_words_of_its_calls_and_by_no_other(one: Family) -> None:
    calls = one.router().calls()
    assert {word_of(call.path) for call in calls} == one.words
    assert len(calls) == len(one.router().routes) > 0


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{min(call.methods)} {call.path}")
def test_the_word_of_an_address_is_the_same_whatever_is_named_in_it(call: LateRoute) -> None:
    assert "{" not in word_of(call.path)
    named = call.path
    for name in call.param_convertors:
        several = "a/jobs/v1/b" if f"{{{name}:path}}" in named else "jobs"
        named = named.replace(f"{{{name}:path}}", several).replace(f"{{{name}}}", several)
    assert call.path_regex.match(named)
    assert word_of(named) == word_of(call.path)


def test_every_module_with_calls_is_in_the_table() -> None:
    found = {
        path.relative_to(ROOM).with_suffix("").as_posix().replace("/", ".")
        for path in ROOM.rglob("*.py")
        if "= LateRouter(" in path.read_text()
    }
    assert found == {one.module for one in FAMILIES}
    assert len(FAMILIES) == len(found)


@pytest.mark.parametrize("path", ["", "/", "*", "/api", "/api/", "/api/x", "/api/workspaces/dev/", "//api"])
def test_an_address_of_nothing_takes_nothing_up(path: str) -> None:
    assert not any(word_of(path) in one.words for one in FAMILIES)


def test_an_application_that_is_not_late_has_every_call_ready() -> None:
    app = create_app(None)  # type: ignore[arg-type]
    assert app.routes == CALLS
    assert all(hasattr(call, "app") for call in CALLS)


def test_calls_that_are_taken_up_late_stand_in_the_order_of_the_table() -> None:
    router = APIRouter()
    taking_up = TakingUp(_silent, router, FAMILIES)
    for call in reversed(CALLS):
        asyncio.run(taking_up({"type": "http", "path": call.path}, _unheard, _silent))
        assert call in router.routes
    assert router.routes == CALLS


async def _silent(*_: Any) -> None: ...


async def _unheard() -> Message:
    return {}
