"""directory: the trees in which jobs, scripts and resources lie."""

from __future__ import annotations

from operator import attrgetter
from typing import Annotated, Literal

import typer

from jobferry.api.native import directories as api
from jobferry.cli.asking import Yes, confirm_deletion
from jobferry.cli.call import Call, command, group
from jobferry.cli.session import ask, ask_all
from jobferry.model.kinds import ObjectKind

Path = Annotated[str, typer.Argument(metavar="PATH", help="The directory, such as /dw/ods.")]
OfKind = Annotated[
    Literal["job", "script", "resource"],
    typer.Option("--kind", help="Of which kind; each has a tree of its own."),
]
TakeLocks = Annotated[
    bool, typer.Option("--lock", help="Take the locks of what lies in it, where nobody holds them.")
]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    directories = group(app, "directory", "The directories of jobs, scripts and resources.")
    command(directories, "list")(list_directories)
    command(directories, "create")(create)
    command(directories, "rename")(rename)
    command(directories, "move")(move)
    command(directories, "delete")(delete)


def list_directories(
    call: Call,
    parent: Annotated[
        str, typer.Argument(metavar="[PATH]", help="Those in this one; else in the root.")
    ] = "/",
    kind: OfKind = "job",
) -> None:
    """List the directories in one, with how many objects each holds."""
    call.listed(
        ("directory", "objects", "with those below", "directories"),
        ask_all(call, api.list_directories, ObjectKind(kind), parent),
        lambda one: (one.path, str(one.objects), str(one.objects_below), str(one.directories)),
        name=attrgetter("path"),
    )


def create(call: Call, path: Path, kind: OfKind = "job") -> None:
    """Make a directory, with those above it."""
    made = ask(call, api.create_directory, ObjectKind(kind), api.NewDirectory(path))
    call.done(made, f"{made.path}: {call.out.say('created')}")


def rename(
    call: Call,
    path: Path,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The new last part of it.")],
    kind: OfKind = "job",
    lock: TakeLocks = False,
) -> None:
    """Rename a directory; all that lies in it says its new place, or nothing does."""
    wanted = api.DirectoryRename(path, name, lock)
    _moved(call, path, ask(call, api.rename_directory, ObjectKind(kind), wanted))


def move(
    call: Call,
    path: Path,
    parent: Annotated[str, typer.Argument(metavar="PARENT", help="The directory that it goes into.")],
    kind: OfKind = "job",
    lock: TakeLocks = False,
) -> None:
    """Move a directory with all that lies in it into another one."""
    _moved(call, path, ask(call, api.move_directory, ObjectKind(kind), api.DirectoryMove(path, parent, lock)))


def delete(call: Call, path: Path, kind: OfKind = "job", yes: Yes = False) -> None:
    """Delete a directory in which nothing lies."""
    confirm_deletion(call, "directory", path, yes=yes)
    ask(call, api.delete_directory, ObjectKind(kind), path)
    call.done({"path": path, "done": "deleted"}, f"{path}: {call.out.say('deleted')}")


def _moved(call: Call, path: str, moved: api.MovedDirectory) -> None:
    told = call.out.say("{path} is now {to} ({count} objects)", path=path, to=moved.path, count=moved.objects)
    call.done(moved, told)
