"""Jobferry's errors in the Factory API's codes and documented sentences.

The sentences are those of the service's published error table, word for word, because clients match on
them; what it is about, and what to do, is the hint. Where the documentation is silent: a failure of the call
or of the state of things is ``DLF.3051`` (request parameter invalid) with our own message; what the service's
gateway would say (nobody signed in, no such address, too large, out of order) has the gateway's ``APIGW``
codes.
"""

from __future__ import annotations

from typing import NamedTuple

from msgspec import UNSET, Struct, UnsetType

from jobferry.errors import (
    ErrorCode,
    Fault,
    FilesError,
    Forbidden,
    InvalidRequest,
    JobferryError,
    Overloaded,
    PackageRefused,
    StoreError,
    Unauthenticated,
)
from jobferry.model.messages.reader import Reader


class Documented(NamedTuple):
    """A code, and the sentence that the documentation gives with it, if it gives one."""

    code: str
    sentence: str = ""
    status: int = 400


class FactoryFault(Struct, frozen=True):
    """The answer's own pair; and where several things are wrong, one of them, with its place."""

    error_code: str
    error_msg: str
    path: str | UnsetType = UNSET
    message: str | UnsetType = UNSET
    hint: str | UnsetType = UNSET


class FactoryError(Struct, frozen=True):
    """Every failure, whatever its status.

    ``errors`` repeats the pair, since some clients look there. ``hint`` tells what the documented sentence
    does not: what it is about, and what to do.
    """

    error_code: str
    error_msg: str
    errors: list[FactoryFault]
    hint: str | UnsetType = UNSET


class Problem(NamedTuple):
    """An answer to a failed call."""

    status: int
    body: FactoryError


class NotForRealTime(InvalidRequest):
    """A call that only batch jobs know; the core has no word for that."""


INVALID_PARAMETER = Documented("DLF.3051")
_UNREADABLE = Documented("DLF.0815", "The OBS file fails to be accessed.")
_NO_PERMISSION = Documented("DLF.6888", "Invalid account permissions.", status=403)
_INVALID_RESOURCE_TYPE = Documented("DLF.6263", "The resource type is invalid.")
_NOT_CONFIGURED = Documented("DLF.0802", "The specified parameter is not configured.")
_UNEXPECTED = Documented("APIGW.0601", status=500)

SCRIPT_UNFIT = {
    "POST": Documented("DLF.0201", "The script fails to be created."),
    "PUT": Documented("DLF.0203", "The script fails to be modified."),
}
"""A script that cannot be created, or modified, for what is in it."""

BY_CODE: dict[ErrorCode, Documented] = {
    ErrorCode.JOB_MISSING: Documented("DLF.0100", "The job does not exist."),
    ErrorCode.INSTANCE_MISSING: Documented("DLF.0137", "The job instance does not exist."),
    ErrorCode.MISSING_VALUE: _NOT_CONFIGURED,
    ErrorCode.EMPTY_NAME: _NOT_CONFIGURED,
    ErrorCode.INVALID_OBJECT_PATH: Documented("DLF.0803", "The OBS path is invalid."),
    ErrorCode.TASK_MISSING: Documented("DLF.20810"),
    ErrorCode.OBJECT_UNREADABLE: _UNREADABLE,
    ErrorCode.WORKSPACE_MISSING: Documented(
        "DLF.0819", "Operation failed, detail msg Workspace does not exists."
    ),
    ErrorCode.JOB_WITHOUT_NODES: Documented("DLF.1006", "The job node is empty."),
    ErrorCode.BUCKET_MISSING: Documented("DLF.1242", "The OBS bucket does not exist."),
    ErrorCode.INVALID_SCHEDULE: Documented("DLF.3025", "The job scheduling parameter is invalid."),
    ErrorCode.SCRIPT_MISSING: Documented("DLF.6201", "The script does not exist."),
    ErrorCode.RESOURCE_MISSING: Documented("DLF.6241", "The resource to be queried does not exist."),
    ErrorCode.TYPE_MISSING: Documented("DLF.6247", "The script type is not specified."),
    ErrorCode.ONE_DLI_CONNECTION: Documented("DLF.6271", "Each user can create only one DLI connection."),
    ErrorCode.CONNECTION_MISSING: Documented("DLF.6322", "The data connection does not exist."),
    ErrorCode.CLUSTER_TAKEN: Documented("DLF.6416", "The cluster has been occupied by another connection."),
    ErrorCode.CLUSTER_OR_ADDRESS_MISSING: Documented(
        "DLF.6418",
        "Either the DWS cluster name or the access address and port number of the cluster "
        "must be configured.",
    ),
    ErrorCode.NOT_ALLOWED: _NO_PERMISSION,
    ErrorCode.LOCKED: _NO_PERMISSION,
    ErrorCode.UNKNOWN_ROUTE: Documented("APIGW.0101", status=404),
    ErrorCode.METHOD_NOT_ALLOWED: Documented("APIGW.0101", status=405),
    ErrorCode.TOO_LARGE: Documented("APIGW.0201", status=413),
    ErrorCode.ADDRESS_TOO_LONG: Documented("APIGW.0201", status=414),
    ErrorCode.HEADERS_TOO_LARGE: Documented("APIGW.0201", status=431),
    ErrorCode.TOO_SLOW: Documented("APIGW.0201", status=408),
    ErrorCode.TOO_MANY_UPLOADS: Documented("APIGW.0308", status=429),
    ErrorCode.DISK_FULL: Documented("APIGW.0201", status=507),
}
"""Codes that mean the same wherever they are met."""

