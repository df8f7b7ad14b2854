"""Rules about what documents refer to: is it here, or does it come along?

A kind that this platform keeps itself is checked always. A kind of the inventory is checked once the
inventory holds any of that kind; until then policy says whether not knowing warns or blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jobferry.model.document.problem import pointer
from jobferry.model.document.references import UPSTREAM, Reference
from jobferry.model.kinds import (
    INVENTORY_KINDS,
    NEVER_MISSING_KINDS,
    WARNED_KINDS,
    NeedKind,
    ObjectKind,
)
from jobferry.model.transfer.arrival import Arrival, Passage
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.policy import UnknownInventory

_KEPT_HERE = {
    NeedKind.SCRIPT: ObjectKind.SCRIPT,
    NeedKind.RESOURCE: ObjectKind.RESOURCE,
    NeedKind.CDM: ObjectKind.CDM,
}


def _finding(arrival: Arrival, reference: Reference, code: str, severity: Severity, **args: str) -> Finding:
    return Finding(
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
    for arrival in passage.written():
        for reference in arrival.references:
            kind = reference.kind
            if kind in _KEPT_HERE:
                key = (_KEPT_HERE[kind], reference.name)
                if key in coming or key in passage.view.objects:
                    continue
                if kind is NeedKind.CDM and not unknown_blocks:
                    yield _finding(arrival, reference, "cdm-missing", Severity.WARN)
                else:
                    yield _finding(arrival, reference, f"{kind}-missing", severity)
            elif _is_checked(kind, passage) and not passage.view.has(kind, reference.name):
                yield _finding(arrival, reference, f"{kind}-missing", severity)


def _is_checked(kind: NeedKind, passage: Passage) -> bool:
    if kind in WARNED_KINDS or kind in NEVER_MISSING_KINDS:
        return False
    return kind is NeedKind.CONNECTION or passage.view.knows(kind)


def jobs_are_missing(passage: Passage) -> Iterator[Finding]:
    """A nested or upstream job is neither here nor in the package; being in the package counts."""
    coming = {arrival.name for arrival in passage.arrivals if arrival.kind is ObjectKind.JOB}
    severity = passage.missing_severity
    for arrival in passage.written():
        for reference in arrival.references:
            if reference.kind is not NeedKind.JOB or reference.workspace:
                continue
            if reference.name not in coming and (ObjectKind.JOB, reference.name) not in passage.view.objects:
                code = "upstream-job-missing" if reference.role == UPSTREAM else "nested-job-missing"
                yield _finding(arrival, reference, code, severity)


def workspaces_are_missing(passage: Passage) -> Iterator[Finding]:
    """An upstream job of another workspace: the workspace is not here, or does not have the job."""
    severity = passage.missing_severity
    for arrival in passage.written():
        for reference in arrival.references:
            if reference.kind is NeedKind.WORKSPACE and reference.name not in passage.view.elsewhere:
                yield _finding(arrival, reference, "workspace-missing", severity)
            elif reference.kind is NeedKind.JOB and _is_lacking(reference, passage):
                place = reference.workspace
                yield _finding(arrival, reference, "upstream-elsewhere-missing", severity, workspace=place)


def _is_lacking(reference: Reference, passage: Passage) -> bool:
    there = passage.view.elsewhere.get(reference.workspace)
    return there is not None and reference.name not in there


def inventory_is_unknown(passage: Passage) -> Iterator[Finding]:
    """A thing is referred to whose kind nobody has inventoried here."""

    def unknown(reference: Reference) -> bool:
        kind = reference.kind
        return kind in INVENTORY_KINDS and kind is not NeedKind.USER and not passage.view.knows(kind)

    if passage.policy.unknown_inventory is UnknownInventory.WARN:
        yield from _once_per_thing(passage, unknown, lambda _: "inventory-unknown")
        return
    severity = passage.missing_severity
    for arrival in passage.written():
        for reference in filter(unknown, arrival.references):
            yield _finding(arrival, reference, "inventory-unknown", severity, kind=reference.kind, count="1")


def people_and_variables_are_missing(passage: Passage) -> Iterator[Finding]:
    """A user or an environment variable is not known here; that warns, and never keeps anything out."""

    def missing(reference: Reference) -> bool:
        kind = reference.kind
        if kind is NeedKind.USER and not passage.view.knows(kind):
            return False
        return kind in WARNED_KINDS and not passage.view.has(kind, reference.name)

    yield from _once_per_thing(passage, missing, lambda kind: f"{kind}-missing")


def _once_per_thing(
    passage: Passage, wanted: Callable[[Reference], bool], code: Callable[[NeedKind], str]
) -> Iterator[Finding]:
    """One warning a thing, with how many objects use it."""
    users: dict[tuple[NeedKind, str], int] = {}
    for arrival in passage.written():
        for thing in {(one.kind, one.name) for one in arrival.references if wanted(one)}:
            users[thing] = users.get(thing, 0) + 1
    for (kind, name), count in users.items():
        yield Finding(
            code=code(kind),
            severity=Severity.WARN,
            kind="package",
            name="",
            need_kind=kind,
            need_name=name,
            args={"need": name, "kind": kind, "count": str(count)},
        )
