"""The key that seals a platform's secrets: where it comes from, and that it belongs to the database.

It is the file ``key`` in the data folder, unless the settings name another file or give the key itself. The
database holds the platform's id sealed with it: another key is refused before anything is written.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from jobferry.access.chain import Chain
from jobferry.access.sealing import Sealer, whole_key
from jobferry.bootstrap.home import ANCHORED, Home
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.errors import Conflict, ErrorCode, StoreError
from jobferry.events import Events
from jobferry.model.audit import AuditEnd
from jobferry.sentences import reason_of, sentence
from jobferry.store import Store

_events = Events("start")


def data_key(home: Home, settings: PlatformSettings | None = None) -> bytes:
    """The key of a data folder, or the one that the settings give.

    A lost key is never made anew: what is sealed could not be opened with it.

    Raises:
        StoreError: it is not there, or is no key.
    """
    if settings is not None and (text := settings.key.get_secret_value()):
        return _key_in(home, text, "JOBFERRY_KEY")
    file = _file(home, settings)
    try:
        text = file.read_text()
    except (OSError, UnicodeError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else sentence("it is damaged")
        raise _unreadable(home, str(file), reason) from error
    return _key_in(home, text, str(file))


def key_text(home: Home, settings: PlatformSettings) -> str:
    """The key as a file ``key`` holds it; a backup takes it along.

    Raises:
        StoreError: it is not there, or is no key.
    """
    anchored = f"{ANCHORED}\n" if home.promises_anchor() else ""
    return f"{data_key(home, settings).hex()}\n{anchored}"


def ensure_key(home: Home, settings: PlatformSettings, store: Store) -> None:
    """Makes the key of a data folder whose platform is not founded yet; one that the settings name is theirs.

    Raises:
        FilesError: the disk is full or refuses.
        StoreError: the database cannot be read.
    """
    with store.read() as snapshot:
        founded = snapshot.platform() is not None
    is_ours = not settings.key_file and not settings.key.get_secret_value()
    if is_ours and not founded and not home.key_file.exists():
        home.write_private(home.key_file, secrets.token_hex(32))
        _events.debug("sealing-key-written")


def refuse_other_key(store: Store, key: bytes) -> None:
    """Raises: Conflict: the database belongs to a platform with another key (``key-refused``).

    A database from before there was a check value is held against the end of its audit.
    """
    with store.read() as snapshot:
        platform, check, end = snapshot.platform(), snapshot.key_check(), snapshot.audit.end()
    if platform is None:
        return
    try:
        if check is not None:
            fits = Sealer(key).unseal(check) == platform.id.encode()
        else:
            fits = end == AuditEnd() or Chain(key).is_end(end)
    except StoreError:
        fits = False
    if not fits:
        raise Conflict(
            ErrorCode.KEY_REFUSED,
            sentence("the key does not belong to the platform {name} in this database", name=platform.name),
            subject=platform.name,
            hint="give the key that this platform was made with: its file key, or JOBFERRY_KEY or "
            "JOBFERRY_KEY_FILE; nothing was changed",
        )


def refuse_other_sqlite(home: Home, store: Store) -> None:
    """Refuse a data folder that holds the SQLite database of another platform than the one in ``store``.

    After a copy into PostgreSQL both are the same platform.

    Raises:
        Conflict: it does (``data-folder-foreign``).
        StoreError: one of the databases cannot be read.
    """
    if not home.database.exists():
        return
    here = Store(str(home.database))
    try:
        own = here.platform_in_it()
    finally:
        here.close()
    if own is not None and own != store.platform_in_it():
        raise Conflict(
            ErrorCode.DATA_FOLDER_FOREIGN,
            sentence(
                "the data folder {folder} holds the platform {name} in SQLite, "
                "and JOBFERRY_DATABASE names another",
                folder=home.folder,
                name=own.name,
            ),
            subject=str(home.folder),
            hint="copy that database into PostgreSQL first, or name another folder with --data; "
            "nothing was changed",
        )


def remember_key(store: Store, key: bytes) -> None:
    """Puts the check value into a database that has none yet.

    Raises:
        StoreError: the database cannot be written.
    """
    with store.read() as snapshot:
        platform, check = snapshot.platform(), snapshot.key_check()
    if platform is None or check is not None:
        return
    with store.write() as uow:
        uow.save_key_check(Sealer(key).seal(platform.id.encode()))
        uow.commit()
    _events.debug("key-check-written")


def _file(home: Home, settings: PlatformSettings | None) -> Path:
    return Path(settings.key_file) if settings is not None and settings.key_file else home.key_file


def _key_in(home: Home, text: str, origin: str) -> bytes:
    try:
        first, *more = text.split() or [""]
        if more not in ([], [ANCHORED]):
            raise ValueError(more)
        key = bytes.fromhex(first)
    except ValueError:
        raise _unreadable(home, origin, sentence("it is damaged")) from None
    return whole_key(key)


def _unreadable(home: Home, origin: str, reason: str) -> StoreError:
    if origin == str(home.key_file):
        message = sentence(
            "the key of the data folder {folder} cannot be read: {reason}", folder=home.folder, reason=reason
        )
        hint = "put the file key back from a backup of this data folder"
    else:
        message = sentence(
            "the platform's key {origin} cannot be read: {reason}", origin=origin, reason=reason
        )
        hint = "give the key that this platform was made with: 64 hexadecimal digits"
    return StoreError(ErrorCode.STORE_FAILED, message, subject=origin, hint=hint)
