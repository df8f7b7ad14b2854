"""backup, verify, restore, database: keep a whole platform in a file, and move it to another place."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from msgspec import structs

from jobferry.api.native.platform import VERSION
from jobferry.cli.call import Call, command, group
from jobferry.cli.files import OBJECT_SCHEME, new_file, opened, remove_abandoned_drafts, replacing
from jobferry.cli.hosting import platform_settings
from jobferry.cli.login import asked_secret
from jobferry.cli.problems import DONE, NOT_VERIFIED
from jobferry.cli.session import data_folder
from jobferry.cli.show.out import when
from jobferry.errors import Conflict, ErrorCode, InvalidRequest
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from jobferry.backup.archive import BackupHead
    from jobferry.backup.restore import KeyFrom
    from jobferry.bootstrap.home import Home
    from jobferry.bootstrap.settings import PlatformSettings

BackupFile = Annotated[
    str, typer.Argument(metavar="FILE", help="The backup: a file, or obs://bucket/key in an object store.")
]
WithKey = Annotated[
    bool, typer.Option("--with-key", help="The backup's own key, which a passphrase seals and opens.")
]
Stdin = Annotated[bool, typer.Option("--stdin", help="Read the passphrase from stdin: its first line.")]
KeyFile = Annotated[
    Path | None,
    typer.Option("--key-file", metavar="FILE", help="The file key of the platform's data folder."),
]
Unauthenticated = Annotated[
    bool,
    typer.Option("--unauthenticated", help="Restore a backup without a MAC too; the audit records it."),
]
_UNKNOWN_MAKER = "nothing vouches for this backup: anyone who could write the file may have made it"
_NO_MAC = "not authenticated: the backup has no MAC, as those of older versions"
_PASSPHRASE = "passphrase"  # noqa: S105 - what is asked for
_HINT = "type it at the prompt, or give it on stdin with --stdin"
_SQLITE = "sqlite"


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    command(app, "backup", without=("server", "workspace"))(backup)
    command(app, "verify", without=("server", "workspace"))(verify)
    command(app, "restore", without=("server", "workspace"))(restore)
    command(
        group(app, "database", "The database of a data folder."), "copy", without=("server", "workspace")
    )(copy)


def backup(call: Call, file: BackupFile, *, with_key: WithKey = False, stdin: Stdin = False) -> None:
    """Write a platform into one file, also while it is running.

    Its database and its files are in it as they are at one moment, but no objects of an object store.
    Without its key, keep a copy of the file key elsewhere: nothing else opens what is sealed.
    """
    from jobferry.backup.take import take
    from jobferry.bootstrap.home import Home

    phrase = asked_secret(_PASSPHRASE, from_stdin=stdin, hint=_HINT, twice=True) if with_key else ""
    home = Home(data_folder(call))
    settings = platform_settings(home.settings_file, call.config)
    home.require_platform()
    with _written(call, home, settings, file) as write:
        head = take(home, settings, write, program=VERSION, at=time.time_ns() // 1_000_000, passphrase=phrase)
    _tell(call, head, call.out.say("wrote {file}", file=file))
    if not head.has_key:
        told = "the key is not in it: keep a copy of {file} elsewhere"
        place = "JOBFERRY_KEY" if settings.key.get_secret_value() else settings.key_file or home.key_file
        call.out.note(call.out.say(told, file=place))


def verify(
    call: Call,
    file: BackupFile,
    *,
    with_key: WithKey = False,
    stdin: Stdin = False,
    key_file: KeyFile = None,
) -> int:
    """Look at every row, text and file of a backup.

    It is restored into a folder that is deleted again. With a key, who made it and the audit are verified
    too. Exit code 11 if the backup has no MAC, as those of older versions.
    """
    from jobferry.backup.verify import verify as verified
    from jobferry.bootstrap.home import Home

    source = _key(with_key=with_key, stdin=stdin, file=key_file)
    home = Home(data_folder(call))
    with _read(home, lambda: platform_settings(home.settings_file, call.config), file) as stream:
        found = verified(stream, _name(file), source)
    told = {
        **structs.asdict(found.head),
        "rows": found.head.rows,
        "texts": found.texts,
        "audit_rows": found.audit_rows,
        "authenticated": found.has_mac and (None if found.audit_rows is None else True),
    }
    told.pop("groups")
    call.out.value(told | {"files": len(found.head.files)})
    out = call.out
    out.line(_what(call, found.head))
    out.line(
        out.say(
            "all is as it was written: {rows:,} rows, {texts:,} texts, {files:,} files",
            rows=found.head.rows,
            texts=found.texts,
            files=len(found.head.files),
        )
    )
    if found.audit_rows is None:
        out.note(out.say("the audit was not verified: that takes the key (--with-key or --key-file)"))
    else:
        out.line(out.say("the audit is whole: {count:,} rows", count=found.audit_rows))
    if not found.has_mac:
        out.line(out.say(_NO_MAC), "bold red")
        return NOT_VERIFIED
    if found.audit_rows is None:
        out.note(out.say(_UNKNOWN_MAKER))
    else:
        out.line(out.say("the backup is authenticated by the platform's key"))
    return DONE


def restore(
    call: Call,
    file: BackupFile,
    *,
    with_key: WithKey = False,
    stdin: Stdin = False,
    key_file: KeyFile = None,
    unauthenticated: Unauthenticated = False,
) -> None:
    """Make a platform of a backup, in a new or empty folder.

    If JOBFERRY_DATABASE names a database, that has to be empty and gets the tables.
    """
    from jobferry.backup.restore import restore as restored
    from jobferry.bootstrap.home import Home

    home = Home(data_folder(call))
    source = _key(with_key=with_key, stdin=stdin, file=key_file)._replace(is_trusted=unauthenticated)
    settings = platform_settings(config=call.config)
    with _read(home, lambda: settings, file) as stream:
        head, is_authenticated = restored(stream, _name(file), home, settings, source)
    _tell(call, head, call.out.say("restored into {folder}", folder=home.folder))
    if not is_authenticated:
        call.out.note(call.out.say(_UNKNOWN_MAKER))
    if not home.key_file.exists():
        told = "the key is not in the backup: put the platform's file key into {folder} before you start it"
        call.out.note(call.out.say(told, folder=home.folder))


def copy(
    call: Call,
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="URL|sqlite", help="An empty PostgreSQL database, or that of the data folder."
        ),
    ],
) -> None:
    """Copy a platform's database into another one, and compare every row.

    The platform must not be running.
    """
    from jobferry.bootstrap.home import Home

    home = Home(data_folder(call))
    settings = platform_settings(home.settings_file, call.config)
    home.require_platform()
    _refuse_target(to, settings)
    if not home.lock():
        raise home.busy()
    try:
        tables = _copied(home, settings, to)
    finally:
        home.unlock()
    call.out.value({"to": to, "tables": tables, "rows": sum(tables.values())})
    call.out.line(
        call.out.say(
            "copied and compared: {rows:,} rows in {tables:,} tables",
            rows=sum(tables.values()),
            tables=len(tables),
        )
    )
    if to == _SQLITE:
        call.out.note(call.out.say("start the platform without JOBFERRY_DATABASE from now on"))
    else:
        call.out.note(call.out.say("start the platform with JOBFERRY_DATABASE set to it from now on"))


def _refuse_target(to: str, settings: PlatformSettings) -> None:
    """Raises: InvalidRequest, Conflict: a database is not copied to there."""
    if to == _SQLITE and not settings.database:
        raise Conflict(
            ErrorCode.DATABASE_NOT_EMPTY,
            "this platform is in SQLite already",
            hint="name its database with JOBFERRY_DATABASE",
        )
    if to != _SQLITE and not to.startswith(("postgresql:", "postgres:")):
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("{to} is not the address of a PostgreSQL database", to=repr(to)),
            subject=to,
            hint="write postgresql://user@host/database, or sqlite for the data folder",
        )


def _copied(home: Home, settings: PlatformSettings, to: str) -> dict[str, int]:
    from jobferry.backup.restore import copy_database, copy_into_folder

    if to == _SQLITE:
        copied = copy_into_folder(home, settings)
    else:
        copied = copy_database(home, settings, {"platform": to, "tasks": to})
    return {name: made.rows for name, made in copied}


@contextmanager
def _written(
    call: Call, home: Home, settings: PlatformSettings, file: str
) -> Iterator[Callable[[bytes], None]]:
    """Takes a backup's content in pieces; it is there when all of it was taken, and never else."""
    if file.startswith(OBJECT_SCHEME):
        from jobferry.bootstrap.backup_places import backup_object

        with backup_object(home, settings, file) as write:
            yield write
        return
    remove_abandoned_drafts(Path(file))
    with replacing(call, Path(file)), new_file(Path(file), private=True) as write:
        yield write


