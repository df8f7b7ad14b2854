"""Calls that wait for another system, or whose client has gone: they keep no other call waiting."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from inspect import getsource
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract.api.doors import Door, opened
from halted import halted
from jobferry.api.calls import Threads
from jobferry.api.dispatcher import Dispatcher
from jobferry.api.factory.calls import CALLS as FACTORY
from jobferry.api.native.calls import CALLS as NATIVE
from jobferry.bootstrap.platform import RunningPlatform

PLACE = "/api/workspaces/default"
BROWSE = f"{PLACE}/object-storage?path=obs://bucket/x"
REACHES_OUT = re.compile(
    r"platform\.(buckets|restoring|handed_in|checked|provider|exports|comparing|surrounding_imports|tag_files\.fetch|"
    r"audits\.(verify|verified|anchor|accept)|downloads\.(open|delete)|batches\.open|producing\.begin|imports|tasks\.cancel)\b"
    r"|package_of\(|_found\(call, import_id|_fetched\(|arrived\("
)
"""What asks object storage, the sign-in provider or the store of packages."""
NEVER = {"list_imports", "show_asset_backup_state"}
"""Calls that only read the database all the same."""


class Silent:
    """In the place of a part of the platform: everything that is asked of it waits."""

    def __init__(self) -> None:
        self.answer = threading.Event()
        self.asked = threading.Semaphore(0)
        self.count = 0

    def wait(self, *_: Any, **__: Any) -> Any:
        self.count += 1
        self.asked.release()
        self.answer.wait()
        raise RuntimeError("it was let go")

    page = end_address = begin = wait


@contextmanager
def beside(door: Door, count: int, method: str, path: str, **more: Any) -> Iterator[None]:
    """Make calls in threads of their own, and wait for their ends afterwards."""
    url = f"http://127.0.0.1:{door.port}{path}"
    headers = {"X-Auth-Token": more.pop("token", door.credentials["token"])}

    def ask() -> None:
        with httpx.Client(headers=headers, trust_env=False, verify=False, timeout=600) as client:
            client.request(method, url, **more)

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()


def test_every_call_that_asks_another_system_has_threads_for_it() -> None:
    found = {
        call.name: call.threads
        for call in (*NATIVE, *FACTORY)
        if REACHES_OUT.search(getsource(call.run)) and call.name not in NEVER
    }
    ordinary = {name for name, threads in found.items() if threads is Threads.ORDINARY}
    assert ordinary - {"receive_package"} == set()
    assert len(found) > 30
    assert {name for name, threads in found.items() if threads is Threads.COMPUTING} == {
        "compare",
        "show_difference",
        "show_differences",
        "show_texts",
    }


def test_one_user_waits_for_a_silent_store_in_four_threads_and_everybody_else_goes_on(tmp_path: Path) -> None:
    silent: Any = Silent()
    with opened(tmp_path / "p", lambda platform: replace(platform, buckets=silent)) as door:
        with beside(door, 8, "GET", BROWSE):
            assert all(silent.asked.acquire(timeout=60) for _ in range(4))
            for _ in range(50):
                assert door.http.get("/api/me").status_code == 200
                assert door.http.get(f"{PLACE}/objects/job").status_code == 200
            assert door.http.post(f"{PLACE}/next-runs", json={"names": []}).status_code == 200
            assert silent.count == 4
            silent.answer.set()
        assert silent.count == 8


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/session/provider/sign-out", None),
        ("POST", "/api/session/provider", {"redirect": "https://here.example/sign-in"}),
    ],
)
def test_a_silent_provider_keeps_only_those_waiting_who_ask_it(
    tmp_path: Path, method: str, path: str, body: Any
) -> None:
    silent: Any = Silent()
    with (
        opened(tmp_path / "p", lambda platform: replace(platform, provider=silent)) as door,
        beside(door, 45, method, path, json=body, token=""),
    ):
        assert all(silent.asked.acquire(timeout=60) for _ in range(4))
        assert door.http.get("/api/me").status_code == 200
        assert door.http.post(f"{PLACE}/next-runs", json={"names": []}).status_code == 200
        assert silent.count == 4
        silent.answer.set()


def requested(door: Door, path: str) -> socket.socket:
    """Send the head of a GET, and read nothing."""
    connection = socket.create_connection(("127.0.0.1", door.port))
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: {door.credentials['token']}\r\n\r\n"
    connection.sendall(head.encode())
    return connection


class Watching:
    """Waits for tasks like a platform whose tasks never change, and notes each time it is asked to."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.asked = threading.Event()

    def __call__(self, _task: str, timeout_s: float, *_: Any) -> bool:
        self.waits.append(timeout_s)
        self.asked.set()
        threading.Event().wait(timeout_s)
        return False


def test_a_call_that_waits_ends_when_its_client_has_gone(tmp_path: Path) -> None:
    watching: Any = Watching()
    with opened(tmp_path / "p", lambda platform: replace(platform, wait=watching)) as door:
        task = halted(door.platform)
        for path in (f"/api/tasks/{task.id}?wait=60", f"/api/tasks/{task.id}?wait=60&seen=0"):
            watching.asked.clear()
            connection = requested(door, path)
            assert watching.asked.wait(60)
            connection.close()
    assert len(watching.waits) <= 6
    assert max(watching.waits) <= 1


def test_a_call_to_a_silent_store_is_given_up_when_its_client_has_gone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    silent: Any = Silent()
    caplog.set_level("INFO")
    with opened(tmp_path / "p", lambda platform: replace(platform, buckets=silent)) as door:
        for _ in range(4):
            connection = requested(door, BROWSE)
            assert silent.asked.acquire(timeout=60)
            connection.close()
        while sum('"status":499' in record.getMessage() for record in caplog.records) < 4:
            threading.Event().wait(0.01)
        assert not silent.answer.is_set()
        with beside(door, 1, "GET", BROWSE):
            assert door.http.get("/api/me").status_code == 200
            assert silent.count == 4, "threads that were given up still count"
            silent.answer.set()
        assert silent.count == 5


def test_a_platform_that_is_closed_ends_calls_that_wait(tmp_path: Path) -> None:
    with opened(tmp_path / "p") as door:
        running: RunningPlatform = door.platform
        task = halted(running)
        connection = requested(door, f"/api/tasks/{task.id}?wait=60")
        connection.close()


def test_a_call_that_waits_answers_when_its_server_stops(tmp_path: Path) -> None:
    watching: Any = Watching()
    with opened(tmp_path / "p", lambda platform: replace(platform, wait=watching)) as door:
        task = halted(door.platform)
        scope: Any = {
            "type": "http",
            "method": "GET",
            "path": f"/api/tasks/{task.id}",
            "query_string": b"wait=60",
            "headers": [(b"x-auth-token", door.credentials["token"].encode())],
            "state": {"request_id": "r"},
            "scheme": "http",
            "server": ("here", 80),
        }
        sent: list[Any] = []

        async def receive() -> Any:
            await asyncio.Event().wait()

        async def send(message: Any) -> None:
            sent.append(message)

        async def stops() -> None:
            platform = replace(door.platform, wait=watching)
            call = asyncio.create_task(Dispatcher(platform, NATIVE)(scope, receive, send))
            await asyncio.to_thread(watching.asked.wait, 60)
            scope["state"]["waiting"].set()
            await call

        asyncio.run(stops())
    assert sent[0]["status"] == 200
    assert len(watching.waits) == 1
