"""Tags of a workspace: how many there may be, what they are called, and which of them are locked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

TAGS_PATH = ("basicConfig", "tags")
"""Where a job's document has its tags."""
MOST_TAGS = 100
"""How many tags a workspace has at most, whether jobs have them or not."""
_LONGEST = 128


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """One tag. ``changed_by`` made it, or last locked or unlocked it. No job gets or loses a locked one."""

    workspace_id: str
    name: str
    locked: bool = False
    changed_by: str = ""
    changed_at: int = 0


Tags = Mapping[str, Tag]
"""The tags of a workspace by name."""


def is_tag(name: str) -> bool:
    """Whether a tag can be called that."""
    return 0 < len(name) <= _LONGEST and name == name.strip() and name.isprintable()


def locked_among(names: Iterable[str], tags: Tags) -> list[str]:
    """Those of the names that are locked tags."""
    return sorted(name for name in set(names) if name in tags and tags[name].locked)


def fresh_among(names: Iterable[str], tags: Tags) -> list[str]:
    """Those of the names that are no tags yet, in their order."""
    return [name for name in dict.fromkeys(names) if name not in tags]
