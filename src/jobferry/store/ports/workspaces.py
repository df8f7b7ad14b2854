"""Workspaces, what they can use, who imports into them, and what came of that."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from jobferry.model.kinds import NeedKind
from jobferry.model.records import Connection, InventoryItem, Slot, Variable, Workspace
from jobferry.model.transfer.checked_import import ImportRecord, Route
from jobferry.model.transfer.receipt import Receipt, ReceiptItem


class Workspaces(Protocol):
    """Workspaces."""

    def by_id(self, workspace_id: str) -> Workspace | None: ...

    def by_name(self, name: str) -> Workspace | None: ...

    def all(self) -> list[Workspace]:
        """In order of name."""
        ...


class WorkspaceChanges(Workspaces, Protocol):
    """Workspaces, changeable."""

    def add(self, workspace: Workspace) -> None:
        """Raises: Conflict: the name is taken."""
        ...

    def replace(self, workspace: Workspace) -> None: ...


class Surroundings(Protocol):
    """What a workspace has besides its objects: connections, inventory, environment variables."""

    def connections(self, workspace_id: str) -> list[Connection]:
        """In order of name."""
        ...

    def connection(self, workspace_id: str, name: str) -> Connection | None: ...

    def inventory(self, workspace_id: str, kind: NeedKind | None = None) -> list[InventoryItem]:
        """In order of kind and name."""
        ...

    def variables(self, workspace_id: str) -> list[Variable]:
        """In order of name."""
        ...


class SurroundingChanges(Surroundings, Protocol):
    """Surroundings, changeable."""

    def add_connection(self, connection: Connection) -> None:
        """Raises: Conflict: the name is taken."""
        ...

    def replace_connection(self, connection: Connection) -> None: ...

    def remove_connection(self, workspace_id: str, name: str) -> bool:
        """Whether there was one."""
        ...

    def save_inventory(self, items: Sequence[InventoryItem]) -> None:
        """Inserts, or replaces the local id of what is there."""
        ...

    def remove_inventory(self, workspace_id: str, kind: NeedKind, name: str) -> bool: ...

    def save_variables(self, variables: Sequence[Variable]) -> None:
        """Inserts or replaces each."""
        ...

    def remove_variable(self, workspace_id: str, name: str) -> bool: ...


class Receipts(Protocol):
    """Receipts of imports."""

    def by_id(self, receipt_id: str) -> Receipt | None: ...

    def page(
        self,
        workspace_id: str,
        *,
        imported_by: str | None = None,
        plan_digest: str | None = None,
        offset: int,
        limit: int,
    ) -> tuple[int, list[Receipt]]:
        """Newest first; all of them, or those of one user, or of one plan."""
        ...

    def items(self, receipt_id: str, *, offset: int = 0, limit: int | None = None) -> list[ReceiptItem]:
        """In the order of the plan."""
        ...


class ReceiptChanges(Receipts, Protocol):
    """Receipts, changeable."""

    def add(self, receipt: Receipt, items: Sequence[ReceiptItem]) -> None: ...

    def mark_undone(self, receipt_id: str, by: str) -> None:
        """Notes which receipt took this one back; empty where none does any more."""
        ...

    def sweep(self, workspace_id: str, *, before: int, keep: Collection[str], limit: int) -> int:
        """Removes some of a workspace's receipts from before a time, oldest first; how many there were.

        The workspace's newest stays, and so do those to ``keep``.
        """
        ...


class ImportRecords(Protocol):
    """Imports on their way, each until its receipt or its age makes it needless."""

    def by_id(self, import_id: str) -> ImportRecord | None: ...

    def page(
        self, workspace_id: str, *, created_by: str | None = None, offset: int, limit: int
    ) -> tuple[int, list[ImportRecord]]:
        """Newest first; all of them, or those of one user."""
        ...

    def package_ids(self) -> set[str]:
        """The packages that any of them is about."""
        ...


class ImportRecordChanges(ImportRecords, Protocol):
    """Imports on their way, changeable."""

    def add(self, record: ImportRecord) -> None: ...

    def replace(self, record: ImportRecord, *, was: ImportRecord) -> bool:
        """Writes what may change, if nobody has changed it meanwhile; whether that was so."""
        ...

    def sweep(self, *, before: int, keep: Collection[str]) -> int:
        """Removes those checked before a time, but not those whose task is to ``keep``; how many."""
        ...


class Routes(Protocol):
    """Saved routes, each of one workspace from one source."""

    def of_workspace(self, workspace_id: str) -> list[Route]:
        """In order of platform and workspace."""
        ...

    def one(self, workspace_id: str, source_platform: str, source_workspace: str) -> Route | None: ...


class RouteChanges(Routes, Protocol):
    """Saved routes, changeable."""

    def save(self, route: Route) -> None:
        """Inserts, or replaces the one of that source."""
        ...

    def remove(self, workspace_id: str, source_platform: str, source_workspace: str) -> bool:
        """Whether there was one."""
        ...


class Slots(Protocol):
    """One import at a time per workspace."""

    def of(self, workspace_id: str) -> Slot | None: ...

    def all(self) -> list[Slot]: ...


class SlotChanges(Slots, Protocol):
    """Slots, changeable."""

    def take(self, slot: Slot) -> None:
        """Takes a free slot by a unique row.

        Raises:
            Conflict: ``import-running``; the message names holder and since when.
        """
        ...

    def is_held(self, workspace_id: str, task_id: str, fence: int) -> bool:
        """Whether the task still holds the slot under its fence; locks the row until commit."""
        ...

    def free(self, task_id: str) -> None: ...
