"""One look for all that a thread reads in a while: a request has one snapshot, and one connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobferry.store.store import Snapshot

Opening = Callable[[], AbstractContextManager["Snapshot"]]


class Looks:
    """The looks of each thread: one after the other, or one for all."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._here = threading.local()

    def look(self) -> AbstractContextManager[Snapshot]:
        """The thread's own look if it has one, else a new one."""
        shared: _Shared | None = getattr(self._here, "look", None)
        return self._opening() if shared is None else self._joined(shared)

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Gives the thread one look, opened when it first reads; within another one this is that one."""
        if getattr(self._here, "look", None) is not None:
            yield
            return
        self._here.look = _Shared(self._opening)
        try:
            yield
        finally:
            self.end()

    def end(self) -> None:
        """What the thread reads from here on is read anew."""
        shared: _Shared | None = getattr(self._here, "look", None)
        self._here.look = None
        if shared is not None:
            shared.leave()

    @contextmanager
    def _joined(self, shared: _Shared) -> Iterator[Snapshot]:
        """What fails in a look ends it: PostgreSQL answers nothing more in such a transaction."""
        snapshot = shared.join()
        try:
            yield snapshot
        except BaseException:
            if getattr(self._here, "look", None) is shared:
                self.end()
            raise
        finally:
            shared.leave()


class _Shared:
    """A look that is closed when the last one who uses it has left; its thread is the first of them."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._lock = threading.Lock()
        self._users = 1
        self._open: AbstractContextManager[Snapshot] | None = None
        self._snapshot: Snapshot | None = None

    def join(self) -> Snapshot:
        """The look, opened if nobody has yet."""
        with self._lock:
            if self._snapshot is None:
                self._open = self._opening()
                self._snapshot = self._open.__enter__()
            self._users += 1
            return self._snapshot

    def leave(self) -> None:
        """One user less; what is read is never written, so nothing has to be told of errors."""
        with self._lock:
            self._users -= 1
            if self._users == 0 and self._open is not None:
                self._open.__exit__(None, None, None)
