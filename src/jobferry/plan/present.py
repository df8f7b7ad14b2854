"""The target as it stands before an undo: what its plan is made from."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple

from jobferry.model.document.references import Reference
from jobferry.model.editing.tags import Tags
from jobferry.model.records import ObjectKey, StoredObject


class Present(NamedTuple):
    """The import's objects by id, who has the names they would get back, and what every job here refers to
    (only where something that is new would go).

    ``tags`` are the workspace's, ``worn`` those that jobs have in the texts that would go or come back, by
    digest; ``counts`` how much the workspace holds of what is limited.
    """

    by_id: dict[int, StoredObject]
    by_name: dict[ObjectKey, StoredObject]
    users: dict[ObjectKey, tuple[Reference, ...]]
    tags: Tags
    worn: Mapping[str, Set[str]]
    counts: Mapping[str, int]
