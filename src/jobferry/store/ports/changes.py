"""The change log of workspaces. Objects' changes write it; nobody else adds to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from jobferry.model.change_log import ChangeFilter, ExportPoint, LogStart, ObjectChange


class Changes(Protocol):
    """What happened to objects while change management was on, readable."""

    def page(self, wanted: ChangeFilter, *, offset: int, limit: int) -> tuple[int, list[ObjectChange]]:
        """How many there are in all, and one page of them, newest first."""
        ...

    def between(
        self, workspace_id: str, *, after: int = 0, since: int = 0, until: int = 0
    ) -> Iterator[ObjectChange]:
        """Those after a number, and in a range of time where one is named, in order; fetched in pages."""
        ...

    def last(self) -> int:
        """The highest number that was ever given, in any workspace."""
        ...

    def start(self, workspace_id: str) -> LogStart | None:
        """From where on the workspace's log is whole; None while change management is off."""
        ...

    def point(self, workspace_id: str, way: str) -> ExportPoint | None:
        """How far the last workspace export of that way reached."""
        ...


class ChangeChanges(Changes, Protocol):
    """The log, changeable."""

    def save_point(self, point: ExportPoint) -> None:
        """Notes how far an export reached; a point before the one that is noted changes nothing."""
        ...

    def sweep(self, workspace_id: str, *, before: int, limit: int) -> int:
        """Removes some changes from before a time, oldest first; the log starts after them."""
        ...
