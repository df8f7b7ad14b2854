"""A deadline for a whole run: a pytest plugin, so that a test that waits for ever ends the run and is named.

No test has a time limit of its own; machines differ. At the deadline every process of the run says which test
it runs and where its threads stand; then the run and whatever its tests have started are killed.
"""

from __future__ import annotations

import faulthandler
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import psutil
import pytest

_EXPIRED = 124
"""The exit code of timeout(1)."""
_ENDS = "RUN_ENDS"
"""The variable of several runs, one after the other: the time of the clock at which all must have ended."""
_GRACE = 2.0
"""Seconds that the workers have to say where they stand."""


class Deadline:
    """Watches one process of a run from a thread of its own."""

    def __init__(self, end: float, *, is_worker: bool) -> None:
        """``end`` is a time of the clock, the same for the workers of a run and for what leads them."""
        self._end = end
        self._is_worker = is_worker
        self._over = threading.Event()
        self._current = "no test"
        self._err = os.dup(2)  # as it is now: pytest puts files in the place of 2 while tests run
        threading.Thread(target=self._watch, daemon=True).start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._current = item.nodeid
        return (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """A worker is about to be started by pytest-xdist."""
        node.workerinput["run_ends"] = self._end

    def pytest_unconfigure(self) -> None:
        self._over.set()

    def _watch(self) -> None:
        if self._over.wait(self._end - time.time()):
            return
        os.write(self._err, f"\nThe run's deadline has passed in {self._current}.\n".encode())
        if not self._is_worker:
            self._over.wait(_GRACE if psutil.Process().children() else 0)
        faulthandler.dump_traceback(self._err)
        if not self._is_worker:
            _kill_all()


def end_of(seconds: float, now: float, environment: Mapping[str, str]) -> float:
    """Return the time at which a run that starts now is killed."""
    return min(now + seconds, float(environment.get(_ENDS, "inf")))


def _kill_all() -> None:
    """Kills what the run has started, then the run."""
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    os._exit(_EXPIRED)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("run_deadline", "Seconds after which a whole run is killed; 0 for none.", default="0")


def pytest_configure(config: pytest.Config) -> None:
    given = getattr(config, "workerinput", None)
    if given is not None:
        if "run_ends" in given:
            config.pluginmanager.register(Deadline(given["run_ends"], is_worker=True))
    elif seconds := float(config.getini("run_deadline")):
        config.pluginmanager.register(Deadline(end_of(seconds, time.time(), os.environ), is_worker=False))
