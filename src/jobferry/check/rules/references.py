"""Rules about what documents refer to: is it here, or does it come along?

A kind that this platform keeps itself is checked always. A kind of the inventory is checked once the
inventory holds any of that kind; until then policy says whether not knowing warns, holds or blocks. Nothing
of a kind that is accepted as a whole is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.document.problem import pointer
from jobferry.model.document.references import UPSTREAM
from jobferry.model.kinds import (
    INVENTORY_KINDS,
    NEVER_MISSING_KINDS,
    OBJECT_OF,
    WARNED_KINDS,
    NeedKind,
    ObjectKind,
)
from jobferry.model.records import ObjectKey
from jobferry.model.transfer.arrival import Need, Passage, Use
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.policy import Profile, UnknownInventory

_KEPT_HERE = {need: kind for need, kind in OBJECT_OF.items() if kind is not ObjectKind.JOB}


def _findings(uses: list[Use], code: str, severity: Severity, **args: str) -> Iterator[Finding]:
    """One finding for each arrival that needs what is not here."""
    for arrival, reference in uses:
        yield Finding(
            code=code,
            severity=severity,
            kind=arrival.kind,
            name=arrival.name,
            path=pointer(reference.path),
            need_kind=reference.kind,
            need_name=reference.name,
            args={"need": reference.name, **args},
        )


def things_are_missing(passage: Passage) -> Iterator[Finding]:
    """A script, resource, CDM definition, connection, or an inventoried thing is not here."""
    coming = {arrival.key for arrival in passage.arrivals}
    severity = passage.missing_severity
    unknown_blocks = passage.policy.unknown_inventory is UnknownInventory.BLOCK
    missing = {need for need in passage.needs if _is_missing(need, coming, passage)}
    for (kind, _, _), uses in passage.uses_of(missing).items():
        warns = kind is NeedKind.CDM and not unknown_blocks
        yield from _findings(uses, f"{kind}-missing", Severity.WARN if warns else severity)


def _is_missing(need: Need, coming: set[ObjectKey], passage: Passage) -> bool:
    kind, name, _ = need
    if kind in _KEPT_HERE:
        key = (_KEPT_HERE[kind], name)
        return key not in coming and key not in passage.view.objects
    return _is_checked(kind, passage) and not passage.view.has(kind, name)


def _is_checked(kind: NeedKind, passage: Passage) -> bool:
    if kind in WARNED_KINDS or kind in NEVER_MISSING_KINDS:
        return False
    return kind is NeedKind.CONNECTION or passage.view.knows(kind)


def jobs_are_missing(passage: Passage) -> Iterator[Finding]:
    """A nested or upstream job is neither here nor in the package; being in the package counts."""
    coming = {arrival.name for arrival in passage.arrivals if arrival.kind is ObjectKind.JOB}
    severity = passage.missing_severity
    jobs = ((need, need[1]) for need in passage.needs if need[0] is NeedKind.JOB and not need[2])
    here = passage.view.objects
    missing = {need for need, name in jobs if name not in coming and (ObjectKind.JOB, name) not in here}
    for uses in passage.uses_of(missing).values():
        upstream = [use for use in uses if use.reference.role == UPSTREAM]
        nested = [use for use in uses if use.reference.role != UPSTREAM]
        yield from _findings(upstream, "upstream-job-missing", severity)
        yield from _findings(nested, "nested-job-missing", severity)


def jobs_wait_in_circles(passage: Passage) -> Iterator[Finding]:
    """A job waits for itself in the same period, through others or at once: none of these ever starts."""
    for circle in passage.circles:
        for name in sorted(circle.jobs):
            yield Finding(
                code="waits-in-circle",
                severity=Severity.BLOCK if circle.is_new else Severity.WARN,
                kind=ObjectKind.JOB,
                name=name,
                path="schedule.cron.dependJobs",
                args={"circle": circle.told},
            )


def workspaces_are_missing(passage: Passage) -> Iterator[Finding]:
    """An upstream job of another workspace: the workspace is not here, or does not have the job."""
    severity = passage.missing_severity
    missing = {need for need in passage.needs if _is_missing_elsewhere(need, passage)}
    for (kind, _, workspace), uses in passage.uses_of(missing).items():
        if kind is NeedKind.WORKSPACE:
            yield from _findings(uses, "workspace-missing", severity)
        else:
            yield from _findings(uses, "upstream-elsewhere-missing", severity, workspace=workspace)


def _is_missing_elsewhere(need: Need, passage: Passage) -> bool:
    kind, name, workspace = need
    elsewhere = passage.view.elsewhere
    if kind is NeedKind.WORKSPACE:
        return name not in elsewhere
    is_open = workspace in elsewhere and workspace not in passage.view.closed
    return kind is NeedKind.JOB and is_open and name not in elsewhere[workspace]


def workspaces_refuse_dependents(passage: Passage) -> Iterator[Finding]:
    """An upstream job lives in a workspace whose job dependency rule lets no other workspace wait for it."""
    closed = passage.view.closed
    refused = {need for need in passage.needs if need[0] is NeedKind.JOB and need[2] in closed}
    for (_, _, workspace), uses in passage.uses_of(refused).items():
        yield from _findings(uses, "upstream-elsewhere-refused", Severity.BLOCK, workspace=workspace)


def inventory_is_unknown(passage: Passage) -> Iterator[Finding]:
    """A thing is referred to whose kind nobody has inventoried here."""
    policy = passage.policy.unknown_inventory
    severity = Severity.HOLD if policy is UnknownInventory.HOLD else passage.missing_severity
    kinds = {kind for kind in INVENTORY_KINDS if kind is not NeedKind.USER and not passage.view.knows(kind)}
    unknown = {need for need in passage.needs if need[0] in kinds}
    for (kind, name, _), uses in passage.uses_of(unknown).items():
        if policy is UnknownInventory.WARN:
            yield _warning("inventory-unknown", kind, name, uses)
        else:
            yield from _findings(uses, "inventory-unknown", severity, kind=kind, count="1")


def people_and_variables_are_missing(passage: Passage) -> Iterator[Finding]:
    """A user or an environment variable is not known here; that warns, and never keeps anything out."""
    view = passage.view
    kinds = {kind for kind in WARNED_KINDS if kind is not NeedKind.USER or view.knows(kind)}
    missing = {need for need in passage.needs if need[0] in kinds and not view.has(need[0], need[1])}
    for (kind, name, _), uses in passage.uses_of(missing).items():
        yield _warning(f"{kind}-missing", kind, name, uses)


def what_is_here_lacks_something(passage: Passage) -> Iterator[Finding]:
    """A connection is here without its secrets, or a variable that was never given a value."""
    listed_anyway = passage.view.settings.profile is Profile.EASYDATA
    lacking = {NeedKind.VARIABLE: passage.view.valueless}
    if not listed_anyway:
        lacking[NeedKind.CONNECTION] = passage.view.incomplete
    found = {need for need in passage.needs if need[1] in lacking.get(need[0], ())}
    for (kind, name, _), uses in passage.uses_of(found).items():
        code = "connection-incomplete" if kind is NeedKind.CONNECTION else "variable-incomplete"
        yield _warning(code, kind, name, uses)


def _warning(code: str, kind: NeedKind, name: str, uses: list[Use]) -> Finding:
    """One warning a thing, with how many objects use it."""
    count = len({use.arrival.key for use in uses})
    return Finding(
        code=code,
        severity=Severity.WARN,
        kind="package",
        name="",
        need_kind=kind,
        need_name=name,
        args={"need": name, "kind": kind, "count": str(count)},
    )
