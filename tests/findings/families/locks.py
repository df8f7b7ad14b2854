"""Locks

Locks that others hold on what would be overwritten.
"""

from __future__ import annotations

from findings.example import Case, Example, Here, job, node
from jobferry.model.kinds import ObjectKind
from jobferry.model.rights import Role


def locked(name: str, holder: str, policy: str) -> Case:
    return Case(
        files=(job({"name": name, "nodes": [node(name="new")]}),),
        here=(
            Here(
                ObjectKind.JOB,
                {"name": name, "nodes": [node(name="old")]},
                {"locked_by": holder, "locked_at": 1_790_000_000_000},
            ),
        ),
        settings={"lock_policy": policy},
        powers=(Role.DEVELOPER,),
    )


EXAMPLES = (
    Example(
        code="locked-by-another",
        meaning="Somebody else holds its lock, `lock_policy` is `hard`, and the importing user is "
        "neither owner nor "
        "administrator.",
        fails=locked("locked-by-another", "zhao", "hard"),
        passes=locked("locked-by-another", "lin", "hard"),
    ),
    Example(
        code="locks-overridden",
        meaning="Somebody else holds the locks of what is overwritten, and the importing user may "
        "take them over; "
        "once a holder, with the number of objects.",
        fails=locked("locks-overridden", "zhao", "soft"),
        passes=locked("locks-overridden", "lin", "soft"),
        alone="the lock policy is `soft` here and `hard` there",
    ),
)
