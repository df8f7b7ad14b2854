"""What an import is asked to do, as its task keeps it, and what its mapping must not say."""

from __future__ import annotations

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.document.times import is_zone
from jobferry.model.kinds import NeedKind
from jobferry.model.names import RESOURCE_NAME, ROOT, Limits, directory_fault, normal_directory
from jobferry.model.people import Caller
from jobferry.model.settings import WorkspaceSettings
from jobferry.model.task import Task
from jobferry.model.transfer.mapping import PREFIX_KINDS, Mapping, Section
from jobferry.model.transfer.policy import DirectoryPolicy, ImportOptions, ObjectRule
from jobferry.package.limits import PackageLimits
from jobferry.sentences import sentence

_SHORTEST = "a" * 12
"""What is left of a name beside the rest of a copy's name, whatever its number."""
_UNMAPPABLE = {
    NeedKind.CDM: "map its cluster",
    NeedKind.VARIABLE: "set the variable here: `jobferry variable set`",
}


def checked_mapping(mapping: Mapping) -> Mapping:
    """A mapping that makes sense by itself, its directories in their one spelling.

    Raises:
        InvalidRequest: a kind cannot be mapped, or a pair holds no names or no directories or zones.
    """
    for kind, hint in _UNMAPPABLE.items():
        if kind in mapping.names:
            raise _refused(sentence("a {kind} cannot be mapped", kind=kind), kind, hint)
    for section, pairs in mapping.sections():
        for former, local in pairs.items():
            if fault := _fault(section, former, local):
                raise _refused(
                    sentence(
                        "the mapping of the {section} {former} {fault}",
                        section=section,
                        former=former or "(empty)",
                        fault=fault,
                    ),
                    former,
                )
    places = {normal_directory(former): normal_directory(to) for former, to in mapping.directories.items()}
    return msgspec.structs.replace(mapping, directories=places)


def checked_rule(rule: ObjectRule) -> ObjectRule:
    """A rule that is about some objects and says something of them, its directory in the one spelling.

    Raises:
        InvalidRequest: it is about nothing in particular, says nothing, or has an unfit directory or mapping.
    """
    about = (rule.directory, rule.name, rule.kind, rule.tag)
    said = (rule.duplicates, rule.target_status, rule.mapping or None)
    if about == (None, None, None, None) or said == (None, None, None):
        hint = "give directory, name, kind or tag; and duplicates, target_status or mapping"
        raise _refused("a rule must name the objects it is about and what holds for them", "rules", hint)
    if rule.directory is not None and (fault := directory_fault(rule.directory, Limits())):
        raise _refused(
            sentence("the directory {directory} of a rule {fault}", directory=rule.directory, fault=fault),
            rule.directory,
        )
    place = None if rule.directory is None else normal_directory(rule.directory)
    return msgspec.structs.replace(rule, directory=place, mapping=checked_mapping(rule.mapping))


def check_copy_name(pattern: str, *, copying: bool) -> None:
    """Raises: InvalidRequest: no name comes of it, or nothing is copied."""
    if pattern.count("{name}") != 1 or not RESOURCE_NAME.match(pattern.replace("{name}", _SHORTEST)):
        hint = "write {name} once, with at most 20 letters, digits, _ or - around it"
        raise _refused(
            sentence("the name for copies {pattern} is not valid", pattern=repr(pattern)), pattern, hint
        )
    if not copying:
        raise _refused("a name for copies is given, but nothing is copied", pattern, "give duplicates=copy")


def _fault(section: str, former: str, local: str) -> str:
    if section == Section.DIRECTORY:
        faults = (directory_fault(one, Limits()) for one in (former, local))
        return next((sentence("has a directory that {fault}", fault=fault) for fault in faults if fault), "")
    if section == Section.TIME_ZONE:
        return "" if is_zone(local) else sentence("has {local}, which is not a time zone", local=repr(local))
    if not former or (not local and section in tuple(NeedKind)):
        return sentence("lacks a name")
    if section in PREFIX_KINDS and former.endswith("/") != local.endswith("/"):
        return sentence("ends with / on one side only")
    return ""


def _refused(message: str, subject: str, hint: str = "") -> InvalidRequest:
    return InvalidRequest(ErrorCode.INVALID_VALUE, message, subject=subject, hint=hint)


class ImportRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Enough to do an import again from the start. ``package_id`` names the package among the uploads.

    With a ``plan_digest`` that plan is carried out and no other. The ``comment`` goes into the receipt.
    """

    package_id: str
    package_name: str
    options: ImportOptions
    caller: Caller
    fence: int
    limits: PackageLimits
    plan_digest: str = ""
    comment: str = ""


def checked_undirected(options: ImportOptions, settings: WorkspaceSettings) -> ImportOptions:
    """The same of options that may leave open which directory is chosen; raises what that raises."""
    placed = msgspec.structs.replace(options, directory=options.directory or ROOT)
    sound = checked_options(placed, settings)
    return sound if options.directory is not None else msgspec.structs.replace(sound, directory=None)


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
                sentence("the directory {directory} {fault}", directory=options.directory, fault=fault),
                subject=options.directory,
            )
        options = msgspec.structs.replace(options, directory=normal_directory(options.directory))
    elif settings.policy.directory is DirectoryPolicy.CHOSEN:
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            "this workspace puts new objects into a directory of your choice, and none is given",
            hint="give --directory DIR (API: directory), or set the workspace's default_directory",
        )
    if options.copy_name is not None:
        check_copy_name(options.copy_name, copying=options.copies(settings.policy))
    rules = tuple(checked_rule(rule) for rule in options.rules)
    options = msgspec.structs.replace(options, mapping=checked_mapping(options.mapping), rules=rules)
    if options.time_zone is not None and not is_zone(options.time_zone):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("the time zone {time_zone} is not valid", time_zone=repr(options.time_zone)),
            subject=options.time_zone,
            hint="use a zone such as Asia/Shanghai or GMT+8",
        )
    return options


_decoder = msgspec.json.Decoder(ImportRequest)
"""Made while this module loads: msgspec crashes the process when two threads look at a type first at once."""


def read_request(task: Task) -> ImportRequest:
    """What an import's task was begun with."""
    return _decoder.decode(task.request)
