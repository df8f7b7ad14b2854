"""Packages in an object store: how a backup takes them, and how a restore puts them there or takes them back.

In a backup they are called as if they lay in folders, so that either can be restored into the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import msgspec

from jobferry.backup.archive import BackupReader, BackupWriter, FileHead
from jobferry.errors import Conflict, ErrorCode, FilesError, JobferryError
from jobferry.files.package_objects import PackageObjects, is_package_object
from jobferry.sentences import as_sentence, sentence

_PACKAGE = ".zip"
_NAME = ".name"
_MARK = "restoring"
"""Lies in a store while a restore writes there, and names all that it writes: what a killed one has left."""


def packages_of(
    backup: BackupWriter, folder: str, objects: PackageObjects, names: Iterable[str]
) -> Iterator[FileHead]:
    """Adds those packages among these objects that are still there and whole, one after the other.

    Raises:
        FilesError: the store fails.
    """
    listed = set(names)
    for package in sorted(name for name in listed if name.endswith(_PACKAGE)):
        package_id = package.removesuffix(_PACKAGE)
        beside = sorted(name for name in listed if name.startswith(package_id) and name != package)
        noted, content = objects.read(package_id + _NAME), objects.read(package)
        if noted is None or content is None:
            continue
        note = b"".join(noted)
        yield backup.file(f"{folder}/{package}", content)
        yield backup.file(f"{folder}/{package_id}{_NAME}", [note])
        for name in beside:
            other = None if name.endswith(_NAME) else objects.read(name)
            if other is not None:
                yield backup.file(f"{folder}/{name}", other)


def packages_in(backup: BackupReader, folder: str) -> list[FileHead]:
    """The files of a backup that are objects of packages; each package after what lies beside it."""
    begin = f"{folder}/"
    return sorted(
        (
            file
            for file in backup.head.files
            if file.path.startswith(begin) and is_package_object(file.path.removeprefix(begin))
        ),
        key=lambda file: (file.path.endswith(_PACKAGE), file.path),
    )


def refuse_occupied(stores: Iterable[PackageObjects]) -> None:
    """Raises: Conflict: packages lie there that no killed restore has left; FilesError: a store fails."""
    for objects in stores:
        if set(objects.names()) - _left_in(objects):
            raise Conflict(
                ErrorCode.DATA_FOLDER_FOREIGN,
                sentence("{place} holds packages already", place=objects.place),
                subject=objects.place,
                hint="delete them if no platform needs them, or name another place with JOBFERRY_PACKAGES",
            )


@contextmanager
def placed(backup: BackupReader, stores: dict[str, PackageObjects]) -> Iterator[Callable[[], None]]:
    """Puts the packages of a backup into stores; they go again if what is done in the context fails.

    What is given is to be called when all else is done that may take long: packages that a restore leaves
    which is killed before then are removed by the next one.

    Raises:
        FilesError: a store fails; the error says if something is left there.
        PackageRefused: a file is not what the backup says of it (``backup-invalid``).
    """
    placings = [
        _Placing(objects, packages_in(backup, folder), len(folder) + 1) for folder, objects in stores.items()
    ]
    try:
        for placing in placings:
            placing.write(backup)

        def settle() -> None:
            for placing in placings:
                placing.settle()

        yield settle
    except BaseException as error:
        left = [placing.place for placing in placings if not placing.is_taken_back()]
        if left:
            raise _left_behind(error, left) from error
        raise


class _Placing:
    """Packages on their way into one place of a store."""

    def __init__(self, objects: PackageObjects, files: list[FileHead], begin: int) -> None:
        """The names of objects are those of the files from ``begin`` on."""
        self._objects = objects
        self._files = {file.path[begin:]: file for file in files}
        self._written: list[str] = []

    @property
    def place(self) -> str:
        """Where they go."""
        return self._objects.place

    def write(self, backup: BackupReader) -> None:
        """Removes what a killed restore has left, and writes all packages."""
        for name in sorted(_left_in(self._objects), key=_packages_first):
            self._objects.remove(name)
        self._written.append(_MARK)
        self._objects.write(_MARK, [msgspec.json.encode(list(self._files))])
        for name, file in self._files.items():
            self._written.append(name)
            self._objects.write(name, backup.file(file))

    def settle(self) -> None:
        """From now on they are a platform's."""
        self._objects.remove(_MARK)

    def is_taken_back(self) -> bool:
        """Removes what was written, packages before what lies beside them; says whether that went well."""
        try:
            for name in sorted(self._written, key=_packages_first):
                self._objects.remove(name)
        except FilesError:
            return False
        return True


def _left_behind(reason: BaseException, places: list[str]) -> FilesError:
    told = reason.message if isinstance(reason, JobferryError) else str(reason)
    return FilesError(
        ErrorCode.FILES_FAILED,
        sentence(
            "{reason}; packages of the backup are left in {place}",
            reason=as_sentence(told or type(reason).__name__),
            place=places,
        ),
        subject=places[0],
        hint="restore again when the store answers: that removes them first; if it does not, delete "
        "what lies in that place",
    )


def _left_in(objects: PackageObjects) -> set[str]:
    """What a restore that was killed may have left there."""
    content = objects.read(_MARK)
    try:
        names = msgspec.json.decode(b"".join(content), type=list[str]) if content is not None else []
    except msgspec.MsgspecError:
        names = []
    return {name for name in names if is_package_object(name)}


def _packages_first(name: str) -> tuple[int, str]:
    """The mark goes last: it tells of what is still there."""
    return (2 if name == _MARK else 0 if name.endswith(_PACKAGE) else 1), name
