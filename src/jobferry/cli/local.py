"""Serves a data folder's platform inside this process, for this process alone.

Heavy: import it only when it is used.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import uvicorn

from jobferry.api.app import create_app
from jobferry.api.calls import Asked, Package, Pieces
from jobferry.api.decoding import is_raw, read_body, refuse
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.wiring import open_platform
from jobferry.cli.client import Client, Coming
from jobferry.cli.hosting import log_to_file, platform_settings
from jobferry.cli.requests import bound, said_of
from jobferry.services.people.sign_in import SignedRequest

if TYPE_CHECKING:
    from jobferry.api.native.packages import PackageAnswer
    from jobferry.bootstrap.platform import RunningPlatform

P = ParamSpec("P")
T = TypeVar("T")
_PATIENCE = 1
"""A task here ends with this process, so nothing may keep it long."""

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


class LocalClient(Client):
    """The platform of a data folder that this process has opened, as the folder's owner."""

    def __init__(self, platform: RunningPlatform, place: str, workspace: str, language: str) -> None:
        super().__init__(place, workspace, patience=_PATIENCE)
        self._platform = platform
        request = SignedRequest(
            method="GET",
            raw_path=b"/",
            raw_query=b"",
            headers=((b"authorization", b"Bearer " + platform.folder_token.encode()),),
            body=b"",
        )
        self._asked = Asked(
            platform=platform,
            caller=platform.signing.authenticate(request),
            parts={"workspace": workspace},
            headers={"X-Language": language},
            wire=request,
            origin="",
            is_safe=False,
        )

    def ask(self, run: Callable[Concatenate[Any, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns. What it takes is judged as it is when it comes over HTTP."""
        call = bound(run)
        said = said_of(call, args, kwargs)
        entered: Any = call.entry.of(self._asked)
        given, faults = call.values(said.parts, said.query, said.headers)
        if said.body is not None:
            given["body"], wrong = (said.body, []) if is_raw(call.body) else read_body(call.body, said.body)
            faults += wrong
        refuse(faults)
        take: Callable[..., T] = run
        return take(entered, **given)

    @contextmanager
    def stream(
        self, run: Callable[Concatenate[Any, P], Any], *args: P.args, **kwargs: P.kwargs
    ) -> Iterator[Coming]:
        """A package as it is made."""
        sent: Package | Pieces = self.ask(run, *args, **kwargs)
        try:
            yield Coming(sent.headers if isinstance(sent, Package) else {}, sent.chunks)
        finally:
            sent.chunks.close()

    def hand_in(self, pieces: Iterator[bytes], name: str) -> PackageAnswer:
        """Keeps a package in the data folder."""
        from jobferry.api.native.packages import PackageAnswer

        limits = self._platform.stored.limits()
        kept = self._platform.imports.receive(self._asked.signed_in(), name, pieces, limits)
        return PackageAnswer(kept.id, kept.name, kept.size)


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
            server = _Private(uvicorn.Config(create_app(platform, is_hurried=False), **_QUIET))
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
