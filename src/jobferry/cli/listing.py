"""What commands that list can be told: a piece of the name, the order, and how many at most."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec

import typer

from jobferry.cli.call import Call
from jobferry.cli.session import platform

if TYPE_CHECKING:
    from jobferry.cli.client import PageStruct

P = ParamSpec("P")


@dataclass(frozen=True)
class ListOptions:
    """Which entries of a list are shown, and in which order."""

    sort: Annotated[
        str | None,
        typer.Option("--sort", metavar="WORD", help="In order of this; -WORD the other way round."),
    ] = None
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="At most so many; else all.")
    ] = None


@dataclass(frozen=True)
class NamedListOptions(ListOptions):
    """The same of a list whose entries have names."""

    name: Annotated[
        str, typer.Option("--name", metavar="PIECE", help="Only those with this in their names.")
    ] = ""


def ask_list(
    call: Call,
    said: ListOptions,
    run: Callable[Concatenate[Any, P], PageStruct],
    *args: P.args,
    **kwargs: P.kwargs,
) -> PageStruct:
    """The entries of a list that were asked for, as one page.

    Raises:
        JobferryError: what :func:`jobferry.cli.session.ask` raises.
    """
    more: dict[str, Any] = {"sort": said.sort} if said.sort else {}
    with platform(call) as api:
        asked: Any = api.newest
        page: PageStruct = asked(said.limit or sys.maxsize, run, *args, **kwargs, **more)
        return page
