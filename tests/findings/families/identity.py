"""Identity and standing

Who is who, and whether what is here may be changed.
"""

from __future__ import annotations

from typing import Any

from findings.example import Case, Example, Here, job, node, script
from jobferry.model.kinds import ObjectKind, SchedulingState
from jobferry.model.transfer.policy import Duplicates

JOB, SCRIPT = ObjectKind.JOB, ObjectKind.SCRIPT


def changed(
    name: str,
    *,
    landed: bool = True,
    sourced: bool = True,
    options: dict[str, Any] | None = None,
    **there: Any,
) -> Case:
    """A job that is here with one node and comes with another."""
    return Case(
        files=(job({"name": name, "nodes": [node(name="new")]}, uid=f"uid-{name}"),),
        here=(Here(JOB, {"name": name, "nodes": [node(name="old")]}, there, landed, sourced),),
        options=options or {},
    )


def typed(here: str, there: str) -> Case:
    name = "type-differs"
    return Case(
        files=(script({"name": name, "type": there, "content": "2"}),),
        here=(Here(SCRIPT, {"name": name, "type": here, "content": "1"}),),
    )


def crowd(count: int) -> Case:
    """A package of resources and scripts for a workspace of one script."""
    names = [f"quota-{number}" for number in range(count)]
    return Case(
        files=tuple(script({"name": name, "type": "Shell", "content": "echo"}) for name in names),
        settings={"max_scripts": "1"},
    )


def renamed(*more: Here) -> Case:
    """A script that the source has renamed."""
    return Case(
        files=(script({"name": "renamed-in-use", "type": "Shell", "content": "2"}, uid="renamed"),),
        here=(
            Here(SCRIPT, {"name": "former", "type": "Shell", "content": "1"}, {"uid": "renamed"}),
            *more,
        ),
    )


EXAMPLES = (
    Example(
        code="renamed-in-use",
        meaning="A job, script or resource is known here under another name, which drafts of jobs that the "
        "package does not bring go on naming.",
        fails=renamed(Here(JOB, {"name": "its-user-here", "nodes": [node(scriptName="former")]})),
        passes=renamed(),
    ),
    Example(
        code="identity-conflict",
        meaning="The uid belongs to one object here, the name to another.",
        fails=Case(
            files=(job({"name": "identity-conflict"}, uid="u1"),),
            here=(
                Here(JOB, {"name": "identity-former"}, {"uid": "u1"}),
                Here(JOB, {"name": "identity-conflict"}, {"uid": "u2"}),
            ),
        ),
        passes=Case(
            files=(job({"name": "identity-conflict"}, uid="u1"),),
            here=(Here(JOB, {"name": "identity-former"}, {"uid": "u1"}),),
        ),
    ),
    Example(
        code="already-exists",
        meaning="The object exists and the option `duplicates` is `fail`.",
        fails=changed("already-exists", options={"duplicates": Duplicates.FAIL}),
        passes=changed("already-exists"),
        alone="with `duplicates=fail` nothing is overwritten",
    ),
    Example(
        code="type-differs",
        meaning="A script's or resource's type is another one here.",
        fails=typed("HiveSQL", "Shell"),
        passes=typed("Shell", "Shell"),
    ),
    Example(
        code="target-not-stopped",
        meaning="The job here is in scheduling, running or paused, and `must_be_stopped` holds.",
        fails=changed("target-not-stopped", state=SchedulingState.SCHEDULING),
        passes=changed("target-not-stopped", state=SchedulingState.STOPPED),
    ),
    Example(
        code="target-edited",
        meaning="The object was edited here after it was last imported from there, and not at its source; "
        "warns or blocks by `target_edited`.",
        fails=changed("target-edited", landed=False, updated_by="zhao"),
        passes=changed("target-edited", updated_by="zhao"),
    ),
    Example(
        code="both-edited",
        meaning="The object was edited here and at its source after it was last imported from there; "
        "warns or blocks by `target_edited`.",
        fails=changed("both-edited", landed=False, sourced=False, updated_by="zhao"),
        passes=changed("both-edited", sourced=False, updated_by="zhao"),
    ),
    Example(
        code="quota-reached",
        meaning="More jobs, real-time jobs, scripts or directories than the workspace holds; those "
        "beyond the limit "
        "stay out.",
        fails=crowd(2),
        passes=crowd(1),
    ),
)
