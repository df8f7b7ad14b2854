"""Searches every file that a whole test run leaves for secrets: a pytest plugin.

Secrets are every API token by its shape, the secret keys of all first starts, and what tests have made with
:func:`secret`. Databases, logs, packages and answers that tests keep are files of the run; besides, what the
platform logs inside the tests' own processes is kept in one. Only the files that exist to hold a secret may.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

_TOKEN = re.compile(rb"jf_[A-Za-z0-9_-]{43}")
_MEANT = ("credentials.json", "address.json", "login.json", "announced.json")
_ANNOUNCED = "announced.json"
_PIECE = 8 * 1024 * 1024
_OVERLAP = 256
_announced: set[str] = set()


class Leak(NamedTuple):
    """A secret in a file where none belongs; the secret itself is not repeated."""

    file: Path
    what: str


def secret(value: str) -> str:
    """A secret that a test uses, to be looked for wherever the run leaves something."""
    _announced.add(value)
    return value


def leaks(folder: Path) -> list[Leak]:
    """Where secrets are among the files of a run."""
    announced = {
        one for file in folder.rglob(_ANNOUNCED) for one in json.loads(file.read_text(encoding="utf-8"))
    }
    found = [Leak(file, "an announced secret") for file in _holding(folder, announced)]
    for first in folder.rglob("credentials.json"):
        place = first.parent.parent
        own = _secret_key(first)
        found += [Leak(file, "a first start's secret key") for file in _holding(place, own)]
    found += [Leak(file, "a token") for file in _files(folder) if _has_token(file)]
    return found


def pytest_sessionstart(session: pytest.Session) -> None:
    folder = _folder(session.config)
    handler = logging.FileHandler(folder / "jobferry.log", encoding="utf-8", delay=True)
    logging.getLogger("jobferry").addHandler(handler)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Workers leave what they announced; whoever has no master above looks through everything."""
    folder = _folder(session.config)
    (folder / _ANNOUNCED).write_text(json.dumps(sorted(_announced)), encoding="utf-8")
    if hasattr(session.config, "workerinput"):
        return
    session.config.stash[_FOUND] = leaks(folder)
    if session.config.stash[_FOUND]:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for leak in config.stash.get(_FOUND, []):
        terminalreporter.write_line(f"LEAKED {leak.what}: {leak.file}", red=True)


_FOUND = pytest.StashKey[list[Leak]]()


def _folder(config: pytest.Config) -> Path:
    factory: pytest.TempPathFactory = config._tmp_path_factory  # type: ignore[attr-defined]
    return factory.getbasetemp()


def _secret_key(credentials: Path) -> set[str]:
    try:
        found = json.loads(credentials.read_bytes())
    except ValueError:
        return set()
    return {found["secret_key"]} if isinstance(found, dict) and found.get("secret_key") else set()


def _holding(folder: Path, secrets: Iterable[str]) -> Iterator[Path]:
    wanted = [one.encode(code) for one in secrets for code in ("utf-8", "utf-16-le")]
    if wanted:
        pattern = re.compile(b"|".join(map(re.escape, wanted)))
        yield from (file for file in _files(folder) if any(map(pattern.search, _pieces(file))))


def _has_token(file: Path) -> bool:
    return any(map(_TOKEN.search, _pieces(file)))


def _files(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        if file.name not in _MEANT and not file.is_symlink() and file.is_file():
            yield file


def _pieces(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as stream:
            kept = b""
            while piece := stream.read(_PIECE):
                yield kept + piece
                kept = piece[-_OVERLAP:]
    except OSError:
        return
