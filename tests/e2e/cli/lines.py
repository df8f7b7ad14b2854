"""Lines of the program, run in the tests' own process: for the many that only ask a platform."""

from __future__ import annotations

import io
import json
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from contract.api.doors import Door
from jobferry.cli.app import run

from .conftest import Ended


class Lines:
    """Runs lines about one workspace of a platform that answers in this process.

    It is an administrator of the platform who says them, or one of ``people``: user names by who they are.
    """

    def __init__(self, door: Door, workspace: str, folder: Path, people: Mapping[str, str]) -> None:
        self.door = door
        self.workspace = workspace
        self.folder = folder
        self.people = people
        self._tokens = {"": door.credentials["token"]}

    def __call__(
        self,
        line: str,
        *,
        who: str = "",
        code: int = 0,
        send: str = "",
        screen: Mapping[str, str] | None = None,
        before_answer: Callable[[], object] = lambda: None,
    ) -> Ended:
        """Runs a line, which must end with this code. It may say anything but where and who.

        With ``screen``, variables besides, it is run as at a terminal, in which ``send`` is typed;
        ``before_answer`` is called when the program begins to read it.
        """
        ended = self._run(shlex.split(line), self.token(who), send, screen, before_answer)
        assert ended.code == code, (line, ended)
        assert "Traceback" not in ended.out + ended.err
        return ended

    def json(self, line: str, *, who: str = "", code: int = 0, send: str = "") -> Any:
        """The value that a line prints with ``--json``."""
        return self(f"{line} --json", who=who, code=code, send=send).json

    def token(self, who: str) -> str:
        """A token of one of the people."""
        if who not in self._tokens:
            place = f"/api/users/{self.people[who]}/tokens"
            made = self.door.http.post(place, json={"name": f"tests-{self.workspace}"})
            assert made.status_code == 201, made.text
            self._tokens[who] = made.json()["token"]
        return self._tokens[who]

    def _run(
        self,
        words: list[str],
        token: str,
        send: str,
        screen: Mapping[str, str] | None = None,
        before_answer: Callable[[], object] = lambda: None,
    ) -> Ended:
        made = io.TextIOWrapper if screen is None else Screen
        told = (io.BytesIO(), io.BytesIO())
        out, err = (made(one, encoding="utf-8", write_through=True) for one in told)
        said = {
            "HOME": str(self.folder),
            "JOBFERRY_SERVER": f"http://127.0.0.1:{self.door.port}",
            "JOBFERRY_TOKEN": token,
            "JOBFERRY_WORKSPACE": self.workspace,
            "LANG": "C.UTF-8",
            **(screen or {}),
        }
        with ExitStack() as stack:
            for one in (
                _environment(said),
                chdir(self.folder),
                _input(made(_Keyboard(send.encode(), before_answer), encoding="utf-8")),
                _kept_signal(),
            ):
                stack.enter_context(one)
            stack.enter_context(redirect_stdout(out))
            stack.enter_context(redirect_stderr(err))
            code = run(words)
        return Ended(code, *(one.getvalue().decode(errors="surrogateescape") for one in told))


class _Keyboard(io.BytesIO):
    """Input that calls back once, before the first byte of it is read."""

    def __init__(self, content: bytes, before: Callable[[], object]) -> None:
        super().__init__(content)
        self._before: list[Callable[[], object]] = [before]

    def read1(self, size: int | None = -1, /) -> bytes:
        while self._before:
            self._before.pop()()
        return super().read1(-1 if size is None else size)


class Screen(io.TextIOWrapper):
    """A stream that somebody looks at or types into."""

    def isatty(self) -> bool:
        return True


def working(door: Door, workspace: str, folder: Path, roles: Mapping[str, str]) -> Lines:
    """A new workspace with a member for each role, and the lines about it."""
    door.workspace(workspace)
    people = {}
    for who, role in roles.items():
        people[who] = f"{who}-{workspace}"
        assert door.http.post("/api/users", json={"name": people[who]}).status_code == 201
        place = f"/api/workspaces/{workspace}/members/{people[who]}"
        assert door.http.put(place, json={"roles": [role]}).status_code == 200
    return Lines(door, workspace, folder, people)


def written(folder: Path, name: str, content: Any) -> None:
    """Writes a file: text as it is, anything else as JSON."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    folder.joinpath(name).write_text(text, encoding="utf-8")


@contextmanager
def _environment(said: Mapping[str, str]) -> Iterator[None]:
    """What is said to the program alone, and nothing of ours."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(("JOBFERRY_", "LC_"))]:
        del os.environ[name]
    os.environ.update(said)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _input(said: io.TextIOWrapper) -> Iterator[None]:
    before = sys.stdin
    sys.stdin = said
    try:
        yield
    finally:
        sys.stdin = before


@contextmanager
def _kept_signal() -> Iterator[None]:
    """The program answers SIGTERM in its own way; these tests go on as they were."""
    before: Callable[..., Any] | int | None = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
