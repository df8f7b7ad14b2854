"""Directories and landings, as everybody may read them; objects' changes write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from sys import intern
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select

from jobferry.model.kinds import ObjectKind
from jobferry.model.records import ImportOrigin
from jobferry.store import bulk
from jobferry.store.schema import directories, landings, objects

_KINDS = {kind.value: kind for kind in ObjectKind}


_THERE = bulk.Lookup(
    select(directories.c.path).where(
        directories.c.workspace_id == bindparam("workspace"), directories.c.kind == bindparam("kind")
    ),
    directories.c.path,
)


class Places:
    """Directories and landings. Writes of objects change them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def directories(self, workspace_id: str, kind: ObjectKind) -> set[str]:
        """The paths of a workspace's directories for a kind."""
        here = (directories.c.workspace_id == workspace_id) & (directories.c.kind == kind.value)
        return set(self._connection.scalars(select(directories.c.path).where(here)))

    def there(self, workspace_id: str, kind: ObjectKind, paths: Sequence[str]) -> set[str]:
        """Which of the paths are directories."""
        found = _THERE.rows(self._connection, paths, workspace=workspace_id, kind=kind.value)
        return {path for (path,) in found}

    def object_counts(self, workspace_id: str, kind: ObjectKind) -> dict[str, int]:
        """How many objects of a kind lie directly in each directory that has any."""
        here = (objects.c.workspace_id == workspace_id) & (objects.c.kind == kind.value)
        counted = select(objects.c.directory, func.count()).where(here).group_by(objects.c.directory)
        return {path: number for path, number, *_ in bulk.rows(self._connection, counted)}

    def landings_on(self, object_ids: Sequence[int], source_platform: str) -> Iterator[ImportOrigin]:
        """What came into these objects from one platform."""
        for page in bulk.pages(object_ids):
            here = bulk.among(self._connection, landings.c.object_id, page)
            query = select(landings).where(here, landings.c.source_platform == source_platform)
            yield from map(_landing, self._connection.execute(query).all())

    def landings_of(self, object_ids: Sequence[int]) -> Iterator[ImportOrigin]:
        """What came into these objects from anywhere."""
        for page in bulk.pages(object_ids):
            here = bulk.among(self._connection, landings.c.object_id, page)
            query = select(landings).where(here).order_by(landings.c.object_id, landings.c.source_platform)
            yield from map(_landing, self._connection.execute(query).all())

    def landings(
        self, workspace_id: str, source_platform: str, source_uids: Iterable[str]
    ) -> Iterator[ImportOrigin]:
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
    ) -> Iterator[tuple[str, ImportOrigin]]:
        """What is in one workspace that came from one workspace of a platform, each with its name here."""
        here = (landings.c.workspace_id == workspace_id) & (landings.c.source_platform == source_platform)
        here &= landings.c.source_workspace == source_workspace
        named = select(*landings.c, objects.c.name).join(objects, objects.c.id == landings.c.object_id)
        for row in self._connection.execute(named.where(here).order_by(landings.c.object_id)):
            *landing, name = tuple[Any, ...](row)
            yield name, _landing(landing)


def remove_directories(
    connection: Connection, workspace_id: str, kind: ObjectKind, paths: Iterable[str]
) -> None:
    """Forgets directories."""
    here = (directories.c.workspace_id == workspace_id) & (directories.c.kind == kind.value)
    for page in bulk.pages(paths):
        connection.execute(delete(directories).where(here, bulk.among(connection, directories.c.path, page)))


def forget_landings(connection: Connection, gone: Sequence[tuple[int, str]]) -> None:
    """Forgets what came into objects from a platform."""
    for platform in {one for _, one in gone}:
        for page in bulk.pages([object_id for object_id, source in gone if source == platform]):
            here = bulk.among(connection, landings.c.object_id, page)
            connection.execute(delete(landings).where(landings.c.source_platform == platform, here))


def follow_drafts(connection: Connection, moves: Sequence[tuple[int, str, str]]) -> None:
    """Lets what came into objects, and is their draft by the first digest, be that by the second."""
    after = {(object_id, before): digest for object_id, before, digest in moves}
    columns = landings.c.object_id, landings.c.source_platform, landings.c.result_digest
    rows: list[bulk.Values] = []
    for page in bulk.pages([object_id for object_id, _, _ in moves]):
        here = bulk.among(connection, landings.c.object_id, page)
        for object_id, platform, result in connection.execute(select(*columns).where(here)):
            if (object_id, result) in after:
                rows.append((after[object_id, result], object_id, platform))
    bulk.amend(connection, landings, ["result_digest"], rows)


def _landing(row: Sequence[Any]) -> ImportOrigin:
    (object_id, platform, workspace_id, kind, uid, *digests, landed_at, place, directory) = tuple[Any, ...](
        row
    )
    entry_digest, edits_digest, result_digest = digests
    return ImportOrigin(
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
