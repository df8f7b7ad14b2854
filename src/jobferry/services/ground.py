"""What every use case stands on: store, clock, ids, audit, readers of documents, and who may do what."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from jobferry.access.chain import Chain
from jobferry.events import Events
from jobferry.files.ports import ObjectStorage
from jobferry.model.audit import AuditEvent, AuditOutcome
from jobferry.model.grant import Grant
from jobferry.model.names import printable
from jobferry.model.rights import Action
from jobferry.readers.here import ReadersHere
from jobferry.readers.ports import Readers
from jobferry.services import refusals
from jobferry.store.ports import Store, UnitOfWork

_events = Events("audit")

_LONGEST = 512
"""Characters of one value in an audit row; what is longer was made to fill it."""


def _nobody_asks(_number: int) -> None:
    """For whoever keeps no anchor of the audit."""


class Ground(msgspec.Struct, frozen=True):
    """``now`` gives milliseconds since 1970 (UTC), ``new_id`` 32 hexadecimal digits nobody has had.

    ``readers`` read the documents of packages. ``files`` gives the object storage that files of resources are
    looked for in, and raises where that is switched off. ``audited`` is told the number of an audit row that
    is about to be committed.
    """

    store: Store
    now: Callable[[], int]
    new_id: Callable[[], str]
    chain: Chain
    readers: Readers = ReadersHere()
    files: Callable[[], ObjectStorage] | None = None
    audited: Callable[[int], object] = _nobody_asks

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
        """Appends events to the audit in the caller's transaction: they stand there if it is committed.

        A chain that was tampered with goes on, but is never whole again: its verification keeps telling.
        """
        if not events:
            return
        last = uow.audit.last() or uow.audit.start()
        rows, end = self.chain.grown(uow.audit.end(), last, [_kept(one) for one in events])
        if not end.seal:
            _events.say("error", "audit-chain-broken", row=last.number)
        uow.audit.append(rows, end)
        self.audited(end.number)

    def note(self, *events: AuditEvent) -> None:
        """Appends events to the audit in a transaction of its own; never call it inside another one."""
        with self.store.write() as uow:
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
        refused = refusals.refusal(grant, action, subject=subject, directory=directory)
        if refused is None:
            return
        detail = f"directory {directory}" if grant.may(action) else ""
        outcome = AuditOutcome.REFUSED
        self.note(self.event(grant, action.value, kind=kind, subject=subject, outcome=outcome, detail=detail))
        raise refused


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
