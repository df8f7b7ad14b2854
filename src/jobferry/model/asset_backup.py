"""Asset backups of a workspace: their records, their folders, and the file that makes a folder one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import msgspec

from jobferry.errors import ErrorCode, PackageRefused
from jobferry.model.document.text import doubled_key, without_bom
from jobferry.model.document.times import clock_of
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.package import Need
from jobferry.model.printable import printable
from jobferry.model.task import TaskStatus
from jobferry.model.transfer.mapping import Mapping
from jobferry.sentences import Sentence, sentence

CONTENTS_NAME = "backup.json"
CONTENTS_FORMAT = 1
"""The newest form of ``backup.json`` that this program writes and reads."""
CONTENTS_BYTES = 16 * 1024 * 1024
"""More than that ``backup.json`` never has."""
VARIABLES_FOLDER = "1_env"
OBJECT_FOLDERS: dict[str, tuple[str, tuple[ObjectKind, ...]]] = {
    "2_resources": ("resources", (ObjectKind.RESOURCE,)),
    "3_scripts": ("scripts", (ObjectKind.SCRIPT,)),
    "4_jobs": ("jobs", (ObjectKind.JOB, ObjectKind.CDM)),
}
"""By sub-folder: what its file is called, and the kinds in it. CDM definitions lie with the jobs."""
FOLDERS = (VARIABLES_FOLDER, *OBJECT_FOLDERS)
NAMED_KINDS = {
    "connections": NeedKind.CONNECTION,
    "databases": NeedKind.DATABASE,
    "clusters": NeedKind.CLUSTER,
}
"""The names that ``backup.json`` lets people edit, by the field they stand in."""

_NAME = re.compile(r"(\d{4}-\d\d-\d\d)(_\d\d-\d\d-\d\d)?\Z", re.ASCII)
_FILE = re.compile(rf"({'|'.join(FOLDERS)})/(variables|resources|scripts|jobs)-[0-9a-f]{{8}}\.zip\Z")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_SHOWN = 200


class AssetBackup(msgspec.Struct, frozen=True, kw_only=True):
    """One backup as the platform remembers it. Times are in ms, ``size`` in bytes.

    ``name`` is that of its folder, ``place`` the whole folder. ``day`` is what it is the backup of, empty if
    somebody took it at once. ``attempts`` counts the tries.
    """

    id: str
    workspace_id: str
    name: str
    place: str
    task_id: str
    created_by: str
    started_at: int
    day: str = ""
    ended_at: int = 0
    status: TaskStatus = TaskStatus.RUNNING
    attempts: int = 1
    objects: int = 0
    size: int = 0
    reason: str = ""


class BackupFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of a backup by its path in the folder; ``size`` in bytes, ``objects`` how many it holds."""

    path: str
    objects: int
    size: int
    sha256: str


