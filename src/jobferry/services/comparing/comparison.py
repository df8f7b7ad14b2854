"""Compares two sides: digests first, then the texts that differ, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from jobferry.model.report.comparison import Compared, Pair, Thing, compared, paired
from jobferry.services.comparing.sides import Side

_PAGE = 100
"""Pairs whose texts are held at once."""


class Comparison:
    """What differs, to be read once; ``same`` counts what does not, as far as it was read."""

    def __init__(
        self, former: Side, latter: Side, sensitive: re.Pattern[str], *, removed: bool = True
    ) -> None:
        """Without ``removed`` nothing is told of what only the former has.

        Raises:
            PackageRefused: a side cannot be used.
        """
        self._former, self._latter = former, latter
        self._sensitive = sensitive
        alike = former.claims() & latter.claims()
        pairs = paired(former.things(alike), latter.things(alike))
        self._differing = [one for one in pairs if not one.is_alike and (one.latter or removed)]
        self.same = sum(one.is_alike for one in pairs)

    def __iter__(self) -> Iterator[Compared]:
        """Raises: StoreError, PackageRefused: a text cannot be read any more."""
        waiting = iter(self._differing)
        while page := list(islice(waiting, _PAGE)):
            yield from self._page(page)

    def _page(self, page: list[Pair]) -> Iterator[Compared]:
        before = _texts(self._former, (pair.former for pair in page))
        after = _texts(self._latter, (pair.latter for pair in page))
        for pair in page:
            if (pair.former and pair.former not in before) or (pair.latter and pair.latter not in after):
                continue  # deleted since, and swept
            found = compared(
                pair,
                before[pair.former] if pair.former else b"",
                after[pair.latter] if pair.latter else b"",
                self._sensitive,
            )
            if found is None:
                self.same += 1
            else:
                yield found


def _texts(side: Side, things: Iterable[Thing | None]) -> dict[Thing, bytes]:
    return side.texts(one for one in things if one is not None)
