"""Calls whose addresses are known at once, and which are made ready when they are first asked for.

Where a call is found is settled when it is declared, so nothing about matching is late. What answering
takes (its parameters' checks, the models that its description names) is one to three milliseconds of each of
180 calls, and a command that opens a platform for itself asks for a handful.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict
from starlette.routing import compile_path, get_name
from starlette.types import Receive, Scope, Send


class Shape(BaseModel):
    """What an answer looks like. Only descriptions read it, so it is worked out when one is asked for."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


class LateRoute(APIRoute):
    """One call. ``ready`` makes of it what FastAPI makes of a route when it is declared."""

    def __init__(
        self, path: str, endpoint: Callable[..., Any], *, methods: Iterable[str], **declared: Any
    ) -> None:
        self.path = path
        self.endpoint = endpoint
        self.methods = {*methods}
        self.name = get_name(endpoint)
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self._declared = declared
        self._making = threading.Lock()
        self._is_ready = False

    def ready(self) -> None:
        """Makes everything that it takes to answer and to be described, unless that was done."""
        with self._making:
            if not self._is_ready:
                declared = {**self._declared, "openapi_extra": _written(self._declared["openapi_extra"])}
                super().__init__(self.path, self.endpoint, methods=self.methods, **declared)
                self._is_ready = True

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.ready()
        await super().handle(scope, receive, send)


class LateRouter(APIRouter):
    """A family of calls; the address of each is below ``prefix``."""

    def __init__(self, *, prefix: str = "", tags: list[str | Enum] | None = None) -> None:
        super().__init__(prefix=prefix, tags=tags, route_class=LateRoute)

    def calls(self) -> list[LateRoute]:
        """All of them, in the order in which they are looked through."""
        return [route for route in self.routes if isinstance(route, LateRoute)]

    def ready(self) -> LateRouter:
        """The same router, with every call made ready."""
        for call in self.calls():
            call.ready()
        return self


def _written(extra: Any) -> Any:
    """What is declared of a description, with each model's schema in its place."""
    if isinstance(extra, dict):
        return {key: _written(value) for key, value in extra.items()}
    if isinstance(extra, type) and issubclass(extra, BaseModel):
        return extra.model_json_schema(ref_template="#/components/schemas/{model}")
    return extra
