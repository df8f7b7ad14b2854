"""HTTP before the table of calls: finds the call, who asks and what was sent; sends what the call returns."""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Callable, Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, unquote

from anyio import CancelScope, CapacityLimiter, move_on_after, to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import Message, Receive, Scope, Send

from jobferry.api.calls import CLIENT_LEFT, Asked, Declared, Threads, Upload
from jobferry.api.decoding import Bound, plain, read_body, refuse
from jobferry.api.lanes import Lane
from jobferry.api.languages import reader_of
from jobferry.api.problems import WrongMethod, refusal
from jobferry.api.sending import Run, response_of, takes_gzip
from jobferry.api.signin import (
    announced,
    authenticated,
    body_of,
    is_signed,
    on_the_wire,
    origin_of,
)
from jobferry.errors import ErrorCode, FilesError, JobferryError, NotFound
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.bootstrap.platform import RunningPlatform
    from jobferry.model.messages.reader import Reader
    from jobferry.model.people import Caller

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_READERS = 4
"""How many calls may read at once where SQLite is read in this process: more would only take turns at the
processor, each with a connection of its own. Calls that write may wait for each other, and have other
threads."""
_REMOTE_READERS = 16
"""The same where a database server is asked: while a call waits for it, others can go on."""
_ENTRANTS = 40
"""How many callers may be recognized at once before their calls wait for anything else."""
_LANES = {
    Threads.WAITING: (256, 64),
    Threads.PROBING: (4, 4),
    Threads.EXTERNAL: (32, 4),
    Threads.COMPUTING: (2, 1),
}
"""Threads by kind of call: in all, and for one caller. Two comparisons leave Python time for other calls."""
_EXTERNAL_SECONDS = 60.0
"""How long a reading call may wait for another system in all."""


class Dispatcher:
    """The application of a running platform: an exact address and a method, one function."""

    def __init__(self, platform: RunningPlatform, calls: Iterable[Declared]) -> None:
        self._platform = platform
        self._readers = CapacityLimiter(readers_of(platform.database()))
        self._entrants = CapacityLimiter(_ENTRANTS)
        self._lanes = {kind: Lane(*limits) for kind, limits in _LANES.items()}
        self._places = places_of(tuple(calls))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answered(request, *self._found(request.method, scope["path"]))
        except JobferryError as error:
            response = _refused(request, error, _reader(request))
        await response(scope, receive, send)

    async def _answered(self, request: Request, call: Bound, parts: dict[str, str]) -> Response:
        turn, limit = _Turn(self._platform, call, request, parts), call.declared.body_limit
        if not call.entry.needs_sign_in:
            return await self._carried_out(turn, None, await body_of(request, limit) if call.body else b"")
        if is_signed(request):
            body = await body_of(request, limit)
            return await self._carried_out(turn, partial(authenticated, self._platform, request, body), body)
        if call.body is None:
            return await self._carried_out(turn, partial(authenticated, self._platform, request), b"")
        caller = await self._recognized(partial(authenticated, self._platform, request))
        if plain(call.body) is Upload:
            return await self._carried_out(turn, lambda: caller, None)
        body = await body_of(request, limit)
        return await self._carried_out(turn, lambda: caller, body)

    async def _recognized(self, who: Callable[[], Caller]) -> Caller:
        return await to_thread.run_sync(who, limiter=self._entrants)

    async def _carried_out(self, turn: _Turn, who: Any, body: bytes | None) -> Response:
        declared = turn.call.declared
        if iscoroutinefunction(declared.run):
            return await turn.carry_out_here(who, body)
        if (lane := self._lanes.get(declared.threads)) is not None:
            return await self._carried_out_in(lane, turn, who, body)
        limiter = self._readers if declared.is_one_look else None
        return await to_thread.run_sync(turn.carry_out, who, body, limiter=limiter)

    async def _carried_out_in(self, lane: Lane, turn: _Turn, who: Any, body: bytes | None) -> Response:
        """Carry a call out in threads that other calls do not need, as long as its client is there."""
        caller = await self._recognized(who) if who else None
        key = caller.user_id if caller else origin_of(turn.request)
        turn = replace(turn, run=partial(lane.run, key, patience=math.inf))
        request, is_reading = turn.request, turn.call.declared.method == "GET"
        left, threads = threading.Event(), turn.call.declared.threads
        CLIENT_LEFT.set(left)
        if threads is Threads.WAITING:
            request.state.waiting = left
        deadline = _EXTERNAL_SECONDS if is_reading and threads is Threads.EXTERNAL else math.inf
        with move_on_after(deadline) as scope:
            watching = asyncio.ensure_future(_watched(request, left, scope if is_reading else None))
            try:
                work = partial(turn.carry_out, (lambda: caller) if caller else None, body)
                return await lane.run(key, work, can_leave=is_reading)
            finally:
                watching.cancel()
        if left.is_set():
            raise ClientDisconnect
        raise _silent(deadline)

    def _found(self, method: str, path: str) -> tuple[Bound, dict[str, str]]:
        allowed: set[str] = set()
        for place in self._places.get(word_of(path), ()):
            match = place.pattern.match(path)
            if match is None:
                continue
            if method in place.methods:
                return place.methods[method], {
                    name: unquote(part) for name, part in match.groupdict().items()
                }
            allowed |= place.methods.keys()
        if allowed:
            raise WrongMethod(path, method, [one for one in _METHODS if one in allowed])
        raise _nothing_at(path)


class _Place(NamedTuple):
    """An address, and what answers there."""

    pattern: Any
    methods: dict[str, Bound]


