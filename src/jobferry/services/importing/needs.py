"""What a package refers to besides itself: whether it is here, and what could stand for it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec

from jobferry.model.kinds import INVENTORY_KINDS, NeedKind, ObjectKind
from jobferry.model.transfer.arrival import Passage
from jobferry.model.transfer.suggestion import Names, likenesses
from jobferry.model.transfer.target import TargetView
from jobferry.services.packages import needs_of

_CANDIDATES = 100
_SEARCHED = 200
"""For so many missing things like names are looked for: each search compares many names."""
_OBJECTS = {kind.value: kind for kind in ObjectKind}


class Presence(StrEnum):
    """Whether something that is needed is here; of some kinds nobody has said what there is."""

    HERE = "here"
    MISSING = "missing"
    UNKNOWN = "unknown"


class NeedMet(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A need, the ``local`` name that the mapping gives it, and ``candidates`` where that is not here."""

    kind: NeedKind
    name: str
    workspace: str = ""
    local: str
    presence: Presence
    candidates: tuple[str, ...] = ()


def needs_met(passage: Passage, names: Names) -> tuple[NeedMet, ...]:
    """Every need of the package, by kind and name; ``names`` gives what of a kind is here or comes along."""
    view, mapping = passage.view, passage.options.mapping
    candidates = _Candidates(names)
    found = []
    for need in needs_of(passage.cargo):
        local = mapping.local(need.kind, need.name)
        there = mapping.local(NeedKind.WORKSPACE, need.workspace) if need.workspace else ""
        presence = _presence(view, need.kind, local, there)
        is_answered = presence is Presence.HERE or need.workspace
        found.append(
            NeedMet(
                kind=need.kind,
                name=need.name,
                workspace=need.workspace,
                local=local,
                presence=presence,
                candidates=() if is_answered else candidates.of(need.kind, local),
            )
        )
    return tuple(found)


def _presence(view: TargetView, kind: NeedKind, name: str, workspace: str) -> Presence:
    if workspace:
        is_here = name in view.elsewhere.get(workspace, ())
    elif kind in _OBJECTS:
        is_here = (_OBJECTS[kind], name) in view.objects
    elif kind is NeedKind.WORKSPACE:
        is_here = name in view.elsewhere
    elif kind in (NeedKind.CONNECTION, NeedKind.VARIABLE) or (kind in INVENTORY_KINDS and view.knows(kind)):
        is_here = view.has(kind, name)
    else:
        return Presence.UNKNOWN
    return Presence.HERE if is_here else Presence.MISSING


class _Candidates:
    """Things of a kind, those with the likest names first. Of jobs, scripts and resources, which may be very
    many, only the likest are told."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._likest: Callable[[NeedKind, str], tuple[str, ...]] = likenesses(names)
        self._searched = 0

    def of(self, kind: NeedKind, name: str) -> tuple[str, ...]:
        if kind is NeedKind.CDM:
            return ()
        self._searched += 1
        first = self._likest(kind, name) if self._searched <= _SEARCHED else ()
        if kind in _OBJECTS:
            return first
        rest = (one for one in self._names(kind) if one not in first)
        return (*first, *rest)[:_CANDIDATES]
