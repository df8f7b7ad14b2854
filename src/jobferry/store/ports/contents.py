"""Texts by digest, with what was read from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import msgspec

from jobferry.model.document.facts import Facts


class Text(msgspec.Struct, frozen=True):
    """A stored text with what was read from it. ``edition`` tells which reading the facts are of."""

    digest: str
    text: bytes
    facts: Facts
    edition: str


class Contents(Protocol):
    """Texts by digest. A text is stored once and never changes."""

    def known(self, digests: Iterable[str], edition: str = "") -> set[str]:
        """Which of the texts are here, with facts of that edition if one is named."""
        ...

    def texts(self, digests: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """The texts that exist by digest, fetched in pages, in no particular order; each digest once."""
        ...

    def texts_at_once(self, digests: Iterable[str]) -> dict[str, bytes]:
        """The same in one go, for who knows that they are not too large to be held together."""
        ...

    def facts(self, digests: Iterable[str], edition: str) -> dict[str, Facts]:
        """Stored facts of the given edition; other editions do not count."""
        ...

    def tags(self, digests: Iterable[str]) -> dict[str, set[str]]:
        """Of those texts that have tags, which; by digest."""
        ...

    def sizes(self, digests: Iterable[str]) -> dict[str, int]:
        """Sizes in bytes."""
        ...


class ContentChanges(Contents, Protocol):
    """Texts, changeable."""

    def put(self, texts: Sequence[Text], *, at: int) -> None:
        """Stores texts that are not there yet; those that are get facts of a newer edition.

        Marks that the facts tell of are noted for all of them.
        """
        ...

    def sweep(self, *, before: int) -> int:
        """Deletes texts stored before that time that no object, version, or landing refers to."""
        ...
