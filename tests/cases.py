"""Cases of one thing in one test: every one is tried, and those that fail are told by their names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Cases:
    """Those that were tried, and what the failing ones failed with."""

    def __init__(self) -> None:
        self._failed: dict[str, Exception] = {}
        self._count = 0

    @contextmanager
    def __call__(self, *name: object) -> Iterator[None]:
        """One case; what fails in it does not keep the others from being tried."""
        self._count += 1
        told = " ".join(map(str, name))
        try:
            yield
        except Exception as error:
            error.add_note(f"in the case {told}")
            self._failed[told] = error

    def conclude(self) -> None:
        """
        Raises:
            ExceptionGroup: cases failed; the message names them all.
        """
        assert self._count, "no case was tried"
        if self._failed:
            names = "\n".join(self._failed)
            told = f"{len(self._failed)} of {self._count} cases failed:\n{names}\n"
            raise ExceptionGroup(told, list(self._failed.values()))


@contextmanager
def every_case() -> Iterator[Cases]:
    """Cases that are tried while the context lasts.

    Raises:
        ExceptionGroup: cases failed.
    """
    tried = Cases()
    yield tried
    tried.conclude()
