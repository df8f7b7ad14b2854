"""Directories and landings, as everybody may read them; objects' changes write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from sys import intern
from typing import Any

from sqlalchemy import Connection, select

from jobferry.model.kinds import ObjectKind
from jobferry.model.records import Landing
from jobferry.store.sql import bulk
from jobferry.store.sql.schema import directories, landings, objects

_KINDS = {kind.value: kind for kind in ObjectKind}


class SqlPlaces:
    """Directories and landings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def directories(self, workspace_id: str, kind: ObjectKind) -> set[str]:
        """The paths of a workspace's directories for a kind."""
        here = (directories.c.workspace_id == workspace_id) & (directories.c.kind == kind.value)
        return set(self._connection.scalars(select(directories.c.path).where(here)))

    def landings_on(self, object_ids: Sequence[int], source_platform: str) -> Iterator[Landing]:
        """What came into these objects from one platform."""
        for page in bulk.pages(object_ids):
            here = bulk.among(self._connection, landings.c.object_id, page)
            query = select(landings).where(here, landings.c.source_platform == source_platform)
            yield from map(_landing, self._connection.execute(query).all())

    def landings(
        self, workspace_id: str, source_platform: str, source_uids: Iterable[str]
    ) -> Iterator[Landing]:
        """What came into one workspace from objects of one source platform that have these uids.

        Of two with the same uid, the one of the newer object comes later.
        """
        here = (landings.c.workspace_id == workspace_id) & (landings.c.source_platform == source_platform)
        for page in bulk.pages(bulk.texts(source_uids)):
            wanted = bulk.among(self._connection, landings.c.source_uid, page)
            rows = self._connection.execute(
                select(landings).where(here, wanted).order_by(landings.c.object_id)
            )
            yield from map(_landing, rows.all())

    def standing_from(
        self, workspace_id: str, source_platform: str, source_workspace: str
    ) -> Iterator[tuple[str, Landing]]:
        """What is in one workspace that came from one workspace of a platform, each with its name here."""
        here = (landings.c.workspace_id == workspace_id) & (landings.c.source_platform == source_platform)
        here &= landings.c.source_workspace == source_workspace
        named = select(*landings.c, objects.c.name).join(objects, objects.c.id == landings.c.object_id)
        for row in self._connection.execute(named.where(here).order_by(landings.c.object_id)):
            *landing, name = tuple[Any, ...](row)
            yield name, _landing(landing)


def _landing(row: Sequence[Any]) -> Landing:
    (object_id, platform, workspace_id, kind, uid, *digests, landed_at, place, directory) = tuple[Any, ...](
        row
    )
    entry_digest, edits_digest, result_digest = digests
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
        source_workspace=intern(place),
        source_directory=intern(directory),
    )
