"""A command's way to the calls of a platform: the same functions, in this process or over HTTP."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar, cast

import msgspec

from jobferry.cli.words import words

if TYPE_CHECKING:
    from jobferry.api.native.packages import PackageAnswer

_PAGE = 1_000

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
PageStruct = TypeVar("PageStruct", bound=msgspec.Struct)


class Page(Protocol[T_co]):
    """A page of a list, and how many items there are in all."""

    @property
    def total(self) -> int: ...

    @property
    def items(self) -> Sequence[T_co]: ...


class Coming(NamedTuple):
    """A package or a long answer on its way here: what its head says, and its bytes piece by piece."""

    headers: Mapping[str, str]
    chunks: Iterator[bytes]


class EncodedList(NamedTuple):
    """A long list that is only to be written: JSON arrays of its items, in their order."""

    pages: list[bytes]


class Client(ABC):
    """One platform, about one of its workspaces, as somebody who is signed in.

    ``place`` names the platform for messages; ``patience`` is how many seconds one call may wait for a task.
    ``say`` speaks the language of the call.
    """

    def __init__(self, place: str, workspace: str = "", *, patience: int, language: str = "en") -> None:
        self.place = place
        self.workspace = workspace
        self.patience = patience
        self.say = words(language)

    @abstractmethod
    def ask(self, run: Callable[Concatenate[Any, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What a function of the API answers.

        Raises:
            JobferryError: it refuses, or the platform cannot be reached.
        """

    @abstractmethod
    def stream(
        self, run: Callable[Concatenate[Any, P], Any], *args: P.args, **kwargs: P.kwargs
    ) -> AbstractContextManager[Coming]:
        """What a function of the API answers with piece by piece; raises what :meth:`ask` raises."""

    @abstractmethod
    def hand_in(self, pieces: Iterator[bytes], name: str) -> PackageAnswer:
        """Keeps a package on the platform for an import; raises what :meth:`ask` raises."""

    def all(self, run: Callable[Concatenate[Any, P], Page[T]], *args: P.args, **kwargs: P.kwargs) -> list[T]:
        """The items of every page of a list."""
        return [item for page in self._pages(run, *args, **kwargs) for item in page]

    def all_encoded(
        self, run: Callable[Concatenate[Any, P], Page[T]], *args: P.args, **kwargs: P.kwargs
    ) -> EncodedList:
        """The same as JSON, which takes a fraction of the memory."""
        return EncodedList([msgspec.json.encode(page) for page in self._pages(run, *args, **kwargs)])

    def _pages(
        self, run: Callable[Concatenate[Any, P], Page[T]], *args: P.args, **kwargs: P.kwargs
    ) -> Iterator[Sequence[T]]:
        """The items of a list, page by page; no page is empty."""
        seen = 0
        ask: Any = self.ask
        while True:
            page: Page[T] = ask(run, *args, **kwargs, offset=seen, limit=_PAGE)
            if page.items:
                yield page.items
            seen += len(page.items)
            if seen >= page.total or not page.items:
                return

    def newest(
        self, wanted: int, run: Callable[Concatenate[Any, P], PageStruct], *args: P.args, **kwargs: P.kwargs
    ) -> PageStruct:
        """The first items of a list, at most so many, as one page of it."""
        items: list[Any] = []
        ask: Any = self.ask
        while True:
            limit = min(_PAGE, wanted - len(items))
            page: Any = ask(run, *args, **kwargs, offset=len(items), limit=limit)
            items += page.items
            if len(items) >= min(wanted, page.total) or not page.items:
                return cast("PageStruct", msgspec.structs.replace(page, items=items))
