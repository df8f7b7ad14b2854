"""Progress for people, on stderr: only in a terminal, and only for what takes longer than a second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_PATIENCE_SECONDS = 1.0


class Progress:
    """Says how far a piece of work is; quiet at first, and always where nobody looks."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._guard = threading.Lock()
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._over = False
        self._state: tuple[int, int | None] = (0, None)

    def note(self, done: int, total: int | None = None) -> None:
        """How much is done, of how much if that is known."""
        with self._guard:
            self._state = (done, total)
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, completed=done, total=total)

    def appear(self) -> None:
        """Shows the bar, unless the work is over."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
        from rich.progress import Progress as Bar

        with self._guard:
            if self._over:
                return
            columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            done, total = self._state
            self._task = self._bar.add_task(self._what, completed=done, total=total)
            self._bar.start()

    def end(self) -> None:
        """Takes the bar away."""
        with self._guard:
            self._over = True
            if self._bar is not None:
                self._bar.stop()


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """Progress of a piece of work, named in a word or two."""
    shown = Progress(what)
    timer = threading.Timer(_PATIENCE_SECONDS, shown.appear)
    timer.daemon = True
    if sys.stderr.isatty():
        timer.start()
    try:
        yield shown
    finally:
        timer.cancel()
        shown.end()
