"""What a package's object would change here, field by field; with the state both come from, if kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from jobferry.errors import ErrorCode, NotFound
from jobferry.model.document.edits import edited
from jobferry.model.document.text import parse_known
from jobferry.model.records import ObjectKey
from jobferry.model.transfer.arrival import Arrival
from jobferry.model.transfer.cargo import CargoItem
from jobferry.model.transfer.planned.change import Change, change_of
from jobferry.model.transfer.planned.sides import Sides, sides
from jobferry.services.importing.planning import Prospect
from jobferry.store.ports import Store


class ObjectDifference(msgspec.Struct, frozen=True, kw_only=True):
    """One object's sides. ``is_three_way``: what last came in is still kept, and is told as the base."""

    change: Change
    is_three_way: bool
    sides: tuple[Sides, ...]


def difference_of(
    seen: Prospect, key: ObjectKey, text_of: Callable[[CargoItem], bytes], store: Store
) -> ObjectDifference:
    """Raises: NotFound: the package holds no such object (``entry-missing``)."""
    arrival = next((one for one in seen.passage.arrivals if one.key == key), None)
    if arrival is None:
        raise NotFound(
            ErrorCode.ENTRY_MISSING,
            f"the package holds no {key[0]} {key[1]}",
            subject=key[1],
            hint="look at the import's plan for what it holds",
        )
    view = seen.passage.view
    change = change_of(arrival, view)
    target = arrival.target
    if target is None or change is Change.UNCHANGED or arrival.item.unusable:
        return ObjectDifference(change=change, is_three_way=False, sides=())
    landed = view.landed.get(target.id, "")
    with store.read() as snapshot:
        texts = dict(snapshot.contents.texts([target.digest, *([landed] if landed else [])]))
    base = parse_known(texts[landed]) if landed in texts else None
    found = sides(base, parse_known(texts[target.digest]), _arriving(arrival, text_of))
    return ObjectDifference(change=change, is_three_way=base is not None, sides=tuple(found))


def _arriving(arrival: Arrival, text_of: Callable[[CargoItem], bytes]) -> dict[str, Any]:
    text = text_of(arrival.item)
    return parse_known(edited(text, arrival.edits) if arrival.edits else text)
