"""What every use case is given: store, clock, ids, audit, and who may do what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import msgspec

from jobferry.access.chain import Chain
from jobferry.errors import ErrorCode, Forbidden, JobferryError
from jobferry.events import Events
from jobferry.files.ports import ObjectStorage
from jobferry.model.audit import AuditEnd, AuditEvent, AuditOutcome, AuditRow
from jobferry.model.names import printable
from jobferry.model.parts import AUDIT
from jobferry.model.people import Caller, Grant
from jobferry.model.rights import MATRIX, Action, Role
from jobferry.model.webhook import Delivery, WebhookEvent
from jobferry.parsing.here import InProcessParser
from jobferry.parsing.ports import Parser
from jobferry.sentences import Sentence, sentence

if TYPE_CHECKING:
    from jobferry.store import Store, UnitOfWork

ASKED: dict[Action, Sentence] = {
    Action.WORKSPACE_VIEW: sentence("see the workspace"),
    Action.JOB_VIEW: sentence("look at jobs"),
    Action.JOB_CREATE: sentence("create jobs"),
    Action.JOB_EDIT: sentence("change or submit jobs"),
    Action.JOB_DELETE: sentence("delete jobs"),
    Action.JOB_OPERATE: sentence("start or stop jobs"),
    Action.LOCK_OPERATE: sentence("take or release locks"),
    Action.TAG_EDIT: sentence("make or delete tags"),
    Action.TAG_LOCK: sentence("lock or unlock tags, or import a tag file"),
    Action.LIBRARY_VIEW: sentence("look at scripts, resources, connections or the inventory"),
    Action.LIBRARY_EDIT: sentence("change scripts, resources, connections or the inventory"),
    Action.VARIABLE_EDIT: sentence("change environment variables"),
    Action.EXPORT: sentence("export"),
    Action.DOWNLOAD_DELETE: sentence("delete records of exports"),
    Action.IMPORT: sentence("import"),
    Action.BATCH_EXPORT: sentence("export batch packages"),
    Action.ASSET_BACKUP: sentence("take asset backups, see them or restore from them"),
    Action.BATCH_IMPORT: sentence("import batch packages"),
    Action.PUBLISH: sentence("put jobs or scripts into production without review or release"),
    Action.REVIEW_VIEW: sentence("see reviews or releases"),
    Action.REVIEW_DECIDE: sentence("decide about reviews"),
    Action.RELEASE_DECIDE: sentence("decide about releases"),
    Action.RECORD_VIEW_ALL: sentence("see tasks and receipts of others"),
    Action.TASK_CANCEL: sentence("cancel tasks of others"),
    Action.AUDIT_VIEW: sentence("read the audit"),
    Action.MEMBER_VIEW: sentence("see the members"),
    Action.MEMBER_EDIT: sentence("change members or directory policies"),
    Action.OWNER_EDIT: sentence("change who owns the workspace"),
    Action.SETTING_EDIT: sentence("change settings"),
    Action.DEFAULT_ITEM_EDIT: sentence("change settings that apply to everybody's work"),
    Action.WORKSPACE_CREATE: sentence("create workspaces"),
    Action.USER_EDIT: sentence("manage users"),
    Action.PLATFORM_SETTING_EDIT: sentence("change the platform's settings"),
    Action.PLATFORM_TASK_VIEW: sentence("see the tasks of all workspaces"),
    Action.PLATFORM_AUDIT_VIEW: sentence("read the audit of the whole platform"),
    Action.PLATFORM_AUDIT_ACCEPT: sentence("accept that rows of the audit are missing"),
}
"""What each action is called in the sentence *somebody may not …*."""


def refusal(
    grant: Grant, action: Action, *, subject: str = "", directory: str | None = None
) -> Forbidden | None:
    """The error for what the grant does not allow, or None if it does."""
    place = grant.workspace.name
    asked = sentence(
        "{user} may not {act} in the workspace {workspace}" if place else "{user} may not {act}",
        user=grant.caller.name,
        act=ASKED[action],
        workspace=place,
    )
    if not grant.may(action):
        if grant.caller.scope.read_only and not grant.roles.isdisjoint(MATRIX[action]):
            return _forbidden(
                sentence("{asked}: the token is read-only", asked=asked), "use a token that is not", subject
            )
        return _forbidden(asked, _who(grant, action), subject)
    if directory is not None and not grant.covers(directory):
        reason = sentence(
            "{asked}: no directory policy covers the directory {directory} for this user",
            asked=asked,
            directory=directory,
        )
        return _forbidden(reason, _who(grant, action), subject or directory)
    return None


def refuse_read_only(caller: Caller) -> None:
    """Refuse what a user changes for themselves alone, so that no right is asked for.

    Raises:
        Forbidden: the caller's token is for reading only (``not-allowed``).
    """
    if caller.scope.read_only:
        raise _forbidden("this token is for reading only", "sign in with another token", "")


def _who(grant: Grant, action: Action) -> str:
    able = grant.administrators if Role.ADMINISTRATOR in MATRIX[action] else grant.owners
    if able and MATRIX[action] != {Role.OPERATIONS}:
        return sentence("ask {able}, who can allow it", able=able)
    return "ask somebody who has the operations role"


def _forbidden(message: str, hint: str, subject: str) -> Forbidden:
    return Forbidden(ErrorCode.NOT_ALLOWED, message, subject=subject, hint=hint)


_events = Events("audit")

_LONGEST = 512
"""Characters of one value in an audit row; what is longer was made to fill it."""


def _nobody_asks(_number: int) -> None:
    """For whoever keeps no anchor of the audit."""


class Runtime(msgspec.Struct, frozen=True):
    """``now`` gives milliseconds since 1970 (UTC), ``new_id`` 32 hexadecimal digits nobody has had.

    ``parser`` reads the documents of packages. ``files`` gives the object storage that files of resources are
    looked for in, and raises where that is switched off. ``audited`` is told the number of an audit row that
    is about to be committed. ``announces`` says that a webhook is to be told of events.
    """

    store: Store
    now: Callable[[], int]
    new_id: Callable[[], str]
    chain: Chain
    parser: Parser = InProcessParser()
    files: Callable[[], ObjectStorage] | None = None
    audited: Callable[[int], object] = _nobody_asks
    announces: bool = False

    def event(
        self,
        grant: Grant,
        action: str,
        *,
        kind: str = "",
        subject: str = "",
        outcome: AuditOutcome = AuditOutcome.DONE,
        detail: str = "",
    ) -> AuditEvent:
        """What somebody does now in a workspace, to be recorded; ``action`` is a name such as ``export``."""
        return AuditEvent(
            at=self.now(),
            actor=grant.caller.name,
            action=action,
            origin=grant.caller.origin,
            workspace_id=grant.workspace.id,
            workspace=grant.workspace.name,
            kind=kind,
            subject=subject,
            outcome=outcome,
            detail=detail,
        )

    def record(self, uow: UnitOfWork, *events: AuditEvent) -> None:
        """Has events appended to the audit when the caller's transaction is committed, in this order.

        A chain that was tampered with goes on, but is never whole again: its verification keeps telling.
        """
        if events:
            uow.audit.record([_kept(event) for event in events], self._grown)

    def _grown(
        self, end: AuditEnd, last: AuditRow | AuditEnd, events: Sequence[AuditEvent]
    ) -> tuple[list[AuditRow], AuditEnd]:
        rows, end = self.chain.grown(end, last, events)
        if not end.seal:
            _events.say("error", "audit-chain-broken", row=last.number)
        self.audited(end.number)
        return rows, end

    def announce(
        self, uow: UnitOfWork, event: WebhookEvent, delivery_id: str, data: Mapping[str, Any]
    ) -> None:
        """Has the webhook told of what the caller's transaction does, where there is one.

        Raises:
            Conflict: that was told before, by the same id.
        """
        if not self.announces:
            return
        uow.deliveries.add(Delivery.about(event, delivery_id, data, self.now()))

    def note(self, *events: AuditEvent) -> None:
        """Appends events to the audit in a transaction of its own; never call it inside another one."""
        with self.store.write(only=AUDIT) as uow:
            self.record(uow, *events)
            uow.commit()

    def allow(
        self,
        grant: Grant,
        action: Action,
        *,
        kind: str = "",
        subject: str = "",
        directory: str | None = None,
    ) -> None:
        """Goes on if the caller may do this, in the directory if one is named; else notes the refusal.

        It writes, so call it before a transaction is opened, never inside one.

        Raises:
            Forbidden: who may not do what where, and who could allow it (``not-allowed``).
        """
        refused = refusal(grant, action, subject=subject, directory=directory)
        if refused is None:
            return
        detail = f"directory {directory}" if grant.may(action) else ""
        outcome = AuditOutcome.REFUSED
        self.note(self.event(grant, action.value, kind=kind, subject=subject, outcome=outcome, detail=detail))
        raise refused

    @contextmanager
    def attempt(
        self, grant: Grant, action: str, *rights: Action, kind: str = "", subject: str = ""
    ) -> Iterator[Attempt]:
        """Something that somebody tries: asks for the rights, and notes the error's code if it fails.

        What is slow belongs in here and before :meth:`Attempt.change`. A refusal is in the audit already.
        Where the audit itself cannot be written, the first error counts; a store that was too busy for the
        work is not waited for a second time.

        Raises:
            Forbidden: one of the rights is lacking (``not-allowed``).
        """
        for right in rights:
            self.allow(grant, right, kind=kind, subject=subject)
        attempt = Attempt(self, grant, action, kind=kind, subject=subject)
        try:
            yield attempt
        except Forbidden:
            raise
        except JobferryError as error:
            if error.code is not ErrorCode.STORE_BUSY:
                with suppress(JobferryError):
                    self.note(attempt.row(outcome=AuditOutcome.FAILED, detail=error.code.value))
            raise

    @contextmanager
    def change(
        self, grant: Grant, action: str, *rights: Action, kind: str = "", subject: str = "", only: str = ""
    ) -> Iterator[Change]:
        """An attempt that is one transaction from its beginning: what it goes by is read in there.

        It writes ``only`` a part of the platform, or anything (see ``Store.write``).

        Raises:
            Forbidden: one of the rights is lacking (``not-allowed``).
        """
        with (
            self.attempt(grant, action, *rights, kind=kind, subject=subject) as attempt,
            attempt.change(only=only) as change,
        ):
            yield change


class Attempt:
    """What somebody tries, as the audit tells it; ``subject`` may be told better as soon as it is known."""

    def __init__(self, runtime: Runtime, grant: Grant, action: str, *, kind: str, subject: str) -> None:
        self.grant = grant
        self.subject = subject
        self._runtime = runtime
        self._action = action
        self._kind = kind

    @contextmanager
    def change(self, *, only: str = "") -> Iterator[Change]:
        """The transaction in which it is done: written and committed with its row, or nothing of it.

        Look again in there at what was looked at before. It writes ``only`` a part of the platform, or
        anything (see ``Store.write``).
        """
        with self._runtime.store.write(only=only) as uow:
            change = Change(self._runtime, uow, self)
            yield change
            if not change.is_told:
                change.audit()
            uow.commit()

    def row(
        self,
        action: str = "",
        *,
        kind: str = "",
        subject: str = "",
        outcome: AuditOutcome = AuditOutcome.DONE,
        detail: str = "",
    ) -> AuditEvent:
        """The attempt as a row of the audit, but for what is said otherwise."""
        return self._runtime.event(
            self.grant,
            action or self._action,
            kind=kind or self._kind,
            subject=subject or self.subject,
            outcome=outcome,
            detail=detail,
        )


class Change:
    """A change under way: where it is written, and what the audit is told of it."""

    def __init__(self, runtime: Runtime, uow: UnitOfWork, attempt: Attempt) -> None:
        self.uow = uow
        self.is_told = False
        self._runtime = runtime
        self._attempt = attempt

    @property
    def grant(self) -> Grant:
        """Whose change it is, in the workspace with the settings that hold in this transaction."""
        grant = self._attempt.grant
        workspace = self.uow.workspaces.by_id(grant.workspace.id)
        return msgspec.structs.replace(grant, workspace=workspace or grant.workspace)

    def audit(
        self,
        action: str = "",
        *,
        kind: str = "",
        subject: str = "",
        outcome: AuditOutcome = AuditOutcome.DONE,
        detail: str = "",
    ) -> None:
        """Records a row, that of the attempt but for what is said otherwise; rows keep their order.

        Without a call the row is that of the attempt.
        """
        event = self._attempt.row(action, kind=kind, subject=subject, outcome=outcome, detail=detail)
        self._runtime.record(self.uow, event)
        self.is_told = True

    def no_row(self) -> None:
        """The attempt gets no row of its own: nothing was changed, or what was done has other rows."""
        self.is_told = True


def _kept(event: AuditEvent) -> AuditEvent:
    """The event as every database keeps it: the chain has to seal the very words that will be read again."""
    words = {
        name: _word(value)
        for name in ("actor", "action", "origin", "workspace_id", "workspace", "kind", "subject", "detail")
        if (value := getattr(event, name))
    }
    return msgspec.structs.replace(event, **words)


def _word(value: str) -> str:
    value = printable(value)
    return value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
