"""An import: a package that was handed in, the options that it is to come in by, how far it is.

A route keeps such options for the next package from the same source.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from jobferry.model.transfer.policy import ImportOptions


class ImportState(StrEnum):
    """How far an import is."""

    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"
    """Its check came to nothing: the package cannot be used, or the options make no sense."""
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    """It ended without a receipt; nothing was changed."""
    CANCELLED = "cancelled"
    DISCARDED = "discarded"


UNDER_WAY = frozenset({ImportState.CHECKING, ImportState.APPLYING})
"""States that end with a task."""


class ImportClient(StrEnum):
    """What an import was asked for with."""

    FACTORY = "factory"
    """The Factory API."""
    CLI = "cli"
    CONSOLE = "console"
    API = "api"
    """Jobferry's own API, by another client."""


class ImportRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An import. ``task_id`` is that of its last check or of the last try to apply it. Times are in ms.

    What the check found lies beside the package. ``plan_digest`` is what the record is bound to, empty before
    the first check has ended and for an import that was never to be looked at. ``message``, ``code`` and
    ``hint`` tell why it was refused, failed, or could not be applied. ``revision`` grows with every change.
    ``server`` is the one that began the task.
    """

    id: str
    workspace_id: str
    created_by: str
    created_at: int
    origin: ImportClient
    checked_at: int
    package_id: str
    package_name: str
    package_digest: str = ""
    options: ImportOptions
    plan_digest: str = ""
    state: ImportState
    task_id: str
    message: str = ""
    code: str = ""
    hint: str = ""
    revision: int = 0
    server: str = ""

    def moved(self, state: ImportState, **more: Any) -> ImportRecord:
        """The import in its next state; without ``more``, nothing is told of why."""
        told = {"message": "", "code": "", "hint": ""} | more
        return msgspec.structs.replace(self, state=state, revision=self.revision + 1, **told)

    def ended(self, state: ImportState, **why: str) -> ImportRecord:
        """The import after a task that has changed nothing: one that was checked before waits again."""
        return self.moved(ImportState.CHECKED if self.plan_digest else state, **why)


class Confirmed(NamedTuple):
    """A checked import that somebody wants carried out as it was planned, and what they said about it."""

    record: ImportRecord
    comment: str = ""


class ImportFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which imports; what is not said does not filter. Times are in ms, ``until`` is exclusive.

    ``name`` is a piece of the package's name, case ignored (ASCII letters).
    """

    workspace_id: str
    state: ImportState | None = None
    created_by: str = ""
    origin: ImportClient | None = None
    since: int = 0
    until: int = 0
    name: str = ""


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """What imports into one workspace go by that come from one workspace of one platform."""

    workspace_id: str
    source_platform: str
    source_workspace: str
    platform_name: str
    """What the source called itself when the route was saved; its id is what counts."""
    options: ImportOptions
    saved_by: str
    saved_at: int

    @property
    def name(self) -> str:
        """How people call it: after its source."""
        return f"{self.platform_name or self.source_platform}/{self.source_workspace}"
