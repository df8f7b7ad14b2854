"""What an import has to make of a state: the tests' own idea of it, independent of the program's."""

from __future__ import annotations

import json

from jobferry.model.kinds import ObjectKind

from .parcels import SOURCE, Texts, digest
from .state import State

WHO = "administrator"
_SUBTYPES = {ObjectKind.JOB: "BATCH", ObjectKind.SCRIPT: "DWSSQL"}


def landed(state: State, texts: Texts, workspace_id: str) -> State:
    """The state after an overwriting import of these texts into the platform's only workspace."""
    objects = {(row[1], row[2]): row for row in state.objects}
    landings = {(row[0], row[1]): row for row in state.landings}
    versions, directories = set(state.versions), set(state.directories)
    for (kind, name), text in texts.items():
        key, new = (kind.value, name), digest(text)
        before = objects.get(key)
        if before is not None and before[5] == new:
            continue
        number = before[8] + 1 if before else 1
        place = json.loads(text)["directory"]
        objects[key] = (
            *(workspace_id, *key, place, _SUBTYPES[kind], new, number, new, number),
            *("STOPPED", "[]", WHO, WHO, WHO),
        )
        landings[key] = (*key, SOURCE, f"uid-{kind}-{name}", new, "", new)
        versions.add((*key, number, new, "", WHO))
        directories |= {(workspace_id, kind.value, level) for level in _levels(place)}
    return State(
        frozenset(objects.values()),
        frozenset(versions),
        frozenset(landings.values()),
        frozenset(directories),
        state.surroundings,
        state.members,
    )


def _levels(directory: str) -> list[str]:
    parts = directory.strip("/").split("/")
    return ["/" + "/".join(parts[: depth + 1]) for depth in range(len(parts))]
