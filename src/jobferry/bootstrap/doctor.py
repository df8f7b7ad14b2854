"""Looks a platform over, served or not, and says of each part what is wrong and what to do.

It changes nothing and takes no lock. What it cannot look at because something else is wrong is left out.
"""

from __future__ import annotations

import resource
import shutil
import stat
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from jobferry.bootstrap.backup_places import backup_place
from jobferry.bootstrap.data_key import data_key, refuse_other_key
from jobferry.bootstrap.home import Home, unreadable
from jobferry.bootstrap.object_storage import Reach, objects_folder, reach_packages, stores_to_reach
from jobferry.bootstrap.object_stores import SERVICE
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.bootstrap.sign_in_provider import provider_settings, sign_in_provider
from jobferry.bootstrap.webhook_receiver import webhook_receiver
from jobferry.errors import Conflict, ErrorCode, FilesError, JobferryError, StoreError
from jobferry.files.paths import s3_place
from jobferry.model.document.times import written
from jobferry.model.object_stores import bucket_names
from jobferry.model.platform_settings import PlatformValues, read_platform_settings
from jobferry.oidc.provider import Provider
from jobferry.sentences import Sentence, as_sentence, sentence
from jobferry.store import Store

_OTHERS = 0o077
_LITTLE = 100 * 1024 * 1024
_ENOUGH = 1024 * 1024 * 1024
_MIB = 1024 * 1024
_SECONDS_AHEAD = 300
_OTHER_FILES = 256
_CONNECTIONS = 80
"""As many as one process may open to PostgreSQL, and some for others."""
_BACKUP_LATE_MS = 26 * 60 * 60 * 1000
_RISKY = {"fsync": "on", "full_page_writes": "on"}


class Look(NamedTuple):
    """One part that was looked at. ``error`` is None where nothing is wrong; one that is a ``warning`` does
    not keep the platform from working."""

    part: str
    message: Sentence
    error: JobferryError | None = None
    is_warning: bool = False


class _Weak(Exception):
    """Something that works and is not as it should be."""

    def __init__(self, error: JobferryError) -> None:
        super().__init__(error.message)
        self.error = error


def examine(home: Home, settings: PlatformSettings, now: int) -> Iterator[Look]:
    """Looks at one part after the other; ``now`` is in milliseconds since 1970."""
    yield _looked("rights", lambda: _rights(home, settings))
    yield _looked("disk", lambda: _disk(home))
    yield _looked("files", lambda: _open_files(settings))
    default, *named = stores_to_reach(home, settings).items()
    yield _looked("objects", partial(_objects, *default))
    for name, reach in named:
        yield _looked(f"store {name}", partial(_store, home, settings, name, reach))
    if s3_place(settings.packages):
        yield _looked("packages", lambda: _packages(home, settings))
    if provider := sign_in_provider(settings):
        yield _looked("sign-in", lambda: _answering(provider))
    store = Store(settings.database or str(home.database), patience=settings.patience)
    try:
        database = _looked("database", lambda: _database(home, settings, store))
        yield database
        if database.error is not None:
            return
        schema = _looked("schema", lambda: _schema(store))
        yield schema
        if settings.database:
            yield _looked("postgresql", lambda: _postgresql(store))
        if schema.error is None:
            yield _looked("key", lambda: _key(home, settings, store))
            yield _looked("clock", lambda: _clock(store, now))
            if place := _backup_values(store).backup_place:
                yield _looked("backups", partial(_backups, home, settings, store, place, now))
            if settings.oidc_issuer:
                yield _looked("confirmations", lambda: _confirmations(store, settings, now))
            if settings.webhook_url.get_secret_value():
                yield _looked("webhook", lambda: _webhook(settings, store))
    finally:
        store.close()


def _looked(part: str, look: Callable[[], Sentence]) -> Look:
    try:
        return Look(part, look())
    except _Weak as weak:
        return Look(part, weak.error.message, weak.error, is_warning=True)
    except JobferryError as error:
        return Look(part, error.message, error)


