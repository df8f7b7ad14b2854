"""task: background tasks, listed, looked at and cancelled."""

from __future__ import annotations

from operator import attrgetter
from typing import Annotated, Literal

import typer

from jobferry.api.native import tasks as api
from jobferry.cli import ids, options
from jobferry.cli.call import Call, command, group
from jobferry.cli.ids import ask_about, short
from jobferry.cli.session import ask_all
from jobferry.cli.show.out import when
from jobferry.model.task import TaskKind, TaskStatus

Id = Annotated[str, typer.Argument(metavar="TASK", help="The task's id, or its beginning.")]
Kind = Annotated[
    Literal["check", "import", "undo", "export", "connections-import", "asset-backup"] | None,
    typer.Option("--kind", help="Only tasks of this kind."),
]
Status = Annotated[
    Literal["running", "successful", "failed", "cancelled"] | None,
    typer.Option("--status", help="Only tasks that stand so."),
]
By = Annotated[str, typer.Option("--by", metavar="USER", help="Only tasks that this user began.")]
Since = Annotated[str, typer.Option("--since", metavar="TIME", help="Only tasks begun at or after this.")]
Until = Annotated[str, typer.Option("--until", metavar="TIME", help="Only tasks begun before this.")]
Everywhere = Annotated[bool, typer.Option("--everywhere", help="Tasks of all workspaces; for operations.")]


def add_to(app: typer.Typer) -> None:
    """Adds the group."""
    tasks = group(app, "task", "Background tasks: imports, undos and exports.")
    command(tasks, "list")(list_tasks)
    command(tasks, "show")(show)
    command(tasks, "cancel")(cancel)


def list_tasks(
    call: Call,
    *,
    kind: Kind = None,
    status: Status = None,
    by: By = "",
    since: Since = "",
    until: Until = "",
    everywhere: Everywhere = False,
) -> None:
    """List background tasks, newest first: your own, or all if you run the workspace."""
    wanted = api.TaskQuery(
        kind=TaskKind(kind) if kind else None,
        status=TaskStatus(status.upper()) if status else None,
        by=by,
        since=options.moment(since, "--since"),
        until=options.moment(until, "--until"),
    )
    found = ask_all(call, api.list_all_tasks if everywhere else api.list_tasks, wanted)
    call.listed(
        ("task", "when", "who", "kind", "state", "about"),
        found,
        lambda task: _row(call, task),
        name=attrgetter("id"),
    )


def show(call: Call, task: Id) -> None:
    """Show a task: how far it is, or how it ended."""
    _show(call, ask_about(call, task, ids.tasks, api.show_task))


def cancel(call: Call, task: Id) -> None:
    """Cancel a task that has not been applied yet: nothing of it is done."""
    _show(call, ask_about(call, task, ids.tasks, api.cancel_task))


def _row(call: Call, task: api.TaskAnswer) -> tuple[str, ...]:
    state = call.out.say(task.status.lower())
    return short(task.id), when(task.started_at), task.created_by, call.out.say(task.kind), state, task.name


def _show(call: Call, task: api.TaskAnswer) -> None:
    out, say = call.out, call.out.say
    out.value(task)
    out.line(f"{say(task.kind)} {task.name}  {say(task.status.lower())}", "bold")
    counts = f" {task.done:,} / {task.total:,}" if task.total else ""
    told = {
        "task": task.id,
        "who": task.created_by,
        "begun": when(task.started_at),
        "ended": when(task.ended_at),
        "phase": f"{say(task.phase)}{counts}",
        "receipt": task.receipt_id or "",
        "detail": task.message,
    }
    for heading, text in told.items():
        if text and text != "-":
            out.line(f"  {say(heading)}: {text}")
