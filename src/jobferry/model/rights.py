"""Rights: actions, roles, and which role may do what."""

from __future__ import annotations

from enum import StrEnum

from jobferry.model.kinds import ObjectKind


class Role(StrEnum):
    """Roles in a workspace, and *operations*, which is of the whole platform."""

    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    DEVELOPER = "developer"
    DEPLOYER = "deployer"
    OPERATOR = "operator"
    VIEWER = "viewer"
    OPERATIONS = "operations"


class Action(StrEnum):
    """What can be asked of the platform."""

    WORKSPACE_VIEW = "workspace-view"
    JOB_VIEW = "job-view"
    JOB_CREATE = "job-create"
    JOB_EDIT = "job-edit"
    JOB_DELETE = "job-delete"
    JOB_OPERATE = "job-operate"
    LOCK_OPERATE = "lock-operate"
    """Take and release locks of jobs and scripts; whose, the workspace's lock policy says."""
    TAG_EDIT = "tag-edit"
    """Make and delete tags; to give them to jobs is to edit these."""
    TAG_LOCK = "tag-lock"
    """Lock and unlock tags, and import a file that says which jobs have which."""
    LIBRARY_VIEW = "library-view"
    """Scripts, resources, CDM definitions, connections, inventory, and names of variables."""
    LIBRARY_EDIT = "library-edit"
    VARIABLE_EDIT = "variable-edit"
    EXPORT = "export"
    DOWNLOAD_DELETE = "download-delete"
    """One's own records of exports; those of others with ``record-view-all``."""
    IMPORT = "import"
    BATCH_EXPORT = "batch-export"
    """Batch task packages by a list of names, besides ``export``."""
    ASSET_BACKUP = "asset-backup"
    """Take an asset backup at once, see those that there are, and restore from one."""
    BATCH_IMPORT = "batch-import"
    """Packages of more than one job, where the profile is ``easydata``."""
    PUBLISH = "publish"
    """To put jobs and scripts live without review or release."""
    REVIEW_VIEW = "review-view"
    REVIEW_DECIDE = "review-decide"
    RELEASE_DECIDE = "release-decide"
    RECORD_VIEW_ALL = "record-view-all"
    """Tasks and receipts of others; one's own can always be seen."""
    TASK_CANCEL = "task-cancel"
    """Tasks of others; one's own by whoever may begin such a one."""
    AUDIT_VIEW = "audit-view"
    MEMBER_VIEW = "member-view"
    MEMBER_EDIT = "member-edit"
    OWNER_EDIT = "owner-edit"
    SETTING_EDIT = "setting-edit"
    DEFAULT_ITEM_EDIT = "default-item-edit"
    """The settings that bind everybody's work, such as the rule about jobs of other workspaces."""
    WORKSPACE_CREATE = "workspace-create"
    USER_EDIT = "user-edit"
    PLATFORM_SETTING_EDIT = "platform-setting-edit"
    PLATFORM_TASK_VIEW = "platform-task-view"
    """Tasks of all workspaces."""
    PLATFORM_AUDIT_VIEW = "platform-audit-view"
    PLATFORM_AUDIT_ACCEPT = "platform-audit-accept"


_EVERYBODY = frozenset(Role) - {Role.OPERATIONS}
HEADS = frozenset({Role.OWNER, Role.ADMINISTRATOR})
"""Who runs a workspace, and whom no directory policy binds."""
_BUILDERS = HEADS | {Role.DEVELOPER}
_WORKERS = _BUILDERS | {Role.OPERATOR}
_WATCHERS = _WORKERS | {Role.VIEWER}
_OPERATIONS = frozenset({Role.OPERATIONS})

MATRIX: dict[Action, frozenset[Role]] = {
    Action.WORKSPACE_VIEW: _EVERYBODY | _OPERATIONS,
    Action.JOB_VIEW: _WATCHERS,
    Action.JOB_CREATE: _BUILDERS,
    Action.JOB_EDIT: _WORKERS,
    Action.JOB_DELETE: _BUILDERS,
    Action.JOB_OPERATE: _WORKERS,
    Action.LOCK_OPERATE: _WORKERS,
    Action.TAG_EDIT: _WORKERS,
    Action.TAG_LOCK: HEADS,
    Action.LIBRARY_VIEW: _WATCHERS,
    Action.LIBRARY_EDIT: _WORKERS,
    Action.VARIABLE_EDIT: _BUILDERS,
    Action.EXPORT: _WORKERS,
    Action.DOWNLOAD_DELETE: _WORKERS,
    Action.IMPORT: _WORKERS,
    Action.BATCH_EXPORT: HEADS,
    Action.ASSET_BACKUP: HEADS | {Role.OPERATOR},
    Action.BATCH_IMPORT: HEADS,
    Action.PUBLISH: HEADS,
    Action.REVIEW_VIEW: _WATCHERS | {Role.DEPLOYER},
    Action.REVIEW_DECIDE: HEADS,
    Action.RELEASE_DECIDE: HEADS | {Role.DEPLOYER},
    Action.RECORD_VIEW_ALL: HEADS,
    Action.TASK_CANCEL: HEADS | _OPERATIONS,
    Action.AUDIT_VIEW: HEADS | _OPERATIONS,
    Action.MEMBER_VIEW: _EVERYBODY | _OPERATIONS,
    Action.MEMBER_EDIT: HEADS | _OPERATIONS,
    Action.OWNER_EDIT: frozenset({Role.OWNER}) | _OPERATIONS,
    Action.SETTING_EDIT: HEADS | _OPERATIONS,
    Action.DEFAULT_ITEM_EDIT: frozenset({Role.OWNER}) | _OPERATIONS,
    Action.WORKSPACE_CREATE: _OPERATIONS,
    Action.USER_EDIT: _OPERATIONS,
    Action.PLATFORM_SETTING_EDIT: _OPERATIONS,
    Action.PLATFORM_TASK_VIEW: _OPERATIONS,
    Action.PLATFORM_AUDIT_VIEW: _OPERATIONS,
    Action.PLATFORM_AUDIT_ACCEPT: _OPERATIONS,
}
"""Which roles may do an action."""

LOOKING = frozenset(
    {
        Action.WORKSPACE_VIEW,
        Action.JOB_VIEW,
        Action.LIBRARY_VIEW,
        Action.EXPORT,
        Action.REVIEW_VIEW,
        Action.RECORD_VIEW_ALL,
        Action.AUDIT_VIEW,
        Action.MEMBER_VIEW,
        Action.PLATFORM_TASK_VIEW,
        Action.PLATFORM_AUDIT_VIEW,
    }
)
"""What a read-only token is good for."""


def viewing(kind: ObjectKind) -> Action:
    """The right to look at objects of a kind."""
    return Action.JOB_VIEW if kind is ObjectKind.JOB else Action.LIBRARY_VIEW


def creating(kind: ObjectKind) -> Action:
    """The right to make objects of a kind."""
    return Action.JOB_CREATE if kind is ObjectKind.JOB else Action.LIBRARY_EDIT


def editing(kind: ObjectKind) -> Action:
    """The right to change and submit objects of a kind."""
    return Action.JOB_EDIT if kind is ObjectKind.JOB else Action.LIBRARY_EDIT


def deleting(kind: ObjectKind) -> Action:
    """The right to delete objects of a kind."""
    return Action.JOB_DELETE if kind is ObjectKind.JOB else Action.LIBRARY_EDIT
