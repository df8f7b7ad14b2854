"""Batch task packages: packages of more than one job for a workspace of the profile ``easydata``.

Operations switches their import on for a platform, and only owner and administrators carry it out.
"""

from __future__ import annotations

from collections.abc import Iterable

from jobferry.errors import ErrorCode, Forbidden
from jobferry.model.audit import AuditOutcome
from jobferry.model.grant import Grant
from jobferry.model.kinds import ObjectKind
from jobferry.model.package import Entry
from jobferry.model.platform_settings import read_platform_settings
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.model.transfer.policy import Profile
from jobferry.services.ground import Ground


def concerns_batches(grant: Grant) -> bool:
    """Whether a package of several jobs is a batch task package in the grant's workspace."""
    return read_settings(grant.workspace.settings).profile is Profile.EASYDATA


def allow_batch(ground: Ground, grant: Grant, entries: Iterable[Entry], *, subject: str) -> None:
    """Goes on unless this is a batch task package that must not be imported; else notes the refusal.

    It writes, so no transaction may be open.

    Raises:
        Forbidden: batch imports are off on this platform, or not for this caller (``not-allowed``).
    """
    if not concerns_batches(grant):
        return
    jobs = sum(entry.kind is ObjectKind.JOB for entry in entries)
    if jobs < 2:
        return
    ground.allow(grant, Action.BATCH_IMPORT, kind="package", subject=subject)
    with ground.store.read() as snapshot:
        values = read_platform_settings(snapshot.platform_settings(), {})
    if not values.batch_imports:
        action, outcome = Action.BATCH_IMPORT.value, AuditOutcome.REFUSED
        event = ground.event(
            grant, action, kind="package", subject=subject, outcome=outcome, detail="batch_imports"
        )
        ground.note(event)
        raise Forbidden(
            ErrorCode.NOT_ALLOWED,
            f"batch task packages are not imported on this platform; this one holds {jobs} jobs",
            subject=subject,
            hint="operations can switch it on: jobferry settings set batch_imports=true",
        )
