"""An object by its name, as far as its caller may see it."""

from __future__ import annotations

from jobferry.errors import ErrorCode, NotFound
from jobferry.model.grant import Grant
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import StoredObject
from jobferry.store.ports import Objects

MISSING_CODES = {
    ObjectKind.JOB: ErrorCode.JOB_MISSING,
    ObjectKind.SCRIPT: ErrorCode.SCRIPT_MISSING,
    ObjectKind.RESOURCE: ErrorCode.RESOURCE_MISSING,
    ObjectKind.CDM: ErrorCode.CDM_MISSING,
}


def missing(kind: ObjectKind, name: str) -> NotFound:
    """The error for an object that is not in the workspace."""
    return NotFound(
        MISSING_CODES[kind],
        f"the {kind} {name} does not exist in this workspace",
        subject=name,
        hint="check the name and the workspace",
    )


def named(objects: Objects, grant: Grant, kind: ObjectKind, name: str) -> StoredObject:
    """Raises: NotFound: there is no such object, or a directory policy keeps it from the caller."""
    found = objects.by_names(grant.workspace.id, kind, [name]).get(name)
    if found is None or not grant.reaches(found):
        raise missing(kind, name)
    return found


def no_version(stored: StoredObject, number: int) -> NotFound:
    """The error for a version that an object does not have; 0 stands for the live one."""
    kind, name = stored.key
    return NotFound(
        ErrorCode.VERSION_MISSING,
        f"the {kind} {name} has no version {number}" if number else f"the {kind} {name} is not submitted",
        subject=name,
        hint=f"its newest version is {stored.last_version}" if stored.last_version else "submit it first",
    )
