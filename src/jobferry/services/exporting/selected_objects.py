"""The objects that an export takes along: one small packed row each, and what all of them refer to."""

from __future__ import annotations

import re
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import overload

import msgspec

from jobferry.model.document.edits import Drop, Edit, Path, edited
from jobferry.model.document.facts import ExportFacts, ExportReference
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


class SelectedObject(msgspec.Struct, frozen=True, gc=False):
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

    def note(self, by: ObjectKey, references: Iterable[ExportReference]) -> None:
        """Adds those of one object."""
        here = self._here
        for reference in references:
            if reference.workspace:
                self._elsewhere.add((reference.kind, reference.workspace, reference.name))
            elif reference.name not in here[reference.kind]:
                here[reference.kind].add(reference.name)
            if (
                self._explain
                and (key := (reference.kind, reference.workspace, reference.name)) not in self.uses
            ):
                self.uses[key] = Use(by, reference.path)

    def needs(self, inside: Iterable[ObjectKey]) -> tuple[Need, ...]:
        """What is referred to and is not ``inside`` with the rest, in order; of those nothing is kept."""
        for kind, name in inside:
            self._here[NeedKind(kind)].discard(name)
        here = ((kind, "", name) for kind, names in self._here.items() for name in names)
        wanted = sorted(chain(self._elsewhere, here))
        return tuple(Need(kind=kind, name=name, workspace=place) for kind, place, name in wanted)


def leaving_references(facts: ExportFacts, *, schedule: bool) -> Iterable[ExportReference]:
    """What a document still refers to when it leaves."""
    if schedule or not facts.has_schedule:
        return facts.references
    return [reference for reference in facts.references if not reference.in_schedule]


def leaving_text(
    text: bytes, sensitive: tuple[Path, ...], *, schedule: bool = True, renamed: Sequence[Edit] = ()
) -> bytes:
    """A text with its sensitive values emptied, and its schedule left out if that is not to leave."""
    dropped = [] if schedule else [Drop((SCHEDULE,))]
    values = emptied(parse_known(text), sensitive) if sensitive else []
    return edited(text, [*values, *dropped, *renamed])


_KINDS = tuple(ObjectKind)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
_OUR_UID = re.compile("[0-9a-f]{32}")
_RAW = b"\0"
_PAGE = 100
_OPEN_PAGES = 50


class _Rest(msgspec.Struct, frozen=True, array_like=True):
    """What only some objects have: another text that leaves, sensitive places."""

    digest: str
    sensitive: tuple[Path, ...]
    changes: bool


class _Row(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A picked object in few bytes."""

    kind: int
    name: str
    uid: bytes
    version: int
    digest: bytes
    size: int
    rest: _Rest | None


_rows = msgspec.msgpack.Decoder(list[_Row])


class Picks(Sequence[SelectedObject]):
    """SelectedObject objects in the order in which they came, at about 75 bytes each, which is a fifth of
    what they take as values of their own. They are made anew each time they are asked for.
    """

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._last: list[_Row] = []
        self._opened: OrderedDict[int, list[_Row]] = OrderedDict()

    def append(self, picked: SelectedObject) -> None:
        """Adds one at the end."""
        plain = not picked.sensitive and not picked.changes
        row = _Row(
            _NUMBERS[picked.kind],
            picked.name,
            _packed_uid(picked.uid),
            picked.version,
            bytes.fromhex(picked.stored_digest),
            picked.size,
            None if plain else _Rest(picked.digest, picked.sensitive, picked.changes),
        )
        self._last.append(row)
        if len(self._last) == _PAGE:
            self._packed.append(msgspec.msgpack.encode(self._last))
            self._last = []

    def all_keys(self) -> Iterator[ObjectKey]:
        """Kind and name of each."""
        return ((_KINDS[row.kind], row.name) for row in self._rows())

    def __len__(self) -> int:
        return len(self._packed) * _PAGE + len(self._last)

    @overload
    def __getitem__(self, index: int) -> SelectedObject: ...

    @overload
    def __getitem__(self, index: slice) -> list[SelectedObject]: ...

    def __getitem__(self, index: int | slice) -> SelectedObject | list[SelectedObject]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        page, place = divmod(range(len(self))[index], _PAGE)
        return _picked(self._page(page)[place])

    def __iter__(self) -> Iterator[SelectedObject]:
        return map(_picked, self._rows())

    def _rows(self) -> Iterator[_Row]:
        return chain(chain.from_iterable(map(_rows.decode, self._packed)), self._last)

    def _page(self, number: int) -> list[_Row]:
        """Those that were asked for last stay open."""
        if number == len(self._packed):
            return self._last
        page = self._opened.pop(number, None) or _rows.decode(self._packed[number])
        self._opened[number] = page
        if len(self._opened) > _OPEN_PAGES:
            self._opened.popitem(last=False)
        return page


def _picked(row: _Row) -> SelectedObject:
    digest, rest = row.digest.hex(), row.rest
    return SelectedObject(
        _KINDS[row.kind],
        row.name,
        row.uid[1:].hex() if row.uid.startswith(_RAW) else row.uid.decode(),
        row.version,
        digest,
        rest.digest if rest else digest,
        row.size,
        rest.sensitive if rest else (),
        rest is not None and rest.changes,
    )


def _packed_uid(uid: str) -> bytes:
    """Uids that a platform gives are numbers in hexadecimal, which take half as much as such."""
    return _RAW + bytes.fromhex(uid) if _OUR_UID.fullmatch(uid) else uid.encode()
