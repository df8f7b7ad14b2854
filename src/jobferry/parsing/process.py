"""One process that reads for this one.

It gets texts on its stdin and nothing else: no settings, no secrets, no open files. A terminal's signals do
not reach it. It cannot outlive this process, because its stdin ends with it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import BinaryIO, cast

import msgspec

from jobferry.events import Events
from jobferry.model.document.facts import FactRules
from jobferry.parsing import frames
from jobferry.parsing.here import read_page
from jobferry.parsing.ports import Read, Text

_events = Events("readers")

_COMMAND = ("-P", "-m", "jobferry.parsing")
_ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG", "LC_ALL")
_PATIENCE_SECONDS = 120.0
"""How long one page may take, so that a process that stands still does not stop an import. The largest
document that is taken needs some seconds."""


class ParserProcess:
    """A process that has been started; whoever starts it ends it.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, *_COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            process_group=0,
        )
        self._pipes = cast("BinaryIO", self._process.stdin), cast("BinaryIO", self._process.stdout)
        self._thread = ThreadPoolExecutor(1, "reader")
        self._is_gone = False

    @property
    def id(self) -> int:
        """The number of the process."""
        return self._process.pid

    def ask(self, page: list[Text], fact_rules: FactRules) -> Callable[[], list[Read]]:
        """Has a page read; what is given waits for what is in it.

        If the process has died or does not answer, the page is read here.
        """
        answer = self._thread.submit(self._exchange, page, fact_rules)
        return lambda: self._answered(answer) or read_page(page, fact_rules)

    def end(self) -> None:
        """Ends the process at once; nothing of it is left."""
        self._process.kill()
        self._thread.shutdown(cancel_futures=True)
        for pipe in self._pipes:
            with suppress(OSError):
                pipe.close()
        self._process.wait()

    def _exchange(self, page: list[Text], fact_rules: FactRules) -> list[Read] | None:
        orders, answers = self._pipes
        try:
            frames.send(orders, frames.order(page, fact_rules))
            said = frames.receive(answers)
            return None if said is None else frames.answered(said)
        except (OSError, msgspec.DecodeError):
            return None

    def _answered(self, answer: Future[list[Read] | None]) -> list[Read] | None:
        reads = None
        with suppress(TimeoutError):
            reads = answer.result(_PATIENCE_SECONDS)
        if reads is None and not self._is_gone:
            self._is_gone = True
            self._process.kill()
            _events.say("warning", "reader-gone", process=self.id)
        return reads
