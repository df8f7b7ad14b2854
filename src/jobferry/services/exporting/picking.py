"""What was picked for an export: one small row an object, and what all of them refer to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

import msgspec

from jobferry.model.document.edits import Drop, Edit, Path, edited
from jobferry.model.document.sensitive import emptied
from jobferry.model.document.text import parse_known
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.leaving.outline import Outline, OutlinedReference
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
    """What picked objects refer to. With ``explain``, the first place is kept where each thing is."""

    def __init__(self, *, explain: bool = False) -> None:
        self._explain = explain
        self._here: defaultdict[NeedKind, set[str]] = defaultdict(set)
        self._elsewhere: set[_NeedKey] = set()
        self.uses: dict[_NeedKey, Use] = {}

    def note(self, by: ObjectKey, references: Iterable[OutlinedReference]) -> None:
        """Adds those of one object."""
        here = self._here
        for one in references:
            if one.workspace:
                self._elsewhere.add((one.kind, one.workspace, one.name))
            elif one.name not in here[one.kind]:
                here[one.kind].add(one.name)
            if self._explain and (key := (one.kind, one.workspace, one.name)) not in self.uses:
                self.uses[key] = Use(by, one.path)

    def needs(self, inside: Iterable[ObjectKey]) -> tuple[Need, ...]:
        """What is referred to and is not ``inside`` with the rest, in order; of those nothing is kept."""
        for kind, name in inside:
            self._here[NeedKind(kind)].discard(name)
        here = ((kind, "", name) for kind, names in self._here.items() for name in names)
        wanted = sorted(chain(self._elsewhere, here))
        return tuple(Need(kind=kind, name=name, workspace=place) for kind, place, name in wanted)


def leaving_references(outline: Outline, *, schedule: bool) -> Iterable[OutlinedReference]:
    """What a document still refers to when it leaves."""
    if schedule or not outline.has_schedule:
        return outline.references
    return [one for one in outline.references if not one.in_schedule]


def leaving_text(
    text: bytes, sensitive: tuple[Path, ...], *, schedule: bool = True, renamed: Sequence[Edit] = ()
) -> bytes:
    """A text with its sensitive values emptied, and its schedule left out if that is not to leave."""
    dropped = [] if schedule else [Drop((SCHEDULE,))]
    values = emptied(parse_known(text), sensitive) if sensitive else []
    return edited(text, [*values, *dropped, *renamed])