def _rights(home: Home, settings: PlatformSettings) -> Sentence:
    """The folder's and its files' modes; a named key and settings file are secrets, too."""
    named = [Path(settings.key_file)] if settings.key_file else []
    try:
        found = [home.folder, *(path for path in home.folder.iterdir() if path.is_file()), *named]
        modes = {path: stat.S_IMODE(path.stat().st_mode) for path in found if path.exists()}
        home.refuse_unwritable()
    except PermissionError as error:
        raise unreadable(Path(error.filename)) from error
    opened = [str(path) for path, mode in modes.items() if mode & _OTHERS]
    if opened:
        raise _files(
            sentence("others can read or write {paths}", paths=opened[:3]),
            home.folder,
            sentence("run: chmod -R go= {folder}", folder=home.folder),
        )
    return sentence("{folder} is its owner's alone", folder=home.folder)


def _disk(home: Home) -> Sentence:
    free = shutil.disk_usage(home.folder).free
    told = sentence("{free:,} MiB are free for {folder}", free=free // _MIB, folder=home.folder)
    if free < _LITTLE:
        raise FilesError(
            ErrorCode.DISK_FULL, told, subject=str(home.folder), hint="make room: 1 GiB should be free"
        )
    if free < _ENOUGH:
        raise _Weak(
            FilesError(
                ErrorCode.DISK_FULL, told, subject=str(home.folder), hint="make room: 1 GiB should be free"
            )
        )
    return told


def _open_files(settings: PlatformSettings) -> Sentence:
    most, wanted = resource.getrlimit(resource.RLIMIT_NOFILE)[0], settings.connections + _OTHER_FILES
    told = sentence("what is started from here may open {most:,} files", most=most)
    if most < wanted:
        raise _Weak(
            _files(
                told, None, sentence("allow {wanted:,} (ulimit -n, LimitNOFILE of the unit)", wanted=wanted)
            )
        )
    return told


def _objects(_: str, reach: Reach) -> Sentence:
    reach()
    return sentence("object storage answers")


def _store(home: Home, settings: PlatformSettings, name: str, reach: Reach) -> Sentence:
    """A folder that is called like a bucket of a service has objects that nobody sees."""
    reach()
    buckets = bucket_names(settings.stores[name].buckets)
    for bucket in buckets if settings.objects != SERVICE else ():
        if (folder := objects_folder(home, settings) / bucket).exists():
            raise _Weak(
                _files(
                    sentence(
                        "nobody sees what is in {folder}: the bucket {bucket} is in the object store {store}",
                        folder=folder,
                        bucket=bucket,
                        store=name,
                    ),
                    folder,
                    "move them into that bucket, and the folder away",
                )
            )
    return sentence(
        "the object store {store} answers, with its buckets {buckets}", store=name, buckets=buckets
    )


def _packages(home: Home, settings: PlatformSettings) -> Sentence:
    reach_packages(home, settings)
    return sentence("the package store {place} answers", place=settings.packages)


def _answering(provider: Provider) -> Sentence:
    provider.discovery()
    return sentence("the sign-in provider {issuer} answers", issuer=provider.issuer)


def _database(home: Home, settings: PlatformSettings, store: Store) -> Sentence:
    if not settings.database and not home.database.exists():
        raise StoreError(
            ErrorCode.STORE_FAILED,
            sentence("the database {file} is not there", file=home.database),
            subject=str(home.database),
            hint="restore it from a backup; a first start that was cut off makes it anew",
        )
    with store.read() as snapshot:
        return sentence("{server} answers", server=snapshot.server())


def _schema(store: Store) -> Sentence:
    present, head = store.revision()
    if present != head:
        raise _Weak(
            Conflict(
                ErrorCode.DATA_FOLDER_OLDER,
                sentence("the tables are at {present}, this program's at {head}", present=present, head=head),
                hint="back up, then start the platform: that upgrades them",
            )
        )
    return sentence("the tables are at {head}", head=head)


def _postgresql(store: Store) -> Sentence:
    with store.read() as snapshot:
        found = snapshot.server_settings((*_RISKY, "max_connections"))
    for name, wanted in _RISKY.items():
        if found.get(name) != wanted:
            raise _Weak(
                StoreError(
                    ErrorCode.STORE_FAILED,
                    sentence(
                        "{name} is {value}: a crash of the server can lose what was written",
                        name=name,
                        value=found.get(name, ""),
                    ),
                    subject=name,
                    hint=sentence("set {name} = {wanted} in postgresql.conf", name=name, wanted=wanted),
                )
            )
    most = int(found["max_connections"])
    told = sentence("the server takes {most:,} connections", most=most)
    if most < _CONNECTIONS:
        raise _Weak(
            StoreError(
                ErrorCode.STORE_BUSY,
                told,
                subject="max_connections",
                hint=sentence(
                    "set {name} = {wanted} in postgresql.conf", name="max_connections", wanted=_CONNECTIONS
                ),
            )
        )
    return told


def _key(home: Home, settings: PlatformSettings, store: Store) -> Sentence:
    refuse_other_key(store, data_key(home, settings))
    return sentence("the key belongs to the database")


def _clock(store: Store, now: int) -> Sentence:
    with store.read() as snapshot:
        last = snapshot.audit.last()
    ahead = (last.event.at - now) // 1000 if last else 0
    if ahead > _SECONDS_AHEAD:
        raise StoreError(
            ErrorCode.STORE_FAILED,
            sentence(
                "this machine's clock is {seconds:second} behind the database's last row", seconds=ahead
            ),
            hint="set the clock, such as with chrony or systemd-timesyncd, before the platform writes more",
        )
    return sentence("the clock is not behind the database")


def _backup_values(store: Store) -> PlatformValues:
    with store.read() as snapshot:
        return read_platform_settings(snapshot.platform_settings(), {})


def _backups(home: Home, settings: PlatformSettings, store: Store, place: str, now: int) -> Sentence:
    """A place that cannot be reached is an error; that the last one is old or failed, a warning."""
    backup_place(home, settings, place).entries()
    with store.read() as snapshot:
        last, good = snapshot.backups.last(), snapshot.backups.last_good()
    told = (
        sentence("the last good backup is {path}, of {at}", path=good.path, at=written(good.ended_at))
        if good
        else sentence("no backup was taken yet into {place}", place=place)
    )
    if last is not None and last.said:
        told = sentence("{told}; the last one failed: {reason}", told=told, reason=as_sentence(last.said))
    elif good is None or now - good.ended_at < _BACKUP_LATE_MS:
        return told
    raise _Weak(_files(told, None, "check the place and its room; a served platform tries again every hour"))


def _confirmations(store: Store, settings: PlatformSettings, now: int) -> Sentence:
    with store.read() as snapshot:
        users = snapshot.people.confirmed_between(*provider_settings(settings).due(now), now=now)
    if not users:
        return sentence("no user's tokens and keys stop working within seven days")
    names = [user.name for user in users]
    message = sentence("tokens and keys stop working within seven days for {users}", users=names)
    hint = "have these users sign in to the console by the provider"
    raise _Weak(Conflict(ErrorCode.NOT_SIGNED_IN, message, subject=names[0], hint=hint))


def _webhook(settings: PlatformSettings, store: Store) -> Sentence:
    webhook_receiver(settings)
    with store.read() as snapshot:
        waiting = snapshot.deliveries.waiting()
    if not waiting.said:
        return sentence("{count:call} of the webhook waiting", count=waiting.total)
    raise _Weak(
        StoreError(
            ErrorCode.STORE_BUSY,
            sentence(
                "{count:call} of the webhook waiting; the receiver did not take the oldest: {reason}",
                count=waiting.total,
                reason=as_sentence(waiting.said),
            ),
            subject="JOBFERRY_WEBHOOK_URL",
            hint="check the address, and whether the receiver has the same secret; what waits is sent again",
        )
    )


def _files(message: Sentence, path: Path | None, hint: str) -> FilesError:
    return FilesError(ErrorCode.FILES_FAILED, message, subject=str(path or ""), hint=hint)
