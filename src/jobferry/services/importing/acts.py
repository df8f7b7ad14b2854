"""What an import is done as: where and by whom that may be, and how big its package may be.

Whoever imports says the act; nothing is concluded from the package or from the workspace's profile.
"""

from __future__ import annotations

from typing import Protocol

from jobferry.errors import Conflict, ErrorCode, Forbidden
from jobferry.files.ports import ReceivedPackage
from jobferry.model.audit import AuditOutcome
from jobferry.model.grant import Grant
from jobferry.model.platform_settings import read_platform_settings
from jobferry.model.rights import Action
from jobferry.model.settings import CHANGE_MANAGEMENT, is_recording
from jobferry.model.transfer.policy import ImportAct
from jobferry.package import refusals
from jobferry.package.limits import PackageLimits
from jobferry.services.ground import Ground


class Sizes(Protocol):
    """How big packages may be, as the platform's settings say now."""

    def limits_of(self, act: ImportAct, *, local: bool) -> PackageLimits:
        """Those of an act, for a ``local`` file or a package from object storage."""
        ...


def allow_act(ground: Ground, grant: Grant, act: ImportAct, *, subject: str) -> None:
    """Goes on if the act can be done in this workspace, by this caller; else notes the refusal.

    *Import Workspace Job* is there only where change management is on. *Import batch task package* is
    there only where operations has switched it on for the platform, and for owner and administrators.

    It writes, so no transaction may be open.

    Raises:
        Conflict: change management is off here (``changes-off``).
        Forbidden: batch imports are off on this platform, or not for this caller (``not-allowed``).
    """
    match act:
        case ImportAct.WORKSPACE_JOB:
            _refuse_without_changes(grant)
        case ImportAct.BATCH_PACKAGE:
            ground.allow(grant, Action.BATCH_IMPORT, kind="package", subject=subject)
            _refuse_switched_off(ground, grant, subject)
        case ImportAct.JOB | ImportAct.PACKAGE:
            pass


def refuse_larger(package: ReceivedPackage, limits: PackageLimits) -> None:
    """Raises: PackageRefused: the file itself is larger than the act's limit (``package-too-large``)."""
    if package.size > limits.package_bytes:
        raise refusals.too_large(f"has {package.size:,} bytes", limits, "package_bytes")


def _refuse_without_changes(grant: Grant) -> None:
    if not is_recording(grant.workspace.settings):
        raise Conflict(
            ErrorCode.CHANGES_OFF,
            f"workspace jobs are not imported into the workspace {grant.workspace.name}: "
            f"its setting {CHANGE_MANAGEMENT} is off",
            subject=grant.workspace.name,
            hint=f"have {CHANGE_MANAGEMENT} set to true, or import as another act: {ImportAct.PACKAGE}",
        )


def _refuse_switched_off(ground: Ground, grant: Grant, subject: str) -> None:
    with ground.store.read() as snapshot:
        values = read_platform_settings(snapshot.platform_settings(), {})
    if values.batch_imports:
        return
    action, outcome = Action.BATCH_IMPORT.value, AuditOutcome.REFUSED
    event = ground.event(
        grant, action, kind="package", subject=subject, outcome=outcome, detail="batch_imports"
    )
    ground.note(event)
    raise Forbidden(
        ErrorCode.NOT_ALLOWED,
        "batch task packages are not imported on this platform",
        subject=subject,
        hint="operations can switch it on: jobferry settings set batch_imports=true",
    )
