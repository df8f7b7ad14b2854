"""Which of a package's objects stand in the target already, so that nothing more needs to be read of them.

The target's objects are asked for while the package is read, and remembered for the look that follows.
"""

from __future__ import annotations

from collections.abc import Iterable

from jobferry.model.package import Entry
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.transfer.arrival import is_live_enough
from jobferry.model.transfer.policy import Policy
from jobferry.store.ports import Objects


class Standing:
    """What was found so far. ``asked`` names the keys that were looked for, found or not."""

    def __init__(self, objects: Objects, workspace_id: str, policy: Policy) -> None:
        self._objects = objects
        self._workspace_id = workspace_id
        self._policy = policy
        self.objects: dict[ObjectKey, StoredObject] = {}
        self.by_uid: dict[ObjectKey, StoredObject] = {}
        self.asked: set[ObjectKey] = set()

    def among(self, entries: Iterable[Entry]) -> set[str]:
        """The paths of those entries whose very text is here, under the same name and as live as wanted."""
        listed = list(entries)
        self._ask(listed)
        return {entry.path for entry in listed if self._stands(entry)}

    def _ask(self, entries: list[Entry]) -> None:
        found = self._objects.by_uids(self._workspace_id, [entry.uid for entry in entries if entry.uid])
        self.by_uid |= found
        self.objects |= {stored.key: stored for stored in found.values()}
        for kind in {entry.kind for entry in entries}:
            names = [entry.name for entry in entries if entry.kind is kind]
            rest = [name for name in names if (kind, name) not in self.objects]
            there = self._objects.by_names(self._workspace_id, kind, rest) if rest else {}
            self.objects |= {(kind, name): stored for name, stored in there.items()}
            self.asked.update((kind, name) for name in names)

    def _stands(self, entry: Entry) -> bool:
        stored = self.objects.get((entry.kind, entry.name))
        if stored is None or stored.digest != entry.sha256:
            return False
        is_same = not entry.uid or stored.uid == entry.uid
        return is_same and is_live_enough(stored, entry.sha256, self._policy)
