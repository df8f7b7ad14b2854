"""What somebody is told who may not do something: what it was, where, why, and who could allow it."""

from __future__ import annotations

from jobferry.errors import ErrorCode, Forbidden
from jobferry.model.grant import Grant
from jobferry.model.rights import MATRIX, Action, Role

ASKED: dict[Action, str] = {
    Action.WORKSPACE_VIEW: "see the workspace",
    Action.JOB_VIEW: "look at jobs",
    Action.JOB_CREATE: "create jobs",
    Action.JOB_EDIT: "change or submit jobs",
    Action.JOB_DELETE: "delete jobs",
    Action.JOB_OPERATE: "start or stop jobs",
    Action.LOCK_OPERATE: "take or release locks",
    Action.TAG_EDIT: "make or delete tags",
    Action.TAG_LOCK: "lock or unlock tags, or import a file of them",
    Action.LIBRARY_VIEW: "look at scripts, resources, connections or the inventory",
    Action.LIBRARY_EDIT: "change scripts, resources, connections or the inventory",
    Action.VARIABLE_EDIT: "change environment variables",
    Action.EXPORT: "export",
    Action.DOWNLOAD_DELETE: "delete records of exports",
    Action.IMPORT: "import",
    Action.BATCH_EXPORT: "export batch task packages",
    Action.BATCH_IMPORT: "import batch task packages",
    Action.PUBLISH: "put jobs or scripts into production without review or release",
    Action.REVIEW_VIEW: "see reviews or releases",
    Action.REVIEW_DECIDE: "decide about reviews",
    Action.RELEASE_DECIDE: "decide about releases",
    Action.RECORD_VIEW_ALL: "see tasks and receipts of others",
    Action.AUDIT_VIEW: "read the audit",
    Action.MEMBER_VIEW: "see the members",
    Action.MEMBER_EDIT: "change members or directory policies",
    Action.OWNER_EDIT: "change who owns the workspace",
    Action.SETTING_EDIT: "change settings",
    Action.DEFAULT_ITEM_EDIT: "change settings that bind everybody's work",
    Action.WORKSPACE_CREATE: "create workspaces",
    Action.USER_EDIT: "manage users",
    Action.PLATFORM_SETTING_EDIT: "change the platform's settings",
    Action.PLATFORM_AUDIT_VIEW: "read the audit of the whole platform",
    Action.PLATFORM_AUDIT_ACCEPT: "accept that rows of the audit are missing",
}
"""What each action is called in the sentence *somebody may not …*."""


def refusal(
    grant: Grant, action: Action, *, subject: str = "", directory: str | None = None
) -> Forbidden | None:
    """The error for what the grant does not allow, or None if it does."""
    where = f" in the workspace {grant.workspace.name}" if grant.workspace.name else ""
    asked = f"{grant.caller.name} may not {ASKED[action]}"
    if not grant.may(action):
        if grant.caller.scope.read_only and not grant.roles.isdisjoint(MATRIX[action]):
            return _forbidden(f"{asked}{where}: the token is read-only", "use a token that is not", subject)
        return _forbidden(f"{asked}{where}", _who(grant, action), subject)
    if directory is not None and not grant.covers(directory):
        reason = f"{asked} in the directory {directory}{where}: no directory policy covers that for this user"
        return _forbidden(reason, _who(grant, action), subject or directory)
    return None


def _who(grant: Grant, action: Action) -> str:
    able = grant.administrators if Role.ADMINISTRATOR in MATRIX[action] else grant.owners
    if able and MATRIX[action] != {Role.OPERATIONS}:
        return f"ask {', '.join(able)}, who can allow it"
    return "ask somebody who has the operations role"


def _forbidden(message: str, hint: str, subject: str) -> Forbidden:
    return Forbidden(ErrorCode.NOT_ALLOWED, message, subject=subject, hint=hint)
