"""What an import is done as: where and by whom that may be, and how big its package may be."""

from __future__ import annotations

from typing import Protocol

from jobferry.errors import Conflict, ErrorCode, Forbidden, InvalidRequest
from jobferry.files.ports import ReceivedPackage
from jobferry.model.audit import AuditOutcome
from jobferry.model.people import Grant
from jobferry.model.platform_settings import read_platform_settings
from jobferry.model.review import ReviewKind
from jobferry.model.rights import Action
from jobferry.model.settings import CHANGE_MANAGEMENT, is_recording, read_settings
from jobferry.model.transfer.policy import ImportAct, ImportOptions, TargetStatus
from jobferry.package import refusals
from jobferry.package.limits import PackageLimits
from jobferry.sentences import sentence
from jobferry.services.importing.request import checked_options
from jobferry.services.reviewing.asking import named_approvers, whom
from jobferry.services.runtime import Runtime


class Sizes(Protocol):
    """How big packages may be, as the platform's settings say now."""

    def limits_of(self, act: ImportAct, *, local: bool) -> PackageLimits:
        """Those of an act, for a ``local`` file or a package from object storage."""
        ...


def allow_act(runtime: Runtime, grant: Grant, act: ImportAct, *, subject: str) -> None:
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
            runtime.allow(grant, Action.BATCH_IMPORT, kind="package", subject=subject)
            _refuse_switched_off(runtime, grant, subject)
        case ImportAct.JOB | ImportAct.PACKAGE:
            pass


def refuse_larger(package: ReceivedPackage, limits: PackageLimits) -> None:
    """Raises: PackageRefused: the file itself is larger than the act's limit (``package-too-large``)."""
    if package.size > limits.package_bytes:
        raise refusals.too_large(sentence("has {size:byte}", size=package.size), limits, "package_bytes")


def _refuse_without_changes(grant: Grant) -> None:
    if not is_recording(grant.workspace.settings):
        raise Conflict(
            ErrorCode.CHANGES_OFF,
            sentence(
                "workspace jobs are not imported into the workspace {name}: its setting "
                "{change_management} is off",
                name=grant.workspace.name,
                change_management=CHANGE_MANAGEMENT,
            ),
            subject=grant.workspace.name,
            hint=sentence(
                "have {change_management} set to true, or import as another act: {package}",
                change_management=CHANGE_MANAGEMENT,
                package=ImportAct.PACKAGE,
            ),
        )


def _refuse_switched_off(runtime: Runtime, grant: Grant, subject: str) -> None:
    with runtime.store.read() as snapshot:
        values = read_platform_settings(snapshot.platform_settings(), {})
    if values.batch_imports:
        return
    action, outcome = Action.BATCH_IMPORT.value, AuditOutcome.REFUSED
    event = runtime.event(
        grant, action, kind="package", subject=subject, outcome=outcome, detail="batch_imports"
    )
    runtime.note(event)
    raise Forbidden(
        ErrorCode.NOT_ALLOWED,
        "batch task packages are not imported on this platform",
        subject=subject,
        hint="operations can switch it on: `jobferry setting set --platform batch_imports=true`",
    )


def agreed_options(runtime: Runtime, grant: Grant, options: ImportOptions, *, subject: str) -> ImportOptions:
    """Options that make sense together and that the caller may choose.

    Raises:
        Forbidden: something is to go live without review or release, which the caller may not decide.
        InvalidRequest: they make no sense, or somebody is named to approve who cannot.
    """
    settings = read_settings(grant.workspace.settings)
    options = checked_options(options, settings)
    if TargetStatus.PRODUCTION in _statuses(options, grant):
        runtime.allow(grant, Action.PUBLISH, kind="package", subject=subject)
    if settings.review.is_on and options.approvers:
        with runtime.store.read() as snapshot:
            named_approvers(snapshot, grant, ReviewKind.REVIEW, options.approvers)
    return options


def refuse_without_approvers(grant: Grant, options: ImportOptions) -> None:
    """Where everything is reviewed, nothing needs to be looked into to know that approvers are missing.

    Raises:
        InvalidRequest: there are none (``missing-value``).
    """
    settings = read_settings(grant.workspace.settings)
    if options.approvers or not settings.review.is_whole:
        return
    if TargetStatus.SUBMITTED in _statuses(options, grant):
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            sentence(
                "the workspace {name} requires a review of what goes live, and nobody is named to approve it",
                name=grant.workspace.name,
            ),
            subject="approvers",
            hint=sentence("{grant}; or import as saved", grant=whom(grant)),
        )


def _statuses(options: ImportOptions, grant: Grant) -> set[TargetStatus | None]:
    """What the import and its rules for single objects make of anything."""
    policy = options.decide(read_settings(grant.workspace.settings).policy)
    return {policy.target_status, *(rule.target_status for rule in options.rules)}
