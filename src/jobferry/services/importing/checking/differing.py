"""What a package's object would change here, field by field; with the state both come from, if kept.

Sensitive values are told as marks, whichever side has them: a package made by hand may carry filled ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from jobferry.errors import ErrorCode, NotFound
from jobferry.model.document.edits import edited
from jobferry.model.document.sensitive import compiled, mark_secrets
from jobferry.model.document.text import parse_known
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import ObjectKey
from jobferry.model.transfer.arrival import Arrival
from jobferry.model.transfer.cargo import CargoItem
from jobferry.model.transfer.planned.change import Change, change_of
from jobferry.model.transfer.planned.sides import Sides, sides
from jobferry.services.importing.planning import Prospect
from jobferry.store.ports import Store


class ObjectDifference(msgspec.Struct, frozen=True, kw_only=True):
    """One object's sides. ``is_three_way``: what last came in is still kept, and is told as the base."""

    kind: ObjectKind
    name: str
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
    return next(_compared([arrival], seen, text_of, store))


def differences_of(
    seen: Prospect, page: slice, text_of: Callable[[CargoItem], bytes], store: Store
) -> tuple[int, list[ObjectDifference]]:
    """How many of the package's objects are here and would change, and one page of what they would change."""
    view = seen.passage.view
    changing = [one for one in seen.passage.arrivals if change_of(one, view) not in _ALIKE]
    changing.sort(key=lambda one: one.key)
    return len(changing), list(_compared(changing[page], seen, text_of, store))


_ALIKE = (Change.NEW, Change.UNCHANGED)
_TEXTS = 500
"""Objects whose texts are held at once."""


def _compared(
    arrivals: Sequence[Arrival], seen: Prospect, text_of: Callable[[CargoItem], bytes], store: Store
) -> Iterator[ObjectDifference]:
    landed = seen.passage.view.landed
    for start in range(0, len(arrivals), _TEXTS):
        page = arrivals[start : start + _TEXTS]
        targets = [one.target for one in page if one.target is not None]
        digests = {one.digest for one in targets} | {landed[one.id] for one in targets if one.id in landed}
        with store.read() as snapshot:
            texts = dict(snapshot.contents.texts(sorted(digests)))
        for arrival in page:
            yield _difference(arrival, seen, text_of, texts)


def _difference(
    arrival: Arrival, seen: Prospect, text_of: Callable[[CargoItem], bytes], texts: dict[str, bytes]
) -> ObjectDifference:
    view, target = seen.passage.view, arrival.target
    (kind, name), change = arrival.key, change_of(arrival, view)
    if target is None or change in _ALIKE or arrival.item.unusable:
        return ObjectDifference(kind=kind, name=name, change=change, is_three_way=False, sides=())
    base = texts.get(view.landed.get(target.id, ""))
    patterns = view.settings.reading.patterns
    marks: dict[str, str] = {}

    def told(text: bytes) -> dict[str, Any]:
        document = parse_known(text)
        return mark_secrets(document, compiled(patterns), marks) if kind is ObjectKind.JOB else document

    common = told(base) if base is not None else None
    found = sides(common, told(texts[target.digest]), told(_arriving(arrival, text_of)))
    return ObjectDifference(
        kind=kind, name=name, change=change, is_three_way=base is not None, sides=tuple(found)
    )


def _arriving(arrival: Arrival, text_of: Callable[[CargoItem], bytes]) -> bytes:
    text = text_of(arrival.item)
    return edited(text, arrival.edits) if arrival.edits else text
