"""Free names for what comes in as a copy, because its like is here already."""

from __future__ import annotations

from itertools import count

from jobferry.model.kinds import ObjectKind
from jobferry.model.records import ObjectKey
from jobferry.model.transfer.arrival import match
from jobferry.model.transfer.cargo import Cargo
from jobferry.model.transfer.choosing import COPY_NAME, Choosing, copy_name
from jobferry.model.transfer.policy import Duplicates, ImportOptions
from jobferry.model.transfer.target import TargetView
from jobferry.store.ports import Snapshot

_AT_ONCE = 8
"""How many names of each are asked about in one read."""


def copies(
    snapshot: Snapshot, view: TargetView, cargo: Cargo, options: ImportOptions
) -> dict[ObjectKey, str]:
    """By kind and name in the package, a name that nobody has here or in the package."""
    choosing = Choosing(options, view.settings.policy)
    waiting = []
    for item in cargo.items:
        policy = choosing.of(item).policy
        is_copied = policy.duplicates is Duplicates.COPY and item.entry.kind is not ObjectKind.CDM
        if is_copied and match(item, item.entry.name, view, policy)[0] is not None:
            waiting.append(item.key)
    taken = {item.key for item in cargo.items}
    found: dict[ObjectKey, str] = {}
    pattern = options.copy_name or COPY_NAME
    for first in count(1, _AT_ONCE):
        if not waiting:
            break
        names = {
            (kind, name): [copy_name(pattern, name, first + more, kind) for more in range(_AT_ONCE)]
            for kind, name in waiting
        }
        taken |= _there(snapshot, view.workspace_id, names)
        for key, proposed in names.items():
            free = next((one for one in proposed if (key[0], one) not in taken), None)
            if free is not None:
                found[key] = free
                taken.add((key[0], free))
        waiting = [key for key in waiting if key not in found]
    return found


def _there(snapshot: Snapshot, workspace_id: str, names: dict[ObjectKey, list[str]]) -> set[ObjectKey]:
    found: set[ObjectKey] = set()
    for kind in {kind for kind, _ in names}:
        asked = {one for (other, _), proposed in names.items() if other is kind for one in proposed}
        found |= {(kind, name) for name in snapshot.objects.by_names(workspace_id, kind, asked)}
    return found
