"""Names in order, a line each, in blocks: a changed name costs a block, and so does the next search."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterator

END = b"\n"
_SIZE = 32 * 1024
_MOST_SEARCHES = 8


class Block:
    """Some lines, which never change; and the same with ASCII letters in lower case, in as many bytes."""

    __slots__ = ("_lower", "_searches", "lines", "number")

    def __init__(self, lines: bytes) -> None:
        self.lines = lines
        self.number = lines.count(END)
        self._lower = lines.lower()
        self._searches: OrderedDict[bytes, array[int]] = OrderedDict()

    @property
    def last(self) -> bytes:
        """The last name."""
        return self.lines[self.lines.rfind(END, 0, -1) + 1 : -1]

    def names(self, begin: int, end: int) -> list[str]:
        """Names by their place in the order."""
        return self.lines.decode().split("\n")[begin:end]

    def search(self, part: bytes) -> array[int]:
        """A place in each name that holds the piece, which is in lower case."""
        found = self._searches.get(part)
        if found is None:
            found = self._searches[part] = self._search(part)
            if len(self._searches) > _MOST_SEARCHES:
                self._searches.popitem(last=False)
        return found

    def name_at(self, place: int) -> str:
        """The name that a place lies in."""
        begin = self.lines.rfind(END, 0, place) + 1
        return self.lines[begin : self.lines.index(END, place)].decode()

    def _search(self, part: bytes) -> array[int]:
        found = array("I")
        lower, note, end = self._lower, found.append, 0
        while (place := lower.find(part, end)) >= 0:
            note(place)
            end = lower.index(END, place)
        return found


def blocks(lines: bytes) -> Iterator[Block]:
    """Blocks of about 32 to 64 KiB, or a single one that is smaller; none of no lines."""
    size = len(lines) // max(len(lines) // _SIZE, 1)
    begin = 0
    while begin < len(lines):
        end = lines.index(END, min(begin + size, len(lines)) - 1) + 1
        yield Block(lines[begin:end])
        begin = end


def with_name(lines: bytes, name: bytes) -> bytes:
    """The lines and one more."""
    place = _place(lines, name)
    return b"".join((lines[:place], name, END, lines[place:]))


def without_name(lines: bytes, name: bytes) -> bytes:
    """The lines but one, which is among them."""
    place = _place(lines, name)
    return lines[:place] + lines[place + len(name) + 1 :]


def _place(lines: bytes, name: bytes) -> int:
    """Where a name's line begins or would begin."""
    low, high = 0, len(lines)
    while low < high:
        begin = lines.rfind(END, low, (low + high) // 2) + 1 or low
        end = lines.index(END, begin)
        if lines[begin:end] < name:
            low = end + 1
        else:
            high = begin
    return low
