"""What an import is asked to do, as it is kept in its task's row."""

from __future__ import annotations

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.document.zones import is_zone
from jobferry.model.names import Limits, directory_fault, normal_directory
from jobferry.model.people import Caller
from jobferry.model.settings import WorkspaceSettings
from jobferry.model.task import Task
from jobferry.model.transfer.policy import DirectoryPolicy, ImportOptions
from jobferry.package.limits import PackageLimits
from jobferry.services.mapping.sense import check_copy_name, checked_mapping, checked_rule


class ImportRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Enough to do an import again from the start. ``package_id`` names the package on the shelf.

    With a ``plan_digest`` that plan is carried out and no other.
    """

    package_id: str
    package_name: str
    options: ImportOptions
    caller: Caller
    fence: int
    limits: PackageLimits
    plan_digest: str = ""


def checked_options(options: ImportOptions, settings: WorkspaceSettings) -> ImportOptions:
    """Options that make sense together, the directory in its one spelling.

    Raises:
        InvalidRequest: a directory or zone is none, a mapping says what cannot be, or the workspace asks for
            a directory and none is chosen.
    """
    if options.directory is None and settings.policy.directory is DirectoryPolicy.CHOSEN:
        options = msgspec.structs.replace(options, directory=settings.default_directory or None)
    if options.directory is not None:
        if fault := directory_fault(options.directory, Limits()):
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                f"the directory {options.directory} {fault}",
                subject=options.directory,
            )
        options = msgspec.structs.replace(options, directory=normal_directory(options.directory))
    elif settings.policy.directory is DirectoryPolicy.CHOSEN:
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            "this workspace puts new objects into a directory of your choice, and none is given",
            hint="say --directory DIR (API: directory), or set the workspace's default_directory",
        )
    if options.copy_name is not None:
        check_copy_name(options.copy_name, copying=options.copies(settings.policy))
    rules = tuple(checked_rule(rule) for rule in options.rules)
    options = msgspec.structs.replace(options, mapping=checked_mapping(options.mapping), rules=rules)
    if options.time_zone is not None and not is_zone(options.time_zone):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            f"{options.time_zone!r} is no time zone",
            subject=options.time_zone,
            hint="use a zone such as Asia/Shanghai or GMT+8",
        )
    return options


_decoder = msgspec.json.Decoder(ImportRequest)
"""Made while this module loads: msgspec crashes the process when two threads look at a type first at once."""


def read_request(task: Task) -> ImportRequest:
    """What an import's task was begun with."""
    return _decoder.decode(task.request)
