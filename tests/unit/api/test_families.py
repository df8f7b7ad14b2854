"""No call is missed by the table of families, and whoever takes them up late has them all in the end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter
from starlette.types import Message

import jobferry.api
from cases import every_case
from jobferry.api.app import create_app
from jobferry.api.factory.routes import FAMILIES as FACTORY
from jobferry.api.families import TakingUp, word_of
from jobferry.api.late import LateRoute
from jobferry.api.own.routes import FAMILIES as OWN

FAMILIES = (*OWN, *FACTORY)
ROOM = Path(jobferry.api.__file__).parent


def calls() -> list[LateRoute]:
    """The calls of all families."""
    return [call for one in FAMILIES for call in one.router().calls()]


def test_a_family_is_found_by_the_words_of_its_calls_and_by_no_other() -> None:
    with every_case() as case:
        for one in FAMILIES:
            with case(one.module):
                calls = one.router().calls()
                assert {word_of(call.path) for call in calls} == one.words
                assert len(calls) == len(one.router().routes) > 0


def test_the_word_of_an_address_is_the_same_whatever_is_named_in_it() -> None:
    with every_case() as case:
        for call in calls():
            assert call.methods is not None
            with case(min(call.methods), call.path):
                _has_one_word(call)


def _has_one_word(call: LateRoute) -> None:
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
    assert app.routes == calls()
    assert all(hasattr(call, "app") for call in calls())


def test_calls_that_are_taken_up_late_stand_in_the_order_of_the_table() -> None:
    router = APIRouter()
    taking_up = TakingUp(_silent, router, FAMILIES)
    for call in reversed(calls()):
        asyncio.run(taking_up({"type": "http", "path": call.path}, _unheard, _silent))
        assert call in router.routes
    assert router.routes == calls()


async def _silent(*_: Any) -> None: ...


async def _unheard() -> Message:
    return {}