BY_AREA: dict[tuple[str, ErrorCode], Documented] = {
    ("jobs", ErrorCode.QUOTA_REACHED): Documented("DLF.0101", "The job quota has reached the upper limit."),
    ("jobs", ErrorCode.NAME_TAKEN): Documented("DLF.0102", "The job name has been used by another job."),
    ("jobs", ErrorCode.INVALID_TYPE): Documented("DLF.2014"),
    ("jobs", ErrorCode.EMPTY_NAME): Documented("DLF.3004", "The job name cannot be left blank."),
    ("jobs", ErrorCode.INVALID_NAME): Documented("DLF.3018", "The job name is invalid."),
    ("jobs", ErrorCode.INVALID_DESCRIPTION): Documented("DLF.3050", "The job description is invalid."),
    ("scripts", ErrorCode.QUOTA_REACHED): Documented(
        "DLF.6253", "The script quota has reached the upper limit."
    ),
    ("scripts", ErrorCode.NAME_TAKEN): Documented(
        "DLF.0202", "The script name has been used by another script."
    ),
    ("scripts", ErrorCode.INSTANCE_MISSING): Documented(
        "DLF.6205", "The script execution instance does not exist."
    ),
    ("scripts", ErrorCode.TYPE_FIXED): SCRIPT_UNFIT["PUT"],
    ("resources", ErrorCode.NAME_TAKEN): Documented(
        "DLF.6259", "A resource with the same name already exists in the directory."
    ),
    ("resources", ErrorCode.INVALID_TYPE): _INVALID_RESOURCE_TYPE,
    ("resources", ErrorCode.TYPE_FIXED): _INVALID_RESOURCE_TYPE,
    ("resources", ErrorCode.INVALID_LOCATION): Documented(
        "DLF.6264", "The OBS path of the resource file is invalid."
    ),
    ("resources", ErrorCode.INVALID_DESCRIPTION): Documented(
        "DLF.6265", "The resource description is invalid."
    ),
    ("connections", ErrorCode.NAME_TAKEN): Documented(
        "DLF.6309", "The connection name has been used by another connection."
    ),
    ("connections", ErrorCode.TYPE_FIXED): Documented("DLF.6323", "The connection type cannot be modified."),
}
"""Codes whose meaning depends on what the call is about: the path's part after the project id."""

_SCRIPT_UNFIT = frozenset(
    {
        ErrorCode.INVALID_DOCUMENT,
        ErrorCode.INVALID_NAME,
        ErrorCode.EMPTY_NAME,
        ErrorCode.INVALID_DESCRIPTION,
    }
)
SCRIPT_RUN_WORKSPACE = Documented("DLF.20819")
"""Running scripts is another layer of the service; it words a missing workspace in its own way."""

ONLY_BATCH = Documented("DLF.0136", "This API can be called only for batch jobs.")

EXPORTED_JOB_MISSING = Documented("DLF.0100", "The job does not exists.")
"""The page of the export call has a sentence of its own for the code that all calls have."""

_BY_FAMILY: dict[type[JobferryError], Documented] = {
    Unauthenticated: Documented("APIGW.0301", status=401),
    Forbidden: _NO_PERMISSION,
    PackageRefused: _UNREADABLE,
    StoreError: Documented("APIGW.0201", status=503),
    FilesError: Documented("APIGW.0201", status=502),
    Overloaded: Documented("APIGW.0201", status=503),
}


def factory_problem(
    error: JobferryError | None, path: str, method: str, message: str, reader: Reader
) -> Problem:
    """The status and body for an error; none is something that nobody thought of. ``message`` and hints are
    in the caller's language, documented sentences as they are documented."""
    said = _documented(error, path.split("/"), method) if error else _UNEXPECTED
    text = said.sentence or message
    hint = [message] if said.sentence else []
    if error is not None and error.hint:
        hint.append(reader.told(error.hint))
    faults = [_placed(said.code, text, fault, reader) for fault in error.faults] if error else []
    errors = faults or [FactoryFault(said.code, text)]
    return Problem(said.status, FactoryError(said.code, text, errors, "; ".join(hint) if hint else UNSET))


def _placed(code: str, text: str, fault: Fault, reader: Reader) -> FactoryFault:
    return FactoryFault(code, text, fault.path, reader.told(fault.message), reader.told(fault.hint))


def _documented(error: JobferryError, parts: list[str], method: str) -> Documented:
    inside = parts[4:] if parts[3:4] == ["factory"] else parts[3:]
    area = inside[0] if inside else ""
    if isinstance(error, NotForRealTime):
        return ONLY_BATCH
    if error.code is ErrorCode.JOB_MISSING and _is_job_export(parts):
        return EXPORTED_JOB_MISSING
    if area == "scripts":
        if error.code in _SCRIPT_UNFIT and method in SCRIPT_UNFIT:
            return SCRIPT_UNFIT[method]
        if error.code is ErrorCode.WORKSPACE_MISSING and _is_script_run(parts):
            return SCRIPT_RUN_WORKSPACE
    found = BY_AREA.get((area, error.code)) or BY_CODE.get(error.code)
    if found is None:
        families = (said for family, said in _BY_FAMILY.items() if isinstance(error, family))
        found = next(families, INVALID_PARAMETER)
    return found


def _is_job_export(parts: list[str]) -> bool:
    return parts[3:4] == ["jobs"] and parts[5:] == ["export"]


def _is_script_run(parts: list[str]) -> bool:
    return len(parts) > 5 and parts[5] in ("execute", "instances")


def documented_codes() -> set[str]:
    """Every ``DLF`` code that this translation can say."""
    said = [
        *BY_CODE.values(),
        *BY_AREA.values(),
        *SCRIPT_UNFIT.values(),
        *_BY_FAMILY.values(),
        INVALID_PARAMETER,
        SCRIPT_RUN_WORKSPACE,
        ONLY_BATCH,
    ]
    return {documented.code for documented in said if documented.code.startswith("DLF.")}
