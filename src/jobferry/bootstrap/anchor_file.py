"""The audit's anchor as a file beside the key, which remembers in a second line that there is one.

Where the key comes from elsewhere, a file of its own remembers it.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from jobferry.bootstrap.home import ANCHORED, Home
from jobferry.errors import ErrorCode, FilesError
from jobferry.files.faults import disk_fault
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
            raise _unreadable(self._home.anchor_file, error) from error

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


class SharedAnchorFile:
    """Keeps an anchor in a folder that all servers of a platform see."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "anchor.json"

    def read(self) -> bytes | None:
        """What a server has written last; None if the file is not there.

        Raises:
            FilesError: it cannot be read.
        """
        try:
            return self._file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable(self._file, error) from error

    def write(self, anchor: bytes) -> None:
        """Puts it there, whole or not at all, whoever else writes at the same time.

        Raises:
            FilesError: the disk is full or refuses.
        """
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._file.parent, prefix=".anchor-", delete=False) as draft:
                draft.write(anchor)
                draft.flush()
                os.fsync(draft.fileno())
            Path(draft.name).replace(self._file)
        except OSError as error:
            raise disk_fault(error, str(self._file)) from error


def _unreadable(file: Path, error: OSError) -> FilesError:
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