@contextmanager
def _read(home: Home, settings: Callable[[], PlatformSettings], file: str) -> Iterator[BinaryIO]:
    """A backup; settings are asked where its store is, if it lies in one."""
    if file.startswith(OBJECT_SCHEME):
        from jobferry.bootstrap.backup_places import fetched_backup

        with fetched_backup(home, settings(), file) as stream:
            yield stream
        return
    with opened(Path(file)) as stream:
        yield stream


def _name(file: str) -> str:
    return file.rpartition("/")[2]


def _key(*, with_key: bool, stdin: bool, file: Path | None) -> KeyFrom:
    from jobferry.backup.restore import KeyFrom

    if with_key and file is not None:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "--with-key and --key-file name two keys",
            hint="give one of them only",
        )
    phrase = asked_secret(_PASSPHRASE, from_stdin=stdin, hint=_HINT) if with_key else ""
    return KeyFrom(phrase, file)


def _tell(call: Call, head: BackupHead, done: str) -> None:
    told = structs.asdict(head) | {"rows": head.rows, "files": len(head.files)}
    told.pop("groups")
    call.out.value(told)
    call.out.line(done)
    call.out.line(_what(call, head))


def _what(call: Call, head: BackupHead) -> str:
    return call.out.say(
        "the platform {name} as it was at {at}: {rows:,} rows, {files:,} files",
        name=head.platform_name,
        at=when(head.made_at),
        rows=head.rows,
        files=len(head.files),
    )
