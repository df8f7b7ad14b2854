"""Processes of ours that are killed: how tests start them, talk to them, and hear what they did."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

import httpx
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkdgc.v1 import DgcClient, ListJobsRequest

from .zygote import ARMING_PATH, point_of

KILLED = -signal.SIGKILL


class Point(NamedTuple):
    """Where a process kills itself: at an event's n-th time, from its start or from :meth:`Served.arm` on."""

    name: str
    times: int = 1
    armed: bool = True


NOWHERE = Point("")


class Zygote:
    """Forks command lines, any number at a time."""

    def __init__(self, interpreter: dict[str, str] | None = None) -> None:
        """``interpreter`` is what Python reads from the environment when it starts."""
        self._last: Life | None = None
        self._turn = threading.Lock()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        script = Path(__file__).with_name("zygote.py")
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, str(script), str(theirs.fileno())],
                env=os.environ | (interpreter or {}),
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        assert self._control.recv(64) == b"loaded", "the zygote did not come up"

    def start(
        self, *arguments: str | Path, at: Point = NOWHERE, environment: dict[str, str] | None = None
    ) -> Life:
        """Starts a ``jobferry`` command line that tells its events, to be killed at a point."""
        told = dict(os.environ) | {"JOBFERRY_LOG_LEVEL": "debug"} | (environment or {})
        return self._begin(Order(arguments, Path.cwd(), told, at))

    def run(
        self, folder: Path, environment: dict[str, str], arguments: Sequence[str | Path], send: bytes = b""
    ) -> Life:
        """Runs a ``jobferry`` command line to its end, with nothing of ours around it."""
        life = self._begin(Order(arguments, folder, environment), send)
        life.end()
        return life

    def fork(self, order: Order, streams: Sequence[int]) -> Fork:
        """A fork with these descriptors as stdin, stdout and stderr; they stay open here."""
        ended, theirs = os.pipe()
        with self._turn:
            socket.send_fds(self._control, [order.encoded], [*streams, theirs])
            os.close(theirs)
            number, (handle,), _, _ = socket.recv_fds(self._control, 64, 1)
        return Fork(int(number), handle, ended)

    def _begin(self, order: Order, send: bytes = b"") -> Life:
        self._end_last()
        out, theirs = os.pipe()
        with tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as sent:
            sent.write(send)
            sent.seek(0)
            fork = self.fork(order, [sent.fileno(), theirs, err.fileno()])
            os.close(theirs)
            kept = os.fdopen(os.dup(err.fileno()), "rb")
        self._last = Life(fork, os.fdopen(out, "rb"), kept)
        return self._last

    def close(self) -> None:
        """Ends the zygote, and what it has forked."""
        self._end_last()
        self._control.close()
        self._process.wait()

    def _end_last(self) -> None:
        """A test that failed may have left a process alive."""
        if self._last is not None and not self._last.has_ended:
            self._last.kill()
            self._last.end()


class Order(NamedTuple):
    """A command line, and where it runs; without a point nothing of its events is told. It is one of
    ``jobferry`` unless it names a script, and runs in the namespaces of these files."""

    arguments: Sequence[str | Path]
    folder: Path
    environment: Mapping[str, str]
    point: Point | None = None
    script: Path | None = None
    namespaces: Sequence[Path] = ()

    @property
    def encoded(self) -> bytes:
        told = {"arguments": [*map(str, self.arguments)], "folder": str(self.folder)}
        script = str(self.script or "")
        more = {"environment": dict(self.environment), "point": self.point, "script": script}
        return json.dumps(told | more | {"namespaces": [*map(str, self.namespaces)]}).encode()


