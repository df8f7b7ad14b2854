"""The tags of workspaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, select

from jobferry.model.tags import Tag
from jobferry.store.sql import bulk
from jobferry.store.sql.schema import tags


class SqlTags:
    """Tags in a transaction, to read or to change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_workspace(self, workspace_id: str) -> dict[str, Tag]:
        """By name, in order of name."""
        query = select(tags).where(tags.c.workspace_id == workspace_id).order_by(tags.c.name)
        return {row.name: Tag(**row._asdict()) for row in self._connection.execute(query)}

    def save(self, tags_: Sequence[Tag]) -> None:
        """Inserts or replaces, by name."""
        rows = [(one.workspace_id, one.name, one.locked, one.changed_by, one.changed_at) for one in tags_]
        bulk.save(self._connection, tags, rows, changed=("locked", "changed_by", "changed_at"))

    def remove(self, workspace_id: str, names: Iterable[str]) -> None:
        """Deletes tags by name."""
        here = (tags.c.workspace_id == workspace_id) & bulk.among(
            self._connection, tags.c.name, bulk.texts(names)
        )
        self._connection.execute(delete(tags).where(here))
