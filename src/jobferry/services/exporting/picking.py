"""What was picked for an export: one small row an object, and what all of them refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from jobferry.model.document.edits import Drop, Edit, Path, edited
from jobferry.model.document.facts import Facts
from jobferry.model.document.references import Reference
from jobferry.model.document.sensitive import emptied
from jobferry.model.document.text import parse_known
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.package import Need
from jobferry.model.records import ObjectKey

SCHEDULE = "schedule"

_NeedKey = tuple[NeedKind, str, str]
"""Kind, workspace and name."""


class Chosen(msgspec.Struct, frozen=True, gc=False):
    """One object on its way out, before anything was read of it. ``version`` is 0 for a draft."""

    kind: ObjectKind
    name: str
    uid: str
    digest: str
    version: int


class Picked(msgspec.Struct, frozen=True, gc=False):
    """One object on its way out. A whole workspace of these is held at once, so each is small.

    ``stored_digest`` names its text here; ``digest`` and ``size`` (bytes) are of the text that leaves, which
    differs where ``changes``: where sensitive values are emptied, or a schedule is left out.
    """

    kind: ObjectKind
    name: str
    uid: str
    version: int
    stored_digest: str
    digest: str
    size: int
    sensitive: tuple[Path, ...]
    changes: bool

    @property
    def key(self) -> ObjectKey:
        return (self.kind, self.name)


class LeavingFile(msgspec.Struct, frozen=True):
    """A resource's file on its way out; ``pieces`` reads it anew each time."""

    sha256: str
    size: int
    crc: int
    pieces: Callable[[], Iterator[bytes]]


class Use(msgspec.Struct, frozen=True):
    """Where something is referred to: by which object, and at which path of its document."""

    by: ObjectKey
    path: Path


class References:
    """What picked objects refer to, but for what is ``known`` by kind to leave as well.

    With ``explain``, the first place is kept where each thing is referred to.
    """

    def __init__(self, known: dict[str, set[str]] | None = None, *, explain: bool = False) -> None:
        self._known = known or {}
        self._explain = explain
        self._needs: dict[_NeedKey, Need] = {}
        self.uses: dict[_NeedKey, Use] = {}

    def note(self, by: ObjectKey, references: Iterable[Reference]) -> None:
        """Adds those of one object."""
        for one in references:
            key = (one.kind, one.workspace, one.name)
            if self._explain and key not in self.uses:
                self.uses[key] = Use(by, one.path)
            if key not in self._needs and (one.workspace or one.name not in self._known.get(one.kind, ())):
                self._needs[key] = Need(kind=one.kind, name=one.name, workspace=one.workspace)

    def needs(self, inside: Iterable[ObjectKey]) -> tuple[Need, ...]:
        """What is referred to and is not ``inside`` with the rest, in order."""
        if not self._known:
            for kind, name in inside:
                self._needs.pop((NeedKind(kind), "", name), None)
        return tuple(self._needs[key] for key in sorted(self._needs))


def leaving_references(facts: Facts, *, schedule: bool) -> Iterable[Reference]:
    """What a document still refers to when it leaves."""
    if schedule or not facts.has_schedule:
        return facts.references
    return [one for one in facts.references if one.path[:1] != (SCHEDULE,)]


def leaving_text(
    text: bytes, sensitive: tuple[Path, ...], *, schedule: bool = True, renamed: Sequence[Edit] = ()
) -> bytes:
    """A text with its sensitive values emptied, and its schedule left out if that is not to leave."""
    dropped = [] if schedule else [Drop((SCHEDULE,))]
    values = emptied(parse_known(text), sensitive) if sensitive else []
    return edited(text, [*values, *dropped, *renamed])
