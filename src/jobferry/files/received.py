"""What every storage of packages keeps to: ids, the note of a package's name and owner, sealed reports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress

from jobferry.errors import ErrorCode, NotFound, StoreError
from jobferry.files.ports import IncomingPackage, Note, ReceivedPackage
from jobferry.model.secrets import Secrets
from jobferry.sentences import sentence

_ID = re.compile(r"[0-9a-f]{32}\Z")
_OWNER_ENDS = "\n"
"""Ids have no line break, names may. A note without one is of a time when packages had no owner."""


def is_id(package_id: str) -> bool:
    """Whether a package can be called so."""
    return _ID.match(package_id) is not None


def name_note(package: ReceivedPackage) -> bytes:
    """What is noted of a package beside it."""
    return f"{package.owner}{_OWNER_ENDS}{package.name}".encode(errors="surrogatepass")


def noted_package(package_id: str, note: bytes, size: int) -> ReceivedPackage | None:
    """The package that such a note is of; none where it names no owner."""
    owner, separator, name = note.decode("utf-8", "surrogatepass").partition(_OWNER_ENDS)
    return ReceivedPackage(package_id, name, size, owner) if separator else None


def take_all(incoming: IncomingPackage, chunks: Iterable[bytes]) -> ReceivedPackage:
    """Keeps a package, whole or not at all. What ``chunks`` raises passes through.

    Raises:
        PackageRefused: it is larger than its limit (``package-too-large``).
        FilesError: ``disk-full`` or ``files-failed``.
    """
    try:
        for chunk in chunks:
            incoming.add(chunk)
        return incoming.keep()
    except BaseException:
        incoming.drop()
        raise


class Sealing:
    """Seals reports: they hold values that an import was given and that no package has."""

    def __init__(self, secrets: Callable[[], Secrets] | None) -> None:
        """``secrets`` are asked when the first report is sealed or opened; without them it stays clear."""
        self._secrets = secrets

    def seal(self, note: Note, content: bytes) -> bytes:
        """What is to be kept."""
        if self._secrets is None or note is not Note.REPORT:
            return content
        return self._secrets().seal(content)

    def unseal(self, note: Note, content: bytes) -> bytes | None:
        """What was kept; none where this key does not open it."""
        if self._secrets is None or note is not Note.REPORT:
            return content
        with suppress(StoreError):
            return self._secrets().unseal(content)
        return None


def missing(package_id: str) -> NotFound:
    """The error for a package that is not there."""
    return NotFound(
        ErrorCode.PACKAGE_MISSING,
        sentence("there is no package {package_id} here", package_id=package_id),
        subject=package_id,
        hint="it was imported, or removed after its time; upload it again",
    )
