"""What was picked for an export, in columns: a whole workspace of it is held while its package is written."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from typing import overload

import msgspec

from jobferry.model.document.edits import Path
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import ObjectKey
from jobferry.services.exporting.picking import Chosen, Picked

_KINDS = tuple(ObjectKind)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
_DIGEST = 32


_OUR_UID = re.compile("[0-9a-f]{32}")
_RAW = b"\0"


class _Rest(msgspec.Struct, frozen=True, array_like=True):
    """What only some objects have: another text that leaves, sensitive places."""

    digest: str
    sensitive: tuple[Path, ...]
    changes: bool


_rest = msgspec.msgpack.Decoder(_Rest)


class Picks(Sequence[Picked]):
    """Picked objects in the order in which they came, at about 95 bytes each, which is a quarter of what
    they take as values of their own. They are made anew each time they are asked for.

    Objects can be chosen first, all of them, and settled one after the other when they have been looked at.
    """

    def __init__(self) -> None:
        self._kinds = bytearray()
        self._names = bytearray()  # each followed by its uid
        self._name_ends, self._uid_ends = array("I"), array("I", [0])
        self._stored = bytearray()  # digests
        self._versions, self._sizes = array("I"), array("I")
        self._rests = bytearray()
        self._rest_ends = array("I", [0])

    def choose(self, one: Chosen) -> None:
        """Adds one that is to be settled."""
        self._kinds.append(_NUMBERS[one.kind])
        self._names += one.name.encode()
        self._name_ends.append(len(self._names))
        self._names += _packed_uid(one.uid)
        self._uid_ends.append(len(self._names))
        self._stored += bytes.fromhex(one.digest)
        self._versions.append(one.version)

    def settle(self, one: Picked) -> None:
        """Takes what was read of the next one that was chosen."""
        if one.sensitive or one.changes:
            self._rests += msgspec.msgpack.encode(_Rest(one.digest, one.sensitive, one.changes))
        self._rest_ends.append(len(self._rests))
        self._sizes.append(one.size)

    def append(self, one: Picked) -> None:
        """Adds one that was looked at."""
        self.choose(Chosen(one.kind, one.name, one.uid, one.stored_digest, one.version))
        self.settle(one)

    def chosen(self) -> Iterator[Chosen]:
        """All that were chosen, settled or not."""
        for index in range(len(self._kinds)):
            yield Chosen(*self.key(index), self._uid(index), self._digest(index), self._versions[index])

    def key(self, index: int) -> ObjectKey:
        """Kind and name of one."""
        name = self._names[self._uid_ends[index] : self._name_ends[index]]
        return _KINDS[self._kinds[index]], name.decode()

    def __len__(self) -> int:
        """How many are settled."""
        return len(self._sizes)

    @overload
    def __getitem__(self, index: int) -> Picked: ...

    @overload
    def __getitem__(self, index: slice) -> list[Picked]: ...

    def __getitem__(self, index: int | slice) -> Picked | list[Picked]:
        if isinstance(index, slice):
            return [self._at(one) for one in range(*index.indices(len(self)))]
        return self._at(range(len(self))[index])

    def __iter__(self) -> Iterator[Picked]:
        return map(self._at, range(len(self)))

    def _at(self, index: int) -> Picked:
        kind, name = self.key(index)
        digest = self._digest(index)
        start, end = self._rest_ends[index], self._rest_ends[index + 1]
        rest = _rest.decode(self._rests[start:end]) if end > start else _Rest(digest, (), False)
        return Picked(
            kind,
            name,
            self._uid(index),
            self._versions[index],
            digest,
            rest.digest,
            self._sizes[index],
            rest.sensitive,
            rest.changes,
        )

    def _uid(self, index: int) -> str:
        uid = self._names[self._name_ends[index] : self._uid_ends[index + 1]]
        return uid[1:].hex() if uid[:1] == _RAW else uid.decode()

    def _digest(self, index: int) -> str:
        return self._stored[_DIGEST * index : _DIGEST * (index + 1)].hex()


def _packed_uid(uid: str) -> bytes:
    """Uids that a platform gives are numbers in hexadecimal, which take half as much as such."""
    return _RAW + bytes.fromhex(uid) if _OUR_UID.fullmatch(uid) else uid.encode()
