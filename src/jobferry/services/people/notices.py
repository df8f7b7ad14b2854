"""What users are told about things that went on without them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Unpack

from jobferry.errors import ErrorCode, JobferryError, NotFound
from jobferry.events import Events
from jobferry.model.lists import NoticeFilter, PageOptions
from jobferry.model.parts import NOTICES
from jobferry.model.people import About, AboutKind, Caller, Notice, NoticeCode, User
from jobferry.model.records import Workspace
from jobferry.model.task import Ending, Task, TaskKind
from jobferry.model.webhook import WebhookEvent
from jobferry.sentences import as_sentence, sentence
from jobferry.services.runtime import Runtime, refuse_read_only

if TYPE_CHECKING:
    from jobferry.store import UnitOfWork

_events = Events("notices")
_DAY_MS = 24 * 60 * 60 * 1000
_IMPORT = (NoticeCode.IMPORT_FAILED, NoticeCode.IMPORT_FINISHED)
_CODES = {
    TaskKind.IMPORT: _IMPORT,
    TaskKind.UNDO: _IMPORT,
    TaskKind.EXPORT: (NoticeCode.EXPORT_FAILED, NoticeCode.EXPORT_FINISHED),
}
"""What is told by kind of task: when it failed, and when it succeeded."""
_ENDS = {
    TaskKind.IMPORT: (
        WebhookEvent.IMPORT_FINISHED,
        WebhookEvent.IMPORT_FAILED,
        WebhookEvent.IMPORT_CANCELLED,
    ),
    TaskKind.UNDO: (WebhookEvent.UNDO_FINISHED, WebhookEvent.UNDO_FAILED, WebhookEvent.UNDO_CANCELLED),
}
"""What the webhook is told."""


class Notices:
    """A user's own notices."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def page(
        self, caller: Caller, wanted: NoticeFilter = NoticeFilter(), **which: Unpack[PageOptions]
    ) -> tuple[int, list[Notice]]:
        """How many of the caller's notices fit, and one page of them, newest first unless it is said."""
        with self._runtime.store.read() as snapshot:
            return snapshot.notices.page(caller.user_id, wanted, **which)

    def mark_read(self, caller: Caller, ids: Sequence[str]) -> int:
        """Marks some of the caller's notices as read, or all when none is named; how many there were.

        Raises:
            Forbidden: the caller's token is for reading only.
            NotFound: one of them is no notice of the caller's; none is marked then.
        """
        refuse_read_only(caller)
        with self._runtime.store.read() as snapshot:
            unknown = sorted(set(ids) - snapshot.notices.known(caller.user_id, ids))
        if unknown:
            raise NotFound(
                ErrorCode.NOTICE_MISSING,
                sentence("you have no notice {id}", id=unknown[0]),
                subject=unknown[0],
                hint="look for its id in the list of your notices",
            )
        with self._runtime.store.write(only=NOTICES) as uow:
            marked = uow.notices.mark_read(caller.user_id, ids, at=self._runtime.now())
            uow.commit()
        return marked

    def telling(self, carry_out: Callable[[Task], Ending]) -> Callable[[Task], Ending]:
        """The same work, whose end is told to the one who began it."""

        def carry_out_and_tell(task: Task) -> Ending:
            try:
                ended = carry_out(task)
            except Exception as error:
                self._tell(task, Ending(succeeded=False, message=_reason(error)))
                raise
            self._tell(task, ended)
            return ended

        return carry_out_and_tell

    def sweep(self, days: int) -> int:
        """Removes notices older than so many days; how many there were."""
        with self._runtime.store.write(only=NOTICES) as uow:
            removed = uow.notices.sweep(before=self._runtime.now() - days * _DAY_MS)
            uow.commit()
        return removed

    def _tell(self, task: Task, ended: Ending) -> None:
        """The work is done or not, whether or not anybody can be told; work that is carried out again after
        a crash is told once, since the notice has the task's id."""
        try:
            with self._runtime.store.write(only=task.workspace_id) as uow:
                workspace = uow.workspaces.by_id(task.workspace_id)
                if workspace is None:
                    return
                has_receipt = uow.receipts.by_id(task.id) is not None
                self._announce(uow, task, ended, workspace, has_receipt=has_receipt)
                user = uow.people.user_named(task.created_by)
                if user is not None:
                    about = _about(task, has_receipt=has_receipt)
                    uow.notices.add(self._notice(task, ended, workspace, user, about))
                uow.commit()
        except JobferryError as error:
            _events.say("warning", "notice-not-written", task=task.id, reason=error.message)

    def _notice(self, task: Task, ended: Ending, workspace: Workspace, user: User, about: About) -> Notice:
        return Notice(
            id=task.id,
            user_id=user.id,
            code=_CODES[task.kind][ended.succeeded],
            at=self._runtime.now(),
            args={
                "package": task.name,
                "workspace": workspace.name,
                "said": as_sentence(ended.message),
            },
            about=about,
        )

    def _announce(
        self, uow: UnitOfWork, task: Task, ended: Ending, workspace: Workspace, *, has_receipt: bool
    ) -> None:
        if task.kind not in _ENDS:
            return
        finished, failed, cancelled = _ENDS[task.kind]
        data = {
            "task_id": task.id,
            "receipt_id": task.id if has_receipt else None,
            "package": task.name,
            "workspace": workspace.name,
            "begun_by": task.created_by,
            "message": str(ended.message),
            "code": str(ended.code),
        }
        event = finished if ended.succeeded else cancelled if ended.is_cancelled else failed
        self._runtime.announce(uow, event, task.id, data)


def _about(task: Task, *, has_receipt: bool) -> About:
    """What it made, or else the task itself."""
    kind = AboutKind.RECEIPT if has_receipt else AboutKind.TASK
    kind = AboutKind.DOWNLOAD if task.kind is TaskKind.EXPORT else kind
    return About(workspace_id=task.workspace_id, kind=kind, id=task.id, name=task.name)


def _reason(error: Exception) -> str:
    return error.message if isinstance(error, JobferryError) else "something unexpected happened"
