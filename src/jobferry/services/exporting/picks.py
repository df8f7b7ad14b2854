"""What was picked for an export, packed: a whole workspace of it is held while its package is written."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import overload

import msgspec

from jobferry.model.document.edits import Path
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import ObjectKey
from jobferry.services.exporting.picking import Picked

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


class Picks(Sequence[Picked]):
    """Picked objects in the order in which they came, at about 75 bytes each, which is a fifth of what they
    take as values of their own. They are made anew each time they are asked for.
    """

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._last: list[_Row] = []
        self._opened: OrderedDict[int, list[_Row]] = OrderedDict()

    def append(self, one: Picked) -> None:
        """Adds one at the end."""
        plain = not one.sensitive and not one.changes
        row = _Row(
            _NUMBERS[one.kind],
            one.name,
            _packed_uid(one.uid),
            one.version,
            bytes.fromhex(one.stored_digest),
            one.size,
            None if plain else _Rest(one.digest, one.sensitive, one.changes),
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
    def __getitem__(self, index: int) -> Picked: ...

    @overload
    def __getitem__(self, index: slice) -> list[Picked]: ...

    def __getitem__(self, index: int | slice) -> Picked | list[Picked]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        page, place = divmod(range(len(self))[index], _PAGE)
        return _picked(self._page(page)[place])

    def __iter__(self) -> Iterator[Picked]:
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


def _picked(row: _Row) -> Picked:
    digest, rest = row.digest.hex(), row.rest
    return Picked(
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
