"""The data folder: where everything lies, who runs a platform in it, and at which address.

A lock (flock) names the one process that runs a platform here; it goes with the process, however that
ends. Only the owner can read the folder.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from jobferry.errors import Conflict, ErrorCode, FilesError
from jobferry.events import Events

_events = Events("start")
_DRAFT = re.compile(r"\.(key|anchor\.json|credentials\.json|address\.json)\.[0-9]+")


class Home:
    """One data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._lock: int | None = None

    @property
    def database(self) -> Path:
        return self.folder / "platform.db"

    @property
    def tasks(self) -> Path:
        return self.folder / "tasks.db"

    @property
    def shelf(self) -> Path:
        return self.folder / "packages"

    @property
    def downloads(self) -> Path:
        return self.folder / "downloads"

    @property
    def objects(self) -> Path:
        return self.folder / "objects"

    @property
    def key_file(self) -> Path:
        return self.folder / "key"

    @property
    def anchor_file(self) -> Path:
        return self.folder / "anchor.json"

    @property
    def credentials_file(self) -> Path:
        return self.folder / "credentials.json"

    @property
    def door(self) -> Path:
        """Where a command without a server reaches the platform that it runs itself."""
        return self.folder / "door"

    @property
    def _address_file(self) -> Path:
        return self.folder / "address.json"

    def make(self) -> None:
        """Makes the folder, readable by its owner alone.

        Raises:
            FilesError: it cannot be made or written.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise self._failed("cannot be made", error) from error
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise FilesError(
                ErrorCode.FILES_FAILED,
                f"the data folder {self.folder} cannot be written",
                subject=str(self.folder),
                hint="choose another folder with --data, or see to this one's owner and file system",
            )

    def lock(self) -> bool:
        """Takes the folder for this process; False if another process has it.

        Raises:
            FilesError: the disk is full or refuses.
        """
        self.make()
        try:
            descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._failed("refuses lock", error) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        except OSError as error:
            os.close(descriptor)
            raise self._failed("cannot be locked", error) from error
        self._lock = descriptor
        self._tidy()
        return True

    def unlock(self) -> None:
        """Lets the folder go."""
        if self._lock is not None:
            self._address_file.unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    def busy(self) -> Conflict:
        """The error for a folder that another process runs."""
        return Conflict(
            ErrorCode.DATA_FOLDER_BUSY,
            f"another process runs a platform in {self.folder}",
            subject=str(self.folder),
            hint="stop it first, or use another folder with --data",
        )

    def announce(self, address: dict[str, Any]) -> None:
        """Tells the folder's owner, in other processes, where its platform answers and what it takes as a
        token."""
        self.write_private(self._address_file, json.dumps(address))

    def address(self) -> dict[str, Any] | None:
        """Where the platform of this folder answers, if one has said so."""
        try:
            found: dict[str, Any] = json.loads(self._address_file.read_text())
        except (OSError, ValueError):
            return None
        return found

    def forget_credentials(self) -> bool:
        """Takes the first start's credentials file away; whether there was one."""
        try:
            self.credentials_file.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            _events.say("warning", "credentials-not-removed", reason=error.strerror or "")
            return False
        return True

    def write_private(self, path: Path, text: str) -> None:
        """Writes a file that only the owner can read, whole or not at all.

        Raises:
            FilesError: the disk is full or refuses.
        """
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            _events.debug("file-drafted", file=path.name)
            draft.replace(path)
            _events.debug("file-renamed", file=path.name)
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise self._failed(f"refuses {path.name}", error) from error

    def _tidy(self) -> None:
        """Takes away what a process that was killed here could not."""
        self._address_file.unlink(missing_ok=True)
        self.door.unlink(missing_ok=True)
        for path in self.folder.iterdir():
            if _DRAFT.fullmatch(path.name):
                path.unlink(missing_ok=True)

    def _failed(self, what: str, error: OSError) -> FilesError:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        return FilesError(
            ErrorCode.DISK_FULL if full else ErrorCode.FILES_FAILED,
            f"the data folder {self.folder} {what}: {error.strerror or error}",
            subject=str(self.folder),
            hint="make room on its disk, or choose another folder with --data"
            if full
            else "choose another folder with --data, or look at the disk of this one",
        )
