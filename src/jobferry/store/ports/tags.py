"""The tags of workspaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from jobferry.model.tags import Tag


class Tags(Protocol):
    """Tags, readable. Which jobs have them, their drafts' marks tell."""

    def of_workspace(self, workspace_id: str) -> dict[str, Tag]:
        """By name, in order of name."""
        ...


class TagChanges(Tags, Protocol):
    """Tags, changeable."""

    def save(self, tags: Sequence[Tag]) -> None:
        """Inserts or replaces, by name."""
        ...

    def remove(self, workspace_id: str, names: Iterable[str]) -> None: ...
