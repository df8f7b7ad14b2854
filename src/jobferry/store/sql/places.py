"""Directories and landings, as everybody may read them; objects' changes write them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from jobferry.model.kinds import ObjectKind
from jobferry.model.records import Landing
from jobferry.store.sql.schema import directories, landings

_KINDS = {kind.value: kind for kind in ObjectKind}


class SqlPlaces:
    """Directories and landings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def directories(self, workspace_id: str, kind: ObjectKind) -> set[str]:
        """The paths of a workspace's directories for a kind."""
        here = (directories.c.workspace_id == workspace_id) & (directories.c.kind == kind.value)
        return set(self._connection.scalars(select(directories.c.path).where(here)))

    def landings(self, workspace_id: str, source_platform: str) -> list[Landing]:
        """Everything that came from one source platform into one workspace."""
        here = (landings.c.workspace_id == workspace_id) & (landings.c.source_platform == source_platform)
        rows = self._connection.execute(select(landings).where(here).order_by(landings.c.object_id))
        return [_landing(row) for row in rows]


def _landing(row: Row[Any]) -> Landing:
    (object_id, platform, workspace_id, kind, uid, entry_digest, edits_digest, result_digest, landed_at) = (
        tuple[Any, ...](row)
    )
    return Landing(
        workspace_id=workspace_id,
        object_id=object_id,
        kind=_KINDS[kind],
        source_platform=platform,
        source_uid=uid,
        entry_digest=entry_digest,
        edits_digest=edits_digest,
        result_digest=result_digest,
        landed_at=landed_at,
    )
