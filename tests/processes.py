"""Jobferry as processes of its own: commands that end, and platforms served until they are stopped."""

from __future__ import annotations

import atexit
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any, NamedTuple

import httpx

from builders import written
from crashing.lives import Forked, Order, Zygote
from tables import own_database

_KEPT = ("PATH", "TMPDIR", "LD_LIBRARY_PATH")
INTERPRETER = {"PYTHONUTF8": "1", "PYTHONWARNINGS": "error"}


@cache
def shared_zygote() -> Zygote:
    """What programs are forked from, until this process ends."""
    zygote = Zygote(INTERPRETER)
    atexit.register(zygote.close)
    return zygote


class Ended(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Served:
    """A platform that is being served."""

    def __init__(self, process: Forked, url: str, token: str) -> None:
        self.process = process
        self.url = url
        self.token = token
        self.http = httpx.Client(
            base_url=url,
            headers={"X-Auth-Token": token},
            trust_env=False,
            timeout=httpx.Timeout(120),
            verify=False,
        )

    def hand_in(self, package: bytes, name: str = "package.zip") -> httpx.Response:
        return self.http.post("/api/packages", params={"name": name}, content=package)

    def begin(self, package_id: str, workspace: str = "default", **options: Any) -> httpx.Response:
        body = {"package": {"id": package_id}, "options": options, "apply": True}
        return self.http.post(f"/api/workspaces/{workspace}/imports", json=body)

    def ended(self, task_id: str) -> dict[str, Any]:
        """A task, once it is over."""
        while True:
            task: dict[str, Any] = self.http.get(f"/api/tasks/{task_id}", params={"wait": 30}).json()
            if task["status"] != "RUNNING":
                return task

    def land(self, package: bytes, workspace: str = "default", **options: Any) -> dict[str, Any]:
        """Hands a package in, imports it, and waits for the end."""
        received = self.hand_in(package)
        assert received.status_code == 201, received.text
        begun = self.begin(received.json()["id"], workspace, **options)
        assert begun.status_code == 202, begun.text
        return self.ended(begun.json()["task_id"])

    def names(self, workspace: str = "default", kind: str = "job") -> list[str]:
        answer = self.http.get(f"/api/workspaces/{workspace}/objects/{kind}", params={"limit": 1000})
        assert answer.status_code == 200, answer.text
        return [one["name"] for one in answer.json()["items"]]

    def receipts(self, workspace: str = "default") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.http.get(f"/api/workspaces/{workspace}/receipts").json()["items"]
        return found

    def workspace(self, name: str) -> None:
        assert self.http.post("/api/workspaces", json={"name": name}).status_code == 201


class Program:
    """The program on one data folder, with nothing of ours around it.

    ``inside`` are the namespaces that it runs in, as files below ``/proc``.
    """

    def __init__(
        self,
        data: Path,
        *,
        home: Path,
        inside: Sequence[Path] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        home.mkdir(exist_ok=True)
        self.data = data
        self._home = home
        self._inside = [*inside]
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        plain = {"HOME": str(home), **INTERPRETER}
        self.environment = kept | plain | own_database(data) | dict(environment or {})

    def __call__(self, *arguments: str | Path) -> Ended:
        process = self.start(*arguments)
        out, err = process.communicate()
        assert "Traceback" not in out + err, err
        return Ended(process.wait(), out, err)

    def found(self) -> None:
        """Makes the platform."""
        ended = self("init")
        assert ended.code == 0, ended

    def start(self, *arguments: str | Path) -> Forked:
        """Starts a command and does not wait for its end."""
        return self._process(arguments)

    def _process(self, arguments: Sequence[str | Path], errors: IO[str] | None = None) -> Forked:
        """A fork of what is loaded already."""
        told = [*map(str, arguments), "--data", str(self.data)]
        order = Order(told, Path.cwd(), self.environment, namespaces=self._inside)
        return Forked(shared_zygote(), order, errors)

    @contextmanager
    def served(self, *arguments: str, token: str = "") -> Iterator[Served]:
        """A platform that is served while the context lasts; without a ``token`` its first user asks."""
        with (self._home / "serve.log").open("a+") as log:
            process = self._process(("serve", "--port", "0", *arguments), log)
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url.startswith("http://"), log.seek(0) or log.read()
            served = Served(process, url, token or json.loads(self("credentials", "--json").out)["token"])
            try:
                with served.http:
                    yield served
            finally:
                process.terminate()
                process.communicate()


def packed(documents: Iterable[Mapping[str, Any]], kind: str = "job") -> bytes:
    """A package of the documents, without a manifest."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as package:
        for document in documents:
            package.writestr(f"{kind}s/{document['name']}.{kind}", written(dict(document)))
    return whole.getvalue()
