"""Objects as they would leave in a package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

import msgspec

from jobferry.model.document.facts import Outline
from jobferry.model.kinds import ObjectKind


class Outlined(NamedTuple):
    """A text's size in bytes, and its outline; None where its facts are of another edition."""

    size: int
    outline: Outline | None


class Outgoing(msgspec.Struct, frozen=True, gc=False):
    """An object in one state: the draft, which has version 0, or the live version; with its text's size and
    outline. ``digest`` is empty where there is no such state; then these say nothing.
    """

    name: str
    uid: str
    directory: str
    digest: str
    version: int
    size: int
    outline: Outline | None


class OutgoingObjects(Protocol):
    """What exports ask about objects and their texts: no more of either than they need."""

    def every(self, workspace_id: str, kind: ObjectKind, edition: str, *, live: bool) -> Iterator[Outgoing]:
        """All objects of a kind in order of name, fetched in pages; ``live`` asks for the live versions.

        An outline is read when its object is given: who keeps few of them at a time, holds little.
        """
        ...

    def outlines(self, digests: Iterable[str], edition: str) -> dict[str, Outlined]:
        """Sizes and outlines of those texts that exist, by digest."""
        ...
