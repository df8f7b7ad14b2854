"""Runs ``jobferry`` command lines in forks of a process that has loaded everything: ``python zygote.py FD``.

On the socket FD it is told a command line, its folder and environment, with descriptors for the fork's stdin,
stdout and stderr, and a pipe on which it is told how the fork has ended. It answers with the fork's number
and a descriptor of it (pidfd). A fork may be told another script to run than ``jobferry``, and namespaces
(as files below ``/proc``) to run in. A fork that is told of a point tells all its events on stderr, and kills
itself (SIGKILL) there.
"""

from __future__ import annotations

import atexit
import ctypes
import faulthandler
import gc
import importlib
import json
import logging
import os
import pkgutil
import runpy
import select
import signal
import socket
import sys
import threading
from contextlib import suppress
from typing import Any, NoReturn

_LATE = (
    "anyio._backends._asyncio",
    "certifi",
    "h11",
    "httpcore",
    "pydantic.v1",
    "typer._adapters",
    "uvicorn.lifespan.off",
    "uvicorn.loops.auto",
    "uvicorn.loops.uvloop",
    "uvicorn.protocols.http.auto",
)
"""What libraries load when they are first used: in a fork, that would be in every one."""

ARMING_PATH = "/armed"
"""A request to this path makes a fork count the events that follow, where it was told to wait for it."""


class Trap(logging.Handler):
    """Tells each event on stderr, and ends the process at the one it waits for."""

    def __init__(self, point: str, times: int, *, armed: bool) -> None:
        super().__init__(logging.DEBUG)
        self._point, self._left, self._armed = point, times, armed

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        os.write(2, f"{line}\n".encode())
        told = self._read(line)
        if not self._armed:
            self._armed = told.get("path") == ARMING_PATH
        elif self._point and point_of(told) == self._point:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)

    @staticmethod
    def _read(line: str) -> dict[str, Any]:
        with suppress(ValueError):
            told = json.loads(line)
            return told if isinstance(told, dict) else {}
        return {}


def point_of(told: dict[str, Any]) -> str:
    """An event's name, with the table or file that it is about."""
    about = told.get("table") or told.get("file") or told.get("tables")
    return f"{told.get('event')}/{about}" if about else str(told.get("event"))


def main(control: socket.socket) -> None:
    """Forks what it is told to until nobody tells it any more."""
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # ignored under nohup and behind &, and inherited
    _load()
    gc.freeze()
    control.send(b"loaded")
    waiting = select.poll()
    waiting.register(control, select.POLLIN)
    running: dict[int, tuple[int, int]] = {}  # by the fork's handle, its number and where its end is told
    while True:
        for ready, _ in waiting.poll():
            if ready in running:
                waiting.unregister(ready)
                child, told = running.pop(ready)
                _, status = os.waitpid(child, 0)
                os.write(told, str(os.waitstatus_to_exitcode(status)).encode())
                os.close(ready)
                os.close(told)
                continue
            message, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 4)
            if not message:
                return
            child = os.fork()
            if not child:
                for handle, (_, told) in running.items():
                    os.close(handle)
                    os.close(told)
                os.close(descriptors.pop())
                _end(_live(json.loads(message), descriptors, control))
            *streams, told = descriptors
            for stream in streams:
                os.close(stream)
            handle = os.pidfd_open(child)
            socket.send_fds(control, [str(child).encode()], [handle])
            running[handle] = child, told
            waiting.register(handle, select.POLLIN)


def _load() -> None:
    """Everything that a command or a platform needs, so that a fork starts at once."""
    for name in _LATE:
        importlib.import_module(name)
    import jobferry
    from jobferry.api.dispatcher import places_of
    from jobferry.api.factory.calls import CALLS as FACTORY
    from jobferry.api.native.calls import CALLS as NATIVE
    from jobferry.cli.app import program

    for module in pkgutil.walk_packages(jobferry.__path__, "jobferry."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    program([])
    places_of((*NATIVE, *FACTORY))


def _live(order: dict[str, Any], descriptors: list[int], control: socket.socket) -> int:
    from jobferry.cli.app import run
    from jobferry.events import LOGGER

    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    for namespace in order["namespaces"]:  # while it has one thread: the kernel takes no other
        _enter(namespace)
    faulthandler.enable(2)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", 1, closefd=False)
    threading.Thread(target=_end_with_the_test, args=(control,), daemon=True).start()
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    if order["point"] is not None:
        logger = logging.getLogger(LOGGER)
        logger.addHandler(Trap(*order["point"][:2], armed=order["point"][2]))
        logger.propagate = False
    if order["script"]:
        sys.argv = [order["script"], *order["arguments"]]
        runpy.run_path(order["script"], run_name="__main__")
        threading._shutdown()  # type: ignore[attr-defined]  # a script ends with its threads
        return 0
    return run(order["arguments"])


def _enter(namespace: str) -> None:
    handle = os.open(namespace, os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).setns(handle, 0):
        raise OSError(ctypes.get_errno(), "the namespace cannot be entered", namespace)
    os.close(handle)


def _end(code: int) -> NoReturn:
    """Ends a fork as its program would, but takes nothing apart: that would take longer than most calls."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _end_with_the_test(control: socket.socket) -> None:
    """No platform outlives its test."""
    watch = select.poll()
    watch.register(control, select.POLLRDHUP)
    watch.poll()
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as told:
        main(told)
