"""The audit's anchor as a file beside the key, which remembers in a second line that there is one.

Where the key comes from elsewhere, a file of its own remembers it.
"""

from __future__ import annotations

from pathlib import Path

from jobferry.bootstrap.home import ANCHORED, Home
from jobferry.errors import ErrorCode, FilesError
from jobferry.sentences import reason_of, sentence


class AnchorFile:
    """Keeps the anchor in a data folder."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def read(self) -> bytes | None:
        """What was written last; None if the file is not there.

        Raises:
            FilesError: it cannot be read.
        """
        try:
            return self._home.anchor_file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise unreadable(self._home.anchor_file, error) from error

    def write(self, anchor: bytes) -> None:
        """Puts it there, whole or not at all; the key file says from then on that there is one.

        Raises:
            FilesError: the disk is full or refuses.
        """
        self._home.write_private(self._home.anchor_file, anchor.decode())
        if not self.is_promised():
            self._promise()

    def is_promised(self) -> bool:
        """Whether one was ever written for this folder's key."""
        return self._home.promises_anchor()

    def _promise(self) -> None:
        try:
            key = self._home.key_file.read_text().strip()
        except FileNotFoundError:
            self._home.write_private(self._home.promise_file, f"{ANCHORED}\n")
        else:
            self._home.write_private(self._home.key_file, f"{key}\n{ANCHORED}\n")


def unreadable(file: Path, error: OSError) -> FilesError:
    """The error for an anchor's file that cannot be read."""
    return FilesError(
        ErrorCode.FILES_FAILED,
        sentence(
            "the audit's anchor {anchor_file} cannot be read: {strerror}",
            anchor_file=file,
            strerror=reason_of(error),
        ),
        subject=str(file),
        hint="check the owner, the mode and the disk of the data folder",
    )
