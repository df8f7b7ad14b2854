"""Workspaces and their tags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, bindparam, delete, insert, or_, select, update

from jobferry.model.records import Workspace
from jobferry.model.settings import is_recording
from jobferry.model.tags import Tag
from jobferry.store import bulk, changes, faults
from jobferry.store.schema import tags, workspaces

_settings = msgspec.json.Decoder(dict[str, str])
_BY_ID = select(workspaces).where(workspaces.c.id == bindparam("wanted"))
_BY_NAME = select(workspaces).where(workspaces.c.name == bindparam("wanted"))


class Workspaces:
    """Workspaces."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, Workspace | None] = {}
        """By id, what was asked for: nothing else changes while this look or transaction lasts."""

    def by_id(self, workspace_id: str) -> Workspace | None:
        """The workspace with that id."""
        if workspace_id not in self._known:
            self._known[workspace_id] = self._one(_BY_ID, workspace_id)
        return self._known[workspace_id]

    def by_name(self, name: str) -> Workspace | None:
        """The workspace of that name."""
        return self._one(_BY_NAME, name)

    def called(self, id_or_name: str) -> list[Workspace]:
        """The workspace with that id, and the one of that name, if they are there; at most two."""
        if not bulk.texts([id_or_name]):
            return []
        known = select(workspaces).where(or_(workspaces.c.id == id_or_name, workspaces.c.name == id_or_name))
        found = [_workspace(row) for row in self._connection.execute(known)]
        return sorted(found, key=lambda workspace: workspace.id != id_or_name)

    def all(self) -> list[Workspace]:
        """In order of name."""
        return [_workspace(row) for row in self._connection.execute(select(workspaces).order_by("name"))]

    def _one(self, query: Select[Any], wanted: str) -> Workspace | None:
        if not bulk.texts([wanted]):
            return None
        row = self._connection.execute(query, {"wanted": wanted}).one_or_none()
        return _workspace(row) if row else None


class WorkspaceWriter(Workspaces):
    """Workspaces, to be made and changed."""

    def add(self, workspace: Workspace) -> None:
        """Makes a workspace.

        Raises:
            Conflict: the name is taken.
        """
        self._known.clear()
        with bulk.conflicts_as(self._connection, lambda: faults.taken("workspace", workspace.name)):
            self._connection.execute(insert(workspaces).values(_row(workspace)))
        if is_recording(workspace.settings):
            changes.begin(self._connection, workspace.id, at=workspace.created_at)

    def replace(self, workspace: Workspace) -> None:
        """Writes every column of a workspace, found by id; its change log begins where it is switched on.

        Raises:
            Conflict: the new name is taken.
        """
        self._known.clear()
        begins = is_recording(workspace.settings) and not changes.recording(self._connection, [workspace.id])
        changed = update(workspaces).where(workspaces.c.id == workspace.id).values(_row(workspace))
        with bulk.conflicts_as(self._connection, lambda: faults.taken("workspace", workspace.name)):
            self._connection.execute(changed)
        if begins:
            changes.begin(self._connection, workspace.id, at=workspace.updated_at)


class Tags:
    """The tags of workspaces. Which jobs have them, their drafts' index terms tell."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_workspace(self, workspace_id: str) -> dict[str, Tag]:
        """By name, in order of name."""
        query = select(tags).where(tags.c.workspace_id == workspace_id).order_by(tags.c.name)
        return {row.name: Tag(**row._asdict()) for row in self._connection.execute(query)}


class TagWriter(Tags):
    """Tags, to be saved and removed."""

    def save(self, tags_: Sequence[Tag]) -> None:
        """Inserts or replaces, by name."""
        rows = [(tag.workspace_id, tag.name, tag.locked, tag.changed_by, tag.changed_at) for tag in tags_]
        bulk.save(self._connection, tags, rows, changed=("locked", "changed_by", "changed_at"))

    def remove(self, workspace_id: str, names: Iterable[str]) -> None:
        """Deletes tags by name."""
        here = (tags.c.workspace_id == workspace_id) & bulk.among(
            self._connection, tags.c.name, bulk.texts(names)
        )
        self._connection.execute(delete(tags).where(here))


def _row(workspace: Workspace) -> bulk.Row:
    return msgspec.structs.asdict(workspace) | {"settings": msgspec.json.encode(workspace.settings).decode()}


def _workspace(row: Row[Any]) -> Workspace:
    return Workspace(**row._asdict() | {"settings": _settings.decode(row.settings)})
