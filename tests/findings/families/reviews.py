"""Reviews and releases

What goes live without being looked at, and whom a workspace wants to be asked.
"""

from __future__ import annotations

from typing import Any

from findings.example import Case, Example, Here, script
from jobferry.model.kinds import ObjectKind
from jobferry.model.rights import Role
from jobferry.model.transfer.policy import TargetStatus

_ALONE = "what it sets holds for the whole package"


def _submitted(name: str, review: str, *, waiting: bool = False, **options: Any) -> Case:
    there = {"name": name, "type": "Shell", "content": "1"}
    return Case(
        files=(script(there | {"content": "2"}),),
        here=(Here(ObjectKind.SCRIPT, there),),
        settings={"review": review},
        options=options,
        powers=(Role.DEVELOPER,),
        waiting=(name,) if waiting else (),
    )


EXAMPLES = (
    Example(
        code="not-allowed-publish",
        meaning="The job or script would go live without review or release (`production`), and the importing "
        "user may not decide that.",
        fails=_submitted("not-allowed-publish", "off", target_status=TargetStatus.PRODUCTION),
        passes=_submitted("not-allowed-publish", "off", target_status=TargetStatus.SUBMITTED),
        alone=_ALONE,
    ),
    Example(
        code="approvers-missing",
        meaning="The job or script would be submitted, the workspace wants a review of it, and nobody is "
        "named to approve.",
        fails=_submitted("approvers-missing", "all"),
        passes=_submitted("approvers-missing", "all", approvers=("zhao",)),
        alone=_ALONE,
    ),
    Example(
        code="review-pending",
        meaning="The job or script would be submitted again while a review or release of it is pending.",
        fails=_submitted("review-pending", "all", waiting=True, approvers=("zhao",)),
        passes=_submitted("review-pending", "all", approvers=("zhao",)),
        alone=_ALONE,
    ),
)
