"""Watching the processes that read documents for a platform in this process."""

from __future__ import annotations

import json
import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

_LOGGER = "jobferry.readers"


class Watch(logging.Handler):
    """Holds on to every process that is started to read, so that its number is not another one's later."""

    def __init__(self, *, kill: bool = False) -> None:
        """``kill`` kills each as soon as it is started."""
        super().__init__(logging.DEBUG)
        self._kill = kill
        self.handles: list[int] = []
        self.started: list[int] = []
        self.gone: list[int] = []

    def emit(self, record: logging.LogRecord) -> None:
        told = json.loads(record.getMessage())
        if told["event"] == "reader-started":
            self.started.append(told["process"])
            self.handles.append(os.pidfd_open(told["process"]))
            if self._kill:
                self.send(signal.SIGKILL, -1)
        elif told["event"] == "reader-gone":
            self.gone.append(told["process"])

    def send(self, what: signal.Signals, number: int) -> None:
        """Sends a signal to the n-th process."""
        signal.pidfd_send_signal(self.handles[number], what)

    @property
    def alive(self) -> list[int]:
        """Those that have not ended, or whose end nobody has taken note of."""
        return [one for one in self.started if _is_there(one)]


def _is_there(process: int) -> bool:
    try:
        os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


@contextmanager
def watched(*, kill: bool = False) -> Iterator[Watch]:
    """What becomes of the processes that are started while the context lasts."""
    logger, watch = logging.getLogger(_LOGGER), Watch(kill=kill)
    level = logger.level
    logger.setLevel(logging.DEBUG)
    logger.addHandler(watch)
    try:
        yield watch
    finally:
        logger.removeHandler(watch)
        logger.setLevel(level)
        for handle in watch.handles:
            os.close(handle)
