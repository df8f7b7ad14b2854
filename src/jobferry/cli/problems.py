"""How a call ends that cannot go on: one table of exit codes, one readable line, never a traceback."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from jobferry.errors import ErrorCode, Fault, JobferryError
from jobferry.model.printable import printable

DONE = 0
OUR_BUG = 1
BAD_CALL = 2
BLOCKED = 3
NOT_FOUND = 4
CONFLICT = 5
UNREACHABLE = 6
PACKAGE_REFUSED = 7
NOT_ALLOWED = 8
DONE_IN_PART = 9
DIFFERS = 10
NOT_VERIFIED = 11
INTERRUPTED = 130
TERMINATED = 143

_CODES: dict[int, tuple[ErrorCode, ...]] = {
    BAD_CALL: (
        ErrorCode.INVALID_VALUE,
        ErrorCode.MISSING_VALUE,
        ErrorCode.INVALID_DOCUMENT,
        ErrorCode.INVALID_NAME,
        ErrorCode.EMPTY_NAME,
        ErrorCode.INVALID_SCHEDULE,
        ErrorCode.INVALID_DESCRIPTION,
        ErrorCode.INVALID_TYPE,
        ErrorCode.TYPE_MISSING,
        ErrorCode.INVALID_LOCATION,
        ErrorCode.CLUSTER_OR_ADDRESS_MISSING,
        ErrorCode.INVALID_OBJECT_PATH,
        ErrorCode.UNKNOWN_ROUTE,
        ErrorCode.METHOD_NOT_ALLOWED,
        ErrorCode.TOO_LARGE,
        ErrorCode.ADDRESS_TOO_LONG,
        ErrorCode.HEADERS_TOO_LARGE,
        ErrorCode.NO_ENGINE,
        ErrorCode.INVALID_PLAN,
        ErrorCode.RECEIPT_INVALID,
        ErrorCode.APPROVER_INVALID,
        ErrorCode.WEAK_PASSWORD,
    ),
    BLOCKED: (ErrorCode.IMPORT_BLOCKED, ErrorCode.NOT_UNDOABLE),
    NOT_FOUND: (
        ErrorCode.JOB_MISSING,
        ErrorCode.SCRIPT_MISSING,
        ErrorCode.RESOURCE_MISSING,
        ErrorCode.CDM_MISSING,
        ErrorCode.CONNECTION_MISSING,
        ErrorCode.WORKSPACE_MISSING,
        ErrorCode.TASK_MISSING,
        ErrorCode.INSTANCE_MISSING,
        ErrorCode.RECEIPT_MISSING,
        ErrorCode.NOTICE_MISSING,
        ErrorCode.DOWNLOAD_MISSING,
        ErrorCode.PACKAGE_MISSING,
        ErrorCode.IMPORT_MISSING,
        ErrorCode.ENTRY_MISSING,
        ErrorCode.CREDENTIALS_MISSING,
        ErrorCode.PLATFORM_MISSING,
        ErrorCode.INVENTORY_MISSING,
        ErrorCode.VARIABLE_MISSING,
        ErrorCode.VERSION_MISSING,
        ErrorCode.REVIEW_MISSING,
        ErrorCode.PREVIEW_MISSING,
        ErrorCode.OBJECT_UNREADABLE,
        ErrorCode.BUCKET_MISSING,
        ErrorCode.ASSET_BACKUP_MISSING,
        ErrorCode.USER_MISSING,
        ErrorCode.TOKEN_MISSING,
        ErrorCode.KEY_MISSING,
        ErrorCode.MEMBER_MISSING,
        ErrorCode.POLICY_MISSING,
        ErrorCode.DIRECTORY_MISSING,
        ErrorCode.TAG_MISSING,
        ErrorCode.ROUTE_MISSING,
    ),
    CONFLICT: (
        ErrorCode.NAME_TAKEN,
        ErrorCode.QUOTA_REACHED,
        ErrorCode.TYPE_FIXED,
        ErrorCode.ONE_DLI_CONNECTION,
        ErrorCode.CLUSTER_TAKEN,
        ErrorCode.JOB_RUNNING,
        ErrorCode.LOCKED,
        ErrorCode.NOT_LOCKED,
        ErrorCode.DRAFT_CHANGED,
        ErrorCode.DIRECTORY_IN_USE,
        ErrorCode.TAG_LOCKED,
        ErrorCode.TAG_IN_USE,
        ErrorCode.TAG_FILE_REFUSED,
        ErrorCode.JOB_WITHOUT_NODES,
        ErrorCode.NOT_SUBMITTED,
        ErrorCode.REFERENCE_MISSING,
        ErrorCode.CONNECTION_INCOMPLETE,
        ErrorCode.UPSTREAM_REFUSED,
        ErrorCode.REVIEW_PENDING,
        ErrorCode.REVIEW_OVER,
        ErrorCode.REVIEW_STALE,
        ErrorCode.MODE_REFUSED,
        ErrorCode.OBJECT_STORAGE_OFF,
        ErrorCode.CHANGES_OFF,
        ErrorCode.CHANGES_INCOMPLETE,
        ErrorCode.NOTHING_CHANGED,
        ErrorCode.EXPORT_TOO_LARGE,
        ErrorCode.IMPORT_RUNNING,
        ErrorCode.ASSET_BACKUP_RUNNING,
        ErrorCode.TARGET_CHANGED,
        ErrorCode.IMPORT_FINISHED,
        ErrorCode.TASK_FINISHED,
        ErrorCode.ALREADY_UNDONE,
        ErrorCode.PLAN_FOR_ANOTHER_WORKSPACE,
        ErrorCode.DATA_FOLDER_BUSY,
        ErrorCode.DATA_FOLDER_FOREIGN,
        ErrorCode.DATA_FOLDER_NEWER,
        ErrorCode.DATA_FOLDER_OLDER,
        ErrorCode.DATABASE_NOT_EMPTY,
        ErrorCode.OTHER_VERSION_RUNNING,
        ErrorCode.KEY_REFUSED,
        ErrorCode.PORT_IN_USE,
        ErrorCode.LAST_OPERATIONS,
        ErrorCode.ONE_OWNER,
        ErrorCode.IN_ANOTHER_POLICY,
        ErrorCode.AUDIT_ALTERED,
        ErrorCode.TOO_MANY_UPLOADS,
    ),
    UNREACHABLE: (
        ErrorCode.STORE_BUSY,
        ErrorCode.STORE_FAILED,
        ErrorCode.DISK_FULL,
        ErrorCode.FILES_FAILED,
        ErrorCode.SERVER_UNREACHABLE,
        ErrorCode.SERVER_BUSY,
        ErrorCode.SERVER_GIVEN_UP,
        ErrorCode.TOO_SLOW,
    ),
    PACKAGE_REFUSED: (
        ErrorCode.PACKAGE_UNREADABLE,
        ErrorCode.PACKAGE_EMPTY,
        ErrorCode.PACKAGE_UNSAFE,
        ErrorCode.PACKAGE_ALTERED,
        ErrorCode.PACKAGE_TOO_LARGE,
        ErrorCode.PACKAGE_FORMAT_NEWER,
        ErrorCode.PACKAGE_UNEXPECTED,
        ErrorCode.BACKUP_INVALID,
        ErrorCode.BACKUP_UNAUTHENTICATED,
    ),
    NOT_ALLOWED: (ErrorCode.NOT_SIGNED_IN, ErrorCode.NOT_ALLOWED, ErrorCode.TOO_MANY_ATTEMPTS),
}

EXIT_CODES: Mapping[str, int] = {
    code.value: exit_code for exit_code, codes in _CODES.items() for code in codes
}
"""Every error code with the exit code that it ends a command with."""

_LABELS = {"en": ("error: ", "hint: "), "zh": ("错误：", "提示：")}
_FAMILIES = {
    400: BAD_CALL,
    401: NOT_ALLOWED,
    403: NOT_ALLOWED,
    404: NOT_FOUND,
    409: CONFLICT,
    422: PACKAGE_REFUSED,
    429: NOT_ALLOWED,
}


class Refused(Exception):
    """The platform's own answer to a call that it refuses, in its words.

    ``code`` is a text, since a newer platform may know codes that this program does not; ``status`` then
    says what kind of refusal it is.
    """

    def __init__(self, status: int, told: Mapping[str, Any]) -> None:
        self.code = str(told.get("code") or "internal")
        self.message = str(told.get("message") or f"the platform answered with HTTP {status}")
        self.subject = str(told.get("subject") or "")
        self.hint = str(told.get("hint") or "")
        self.request_id = str(told.get("request_id") or "")
        self.faults = tuple(
            _read_fault(error) for error in told.get("errors") or () if isinstance(error, Mapping)
        )
        self.exit_code = EXIT_CODES.get(self.code) or _by_status(status)
        super().__init__(self.message)


def report(error: BaseException, *, as_json: bool, language: str = "en") -> int:
    """Says what went wrong in a language, and gives the exit code.

    With ``--json`` stdout gets ``{"error": {...}}`` beside the lines on stderr.
    """
    exit_code, seen = _told(error, language)
    if as_json:
        sys.stdout.write(json.dumps({"error": seen}, ensure_ascii=False, indent=2) + "\n")
    message, hint = " ".join(seen["message"].split()), " ".join(seen["hint"].split())
    error_label, hint_label = _LABELS["zh" if language == "zh" else "en"]
    sys.stderr.write(f"{error_label}{printable(message)}\n")
    if len(faults := seen.get("errors", ())) > 1:
        sys.stderr.writelines(f"  {printable(_line(fault))}\n" for fault in faults)
    if hint:
        sys.stderr.write(f"{hint_label}{printable(hint)}\n")
    if os.environ.get("JOBFERRY_DEBUG") == "1":
        traceback.print_exception(error)
    return exit_code


def _read_fault(told: Mapping[str, Any]) -> Fault:
    return Fault(*(str(told.get(key) or "") for key in Fault._fields))


def _line(fault: Mapping[str, str]) -> str:
    said = f"{fault['message']} → {fault['hint']}" if fault["hint"] else fault["message"]
    return " ".join(said.split())


def _told(error: BaseException, language: str) -> tuple[int, dict[str, Any]]:
    match error:
        case JobferryError():
            return EXIT_CODES[error.code], _ours(error, language)
        case Refused():
            answer = _error(error.code, error.message, error.hint, error.subject)
            faults = {"errors": [fault._asdict() for fault in error.faults]} if error.faults else {}
            return error.exit_code, answer | faults | {"request_id": error.request_id}
        case typer.TyperException():
            from jobferry.cli.usage import usage_error  # of few calls

            return BAD_CALL, _ours(usage_error(error), language)
        case _:
            return OUR_BUG, _bug(error)


def _ours(error: JobferryError, spoken: str) -> dict[str, Any]:
    from jobferry.model.messages import Language, told  # most commands end without an error

    language = Language(spoken)
    message = _error(error.code, told(error.message, language), told(error.hint, language), error.subject)
    faults = [
        fault._replace(message=told(fault.message, language), hint=told(fault.hint, language))._asdict()
        for fault in error.faults
    ]
    return message | ({"errors": faults} if faults else {})


def _by_status(status: int) -> int:
    if status in (502, 503, 504, 507):
        return UNREACHABLE
    return _FAMILIES.get(status, OUR_BUG if status >= 500 else BAD_CALL)


def _error(code: str, message: str, hint: str = "", subject: str = "") -> dict[str, Any]:
    return {"code": str(code), "message": message, "subject": subject, "hint": hint}


def _bug(error: BaseException) -> dict[str, Any]:
    """An error that nobody foresaw: its traceback goes to a file, its name to the reader."""
    message = f"something went wrong inside Jobferry ({type(error).__name__})"
    log = log_file()
    try:
        with log.open("a", encoding="utf-8", errors="backslashreplace") as file:
            traceback.print_exception(error, file=file)
    except OSError:
        return _error("internal", message, "set JOBFERRY_DEBUG=1 and try again to see the details")
    return _error("internal", message, f"the details are in {log}; please report them")


def log_file() -> Path:
    """Where details go that nobody should have to read; its folder is made if that is possible."""
    state = os.environ.get("XDG_STATE_HOME")
    try:
        base = Path(state) if state else Path.home() / ".local" / "state"
    except RuntimeError:
        base = Path(tempfile.gettempdir())
    log = base / "jobferry" / "errors.log"
    with contextlib.suppress(OSError):
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return log
