"""The program as a process, in a home of its own."""

from __future__ import annotations

import io
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from contract.api.doors import Door, opened
from crashing.lives import Forked, Order, Zygote
from processes import INTERPRETER, shared_zygote
from tables import copy_database, own_database

if TYPE_CHECKING:
    from .lines import Lines

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = [sys.executable, "-m", "jobferry"]
_PLACES = itertools.count(1)

JOB: dict[str, Any] = {
    "name": "orders",
    "processType": "BATCH",
    "directory": "/dw",
    "nodes": [
        {
            "name": "load",
            "type": "DWSSQL",
            "location": {"x": "0", "y": "0"},
            "preNodeName": [],
            "properties": [
                {"name": "connectionName", "value": "dwh"},
                {"name": "scriptName", "value": "clean"},
            ],
        }
    ],
    "schedule": {"type": "EXECUTE_ONCE"},
}
SCRIPT = {"name": "clean", "type": "DWSSQL", "content": "SELECT 1", "connectionName": "dwh", "database": "dw"}


class Ended(NamedTuple):
    """How a call ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Program:
    """Runs ``jobferry`` in a folder, with nothing of ours around it; in a fork of what is loaded already."""

    def __init__(self, folder: Path, zygote: Zygote) -> None:
        self.folder = folder
        self._zygote = zygote
        kept = {
            name: os.environ[name] for name in ("PATH", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ
        }
        self.environment = kept | {"HOME": str(folder / "home")} | INTERPRETER

    def __call__(
        self, *arguments: str | Path, send: bytes | None = None, environment: Mapping[str, str] | None = None
    ) -> Ended:
        whole = self.around(arguments) | dict(environment or {})
        life = self._zygote.run(self.folder, whole, arguments, send or b"")
        told = Ended(life.end(), life.rest.decode(errors="replace"), life.err)
        assert "Traceback" not in told.err + told.out
        return told

    def done(self, *arguments: str | Path, code: int = 0, **more: Any) -> Ended:
        """Runs a call that must succeed, or end with this code."""
        ended = self(*arguments, **more)
        assert ended.code == code, ended
        return ended

    def start(self, *arguments: str | Path) -> Forked:
        """Starts a call that goes on until it is stopped."""
        return Forked(self._zygote, Order(arguments, self.folder, self.around(arguments)))

    def around(self, arguments: Sequence[str | Path]) -> dict[str, str]:
        """The environment of a call, with the database of its data folder if that is not in the folder."""
        words = [*map(str, arguments)]
        named = (
            words[words.index("--data") + 1 :] if "--data" in words else words[1:] * (words[:1] == ["init"])
        )
        folder = named[0] if named else ""
        return (own_database(self.folder / folder) if folder else {}) | self.environment

    def start_alone(self, *arguments: str | Path, stdin: int | None = None) -> subprocess.Popen[str]:
        """The same as a program of its own, as people start it; ``stdin`` may be a terminal for it."""
        with _interruptible():
            return subprocess.Popen(
                [*PROGRAM, *map(str, arguments)],
                cwd=self.folder,
                env=self.around(arguments),
                stdin=stdin,
                start_new_session=stdin is not None,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )


@contextmanager
def _interruptible() -> Iterator[None]:
    """What is started in it heeds SIGINT, even where the tests ignore it: under nohup, behind ``&``.

    A process inherits that a signal is ignored; it does not inherit a handler.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def zygote() -> Zygote:
    """What the programs of these tests are forked from: loading all of it takes longer than most calls."""
    return shared_zygote()


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory, zygote: Zygote) -> Path:
    """A data folder after its first start: founding one takes longer than all that tests do in it."""
    folder = tmp_path_factory.mktemp("founded")
    (folder / "home").mkdir()
    Program(folder, zygote).done("init", "here")
    return folder / "here"


@pytest.fixture
def jobferry(tmp_path: Path, founded: Path, zygote: Zygote) -> Program:
    """The program, run in the test's own folder. In it, ``here`` is the folder of a new platform."""
    (tmp_path / "home").mkdir()
    shutil.copytree(founded, tmp_path / "here")
    copy_database(founded, tmp_path / "here")
    return Program(tmp_path, zygote)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, zygote: Zygote) -> Iterator[Path]:
    """The data folder of a platform that is being served. For calls that change nothing."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "home").mkdir()
    process = Program(folder, zygote).start("serve", "--port", "0", "--data", "here")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://")
    yield folder / "here"
    process.terminate()
    process.communicate()


@pytest.fixture
def serve(jobferry: Program) -> Iterator[Callable[..., str]]:
    """Serves a data folder on a free port, and gives the address it prints."""
    running: list[Forked] = []

    def start(data: str, *arguments: str) -> str:
        process = jobferry.start("serve", "--port", "0", "--data", data, *arguments)
        running.append(process)
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://"), process.communicate()
        return url

    yield start
    for process in running:
        process.terminate()
        process.communicate()


@contextmanager
def as_somebody_else(folder: Path) -> Iterator[None]:
    """Meanwhile this process may not look into the folder."""
    if os.geteuid():
        folder.chmod(0)
        yield
        folder.chmod(0o700)
    else:
        os.seteuid(65534)
        try:
            yield
        finally:
            os.seteuid(0)


def text(document: Any) -> bytes:
    """A document as somebody may have written it."""
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def zipped(entries: Mapping[str, bytes]) -> bytes:
    """A zip of the entries."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as package:
        for path, data in entries.items():
            package.writestr(path, data)
    return whole.getvalue()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A small package: a job, and the script it runs. Both use the connection dwh."""
    file = tmp_path / "orders.zip"
    file.write_bytes(zipped({"jobs/orders.job": text(JOB), "scripts/clean.script": text(SCRIPT)}))
    return file


@pytest.fixture
def ready(jobferry: Program) -> str:
    """A data folder whose platform has the connection dwh."""
    jobferry.done(
        "connection", "create", "dwh", "--type", "DWS", "--set", "clusterName=dws", "--data", "here"
    )
    return "here"


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A platform in this process, for tests that keep to workspaces and users of their own."""
    with opened(tmp_path_factory.mktemp("platform")) as running:
        yield running


@pytest.fixture
def run(door: Door, tmp_path: Path) -> Lines:
    """Runs lines about a workspace of this test's own, which has a member for each role."""
    from .lines import working

    roles = {"lin": "developer", "chen": "developer", "zhao": "administrator", "wu": "deployer"}
    return working(door, f"place{next(_PLACES)}", tmp_path, roles)
