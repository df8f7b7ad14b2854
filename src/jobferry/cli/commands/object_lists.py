"""The lists of jobs, scripts, resources and CDM definitions: narrowed, sorted, in columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from jobferry.api.native import objects as api
from jobferry.cli.call import Call
from jobferry.cli.options import moment
from jobferry.cli.session import platform
from jobferry.cli.show.objects import COLUMNS
from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.kinds import ObjectKind, SchedulingState
from jobferry.model.records import ObjectSort
from jobferry.sentences import sentence

_SHOWN = 100
_USUAL = {
    ObjectKind.JOB: ("name", "state", "live", "directory", "held", "locked by"),
    ObjectKind.SCRIPT: ("name", "type", "live", "directory", "held", "locked by"),
    ObjectKind.RESOURCE: ("name", "type", "directory", "changed", "changed by"),
    ObjectKind.CDM: ("name", "changed", "changed by"),
}


@dataclass(frozen=True)
class ListChoices:
    """What a list is narrowed to, and how it is shown."""

    query: Annotated[str, typer.Option("--query", metavar="TEXT", help="What has this in its name.")] = ""
    directory: Annotated[
        str | None, typer.Option("--directory", metavar="DIR", help="What lies directly in this directory.")
    ] = None
    below: Annotated[bool, typer.Option("--below", help="With --directory, also what lies below it.")] = False
    type_: Annotated[str, typer.Option("--type", metavar="TYPE", help="What is of this type.")] = ""
    by: Annotated[str, typer.Option("--by", metavar="USER", help="What this user changed last.")] = ""
    since: Annotated[
        str,
        typer.Option(
            "--since", metavar="TIME", help="What was changed since 2026-11-21 or 2026-11-21T12:00."
        ),
    ] = ""
    sort: Annotated[ObjectSort, typer.Option("--sort", help="By what; with a minus the other way round.")] = (
        ObjectSort.NAME
    )
    columns: Annotated[
        str, typer.Option("--columns", metavar="A,B", help="Which columns, such as name,type,changed,tags.")
    ] = ""
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", metavar="N", min=1, help="At most so many; else 100, with --json or --quiet all."
        ),
    ] = None


@dataclass(frozen=True)
class SubmittedChoices:
    """What lists of jobs and of scripts are narrowed to besides."""

    held: Annotated[bool | None, typer.Option("--held/--not-held", help="What is held, or is not.")] = None
    live: Annotated[
        bool | None, typer.Option("--live/--not-live", help="What was submitted, or never was.")
    ] = None
    holder: Annotated[
        str | None, typer.Option("--holder", metavar="USER", help="What this user has locked.")
    ] = None


@dataclass(frozen=True)
class JobChoices:
    """What a list of jobs is narrowed to besides."""

    tag: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="Jobs that have this tag.")
    ] = None
    state: Annotated[
        SchedulingState | None, typer.Option("--state", help="Jobs in this scheduling state.")
    ] = None


def list_jobs(call: Call, chosen: ListChoices, more: SubmittedChoices, jobs: JobChoices) -> None:
    """List them, narrowed and sorted."""
    _list(call, ObjectKind.JOB, chosen, more, jobs)


def list_scripts(call: Call, chosen: ListChoices, more: SubmittedChoices) -> None:
    """List them, narrowed and sorted."""
    _list(call, ObjectKind.SCRIPT, chosen, more)


def list_others(call: Call, kind: ObjectKind, chosen: ListChoices) -> None:
    """List them, narrowed and sorted."""
    _list(call, kind, chosen)


def _list(
    call: Call,
    kind: ObjectKind,
    chosen: ListChoices,
    more: SubmittedChoices = SubmittedChoices(),
    jobs: JobChoices = JobChoices(),
) -> None:
    columns = _columns(chosen.columns) or _USUAL[kind]
    which = api.SaidObjects(
        name=chosen.query,
        directory=chosen.directory,
        below=chosen.below,
        tag=tuple(jobs.tag or ()),
        type=chosen.type_,
        state=jobs.state,
        held=more.held,
        live=more.live,
        holder=more.holder,
        updated_by=chosen.by,
        updated_since=moment(chosen.since, "--since"),
        sort=chosen.sort,
    )
    wanted = chosen.limit or (1 << 30 if call.json or call.quiet else _SHOWN)
    with platform(call) as there:
        page = there.newest(wanted, api.list_objects, kind, which)
    call.listed(
        columns, page.items, lambda stored: [COLUMNS[column](stored, call.out.say) for column in columns]
    )
    if page.total > len(page.items) and not (call.json or call.quiet):
        call.out.note(call.out.say("and {count} more", count=page.total - len(page.items)))


def _columns(said: str) -> tuple[str, ...]:
    columns = tuple(column.strip() for column in said.split(",") if column.strip())
    unknown = next((column for column in columns if column not in COLUMNS), None)
    if unknown is not None:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("there is no column {column}", column=unknown),
            subject="--columns",
            hint=sentence("the columns are: {columns}", columns=COLUMNS),
        )
    return columns
