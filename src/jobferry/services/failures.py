"""Puts into the audit what somebody tried and what did not come off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from jobferry.errors import ErrorCode, Forbidden, JobferryError
from jobferry.model.audit import AuditOutcome
from jobferry.model.grant import Grant
from jobferry.services.ground import Ground


@contextmanager
def told_if_failed(
    ground: Ground, grant: Grant, action: str, *, kind: str = "", subject: str = ""
) -> Iterator[None]:
    """Notes the error's code if what happens inside fails; it must have no transaction open by then.

    A refusal is in the audit already. Where the audit itself cannot be written, the first error counts; a
    store that was too busy for the work is not waited for a second time.
    """
    try:
        yield
    except Forbidden:
        raise
    except JobferryError as error:
        if error.code is ErrorCode.STORE_BUSY:
            raise
        outcome, detail = AuditOutcome.FAILED, error.code.value
        event = ground.event(grant, action, kind=kind, subject=subject, outcome=outcome, detail=detail)
        with suppress(JobferryError):
            ground.note(event)
        raise
