"""How much a workspace holds: the one list that saves, checks and undo go by. One rule, so small."""

from __future__ import annotations

from typing import NamedTuple

from jobferry.model.kinds import JobType, ObjectKind
from jobferry.model.names import Limits


class Quota(NamedTuple):
    """How many ``things`` of a kind there may be; ``subtype`` is empty where all of the kind count."""

    things: str
    kind: ObjectKind
    subtype: str
    setting: str

    def limit(self, limits: Limits) -> int:
        """How many a workspace with these limits holds."""
        return {
            "max_jobs": limits.jobs,
            "max_real_time_jobs": limits.real_time_jobs,
            "max_scripts": limits.scripts,
        }[self.setting]


QUOTAS = (
    Quota("jobs", ObjectKind.JOB, "", "max_jobs"),
    Quota("real-time jobs", ObjectKind.JOB, JobType.REAL_TIME, "max_real_time_jobs"),
    Quota("scripts", ObjectKind.SCRIPT, "", "max_scripts"),
)
"""All quotas on objects; ``setting`` is the workspace setting that raises one."""


def quotas_of(kind: ObjectKind, subtype: str) -> list[Quota]:
    """The quotas that an object of that kind and type counts against."""
    return [quota for quota in QUOTAS if quota.kind is kind and quota.subtype in ("", subtype)]
