"""Directories of jobs, of scripts and of resources: one level of the tree; create, rename, move, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from jobferry.api.calls import Body, Calls, Limit, Offset
from jobferry.api.native.call import Placed
from jobferry.model.directories import DirectoryCount
from jobferry.model.kinds import ObjectKind

if TYPE_CHECKING:
    from jobferry.services.directories import Moved

api = Calls("/api/workspaces/{workspace}/directories", tag="objects")


class DirectoryList(Struct, frozen=True):
    """One directory with its counts, and one page of those directly in it, by path."""

    parent: DirectoryCount
    total: int
    items: list[DirectoryCount]


class MovedDirectory(Struct, frozen=True):
    """A directory at its new place, and how many objects lie in it and below."""

    path: str
    objects: int


class NewDirectory(Body):
    """Where a directory is to be made; those above it are made with it."""

    path: str


class DirectoryRename(Body):
    """A directory and the name that its last part is to be."""

    path: str
    name: str
    take_locks: bool = False


class DirectoryMove(Body):
    """A directory and the one that it is to lie in."""

    path: str
    parent: str
    take_locks: bool = False


@api.get("/{kind}")
def list_directories(
    call: Placed, kind: ObjectKind, parent: str = "/", offset: Offset = 0, limit: Limit = 1000
) -> DirectoryList:
    """The directories directly in one, with how many objects and directories lie in each."""
    level = call.platform.directories.level(call.grant, kind, parent)
    return DirectoryList(level.parent, len(level.children), level.children[offset : offset + limit])


@api.post("/{kind}", status=201)
def create_directory(call: Placed, kind: ObjectKind, body: NewDirectory) -> DirectoryCount:
    """Makes an empty directory."""
    return call.platform.directories.create(call.grant, kind, body.path)


@api.post("/{kind}/rename")
def rename_directory(call: Placed, kind: ObjectKind, body: DirectoryRename) -> MovedDirectory:
    """Gives a directory another name. The drafts of all objects below say their new place: all or nothing.

    Their locks have to be the caller's; `take_locks` takes those that nobody holds.
    """
    renaming = call.platform.directories.rename
    return _moved(renaming(call.grant, kind, body.path, body.name, take_locks=body.take_locks))


@api.post("/{kind}/move")
def move_directory(call: Placed, kind: ObjectKind, body: DirectoryMove) -> MovedDirectory:
    """Puts a directory with all that lies in it into another one; as a rename for the rest."""
    moving = call.platform.directories.move
    return _moved(moving(call.grant, kind, body.path, body.parent, take_locks=body.take_locks))


@api.delete("/{kind}")
def delete_directory(call: Placed, kind: ObjectKind, path: str) -> None:
    """Deletes a directory in which nothing lies."""
    call.platform.directories.delete(call.grant, kind, path)


def _moved(moved: Moved) -> MovedDirectory:
    return MovedDirectory(moved.path, moved.objects)
