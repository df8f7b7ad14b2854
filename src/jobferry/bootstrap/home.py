"""The data folder: where everything lies, who runs a platform in it, and at which address.

A lock (flock) names the one process that runs a platform here; it goes with the process, however that
ends. The folder and what lies in it are their owner's alone: what others could read before is closed to them
at the start.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

from jobferry.errors import Conflict, ErrorCode, FilesError, NotFound
from jobferry.events import Events
from jobferry.sentences import as_sentence, reason_of, sentence

_events = Events("start")
_PRIVATE_FOLDER = 0o700
_PRIVATE_FILE = 0o600
_OTHERS = 0o077
ANCHORED = "anchored"
"""What the key file says once the audit has had an anchor."""
_DRAFT = re.compile(r"\.(key|server|anchored|anchor\.json|credentials\.json|address\.json)\.[0-9]+")
_BEFORE_A_PLATFORM = frozenset(
    {
        "lock",
        "server",
        "address.json",
        "credentials.json",
        "jobferry.toml",
        "packages",
        "downloads",
        "lost+found",
    }
)
"""What a start that came to nothing leaves, what lies in every new file system, and settings."""
_NAMED = 3


class Home:
    """One data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._lock: int | None = None

    @property
    def database(self) -> Path:
        return self.folder / "platform.db"

    @property
    def settings_file(self) -> Path:
        return self.folder / "jobferry.toml"

    @property
    def tasks(self) -> Path:
        return self.folder / "tasks.db"

    @property
    def uploads(self) -> Path:
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
    def promise_file(self) -> Path:
        """Stands for the key file's second line where the key comes from elsewhere."""
        return self.folder / "anchored"

    @property
    def unauthenticated_file(self) -> Path:
        """The name of the backup that was restored here unauthenticated, until a start has audited that."""
        return self.folder / "unauthenticated"

    @property
    def credentials_file(self) -> Path:
        return self.folder / "credentials.json"

    @property
    def _server_file(self) -> Path:
        return self.folder / "server"

    @property
    def _address_file(self) -> Path:
        return self.folder / "address.json"

    def holds_platform(self) -> bool:
        """Whether a platform was ever started here.

        Raises:
            FilesError: this user may not look into the folder.
        """
        try:
            return self.key_file.exists() or self.database.exists() or self.promise_file.exists()
        except PermissionError as error:
            raise unreadable(self.folder) from error

    def promises_anchor(self) -> bool:
        """Whether the audit ever had an anchor here."""
        try:
            return ANCHORED in self.key_file.read_text().split()
        except FileNotFoundError:
            return self.promise_file.exists()

    def require_platform(self) -> None:
        """Raises: NotFound: there is no platform in this folder (``platform-missing``)."""
        if not self.holds_platform():
            raise NotFound(
                ErrorCode.PLATFORM_MISSING,
                sentence("there is no platform in {folder}", folder=str(self.folder)),
                subject=str(self.folder),
                hint="name another folder with --data"
                if self._others()
                else sentence(
                    "create one with `jobferry init {folder}`, or name another folder with --data",
                    folder=str(self.folder),
                ),
            )

    def refuse_foreign(self) -> None:
        """Raises: Conflict: the folder holds no platform, but other things (``data-folder-foreign``)."""
        if not self.holds_platform() and (others := self._others()):
            raise Conflict(
                ErrorCode.DATA_FOLDER_FOREIGN,
                sentence(
                    "no platform is created in {folder}, because it holds other files, such as {names}",
                    folder=str(self.folder),
                    names=others[:_NAMED],
                ),
                subject=str(self.folder),
                hint="choose a new or empty folder",
            )

    def _others(self) -> list[str]:
        """The names in a folder without a platform that no start of one has left."""
        if not self.folder.is_dir():
            return []
        names = {path.name for path in self.folder.iterdir() if not _DRAFT.fullmatch(path.name)}
        return sorted(names - _BEFORE_A_PLATFORM)

    def make(self) -> None:
        """Makes the folder, or closes one of ours to everybody but its owner.

        Raises:
            FilesError: it cannot be made, closed or written.
        """
        try:
            self.folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        except OSError as error:
            raise self._failed("cannot be made", error) from error
        self.refuse_unwritable()
        self._close_to_others(self.folder, _PRIVATE_FOLDER)

    def refuse_unwritable(self) -> None:
        """Raises: FilesError: this user cannot write into the folder."""
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise FilesError(
                ErrorCode.FILES_FAILED,
                sentence("the data folder {folder} cannot be written", folder=self.folder),
                subject=str(self.folder),
                hint="choose another folder with --data, or check this one's owner and file system",
            )

    def lock(self) -> bool:
        """Takes the folder for this process; False if another process has it.

        Raises:
            FilesError: the disk is full or refuses.
        """
        self.make()
        try:
            place = self.database.resolve().parent  # a folder of links shares its database, so also the lock
            descriptor = os.open(place / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE_FILE)
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
        try:
            self._tidy()
            for path in self.folder.iterdir():
                if path.is_file():
                    self._close_to_others(path, _PRIVATE_FILE)
        except OSError as error:
            self.unlock()
            raise self._failed("cannot be cleaned up", error) from error
        except BaseException:
            self.unlock()
            raise
        return True

    def unlock(self) -> None:
        """Lets the folder go."""
        if self._lock is not None:
            with suppress(OSError):
                self._address_file.unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    def busy(self) -> Conflict:
        """The error for a folder that another process runs."""
        return Conflict(
            ErrorCode.DATA_FOLDER_BUSY,
            sentence("another process runs a platform in {folder}", folder=self.folder),
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

    def former_server(self) -> str:
        """The server that ran in this folder last, among others on its database; empty if none did."""
        try:
            return self._server_file.read_text().strip()
        except (OSError, UnicodeError):
            return ""

    def remember_server(self, server: str) -> None:
        """Notes the server that runs in this folder now.

        Raises:
            FilesError: the disk is full or refuses.
        """
        self.write_private(self._server_file, f"{server}\n")

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
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE_FILE)
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
            raise self._failed(sentence("refuses {file}", file=path.name), error) from error

    def _tidy(self) -> None:
        """Takes away what a process that was killed here could not."""
        self._address_file.unlink(missing_ok=True)
        for path in self.folder.iterdir():
            if _DRAFT.fullmatch(path.name):
                path.unlink(missing_ok=True)

    def _close_to_others(self, path: Path, mode: int) -> None:
        """Takes away what others may do with the folder or a file in it.

        Raises:
            FilesError: it is somebody else's, or the folder is not one of ours.
        """
        found = stat.S_IMODE(path.stat().st_mode)
        if not found & _OTHERS:
            return
        if path == self.folder and not self._is_ours():
            raise self._open_to_others(path, "is not a platform's, and others can read it")
        try:
            path.chmod(mode)
        except OSError as error:
            raise self._open_to_others(
                path, sentence("can be read by others: {strerror}", strerror=reason_of(error))
            ) from error
        _events.say("warning", "closed-to-others", path=str(path), was=f"{found:04o}", now=f"{mode:04o}")

    def _is_ours(self) -> bool:
        """Whether the folder is a platform's, or nobody's yet."""
        names = {path.name for path in self.folder.iterdir()}
        return self.holds_platform() or names <= {self.settings_file.name}

    def _open_to_others(self, path: Path, what: str) -> FilesError:
        return FilesError(
            ErrorCode.FILES_FAILED,
            sentence("{path} {what}; a platform's folder holds secrets", path=path, what=as_sentence(what)),
            subject=str(path),
            hint=sentence(
                "choose another folder with --data, or have its owner run: chmod -R go= {folder}",
                folder=self.folder,
            ),
        )

    def _failed(self, what: str, error: OSError) -> FilesError:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        return FilesError(
            ErrorCode.DISK_FULL if full else ErrorCode.FILES_FAILED,
            sentence(
                "the data folder {folder} {what}: {strerror}",
                folder=self.folder,
                what=as_sentence(what),
                strerror=reason_of(error),
            ),
            subject=str(self.folder),
            hint="make room on its disk, or choose another folder with --data"
            if full
            else "choose another folder with --data, or look at the disk of this one",
        )


def unreadable(path: Path) -> FilesError:
    """The error for something that is another user's."""
    return FilesError(
        ErrorCode.FILES_FAILED,
        sentence("{path} cannot be read by this user", path=path),
        subject=str(path),
        hint="run this as the user that the platform runs as",
    )
