"""Waits for background tasks, shows how far they are, and cancels them for whoever presses Ctrl-C."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobferry.api.native.tasks import TaskAnswer, cancel_task, show_task
from jobferry.cli.problems import Refused
from jobferry.errors import JobferryError
from jobferry.model.printable import printable
from jobferry.model.task import TaskStatus

if TYPE_CHECKING:
    from jobferry.cli.client import Client
    from jobferry.cli.show.progress import Progress


def ended(api: Client, task_id: str, shown: Progress) -> TaskAnswer:
    """A task, once it is over. Ctrl-C cancels it, unless it has been applied by then."""
    try:
        task = api.ask(show_task, task_id)
        while task.status is TaskStatus.RUNNING:
            shown.note(task.done, task.total or None, phase=task.phase)
            task = api.ask(show_task, task_id, wait=api.patience, seen=task.revision)
    except KeyboardInterrupt:
        shown.last_words(printable(_cancelled(api, task_id)))
        raise
    return task


def _cancelled(api: Client, task_id: str) -> str:
    """What came of cancelling, in the platform's words."""
    try:
        return api.ask(cancel_task, task_id).message
    except (Refused, JobferryError) as refused:
        return f"{refused.message}; {refused.hint}"