class Fork:
    """A process that a zygote has forked: its number, its signals and its end."""

    def __init__(self, pid: int, handle: int, ended: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._handle = handle
        self._ended = ended

    def poll(self) -> int | None:
        """Its exit code, None while it lives."""
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        """Waits for its end.

        Raises:
            subprocess.TimeoutExpired: it lives on.
        """
        code = self._look(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("jobferry", timeout or 0)
        return code

    def send_signal(self, what: signal.Signals) -> None:
        """Sends a signal, if it has not ended; never to a later process of the same number."""
        if self.poll() is None:
            with suppress(OSError):
                signal.pidfd_send_signal(self._handle, what)

    def _look(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._ended], [], [], timeout)[0]:
            self.returncode = int(os.read(self._ended, 64))
            os.close(self._ended)
            os.close(self._handle)
        return self.returncode


class Forked(Fork):
    """A fork with pipes, as a :class:`subprocess.Popen` has them for text."""

    def __init__(self, zygote: Zygote, order: Order, errors: IO[str] | None = None) -> None:
        """``errors`` is a file for what it says on stderr, in the place of the pipe."""
        out, out_theirs = os.pipe()
        err, err_theirs = os.pipe()
        with Path(os.devnull).open("rb") as nothing:
            told = err_theirs if errors is None else errors.fileno()
            fork = zygote.fork(order, [nothing.fileno(), out_theirs, told])
        os.close(out_theirs)
        os.close(err_theirs)
        super().__init__(fork.pid, fork._handle, fork._ended)
        self.stdout = os.fdopen(out, encoding="utf-8")
        self.stderr = os.fdopen(err, encoding="utf-8")

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it has said since, to its end.

        Raises:
            subprocess.TimeoutExpired: it lives on.
        """
        with ThreadPoolExecutor(1) as pool, self.stdout, self.stderr:
            said = pool.submit(self.stderr.read)
            out = self.stdout.read()
            err = said.result()
        self.wait(timeout)
        return out, err

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Life:
    """One process that tells its events, from its start to its end."""

    def __init__(self, fork: Fork, out: IO[bytes], err: IO[bytes]) -> None:
        self._fork = fork
        self.out = out
        self._err = err

    @property
    def has_ended(self) -> bool:
        """Whether its end has been heard of."""
        return self._fork.returncode is not None

    def kill(self) -> None:
        """Kills it, if it has not ended; never a later process of the same number."""
        self._fork.send_signal(signal.SIGKILL)

    def stop(self) -> int:
        """Ends it as an operator does, if it has not ended."""
        self._fork.send_signal(signal.SIGTERM)
        return self.end()

    def end(self) -> int:
        """Waits for its end, and says how it was."""
        if not self.out.closed:
            self.rest = self.out.read()
            self._fork.wait()
            self._err.seek(0)
            self.err = self._err.read().decode(errors="replace")
            self.out.close()
            self._err.close()
        return self._fork.wait()

    @property
    def events(self) -> list[dict[str, Any]]:
        """What it told until its end, in order; the kill may have cut the last line off."""
        self.end()
        return [json.loads(line) for line in self.err.split("\n")[:-1] if line.startswith('{"event":')]

    def died_at(self) -> str:
        """The last event before it was killed."""
        assert self.end() == KILLED, f"ended with {self._fork.returncode}: {self.err[-2000:]}"
        return point_of(self.events[-1])


class Served:
    """A served platform and the calls that tests make."""

    def __init__(self, life: Life, url: str, folder: Path) -> None:
        self.life = life
        own = json.loads((folder / "credentials.json").read_text())
        self.project = str(own["project_id"])
        self._own = own
        self.http = httpx.Client(
            base_url=url, headers={"X-Auth-Token": own["token"]}, trust_env=False, timeout=600, verify=False
        )

    def signs_in(self) -> bool:
        """Whether the first start's access key signs a call of the official SDK."""
        signer = BasicCredentials(self._own["access_key"], self._own["secret_key"], self.project)
        url = str(self.http.base_url)
        client: Any = DgcClient.new_builder().with_credentials(signer).with_endpoint(url).build()
        return bool(client.list_jobs(ListJobsRequest()).total == 0)

    def dies_in(self, call: Callable[[Served], object]) -> str:
        """Where the process was killed while it answered a call."""
        try:
            told = call(self)
        except httpx.TransportError:
            return self.life.died_at()
        finally:
            self.http.close()
        self.life.kill()
        self.life.end()
        raise AssertionError(f"nothing killed it; it answered {told}\n{self.life.err[-2000:]}")

    def arm(self) -> None:
        """From now on events count."""
        self.http.get(ARMING_PATH)

    def send(self, package: bytes) -> str:
        """Hands a package in and gives its id."""
        answer = self.http.post("/api/packages", params={"name": "p.zip"}, content=package)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def begin(self, package_id: str) -> str:
        """Begins an import that overwrites, and gives its task's id."""
        body = {"package": {"id": package_id}, "options": {"duplicates": "overwrite"}, "apply": True}
        answer = self.http.post("/api/workspaces/default/imports", json=body)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["task_id"])

    def ended(self, task_id: str) -> dict[str, Any]:
        """The task at its end."""
        while True:
            answer = self.http.get(f"/api/tasks/{task_id}", params={"wait": 30})
            assert answer.status_code == 200, answer.text
            task: dict[str, Any] = answer.json()
            if task["status"] != "RUNNING":
                return task

    def land(self, package: bytes) -> dict[str, Any]:
        """Imports a package and gives the ended task."""
        return self.ended(self.begin(self.send(package)))

    def export(self) -> bytes:
        """A package of everything."""
        answer = self.http.post("/api/workspaces/default/exports", json={})
        assert answer.status_code == 200, answer.text
        return answer.content


def serve(
    zygote: Zygote, folder: Path, at: Point = NOWHERE, environment: dict[str, str] | None = None
) -> Served | Life:
    """Serves a folder; the life alone where it ended before anybody could talk to it."""
    life = zygote.start("serve", "--port", "0", "--data", folder, at=at, environment=environment)
    told = life.out.readline().decode().strip()
    return Served(life, told, folder) if told else life


@contextmanager
def served(zygote: Zygote, folder: Path, environment: dict[str, str] | None = None) -> Iterator[Served]:
    """Serves a folder while the context lasts."""
    running = serve(zygote, folder, environment=environment)
    assert isinstance(running, Served), (running.end(), running.err[-2000:])
    with running.http:
        try:
            yield running
        finally:
            running.life.stop()


def command(zygote: Zygote, arguments: Sequence[str | Path], at: Point = NOWHERE) -> Life:
    """Runs a command line to its end."""
    life = zygote.start(*arguments, at=at)
    life.end()
    return life
