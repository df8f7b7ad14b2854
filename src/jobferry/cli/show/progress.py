"""Progress for people, on stderr: only in a terminal, and only for what takes longer than a second.

It is shown as soon as there is something to count: the phase in a word, how much of it is done, and a bar
where it is known of how much.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from jobferry.cli.words import Say

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_PATIENCE_SECONDS = 1.0


class _State(NamedTuple):
    what: str
    done: int
    total: int | None

    @property
    def counts(self) -> str:
        """What is counted, as it stands beside the bar."""
        if self.total is None:
            return f"{self.done:,}" if self.done else ""
        return f"{self.done:,} / {self.total:,}"


class Progress:
    """Says how far a piece of work is; quiet at first, and always where nobody looks."""

    def __init__(self, what: str, say: Say) -> None:
        self._what = say(what)
        self._say = say
        self._guard = threading.Lock()
        self._bar: Bar | None = None
        self._is_due = False
        self._state = _State(self._what, 0, None)

    def note(self, done: int, total: int | None = None, *, phase: str = "") -> None:
        """How much is done, of how much if that is known, and in which phase."""
        with self._guard:
            self._state = _State(self._named(phase), done, total)
            self._show()

    def _named(self, phase: str) -> str:
        if not phase:
            return self._what
        return self._say("{what}: {phase}", what=self._what, phase=self._say(phase))

    def appear(self) -> None:
        """From now on it is shown, if anything is counted, unless the work is over."""
        with self._guard:
            self._is_due = True
            self._show()

    def end(self) -> None:
        """Takes the bar away."""
        with self._guard:
            self._is_due = False
            if self._bar is not None:
                self._bar.stop()
                self._bar = None

    def last_words(self, text: str) -> None:
        """Says how the work ended, where that is not what was asked for."""
        self.end()
        sys.stderr.write(f"{text}\n")

    def _show(self) -> None:
        counts = self._state.counts
        if not self._is_due or not counts:
            return
        if self._bar is None:
            self._bar = _bar()
            self._bar.add_task("", counts="")
            self._bar.start()
        what, done, total = self._state
        self._bar.update(self._bar.task_ids[0], description=what, completed=done, total=total, counts=counts)


def _bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[counts]}"))
    return Bar(*columns, console=Console(stderr=True), transient=True)


@contextmanager
def progress(what: str, say: Say) -> Iterator[Progress]:
    """Progress of a piece of work, named in a word or two, in the language that is spoken."""
    shown = Progress(what, say)
    timer = threading.Timer(_PATIENCE_SECONDS, shown.appear)
    timer.daemon = True
    if sys.stderr.isatty():
        timer.start()
    try:
        yield shown
    finally:
        timer.cancel()
        shown.end()
