"""Who may download packages from a workspace, as its setting ``download`` says."""

from __future__ import annotations

from jobferry.errors import ErrorCode, Forbidden
from jobferry.model.audit import AuditOutcome
from jobferry.model.grant import Grant
from jobferry.model.rights import HEADS, Role
from jobferry.model.settings import DownloadRule, read_settings
from jobferry.services.ground import Ground

_EXEMPT = HEADS | {Role.OPERATIONS}


def allow_download(ground: Ground, grant: Grant, *, kind: str, subject: str) -> None:
    """Goes on if the caller may download from this workspace; else notes the refusal.

    It writes, so call it before a transaction is opened, never inside one.

    Raises:
        Forbidden: only some, or nobody, may (``not-allowed``).
    """
    rule = read_settings(grant.workspace.settings).download
    if rule is DownloadRule.ALL or (
        rule is DownloadRule.ADMINISTRATORS and not grant.roles.isdisjoint(_EXEMPT)
    ):
        return
    refused = AuditOutcome.REFUSED
    detail = f"download={rule}"
    ground.note(ground.event(grant, "download", kind=kind, subject=subject, outcome=refused, detail=detail))
    whom = "nobody may" if rule is DownloadRule.NONE else "only its owner and administrators may"
    raise Forbidden(
        ErrorCode.NOT_ALLOWED,
        f"{grant.caller.name} may not download packages from the workspace {grant.workspace.name}: {whom}",
        subject=subject,
        hint="export into object storage, or ask its owner about the setting download",
    )
