"""The three sides of an object: as it last came in, as it is here, and as the package would make it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from jobferry.model.document.difference import Difference, differences


class Side(msgspec.Struct, frozen=True):
    """What one side has at a path; ``there`` tells nothing from an empty value."""

    there: bool
    value: Any = None


class Sides(msgspec.Struct, frozen=True, kw_only=True):
    """One path at which the sides differ. ``base`` is None where no common state is known.

    ``lines`` are those that go from here and come by the package, in texts of several lines.
    """

    path: str
    base: Side | None
    here: Side
    package: Side
    lines: tuple[str, ...] = ()


def sides(base: Any | None, here: Any, package: Any) -> list[Sides]:
    """Every path at which the package differs from here, or either from the base; by path.

    Where both made the same edit there is nothing to decide, and nothing is told.
    """
    if base is None:
        return [_two(one) for one in differences(here, package)]
    return list(_three(differences(base, here), differences(base, package), differences(here, package)))


def _two(one: Difference) -> Sides:
    return Sides(path=one.path, base=None, here=_former(one), package=_latter(one), lines=one.lines)


def _three(mine: list[Difference], theirs: list[Difference], between: list[Difference]) -> Iterator[Sides]:
    here, package = ({one.path: one for one in side} for side in (mine, theirs))
    lines = {one.path: one.lines for one in between}
    for path in sorted(here.keys() | package.keys()):
        left, right = here.get(path), package.get(path)
        base = _former(left or right or _NOTHING)
        at_here, at_package = (_latter(one) if one else base for one in (left, right))
        if at_here.there != at_package.there or differences(at_here.value, at_package.value):
            yield Sides(path=path, base=base, here=at_here, package=at_package, lines=lines.get(path, ()))


_NOTHING = Difference(path="", in_former=False, in_latter=False)


def _former(one: Difference) -> Side:
    return Side(one.in_former, one.former)


def _latter(one: Difference) -> Side:
    return Side(one.in_latter, one.latter)
