"""A platform behind real HTTP on loopback, in the process of the tests."""

from __future__ import annotations

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
from pydantic import BaseModel

from jobferry.access.passwords import Argon2
from jobferry.api.app import create_app
from jobferry.bootstrap.platform import RunningPlatform
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.bootstrap.wiring import open_platform
from tables import home_with_tables

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
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        kind.model_validate_json(answer.content)
    else:
        read = msgspec.json.decode(answer.content, type=kind)
        assert json.loads(msgspec.json.encode(read)) == answer.json()
    return answer.json()


@contextmanager
def opened(
    folder: Path,
    change: Callable[[RunningPlatform], RunningPlatform] = lambda platform: platform,
    **settings: Any,
) -> Iterator[Door]:
    """A platform of this folder; ``change`` may put something else in one of its places."""
    home = home_with_tables(folder)
    platform = open_platform(home, PlatformSettings(**settings), durable=False)
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


@contextmanager
def _serving(platform: RunningPlatform, listener: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(platform), log_config=None, access_log=False, lifespan="off", proxy_headers=False
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
