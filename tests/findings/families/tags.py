"""Tags

Tags that jobs bring, and those that they would lose.
"""

from __future__ import annotations

from typing import Any

from findings.example import Case, Example, Here, job, node
from jobferry.model.kinds import ObjectKind


def tagged(name: str, *tags: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, **fields, "basicConfig": {"tags": list(tags)}}


def _losing(*tags: str) -> Case:
    name = "tag-locked-here"
    return Case(
        files=(job(tagged(name, *tags, nodes=[node(name="new")])),),
        here=(Here(ObjectKind.JOB, tagged(name, "silver", nodes=[node(name="old")])),),
        tags={"silver": len(tags) == 0},
    )


def _bringing(name: str, tag: str, there: dict[str, bool]) -> Case:
    return Case(files=(job(tagged(name, tag)),), tags=there)


EXAMPLES = (
    Example(
        code="tag-locked",
        meaning="A job has a tag that is locked here.",
        fails=_bringing("tag-locked", "gold", {"gold": True}),
        passes=_bringing("tag-locked", "gold", {"gold": False}),
    ),
    Example(
        code="tag-locked-here",
        meaning="A job here has a locked tag, and would lose it by being overwritten.",
        fails=_losing(),
        passes=_losing("silver"),
    ),
    Example(
        code="tag-illegal",
        meaning="A job has a tag that no tag can be called: empty, longer than 128 characters, not "
        "printable, spaces at "
        "an end.",
        fails=_bringing("tag-illegal", " spaced", {}),
        passes=_bringing("tag-illegal", "spaced", {}),
    ),
    Example(
        code="tags-too-many",
        meaning="A job brings a tag beyond the hundred of the workspace.",
        fails=_bringing("tags-too-many", "one-more", {f"tag{number}": False for number in range(100)}),
        passes=_bringing("tags-too-many", "tag1", {f"tag{number}": False for number in range(100)}),
    ),
)
