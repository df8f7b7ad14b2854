"""Taking an import back

What stands in the way of an undo. With `--rest` the objects that nobody has touched are taken back all
the same.
"""

from __future__ import annotations

from findings.example import Case, Example, Undo

_NOT_IMPORTED = "found when an import is taken back, not when a package comes in"
_LATER = 1_790_000_000_000


def _example(code: str, meaning: str, fails: Undo, passes: Undo) -> Example:
    return Example(
        code=code,
        meaning=meaning,
        fails=Case(undone=(fails,)),
        passes=Case(undone=(passes,)),
        alone=_NOT_IMPORTED,
    )


EXAMPLES = (
    _example(
        "touched-since",
        "Somebody changed the object after the import that is to be taken back; by whom and when is told.",
        Undo(
            name="clean",
            before="SELECT 1",
            now="SELECT 9",
            fields={"updated_by": "zhao", "updated_at": _LATER},
        ),
        Undo(name="clean", before="SELECT 1", now="SELECT 2"),
    ),
    _example(
        "locked-since",
        "Somebody else has taken the object's lock since.",
        Undo(
            name="clean", before="SELECT 1", now="SELECT 2", fields={"locked_by": "zhao", "locked_at": _LATER}
        ),
        Undo(
            name="clean", before="SELECT 1", now="SELECT 2", fields={"locked_by": "lin", "locked_at": _LATER}
        ),
    ),
    _example(
        "tag-locked-since",
        "A tag that the job had before, or has got by the import, was locked since.",
        Undo(name="clean", before="SELECT 1", now="SELECT 2", tags_before=("core",), locked_tags=("core",)),
        Undo(name="clean", before="SELECT 1", now="SELECT 2", tags_before=("core",), locked_tags=("other",)),
    ),
    _example(
        "deleted-since",
        "An object that the import changed is gone.",
        Undo(name="clean", before="SELECT 1", now=None),
        Undo(name="clean", before=None, now=None),
    ),
    _example(
        "name-taken-since",
        "Another object has the name that this one would get back.",
        Undo(name="clean", before="SELECT 1", now="SELECT 2", former_name="tidy", others=("tidy",)),
        Undo(name="clean", before="SELECT 1", now="SELECT 2", former_name="tidy"),
    ),
    _example(
        "needed-here",
        "The import made the object, and something that stays refers to it.",
        Undo(name="clean", before=None, now="SELECT 2", user="orders"),
        Undo(name="clean", before=None, now="SELECT 2"),
    ),
)
