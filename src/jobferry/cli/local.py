"""Serves a data folder's platform inside this process, for this process alone.

Heavy: import it only when it is used.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn

from jobferry.api.app import create_app
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.wiring import open_platform
from jobferry.cli.hosting import log_to_file, platform_settings

_QUIET: dict[str, Any] = {
    "lifespan": "off",
    "ws": "none",
    "log_config": None,
    "log_level": "critical",
    "access_log": False,
    "proxy_headers": False,
    # a process that stood still for a while must not find its own connection closed
    "timeout_keep_alive": 86_400,
}


class Door(NamedTuple):
    """Where the platform answers: a Unix socket, or an address where there are none; and by which token."""

    url: str
    socket: str | None
    token: str = ""


@contextmanager
def serving(home: Home, name: str = "") -> Iterator[Door]:
    """Opens the platform of a folder that this process has locked, and lets it go at the end.

    Raises:
        StoreError, FilesError, Conflict: the folder's platform cannot be opened.
    """
    try:
        settings = platform_settings(name)
        log_to_file(settings)
        platform = open_platform(home, settings, durable=False)
    except BaseException:
        home.unlock()
        raise
    try:
        with _private_socket(home.door) as (listener, door):
            server = _Private(uvicorn.Config(create_app(platform, late=True), **_QUIET))
            thread = threading.Thread(target=server.run, args=([listener],), name="platform", daemon=True)
            thread.start()
            try:
                yield door._replace(token=platform.folder_token)
            finally:
                server.stop()
                thread.join()
    finally:
        platform.close()


class _Private(uvicorn.Server):
    """A server with one client: it stops when it is told, and does not wait for ticks or stragglers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._done = asyncio.Event()
        self._over = threading.Event()

    def stop(self) -> None:
        """Ends the serving; may be called from any thread, at any time."""
        self._over.set()
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._done.set)

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        if not self._over.is_set():
            await self._done.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()


@contextmanager
def _private_socket(path: Path) -> Iterator[tuple[socket.socket, Door]]:
    """A listening socket in the data folder, which only its owner can enter; a loopback port where that is
    impossible. One that a killed process left went when this process took the folder."""
    listener, door = _listening(path)
    try:
        with listener:
            yield listener, door
    finally:
        if door.socket:
            path.unlink(missing_ok=True)


def _listening(path: Path) -> tuple[socket.socket, Door]:
    if hasattr(socket, "AF_UNIX"):
        listener = socket.socket(socket.AF_UNIX)
        try:
            listener.bind(str(path))
            listener.listen()
            return listener, Door("http://jobferry", str(path))
        except OSError:
            listener.close()
    listener = socket.create_server(("127.0.0.1", 0))
    return listener, Door(f"http://127.0.0.1:{listener.getsockname()[1]}", None)
