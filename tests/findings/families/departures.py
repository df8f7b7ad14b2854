"""Gone at the source

What a workspace export tells to be deleted, and what that means here. Only what came from that very workspace
is ever meant.
"""

from __future__ import annotations

from typing import Any

from findings.example import Case, Example, Here, job, node, script
from jobferry.model.kinds import ObjectKind, SchedulingState
from jobferry.model.rights import Role
from jobferry.model.transfer.policy import Outcome

JOB, SCRIPT = ObjectKind.JOB, ObjectKind.SCRIPT
DELETE = {"apply_deletions": True}
ALONE = "deletions of a package are confirmed all together"


def gone(name: str, *, landed: bool = True, options: dict[str, Any] = DELETE, **fields: Any) -> Case:
    """A job that is gone at its source, and another one that comes."""
    return Case(
        files=(job({"name": f"beside-{name}"}),),
        here=(Here(JOB, {"name": name, "nodes": [node()]}, fields, landed),),
        gone=(name,),
        options=options,
    )


def echo(name: str) -> dict[str, str]:
    return {"name": name, "type": "Shell", "content": "echo"}


def needed(*, still: bool) -> Case:
    name = "deletion-needed"
    used = {"scriptName": name} if still else {}
    return Case(
        files=(job({"name": f"beside-{name}"}),),
        here=(
            Here(SCRIPT, {"name": name, "type": "Shell", "content": "echo"}),
            Here(JOB, {"name": "its-user", "nodes": [node("Shell", **used)]}),
        ),
        gone=(name,),
        options=DELETE,
    )


def beside(*, sound: bool) -> Case:
    broken = {} if sound else {"basicConfig": {"priority": 9}}
    return Case(
        files=(job({"name": "the-failing-one", **broken}),),
        here=(Here(JOB, {"name": "deletion-held-back", "nodes": [node()]}),),
        gone=("deletion-held-back",),
        options=DELETE | {"outcome": Outcome.PACKAGE},
    )


def succession(*, sound: bool) -> Case:
    """A script that gets the name of one that goes, if it does."""
    name = "name-not-freed"
    return Case(
        files=(script({"name": name, "type": "Shell", "content": "echo 2"}, uid="successor"),),
        here=(
            Here(
                SCRIPT,
                {"name": name, "type": "Shell", "content": "echo"},
                {"locked_by": "" if sound else "x"},
            ),
            Here(SCRIPT, {"name": "former", "type": "Shell", "content": "echo"}, {"uid": "successor"}),
        ),
        gone=(name,),
        options=DELETE,
    )


def _by(role: Role) -> Case:
    return Case(
        files=(script({"name": "beside-it", "type": "Shell", "content": "echo"}),),
        here=(Here(JOB, {"name": "deletion-not-allowed", "nodes": [node()]}),),
        gone=("deletion-not-allowed",),
        options=DELETE,
        powers=(role,),
    )


def _reviewed(scope: str) -> Case:
    return Case(
        files=(script({"name": "beside-it", "type": "Shell", "content": "echo"}),),
        here=(Here(JOB, {"name": "deletion-in-review", "nodes": [node()]}),),
        gone=("deletion-in-review",),
        options=DELETE | {"approvers": ("zhao",)},
        settings={"review": scope},
    )


EXAMPLES = (
    Example(
        code="deletion-not-confirmed",
        meaning="The object is gone at its source, and nobody has confirmed that it goes here too.",
        fails=gone("deletion-not-confirmed", options={}),
        passes=gone("deletion-not-confirmed"),
        alone=ALONE,
    ),
    Example(
        code="deletion-unknown",
        meaning="An object is to be deleted, and the package does not tell that its source has deleted it.",
        fails=gone("deletion-known", options={"delete": {JOB: ("deletion-known", "deletion-unknown")}}),
        passes=gone("deletion-known", options={"delete": {JOB: ("deletion-known",)}}),
        alone=ALONE,
    ),
    Example(
        code="deletion-not-stopped",
        meaning="The job is gone at its source, and is in scheduling, running or paused here.",
        fails=gone("deletion-not-stopped", state=SchedulingState.SCHEDULING),
        passes=gone("deletion-not-stopped"),
        alone=ALONE,
    ),
    Example(
        code="deletion-locked",
        meaning="The object is gone at its source, and somebody else holds its lock here.",
        fails=gone("deletion-locked", locked_by="zhao"),
        passes=gone("deletion-locked", locked_by="lin"),
        alone=ALONE,
    ),
    Example(
        code="deletion-edited",
        meaning="The object is gone at its source, and was edited here since it last came from there; "
        "warns or blocks by `target_edited`.",
        fails=gone("deletion-edited", landed=False, updated_by="zhao"),
        passes=gone("deletion-edited", updated_by="zhao"),
        alone=ALONE,
    ),
    Example(
        code="deletion-needed",
        meaning="The object is gone at its source, and a job that stays here refers to it.",
        fails=needed(still=True),
        passes=needed(still=False),
        alone=ALONE,
    ),
    Example(
        code="deletion-not-allowed",
        meaning="The object is gone at its source, and the importing user may not delete its kind, or not "
        "where it lies.",
        fails=_by(Role.OPERATOR),
        passes=_by(Role.DEVELOPER),
        alone=ALONE,
    ),
    Example(
        code="deletion-in-review",
        meaning="The object is gone at its source; deleting it here takes a review or a release, or one is "
        "pending.",
        fails=_reviewed("all"),
        passes=_reviewed("off"),
        alone=ALONE,
    ),
    Example(
        code="deletion-held-back",
        meaning="Outcome `package`: an object of the package fails, so nothing is deleted either.",
        fails=beside(sound=False),
        passes=beside(sound=True),
        alone=ALONE,
    ),
    Example(
        code="name-not-freed",
        meaning="The object gets a name that another one here was to give up, and that one stays as it is.",
        fails=succession(sound=False),
        passes=succession(sound=True),
        alone=ALONE,
    ),
)
