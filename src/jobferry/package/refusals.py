"""How a package is refused: the entry, the reason, the limit, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from jobferry.errors import ErrorCode, PackageRefused
from jobferry.model.printable import printable
from jobferry.package.limits import PackageLimits
from jobferry.sentences import Sentence, as_sentence, sentence

_SHOWN = 120
_UNREADABLE_NAMED = 10
_AGAIN = "get the package again from where it came from; it may have been damaged or cut short"
_REPACK = "export the package again, or pack it again with an ordinary zip program"


def shown(name: str, most: int = _SHOWN) -> str:
    """A name from a package, safe to print and never longer than a line or ``most`` letters."""
    cut = name if len(name) <= most else name[: most - 1] + "…"
    return printable(cut)


def bytes_told(count: int) -> Sentence:
    """A number of bytes in words."""
    return sentence("{count:byte}", count=count)


def unreadable(reason: str, entry: str = "", hint: str = _AGAIN) -> PackageRefused:
    """The bytes are no zip that can be read, or not all of one."""
    return _refused(ErrorCode.PACKAGE_UNREADABLE, reason, entry, hint)


def unsafe(reason: str, entry: str = "", hint: str = _REPACK) -> PackageRefused:
    """The zip can be read in more than one way, or wants something that no package needs."""
    return _refused(ErrorCode.PACKAGE_UNSAFE, reason, entry, hint)


def too_many_unreadable(paths: Sequence[str], reason: str, limits: PackageLimits) -> PackageRefused:
    """More documents than the limit ``unreadable`` are none; ``reason`` says why the first is."""
    named = [shown(path) for path in paths[:_UNREADABLE_NAMED]]
    told = sentence(
        "holds more than {unreadable:,} documents that cannot be read: {named} and others",
        unreadable=limits.unreadable,
        named=named,
    )
    hint = (
        "pack documents as they are exported, and nothing else that is called *.job, "
        "*.script or *.resource; or have operations raise the limit: `jobferry setting set "
        "--platform unreadable=N`"
    )
    return _refused(
        ErrorCode.PACKAGE_UNREADABLE,
        sentence("{told}; the first {reason}", told=told, reason=as_sentence(reason)),
        "",
        hint,
    )


def altered(reason: str, entry: str = "") -> PackageRefused:
    """The package is not what its manifest says."""
    hint = "use the package as it was exported; to import edited files, take manifest.json out of it"
    return _refused(ErrorCode.PACKAGE_ALTERED, reason, entry, hint)


def empty(reason: str) -> PackageRefused:
    """There is nothing in it that Jobferry knows."""
    hint = "a package holds *.job, *.script or *.resource files"
    return _refused(ErrorCode.PACKAGE_EMPTY, reason, "", hint)


def too_large(what: str, limits: PackageLimits, limit: str, entry: str = "") -> PackageRefused:
    """A limit is exceeded; ``limit`` is its name in :class:`PackageLimits`."""
    setting = limits.setting(limit)
    reason = sentence(
        "{what}; the limit {setting} is {limit:,}",
        what=as_sentence(what),
        setting=setting,
        limit=getattr(limits, limit),
    )
    hint = sentence(
        "split the package, or have operations raise the limit: `jobferry setting set "
        "--platform {setting}=N`",
        setting=setting,
    )
    code = ErrorCode.PACKAGE_UNSAFE if limit == "ratio" else ErrorCode.PACKAGE_TOO_LARGE
    return _refused(code, reason, entry, hint)


def _refused(code: ErrorCode, reason: str, entry: str, hint: str) -> PackageRefused:
    subject = shown(entry)
    message = (
        sentence("{subject}: {reason}", subject=subject, reason=as_sentence(reason))
        if subject
        else sentence("the package {reason}", reason=as_sentence(reason))
    )
    return PackageRefused(code, message, subject=subject, hint=hint)
