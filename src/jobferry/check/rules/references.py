"""Rules about what documents refer to: is it here, or does it come along?

A kind that this platform keeps itself is checked always. A kind of the inventory is checked once the
inventory holds any of that kind; until then policy says whether not knowing warns or blocks.
"""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.document.problem import pointer
from jobferry.model.document.references import UPSTREAM
from jobferry.model.kinds import (
    INVENTORY_KINDS,
    NEVER_MISSING_KINDS,
    WARNED_KINDS,
    NeedKind,
    ObjectKind,
)
from jobferry.model.transfer.arrival import Passage, Use
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.policy import Profile, UnknownInventory

_KEPT_HERE = {
    NeedKind.SCRIPT: ObjectKind.SCRIPT,
    NeedKind.RESOURCE: ObjectKind.RESOURCE,
    NeedKind.CDM: ObjectKind.CDM,
}


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
    for (kind, name, _), uses in passage.needs.items():
        if kind in _KEPT_HERE:
            key = (_KEPT_HERE[kind], name)
            if key in coming or key in passage.view.objects:
                continue
            warns = kind is NeedKind.CDM and not unknown_blocks
            yield from _findings(uses, f"{kind}-missing", Severity.WARN if warns else severity)
        elif _is_checked(kind, passage) and not passage.view.has(kind, name):
            yield from _findings(uses, f"{kind}-missing", severity)


def _is_checked(kind: NeedKind, passage: Passage) -> bool:
    if kind in WARNED_KINDS or kind in NEVER_MISSING_KINDS:
        return False
    return kind is NeedKind.CONNECTION or passage.view.knows(kind)


def jobs_are_missing(passage: Passage) -> Iterator[Finding]:
    """A nested or upstream job is neither here nor in the package; being in the package counts."""
    coming = {arrival.name for arrival in passage.arrivals if arrival.kind is ObjectKind.JOB}
    severity = passage.missing_severity
    for (kind, name, workspace), uses in passage.needs.items():
        if kind is not NeedKind.JOB or workspace:
            continue
        if name not in coming and (ObjectKind.JOB, name) not in passage.view.objects:
            upstream = [use for use in uses if use.reference.role == UPSTREAM]
            nested = [use for use in uses if use.reference.role != UPSTREAM]
            yield from _findings(upstream, "upstream-job-missing", severity)
            yield from _findings(nested, "nested-job-missing", severity)


def workspaces_are_missing(passage: Passage) -> Iterator[Finding]:
    """An upstream job of another workspace: the workspace is not here, or does not have the job."""
    severity = passage.missing_severity
    elsewhere = passage.view.elsewhere
    for (kind, name, workspace), uses in passage.needs.items():
        if kind is NeedKind.WORKSPACE and name not in elsewhere:
            yield from _findings(uses, "workspace-missing", severity)
        elif workspace in passage.view.closed:
            continue
        elif kind is NeedKind.JOB and workspace in elsewhere and name not in elsewhere[workspace]:
            yield from _findings(uses, "upstream-elsewhere-missing", severity, workspace=workspace)


def workspaces_refuse_dependents(passage: Passage) -> Iterator[Finding]:
    """An upstream job lives in a workspace whose job dependency rule lets no other workspace wait for it."""
    for (kind, _, workspace), uses in passage.needs.items():
        if kind is NeedKind.JOB and workspace in passage.view.closed:
            yield from _findings(uses, "upstream-elsewhere-refused", Severity.BLOCK, workspace=workspace)


def inventory_is_unknown(passage: Passage) -> Iterator[Finding]:
    """A thing is referred to whose kind nobody has inventoried here."""
    warns = passage.policy.unknown_inventory is UnknownInventory.WARN
    for (kind, name, _), uses in passage.needs.items():
        if kind not in INVENTORY_KINDS or kind is NeedKind.USER or passage.view.knows(kind):
            continue
        if warns:
            yield _warning("inventory-unknown", kind, name, uses)
        else:
            severity = passage.missing_severity
            yield from _findings(uses, "inventory-unknown", severity, kind=kind, count="1")


def people_and_variables_are_missing(passage: Passage) -> Iterator[Finding]:
    """A user or an environment variable is not known here; that warns, and never keeps anything out."""
    for (kind, name, _), uses in passage.needs.items():
        unasked = kind is NeedKind.USER and not passage.view.knows(kind)
        if kind in WARNED_KINDS and not unasked and not passage.view.has(kind, name):
            yield _warning(f"{kind}-missing", kind, name, uses)


def what_is_here_lacks_something(passage: Passage) -> Iterator[Finding]:
    """A connection is here without its secrets, or a variable that was never given a value."""
    listed_anyway = passage.view.settings.profile is Profile.EASYDATA
    for (kind, name, _), uses in passage.needs.items():
        if kind is NeedKind.CONNECTION and name in passage.view.incomplete and not listed_anyway:
            yield _warning("connection-incomplete", kind, name, uses)
        elif kind is NeedKind.VARIABLE and name in passage.view.valueless:
            yield _warning("variable-incomplete", kind, name, uses)


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