class BackupContents(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``backup.json``. Names by the names that the backup uses: what stands to the right may be edited.

    ``taken_at`` is in ms.
    """

    format: int
    workspace: str
    platform_id: str
    platform_name: str
    taken_at: int
    connections: dict[str, str] = {}
    databases: dict[str, str] = {}
    clusters: dict[str, str] = {}
    files: tuple[BackupFile, ...] = ()

    @property
    def objects(self) -> int:
        """How many things it holds."""
        return sum(file.objects for file in self.files)

    @property
    def size(self) -> int:
        """How many bytes its files have together."""
        return sum(file.size for file in self.files)

    @property
    def encoded(self) -> bytes:
        """The same as the text of the file, indented for whoever edits it."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"

    def names(self) -> dict[NeedKind, dict[str, str]]:
        """All names with what each is to be called, by kind."""
        return {kind: getattr(self, field) for field, kind in NAMED_KINDS.items()}

    @property
    def mapping(self) -> Mapping:
        """What was edited, as imports take it."""
        edited = {
            kind: {former: name for former, name in pairs.items() if name != former}
            for kind, pairs in self.names().items()
        }
        return Mapping({kind: pairs for kind, pairs in edited.items() if pairs})


_contents = msgspec.json.Decoder(BackupContents)
_loose = msgspec.json.Decoder(dict[str, object])


def names_used(needs: Iterable[Need]) -> dict[str, dict[str, str]]:
    """The names that people may edit, as ``backup.json`` has them at first: each stands for itself."""
    used = {(need.kind, need.name) for need in needs if need.name}
    return {
        field: {name: name for _, name in sorted(pair for pair in used if pair[0] is kind)}
        for field, kind in NAMED_KINDS.items()
    }


def read_contents(text: bytes, place: str) -> BackupContents:
    """What a ``backup.json`` says that somebody may have edited.

    Raises:
        PackageRefused: it is from a newer program (``package-format-newer``), or cannot be read
            (``package-unreadable``); the message says where.
    """
    text = without_bom(text)
    try:
        found = _loose.decode(text).get("format")
        if isinstance(found, int) and found > CONTENTS_FORMAT:
            raise _newer(place, found)
        contents = _contents.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise unreadable(place, printable(str(error))[:_SHOWN]) from None
    if (doubled := doubled_key(text)) is not None:
        raise unreadable(place, sentence("it has the key {doubled} twice in one object", doubled=doubled))
    if fault := _fault(contents):
        raise unreadable(place, fault)
    return contents


def _fault(contents: BackupContents) -> Sentence | str:
    if contents.format < 1:
        return sentence("format number {format} never existed", format=contents.format)
    for kind, pairs in contents.names().items():
        if empty := next((former for former, name in pairs.items() if not name.strip()), None):
            return sentence("the {kind} {name} has no name to be called by", kind=kind, name=empty)
    for file in contents.files:
        if not _FILE.match(file.path) or not _DIGEST.match(file.sha256) or min(file.size, file.objects) < 0:
            return sentence("{path} is no file of a backup", path=printable(file.path)[:_SHOWN])
    if len({file.path.partition("/")[0] for file in contents.files}) < len(contents.files):
        return sentence("it names two files in one sub-folder")
    return ""


def unreadable(place: str, reason: str) -> PackageRefused:
    """The error for a ``backup.json`` that cannot be read."""
    return PackageRefused(
        ErrorCode.PACKAGE_UNREADABLE,
        sentence("{place}: is not readable: {reason}", place=place, reason=reason),
        subject=place,
        hint="only the names to the right may be edited; undo what else was, or take another backup",
    )


def _newer(place: str, found: int) -> PackageRefused:
    return PackageRefused(
        ErrorCode.PACKAGE_FORMAT_NEWER,
        sentence(
            "{place}: the backup has format {found}; formats up to {newest} are read here",
            place=place,
            found=found,
            newest=CONTENTS_FORMAT,
        ),
        subject=place,
        hint="update this Jobferry",
    )


def file_of(folder: str, stem: str, mark: str) -> str:
    """The path of a file in a backup. The ``mark`` (8 hexadecimal digits) is of one try: two never write one
    file."""
    return f"{folder}/{stem}-{mark}.zip"


def is_backup_file(path: str) -> bool:
    """Whether a path in a backup's folder is of a file that a backup has."""
    return _FILE.match(path) is not None


def day_of(name: str) -> date | None:
    """The day that a backup is of, by its name; none for what is no such name."""
    found = _NAME.match(name)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def name_at(now: int, zone: str) -> str:
    """What a backup is called that somebody takes at once."""
    return _local(now, zone).strftime("%Y-%m-%d_%H-%M-%S")


def today(now: int, zone: str) -> date:
    """The day that it is in a zone."""
    return _local(now, zone).date()


def yesterday(now: int, zone: str) -> str:
    """The last day that is over in a zone."""
    return (today(now, zone) - timedelta(days=1)).isoformat()


def next_midnight(now: int, zone: str) -> int:
    """When the day is over in a zone, in ms."""
    tomorrow = today(now, zone) + timedelta(days=1)
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=clock_of(zone) or UTC)
    return round(midnight.timestamp() * 1000)


def _local(now: int, zone: str) -> datetime:
    return datetime.fromtimestamp(now / 1000, clock_of(zone) or UTC)
