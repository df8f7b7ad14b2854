"""Calls that are made ready when they are first asked for: found as any other, made once, wrong ones told."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from jobferry.api.late import LateRouter
from jobferry.api.own.call import described

_THREADS = 8


class Kept(BaseModel):
    """Something."""

    number: int


def family() -> LateRouter:
    """A literal address before one with a name in the same place."""
    router = LateRouter(prefix="/things", tags=["things"])

    @router.get("/all", response_model=list[Kept])
    def every() -> list[Kept]:
        return [Kept(number=1)]

    @router.get("/{number}", response_model=Kept)
    def one(number: int) -> Kept:
        return Kept(number=number)

    @router.put("/{number}", status_code=204, openapi_extra=described(Kept))
    def change(number: int) -> None:
        del number

    return router


def made(router: LateRouter) -> list[str]:
    return [route.name for route in router.calls() if hasattr(route, "app")]


def asked(router: LateRouter, method: str, path: str) -> httpx.Response:
    app = FastAPI(redirect_slashes=False)
    app.router.routes += router.calls()

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://platform", trust_env=False
        ) as client:
            return await client.request(method, path)

    return asyncio.run(ask())


def test_a_call_is_made_ready_when_it_is_asked_for_and_no_other() -> None:
    router = family()
    assert made(router) == []
    assert asked(router, "GET", "/things/7").json() == {"number": 7}
    assert made(router) == ["one"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/things/all", 200),
        ("PUT", "/things/7", 204),
        ("GET", "/things/x", 422),
        ("GET", "/things", 404),
        ("GET", "/things/7/", 404),
        ("POST", "/things/7", 405),
        ("HEAD", "/things/7", 405),
        ("OPTIONS", "/things/7", 405),
    ],
)
def test_late_calls_are_found_as_those_that_are_ready(method: str, path: str, status: int) -> None:
    assert asked(family(), method, path).status_code == status
    assert asked(family().ready(), method, path).status_code == status


def test_a_call_that_many_ask_for_first_is_made_once() -> None:
    route = family().calls()[0]
    together = threading.Barrier(_THREADS)

    def first(_: int) -> int:
        together.wait()
        route.ready()
        return id(route.app)

    with ThreadPoolExecutor(_THREADS) as threads:
        assert len(set(threads.map(first, range(_THREADS)))) == 1


def test_what_is_wrong_with_a_call_shows_when_it_is_made_ready() -> None:
    router = LateRouter()

    @router.get("/nothing", status_code=204, response_model=Kept)
    def nothing() -> None: ...

    with pytest.raises(AssertionError, match="204 must not have a response body"):
        router.ready()
