"""Reads texts in processes beside this one, so that several cores read, and this one is free for others.

The processes live for one package: they are started once it turns out to hold enough to be worth it, and are
gone when it is read. One that dies costs time and nothing else.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import chain, cycle
from threading import Semaphore
from typing import NamedTuple, NoReturn

from jobferry.events import Events
from jobferry.model.document.facts import FactRules
from jobferry.parsing.here import read_page
from jobferry.parsing.ports import Read, Text
from jobferry.parsing.process import ParserProcess

_events = Events("readers")

_WORTH_BYTES = 8 * 1024 * 1024
"""So many bytes are read here before processes are up."""
_AHEAD = 2
"""Pages that a process reads or that wait for it."""


class _Refusal(NamedTuple):
    """Stands in the place of the page that could not be given."""

    error: Exception

    def raised(self) -> NoReturn:
        raise self.error


_Coming = list[Text] | _Refusal


class ParserProcesses:
    """At most ``most`` processes at once, for packages whose texts have ``worth`` bytes or more.

    A package that finds none free is read here.
    """

    def __init__(self, most: int, *, worth: int = _WORTH_BYTES) -> None:
        self._free = Semaphore(most)
        self._worth = worth

    def read(self, pages: Iterable[list[Text]], fact_rules: FactRules) -> Generator[list[Read]]:
        """What is in each page, in order; a few pages are asked for ahead. Whoever stops early closes it.

        What ``pages`` raises is raised once everything before it has been given.
        """
        coming = _until_refused(pages)
        early = list(_as_many_as(coming, self._worth))
        later = next(coming, None)
        with ExitStack() as stack:
            readers = [] if later is None else list(self._started(stack))
            whose = cycle(readers)
            awaited: deque[Callable[[], list[Read]]] = deque()
            for page in early if later is None else chain(early, (later,), coming):
                if isinstance(page, _Refusal):
                    awaited.append(page.raised)
                elif page and readers:
                    awaited.append(next(whose).ask(page, fact_rules))
                else:
                    awaited.append(partial(read_page, page, fact_rules))
                if len(awaited) > _AHEAD * len(readers):
                    yield awaited.popleft()()
            while awaited:
                yield awaited.popleft()()

    def _started(self, stack: ExitStack) -> Iterator[ParserProcess]:
        """As many as are free and can be started; they end with the stack."""
        while self._free.acquire(blocking=False):
            stack.callback(self._free.release)
            try:
                reader = ParserProcess()
            except OSError as error:
                _events.failed("reader-not-started", error)
                return
            stack.callback(reader.end)
            _events.debug("reader-started", process=reader.id)
            yield reader


def _until_refused(pages: Iterable[list[Text]]) -> Iterator[_Coming]:
    try:
        yield from pages
    except Exception as error:
        yield _Refusal(error)


def _as_many_as(coming: Iterator[_Coming], worth: int) -> Iterator[_Coming]:
    """The first pages, until they have so many bytes."""
    while worth > 0 and (page := next(coming, None)) is not None:
        yield page
        if not isinstance(page, _Refusal):
            worth -= sum(len(text.text) for text in page)
