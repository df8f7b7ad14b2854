"""What goes wrong with disks and sizes, in the words of the error tree."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from jobferry.errors import ErrorCode, FilesError, PackageRefused
from jobferry.events import Events
from jobferry.sentences import reason_of, sentence

_FULL = (errno.ENOSPC, errno.EDQUOT)
_events = Events("files")
_FOLDERS = re.compile(r"(?<![\w:/])/(?:[^\s/]+/)*")
"""Folders at the beginning of absolute paths; not those of addresses such as ``http://host/path``."""
_FULL_TEXTS = ("No space left on device", "Disk quota exceeded")


def disk_fault(error: Exception, what: str, subject: str = "") -> FilesError:
    """``disk-full`` where the disk or its quota is full, ``files-failed`` for anything else.

    ``what`` begins the message; ``subject`` is the thing alone, where that is shorter. Folders of the server
    are in the log only.
    """
    subject = subject or what
    full = isinstance(error, OSError) and error.errno in _FULL
    if full or any(text in str(error) for text in _FULL_TEXTS):
        return FilesError(
            ErrorCode.DISK_FULL,
            sentence("{what}: the disk is full", what=what),
            subject=subject,
            hint="free some space, then try again",
        )
    said = str(error).strip().split("\n", 1)[0] or type(error).__name__
    _events.say("warning", "storage-failed", subject=subject, reason=said)
    reason = (reason_of(error) if isinstance(error, OSError) else "") or _FOLDERS.sub("", said)
    return FilesError(
        ErrorCode.FILES_FAILED,
        sentence("{what}: {reason}", what=what, reason=reason),
        subject=subject,
        hint="ask whoever runs this platform to check its storage",
    )


@contextmanager
def closing(file: BinaryIO, subject: str) -> Iterator[None]:
    """Closes a file that is written. What failed is told once: closing tries again to write what is left.

    Raises:
        FilesError: the disk does not take what was written.
    """
    try:
        yield
    except BaseException:
        with suppress(OSError):
            file.close()
        raise
    try:
        file.close()
    except OSError as error:
        raise disk_fault(error, subject) from error


def incomplete(subject: str, size: int, announced: int) -> FilesError:
    """An object came with fewer or more bytes than its service had said."""
    return FilesError(
        ErrorCode.FILES_FAILED,
        sentence(
            "{subject}: came with {size:,} of {announced:,} bytes",
            subject=subject,
            size=size,
            announced=announced,
        ),
        subject=subject,
        hint="try again; if it stays so, put the object there again",
    )


def too_large(subject: str, limit: int, setting: str, size: int = 0) -> PackageRefused:
    """A package is larger than ``limit`` bytes, as a platform setting says; ``size`` is 0 where not known."""
    return PackageRefused(
        ErrorCode.PACKAGE_TOO_LARGE,
        sentence(
            "{subject}: has {size:,} bytes; the limit {setting} is {limit:,}"
            if size
            else "{subject}: has more bytes than a package may have; the limit {setting} is {limit:,}",
            subject=subject,
            size=size,
            setting=setting,
            limit=limit,
        ),
        subject=subject,
        hint=sentence(
            "split the package, or have operations raise the limit: `jobferry setting set "
            "--platform {setting}=N`",
            setting=setting,
        ),
    )
