"""A platform behind real HTTP on loopback, in the process of the tests."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import msgspec
import uvicorn
from argon2 import PasswordHasher
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jobferry.access.passwords import Argon2
from jobferry.api.app import create_app
from jobferry.api.calls import Document, File, Package, Pieces
from jobferry.api.decoding import Answer
from jobferry.api.dispatcher import places_of, word_of
from jobferry.api.factory.calls import CALLS as FACTORY
from jobferry.api.native import checks, imports, report
from jobferry.api.native.calls import CALLS as NATIVE
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.bootstrap.wiring import open_platform
from tables import home_with_tables, settings_for

NO_STRUCTS = (Document, File, Package, Pieces, type(None))
_QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""Hashes passwords with a hundredth of the work: what hashing takes is no subject of tests behind doors."""


class Door:
    """A platform behind real HTTP on loopback, in this process."""

    def __init__(self, platform: RunningPlatform, folder: Path, port: int) -> None:
        self.platform = platform
        self.folder = folder
        self.port = port
        self.credentials: dict[str, str] = json.loads((folder / "credentials.json").read_text())
        self.http = httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"X-Auth-Token": self.credentials["token"]},
            trust_env=False,
            timeout=60,
            verify=False,
        )
        self.factory = f"/v1/{platform.identity.project_id}"

    def workspace(self, name: str, **settings: str) -> dict[str, Any]:
        """A new workspace."""
        made = self.http.post("/api/workspaces", json={"name": name})
        assert made.status_code == 201, made.text
        if settings:
            assert self.http.patch(f"/api/workspaces/{name}/settings", json=settings).status_code == 200
        answer: dict[str, Any] = made.json()
        return answer

    def ended(self, task_id: str) -> dict[str, Any]:
        """A task, once it is over."""
        task: dict[str, Any] = self.http.get(f"/api/tasks/{task_id}", params={"wait": 60}).json()
        assert task["status"] != "RUNNING"
        return task


def fits(kind: Any, answer: httpx.Response, status: int = 200) -> Any:
    """An answer that has this form, key for key, as plain values."""
    assert answer.status_code == status, answer.text
    assert misfit(kind, answer.content) == ""
    return answer.json()


def looked_into(http: httpx.Client, place: str, body: Any, **more: Any) -> dict[str, Any]:
    """An import that is checked there, with all that the check found."""
    made = fits(imports.ImportAnswer, checked(http, place, body, **more))
    assert made["state"] == "checked", made
    return with_pages(http, place, made, **more)


def checked(http: httpx.Client, place: str, body: Any, **more: Any) -> httpx.Response:
    """The answer about an import once its check is over, or the refusal to begin it."""
    begun = http.post(f"{place}/imports", json=body, **more)
    if begun.status_code != 202:
        return begun
    return http.get(f"{place}/imports/{begun.json()['id']}", params={"wait": 60}, **more)


def rechecked(http: httpx.Client, place: str, options: Any) -> httpx.Response:
    """The answer about an import at that place once it is checked by other options."""
    begun = http.put(f"{place}/options", json=options)
    if begun.status_code != 202:
        return begun
    return http.get(place, params={"wait": 60})


def refused(answer: httpx.Response) -> tuple[str, str]:
    """Code and message of an import whose check came to nothing."""
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["state"] == "refused", told
    return told["code"], told["message"]


def with_pages(http: httpx.Client, place: str, made: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A checked import with the first pages of what was found in the place of its numbers."""
    found = {
        name: fits(page, http.get(f"{place}/imports/{made['id']}/{where}", **more))["items"]
        for name, where, page in _PAGES
    }
    return {**made, **made["check"], **found}


_PAGES = (
    ("steps", "plan", report.StepList),
    ("findings", "findings", report.FindingList),
    ("needs", "needs", checks.NeedList),
    ("replacements", "replacements", checks.ReplacementList),
    ("schedules", "schedules", checks.ScheduleList),
    ("deletions", "deletions", checks.DeletedList),
)


@contextmanager
def opened(
    folder: Path,
    change: Callable[[RunningPlatform], RunningPlatform] = lambda platform: platform,
    **settings: Any,
) -> Iterator[Door]:
    """A platform of this folder; ``change`` may put something else in one of its places."""
    home = home_with_tables(folder)
    platform = open_platform(home, settings_for(home, **settings), durable=False)
    try:
        with (
            patch.object(Argon2, "_hasher", _QUICK),
            socket.create_server(("127.0.0.1", 0)) as listener,
            _serving(change(platform), listener),
        ):
            door = Door(platform, folder, listener.getsockname()[1])
            with door.http:
                yield door
    finally:
        platform.close()


class AsDescribed:
    """An application whose JSON answers are held against their calls' structs, key for key; one that does not
    fit is answered 500 instead, with what is wrong."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._places = places_of((*NATIVE, *FACTORY))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Answer(self._kinds(scope["method"], scope["raw_path"].decode()), send)
        await self._app(scope, receive, answer.send)

    def _kinds(self, method: str, path: str) -> dict[int, Any]:
        """The structs that a call answers with, by status."""
        for place in self._places.get(word_of(path), ()):
            if method in place.methods and place.pattern.match(path):
                answers = place.methods[method].answers
                return {one.status: kind for one in answers if (kind := _struct_of(one)) is not None}
        return {}


def _struct_of(answer: Answer) -> Any:
    """What an answer can be read as; none if it is no struct."""
    if answer.type not in NO_STRUCTS:
        return answer.type
    is_json = answer.type in (Document, Pieces) and answer.media is not None
    schema = answer.media.schema if is_json and answer.media else None
    return None if isinstance(schema, dict) else schema


class _Answer:
    """One answer on its way out: held back and judged if it is a struct's."""

    def __init__(self, kinds: dict[int, Any], send: Send) -> None:
        self._kinds = kinds
        self._send = send
        self._head: Message = {}
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self._is_struct(message):
            self._head = message
        elif not self._head:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._judged()

    def _is_struct(self, head: Message) -> bool:
        is_json = (b"content-type", b"application/json") in head["headers"]
        return is_json and head["status"] in self._kinds

    async def _judged(self) -> None:
        is_packed = (b"content-encoding", b"gzip") in self._head["headers"]
        text = gzip.decompress(self._body) if is_packed else self._body
        wrong = misfit(self._kinds[self._head["status"]], text)
        if wrong:
            self._head = {"type": "http.response.start", "status": 500, "headers": []}
        await self._send(self._head)
        await self._send({"type": "http.response.body", "body": wrong.encode() or self._body})


def misfit(kind: Any, body: bytes) -> str:
    """What keeps a text from being a value of this kind, key for key; empty if nothing does."""
    try:
        read = msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        return f"{error}: {body[:2000].decode()}"
    same = json.loads(msgspec.json.encode(read)) == json.loads(body)
    return "" if same else f"there are other keys than said: {body[:2000].decode()}"


@contextmanager
def _serving(platform: RunningPlatform, listener: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(
        uvicorn.Config(
            AsDescribed(create_app(platform)),
            log_config=None,
            access_log=False,
            lifespan="off",
            proxy_headers=False,
        )
    )
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        thread.join()
