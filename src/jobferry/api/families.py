"""Families of calls: one module each, known by words in the addresses, and taken up when one is needed."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import NamedTuple, cast

from fastapi import APIRouter
from starlette.types import ASGIApp, Receive, Scope, Send

from jobferry.api.door import word_of
from jobferry.api.late import LateRouter


class Family(NamedTuple):
    """The calls of a module of this room, and every word that the address of one of them has in its place."""

    module: str
    words: frozenset[str]

    def router(self) -> LateRouter:
        """The calls themselves; the first time takes a while."""
        return cast("LateRouter", import_module(f"jobferry.api.{self.module}").router)


def family(module: str, *words: str) -> Family:
    """One line of a table of families."""
    return Family(module, frozenset(words))


class TakingUp:
    """Wraps an application that begins without calls: whoever asks finds those that his address may mean.

    They stand in the order of their table, whichever came first.
    """

    def __init__(self, app: ASGIApp, router: APIRouter, families: Iterable[Family]) -> None:
        self._app = app
        self._router = router
        self._families = tuple(families)
        self._taken_up: set[Family] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self._take_up(word_of(scope["path"]))
        await self._app(scope, receive, send)

    def _take_up(self, word: str) -> None:
        meant = {one for one in self._families if word in one.words}
        if meant <= self._taken_up:
            return
        self._taken_up |= meant
        found = (one.router() for one in self._families if one in self._taken_up)
        self._router.routes[:] = [call for router in found for call in router.calls()]
