"""The error tree. An error means that we cannot go on; it is raised once, and translated by API or command
line.

What merely matters in a package that can be read is a *finding* (``model.transfer.finding``), not an error.
Families say who can act; codes are stable and part of the public contract.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from jobferry.sentences import Sentence, as_sentence, clauses, sentence


class ErrorCode(StrEnum):
    """Every way in which a call can end early. API and command line translate codes, never messages."""

    # the caller can correct the call
    INVALID_VALUE = "invalid-value"
    MISSING_VALUE = "missing-value"
    INVALID_DOCUMENT = "invalid-document"
    INVALID_NAME = "invalid-name"
    EMPTY_NAME = "empty-name"
    INVALID_SCHEDULE = "invalid-schedule"
    INVALID_DESCRIPTION = "invalid-description"
    INVALID_TYPE = "invalid-type"
    TYPE_MISSING = "type-missing"
    INVALID_LOCATION = "invalid-location"
    CLUSTER_OR_ADDRESS_MISSING = "cluster-or-address-missing"
    INVALID_OBJECT_PATH = "invalid-object-path"
    UNKNOWN_ROUTE = "unknown-route"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    TOO_LARGE = "too-large"
    ADDRESS_TOO_LONG = "address-too-long"
    HEADERS_TOO_LARGE = "headers-too-large"
    TOO_SLOW = "too-slow"
    NO_ENGINE = "no-engine"
    INVALID_PLAN = "invalid-plan"
    RECEIPT_INVALID = "receipt-invalid"
    APPROVER_INVALID = "approver-invalid"
    WEAK_PASSWORD = "weak-password"  # noqa: S105 - a code
    # what was named is not there
    JOB_MISSING = "job-missing"
    SCRIPT_MISSING = "script-missing"
    RESOURCE_MISSING = "resource-missing"
    CDM_MISSING = "cdm-missing"
    CONNECTION_MISSING = "connection-missing"
    WORKSPACE_MISSING = "workspace-missing"
    TASK_MISSING = "task-missing"
    INSTANCE_MISSING = "instance-missing"
    RECEIPT_MISSING = "receipt-missing"
    NOTICE_MISSING = "notice-missing"
    DOWNLOAD_MISSING = "download-missing"
    PACKAGE_MISSING = "package-missing"
    IMPORT_MISSING = "import-missing"
    ENTRY_MISSING = "entry-missing"
    INVENTORY_MISSING = "inventory-missing"
    VARIABLE_MISSING = "variable-missing"
    VERSION_MISSING = "version-missing"
    DIRECTORY_MISSING = "directory-missing"
    TAG_MISSING = "tag-missing"
    ROUTE_MISSING = "route-missing"
    CREDENTIALS_MISSING = "credentials-missing"
    PLATFORM_MISSING = "platform-missing"
    USER_MISSING = "user-missing"
    TOKEN_MISSING = "token-missing"  # noqa: S105 - a code
    KEY_MISSING = "key-missing"
    MEMBER_MISSING = "member-missing"
    POLICY_MISSING = "policy-missing"
    REVIEW_MISSING = "review-missing"
    PREVIEW_MISSING = "preview-missing"
    ASSET_BACKUP_MISSING = "asset-backup-missing"
    OBJECT_UNREADABLE = "object-unreadable"
    BUCKET_MISSING = "bucket-missing"
    # the state of the platform says no
    NAME_TAKEN = "name-taken"
    QUOTA_REACHED = "quota-reached"
    TYPE_FIXED = "type-fixed"
    ONE_DLI_CONNECTION = "one-dli-connection"
    CLUSTER_TAKEN = "cluster-taken"
    JOB_RUNNING = "job-running"
    LOCKED = "locked"
    NOT_LOCKED = "not-locked"
    DRAFT_CHANGED = "draft-changed"
    DIRECTORY_IN_USE = "directory-in-use"
    TAG_LOCKED = "tag-locked"
    TAG_IN_USE = "tag-in-use"
    TAG_FILE_REFUSED = "tag-file-refused"
    JOB_WITHOUT_NODES = "job-without-nodes"
    NOT_SUBMITTED = "not-submitted"
    REFERENCE_MISSING = "reference-missing"
    CONNECTION_INCOMPLETE = "connection-incomplete"
    UPSTREAM_REFUSED = "upstream-refused"
    REVIEW_PENDING = "review-pending"
    REVIEW_OVER = "review-over"
    REVIEW_STALE = "review-stale"
    MODE_REFUSED = "mode-refused"
    OBJECT_STORAGE_OFF = "object-storage-off"
    CHANGES_OFF = "changes-off"
    CHANGES_INCOMPLETE = "changes-incomplete"
    NOTHING_CHANGED = "nothing-changed"
    EXPORT_TOO_LARGE = "export-too-large"
    IMPORT_RUNNING = "import-running"
    TARGET_CHANGED = "target-changed"
    IMPORT_BLOCKED = "import-blocked"
    IMPORT_FINISHED = "import-finished"
    TASK_FINISHED = "task-finished"
    ALREADY_UNDONE = "already-undone"
    NOT_UNDOABLE = "not-undoable"
    PLAN_FOR_ANOTHER_WORKSPACE = "plan-for-another-workspace"
    DATA_FOLDER_BUSY = "data-folder-busy"
    OTHER_VERSION_RUNNING = "other-version-running"
    DATA_FOLDER_FOREIGN = "data-folder-foreign"
    DATA_FOLDER_NEWER = "data-folder-newer"
    DATA_FOLDER_OLDER = "data-folder-older"
    DATABASE_NOT_EMPTY = "database-not-empty"
    ASSET_BACKUP_RUNNING = "asset-backup-running"
    BACKUP_INVALID = "backup-invalid"
    BACKUP_UNAUTHENTICATED = "backup-unauthenticated"
    KEY_REFUSED = "key-refused"
    PORT_IN_USE = "port-in-use"
    LAST_OPERATIONS = "last-operations"
    ONE_OWNER = "one-owner"
    IN_ANOTHER_POLICY = "in-another-policy"
    AUDIT_ALTERED = "audit-altered"
    TOO_MANY_UPLOADS = "too-many-uploads"
    # who asks may not
    NOT_SIGNED_IN = "not-signed-in"
    NOT_ALLOWED = "not-allowed"
    TOO_MANY_ATTEMPTS = "too-many-attempts"
    # the package is refused as a whole
    PACKAGE_UNREADABLE = "package-unreadable"
    PACKAGE_EMPTY = "package-empty"
    PACKAGE_UNSAFE = "package-unsafe"
    PACKAGE_ALTERED = "package-altered"
    PACKAGE_TOO_LARGE = "package-too-large"
    PACKAGE_FORMAT_NEWER = "package-format-newer"
    PACKAGE_UNEXPECTED = "package-unexpected"
    # a border of ours is down
    STORE_BUSY = "store-busy"
    STORE_FAILED = "store-failed"
    DISK_FULL = "disk-full"
    FILES_FAILED = "files-failed"
    SERVER_UNREACHABLE = "server-unreachable"
    SERVER_BUSY = "server-busy"
    SERVER_GIVEN_UP = "server-given-up"


class Fault(NamedTuple):
    """One of the things that are wrong where a call ends for more than one reason, or for a place in a
    document. ``code`` is that of the finding it would be in a package, ``path`` may be empty. Texts are
    sentences, or constants."""

    code: str
    path: str
    message: str
    hint: str = ""


_MOST_SAID = 10


class JobferryError(Exception):
    """Root of everything that Jobferry raises on purpose.

    ``message`` names the thing and the reason, ``hint`` the next action, ``subject`` the thing alone.
    ``faults`` are all things that are wrong, where that can be more than one. Texts are sentences, or
    constants.
    """

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        *,
        subject: str = "",
        hint: str = "",
        faults: Iterable[Fault] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = as_sentence(message)
        self.subject = subject
        self.hint = as_sentence(hint)
        self.faults = tuple(faults)

    @property
    def with_hint(self) -> Sentence:
        """The message with the hint, for where there is room for one text only."""
        if not self.hint:
            return self.message
        return sentence("{message} ({hint})", message=self.message, hint=self.hint)

    @property
    def whole(self) -> Sentence:
        """The message with what is wrong in it, up to ten faults, for whoever sees nothing else."""
        if len(self.faults) < 2:
            return self.message
        shown = [fault.message for fault in self.faults[:_MOST_SAID]]
        more = len(self.faults) - _MOST_SAID
        told = clauses([*shown, sentence("and {count} more", count=more)] if more > 0 else shown)
        if self.message == self.faults[0].message:
            return told
        return sentence("{message}: {faults}", message=self.message, faults=told)


class InvalidRequest(JobferryError):
    """The call itself is wrong; the caller can correct it."""


class NotFound(JobferryError):
    """What the call names does not exist here."""


class Conflict(JobferryError):
    """The call is fine, the present state of the platform says no."""


class Unauthenticated(JobferryError):
    """Nobody is signed in, or the credentials are wrong."""


class TooManyAttempts(Unauthenticated):
    """Too many wrong passwords or codes; ``seconds`` is how long to wait before the next one."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            ErrorCode.TOO_MANY_ATTEMPTS,
            "there were too many failed sign-ins",
            hint=sentence("wait {seconds:second}, or ask operations for a new password", seconds=seconds),
        )
        self.seconds = seconds


class Forbidden(JobferryError):
    """The caller is known and may not do this."""


class PackageRefused(JobferryError):
    """The package as a whole cannot be used; nothing of it was."""


class StoreError(JobferryError):
    """The database is not there, busy or full."""


class FilesError(JobferryError):
    """The object store or the disk is not there, or full."""


class Overloaded(JobferryError):
    """The call is fine; too much is under way at this moment. ``seconds`` is how long to wait before the
    next try."""

    seconds = 5
