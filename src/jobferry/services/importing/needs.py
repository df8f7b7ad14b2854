"""What a package refers to besides itself: whether it is here, and what could stand for it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from jobferry.model.kinds import INVENTORY_KINDS, NeedKind, ObjectKind
from jobferry.model.transfer.arrival import Passage
from jobferry.model.transfer.target import TargetView
from jobferry.services.packages import needs_of

_CANDIDATES = 100
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


def needs_met(passage: Passage) -> tuple[NeedMet, ...]:
    """Every need of the package, by kind and name."""
    view, mapping = passage.view, passage.options.mapping
    found = []
    for need in needs_of(passage.cargo):
        local = mapping.local(need.kind, need.name)
        there = mapping.local(NeedKind.WORKSPACE, need.workspace) if need.workspace else ""
        presence = _presence(view, need.kind, local, there)
        found.append(
            NeedMet(
                kind=need.kind,
                name=need.name,
                workspace=need.workspace,
                local=local,
                presence=presence,
                candidates=() if presence is Presence.HERE else _candidates(view, need.kind),
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


def _candidates(view: TargetView, kind: NeedKind) -> tuple[str, ...]:
    """Things of the kind that are here; jobs, scripts and the like are too many, and looked for by name."""
    if kind is NeedKind.CONNECTION:
        names = view.connections
    elif kind is NeedKind.VARIABLE:
        names = view.variables
    else:
        names = view.inventory.get(kind, frozenset())
    return tuple(sorted(names)[:_CANDIDATES])
