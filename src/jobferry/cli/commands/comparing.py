"""diff: what differs between two packages, or between a workspace and a package."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from jobferry.cli import sources
from jobferry.cli.call import Call, command
from jobferry.cli.problems import BLOCKED, DONE
from jobferry.cli.show.comparison import show_compared, show_sum
from jobferry.cli.transfer.flow import OBJECT_SCHEME, handed_in
from jobferry.errors import ErrorCode, InvalidRequest

State = Annotated[
    Literal["draft", "submitted"],
    typer.Option("--state", help="With which state of the workspace a single package is compared."),
]
Everything = Annotated[
    bool, typer.Option("--everything", help="Tell also of what only the workspace has, as removed.")
]


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    command(app, "diff")(diff)


def diff(
    call: Call,
    former: Annotated[str, typer.Argument(metavar="PACKAGE", help="A package file, or a folder of one.")],
    latter: Annotated[
        str | None, typer.Argument(metavar="[PACKAGE]", help="The package that it is compared with.")
    ] = None,
    *,
    state: State = "draft",
    everything: Everything = False,
) -> int:
    """Show what differs from one package to another; no platform is asked.

    With one package only: what it has otherwise than a platform's workspace. Exit code 3 if anything differs.
    """
    if latter is None:
        found = _with_workspace(call, former, {"state": state, "everything": everything})
        return _shown(call, found["objects"], lambda: found["same"])
    if former.startswith(OBJECT_SCHEME) or latter.startswith(OBJECT_SCHEME):
        raise InvalidRequest(
            ErrorCode.MISSING_VALUE,
            "two packages are compared as files and folders only",
            hint="name one package alone to compare it with a workspace",
        )
    if everything or state != "draft":
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "--state and --everything are about a workspace, and two packages are compared here",
            hint="leave them out, or name one package alone",
        )
    return _packages(call, Path(former), Path(latter))


def _packages(call: Call, former: Path, latter: Path) -> int:
    from msgspec import to_builtins

    from jobferry.services.packages import compare

    with (
        sources.package_file(former) as one,
        sources.package_file(latter) as other,
        compare(one, other) as found,
    ):
        return _shown(call, map(to_builtins, found), lambda: found.same)


def _shown(call: Call, objects: Iterable[dict[str, Any]], same: Callable[[], int]) -> int:
    """Shows what differs as it is found. ``same`` is asked when all is."""
    counts: Counter[str] = Counter()

    def counted() -> Iterator[dict[str, Any]]:
        for one in objects:
            counts.update(one["changes"])
            yield one

    if call.json:
        call.out.long_value("objects", counted(), lambda: {"same": same()})
    else:
        for one in counted():
            show_compared(call.out, one)
        show_sum(call.out, counts, same())
    return BLOCKED if counts else DONE


def _with_workspace(call: Call, package: str, asked: dict[str, Any]) -> dict[str, Any]:
    from jobferry.cli.client import at
    from jobferry.cli.session import platform
    from jobferry.cli.show.progress import progress

    with platform(call) as api, progress("check"):
        place = at("workspaces", call.workspace_name, "comparisons")
        found: dict[str, Any] = api.post(place, {"package": handed_in(api, package), **asked})
    return found
