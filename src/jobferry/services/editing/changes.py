"""What happened to a workspace's objects, for those who may look at them."""

from __future__ import annotations

from typing import NamedTuple, Unpack

import msgspec

from jobferry.model.change_log import ChangeFilter, LogStart, ObjectChange
from jobferry.model.kinds import ObjectKind
from jobferry.model.lists import PageOptions
from jobferry.model.people import Grant
from jobferry.model.rights import Action
from jobferry.services.runtime import Runtime


class ChangePage(NamedTuple):
    """How many changes there are in all, and one page, newest first; ``start`` is None while it is off."""

    total: int
    changes: list[ObjectChange]
    start: LogStart | None


class ChangeLog:
    """The change log of a workspace."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def page(self, grant: Grant, wanted: ChangeFilter, **which: Unpack[PageOptions]) -> ChangePage:
        """One page of what was recorded, also after change management was switched off.

        Raises:
            Forbidden: the caller may not look at jobs.
        """
        self._runtime.allow(grant, Action.JOB_VIEW, kind="change")
        place, directories = grant.workspace.id, grant.directories_of(ObjectKind.JOB)
        wanted = msgspec.structs.replace(wanted, workspace_id=place, directories=directories)
        with self._runtime.store.read() as snapshot:
            total, found = snapshot.changes.page(wanted, **which)
            return ChangePage(total, found, snapshot.changes.start(place))
