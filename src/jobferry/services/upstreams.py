"""The rule about jobs that wait for jobs of another workspace."""

from __future__ import annotations

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.document.facts import Facts
from jobferry.model.document.references import UPSTREAM
from jobferry.model.grant import Grant
from jobferry.model.kinds import NeedKind
from jobferry.model.records import Workspace
from jobferry.model.rights import Action
from jobferry.model.settings import DependencyRule, read_settings
from jobferry.services.granting import grant_in
from jobferry.store.ports import UnitOfWork


def refuses(upstream: Workspace, downstream: Workspace) -> bool:
    """Whether a workspace does not let jobs of the other one wait for its jobs."""
    rule = read_settings(upstream.settings).dependency
    return upstream.id != downstream.id and rule is DependencyRule.REFUSED


def check_upstreams(uow: UnitOfWork, grant: Grant, facts: Facts) -> None:
    """Looks at the workspaces of a job's upstream jobs, as far as the caller can see their jobs.

    Whether there is a workspace that the caller cannot see must not be told.

    Raises:
        Conflict: the job waits for a job of a workspace that refuses that (``upstream-refused``).
    """
    upstreams = {
        one.workspace: one.name
        for one in facts.references
        if one.kind is NeedKind.JOB and one.role == UPSTREAM and one.workspace
    }
    for name, job in upstreams.items():
        upstream = uow.workspaces.by_name(name)
        if upstream is None or not refuses(upstream, grant.workspace):
            continue
        there = grant_in(uow, upstream, grant.caller)
        if there is not None and there.may(Action.JOB_VIEW):
            raise Conflict(
                ErrorCode.UPSTREAM_REFUSED,
                f"{facts.name} waits for the job {job} of the workspace {name}, "
                "which lets no other workspace wait for its jobs",
                subject=facts.name,
                hint=f"take it out of otherWorkSpaceJobs, or have job_dependency_rule of {name} allow it",
            )
