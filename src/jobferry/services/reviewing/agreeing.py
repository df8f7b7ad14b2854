"""What an import's options take: the right to publish, and approvers where the workspace wants a review."""

from __future__ import annotations

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.grant import Grant
from jobferry.model.review import ReviewKind
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.model.transfer.policy import ImportOptions, TargetStatus
from jobferry.services.ground import Ground
from jobferry.services.importing.request import checked_options
from jobferry.services.reviewing.asking import named_approvers, whom


def agreed_options(ground: Ground, grant: Grant, options: ImportOptions, *, subject: str) -> ImportOptions:
    """Options that make sense together and that the caller may choose.

    Raises:
        Forbidden: something is to go live without review or release, which the caller may not decide.
        InvalidRequest: they make no sense, or somebody is named to approve who cannot.
    """
    settings = read_settings(grant.workspace.settings)
    options = checked_options(options, settings)
    if TargetStatus.PRODUCTION in _statuses(options, grant):
        ground.allow(grant, Action.PUBLISH, kind="package", subject=subject)
    if settings.review.is_on and options.approvers:
        with ground.store.read() as snapshot:
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
            f"the workspace {grant.workspace.name} wants a review of what goes live, "
            "and nobody is named to approve it",
            subject="approvers",
            hint=f"{whom(grant)}; or import as saved",
        )


def _statuses(options: ImportOptions, grant: Grant) -> set[TargetStatus | None]:
    """What the import and its rules for single objects make of anything."""
    policy = options.decide(read_settings(grant.workspace.settings).policy)
    return {policy.target_status, *(rule.target_status for rule in options.rules)}
