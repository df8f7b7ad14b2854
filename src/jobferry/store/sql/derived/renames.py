"""What a transaction does to names, so that the rows kept of them go on with it and are not read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from jobferry.model.kinds import ObjectKind
from jobferry.store.sql.derived import counts
from jobferry.store.sql.derived.counts import Place
from jobferry.store.sql.derived.names import Key, NameRow, NameRows

Named = tuple[Place, str]
"""A name, and where it is counted."""

_FEW = 200


@dataclass(slots=True)
class _Change:
    """Names of one kind that came and went, and by how much that raised their revision."""

    gone: set[str] = field(default_factory=set)
    come: set[str] = field(default_factory=set)
    steps: int = 0
    is_small: bool = True

    def note(self, gone: Sequence[str], come: Sequence[str]) -> None:
        self.is_small &= len(gone) + len(come) + len(self.gone) + len(self.come) <= _FEW
        if self.is_small:
            left = self.gone | (set(gone) - self.come)
            there = self.come - set(gone)
            self.gone, self.come = left - set(come), there | (set(come) - left)


class Renames:
    """All that one transaction has done to names so far."""

    def __init__(self, rows: NameRows) -> None:
        self._rows = rows
        self._changes: defaultdict[tuple[str, str], _Change] = defaultdict(_Change)

    def note(self, gone: Sequence[Named], come: Sequence[Named]) -> None:
        """Takes note of what :func:`~jobferry.store.sql.derived.counts.change` was told at one time."""
        places = {place for place, _ in gone} | {place for place, _ in come}
        for workspace_id, kind, _ in places:
            self._changes[workspace_id, kind].steps += 1
        for here in {place[:2] for place in places}:
            left = [name for place, name in gone if place[:2] == here]
            self._changes[here].note(left, [name for place, name in come if place[:2] == here])

    def followed(self, connection: Connection) -> Iterator[tuple[Key, NameRow]]:
        """The rows that were up to date when the transaction began, as they are once it has committed."""
        for (workspace_id, kind), change in self._changes.items():
            key = (workspace_id, kind, "")
            row = self._rows.kept(key)
            if row is None or not change.is_small or any("\n" in name for name in change.come):
                continue
            revision = counts.count(connection, workspace_id, ObjectKind(kind)).revision
            if row.revision == revision - change.steps:
                yield key, row.renamed(change.gone, change.come, revision)