@dataclass(frozen=True)
class _Turn:
    """One request on its way through its call; ``run`` makes further pieces of its answer in a thread."""

    platform: RunningPlatform
    call: Bound
    request: Request
    parts: dict[str, str]
    run: Run = to_thread.run_sync

    @property
    def query(self) -> dict[str, list[str]]:
        """Every value that the query has for a name, in order."""
        found: dict[str, list[str]] = {}
        for key, value in parse_qsl(
            self.request.scope["query_string"].decode("latin-1"), keep_blank_values=True
        ):
            found.setdefault(key, []).append(value)
        return found

    def carry_out(self, who: Any, body: bytes | None) -> Response:
        """Signs in if that is still to be done, reads what was said, and calls the function.

        Up to the function all is read in one look; one that only answers what is there reads in it, too.
        """
        declared = self.call.declared
        arguments: dict[str, Any] = {}
        try:
            with self.platform.one_look() if declared.is_one_look else nullcontext():
                arguments = self._entered(who, body)
                return self._sent(declared.run(**arguments))
        except JobferryError as error:
            return self._refused(error, arguments)

    async def carry_out_here(self, who: Any, body: bytes | None) -> Response:
        """The same in the event loop, where an upload is read as it comes."""
        arguments: dict[str, Any] = {}
        try:
            arguments = (
                await to_thread.run_sync(self._entered, who, body) if who else self._arguments(None, b"")
            )
            return self._sent(await self.call.declared.run(**arguments))
        except JobferryError as error:
            return self._refused(error, arguments)

    def _refused(self, error: JobferryError, arguments: dict[str, Any]) -> Response:
        """The answer in the words of what was entered, if that is as far as it came."""
        entered = arguments.get(self.call.entry_name)
        return _refused(self.request, error, getattr(entered, "reader", _reader(self.request)))

    def _entered(self, who: Any, body: bytes | None) -> dict[str, Any]:
        with self.platform.one_look():
            return self._arguments(who() if who else None, body)

    def _arguments(self, caller: Caller | None, body: bytes | None) -> dict[str, Any]:
        call = self.call
        entered = call.entry.of(self._asked(caller, body or b""))
        given, faults = call.values(self.parts, self.query, self.request.headers)
        if call.body is not None:
            given["body"], wrong = self._read(body)
            faults += wrong
        refuse(faults)
        return {call.entry_name: entered, **given}

    def _read(self, body: bytes | None) -> tuple[Any, list[Any]]:
        kind = plain(self.call.body)
        if kind is Upload:
            pieces = self.request.stream() if body is None else _whole(body)
            return Upload(pieces, announced(self.request)), []
        if kind is bytes:
            return body, []
        return read_body(self.call.body, body or b"", strict=not self.call.declared.is_lenient)

    def _asked(self, caller: Caller | None, body: bytes) -> Asked:
        request = self.request
        return Asked(
            platform=self.platform,
            caller=caller,
            parts=self.parts,
            headers=request.headers,
            wire=on_the_wire(request, body),
            origin=origin_of(request),
            is_safe=request.url.scheme == "https",
            reader=_reader(request),
        )

    def _sent(self, value: Any) -> Response:
        return response_of(
            self.call,
            value,
            is_safe=self.request.url.scheme == "https",
            takes_gzip=takes_gzip(self.request.headers.get("Accept-Encoding", "")),
            run=self.run,
        )


def readers_of(database: str) -> int:
    """How many calls may read at once from a database of that name."""
    return _READERS if database.startswith("SQLite") else _REMOTE_READERS


def _reader(request: Request) -> Reader:
    return reader_of(request.scope["query_string"], request.scope["headers"])


def _refused(request: Request, error: JobferryError, reader: Reader) -> Response:
    scope = request.scope
    return refusal(error, scope["path"], request.method, scope["state"]["request_id"], reader)


def word_of(path: str) -> str:
    """The part of a path that says what it is about: ``jobs`` in ``/api/workspaces/dev/jobs/a/start``."""
    root, *parts = path.removeprefix("/").split("/")
    if root != "api" or not parts:
        return root
    return parts[2] if parts[0] == "workspaces" and len(parts) > 2 else parts[0]


async def _watched(request: Request, left: threading.Event, scope: CancelScope | None) -> None:
    """Wait until the client has gone, and tell the call; what only reads is given up."""
    message: Message = {"type": "http.request"}
    with suppress(JobferryError):
        while message["type"] == "http.request" and not message.get("more_body"):
            message = await request.receive()
    if message["type"] == "http.disconnect":
        left.set()
        if scope is not None:
            scope.cancel()


def _silent(seconds: float) -> FilesError:
    return FilesError(
        ErrorCode.FILES_FAILED,
        sentence("another system did not answer within {seconds:second}", seconds=round(seconds)),
        hint="ask operations to check the object storage and the sign-in provider",
    )


def _nothing_at(path: str) -> NotFound:
    return NotFound(
        ErrorCode.UNKNOWN_ROUTE,
        sentence("there is nothing at {path}", path=path),
        subject=path,
        hint="check the address; /v1/{project_id}/… is the Factory API, /api/… is Jobferry's own",
    )


@cache
def places_of(calls: tuple[Declared, ...]) -> dict[str, list[_Place]]:
    """The addresses with the calls at each, by their words. Each call is read, so what is wrong with one
    shows at the start; they are read once in a process, however many platforms it serves."""
    at: dict[str, dict[str, Bound]] = {}
    for call in calls:
        at.setdefault(call.path, {})[call.method] = Bound(call).read()
    places: dict[str, list[_Place]] = {}
    for path, methods in at.items():
        places.setdefault(word_of(path), []).append(_Place(compile_path(path)[0], methods))
    return places


async def _whole(body: bytes) -> Any:
    yield body
