"""The platform's database: one look, or one transaction, over all families of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
from sqlalchemy import Connection, delete, insert, select

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.records import Platform
from jobferry.store.sql import bulk, migrate
from jobferry.store.sql.contents import SqlContents
from jobferry.store.sql.derived.names import NameRows
from jobferry.store.sql.derived.renames import Renames
from jobferry.store.sql.engine import PATIENCE, Database
from jobferry.store.sql.objects import SqlObjects
from jobferry.store.sql.outgoing import SqlOutgoing
from jobferry.store.sql.people.audit import SqlAudit
from jobferry.store.sql.people.members import SqlMembers
from jobferry.store.sql.people.notices import SqlNotices
from jobferry.store.sql.people.users import SqlPeople
from jobferry.store.sql.places import SqlPlaces
from jobferry.store.sql.receipts import SqlReceipts
from jobferry.store.sql.records.changes import SqlChanges
from jobferry.store.sql.records.downloads import SqlDownloads
from jobferry.store.sql.records.imports import SqlImportRecords
from jobferry.store.sql.records.routes import SqlRoutes
from jobferry.store.sql.reviews import SqlReviews
from jobferry.store.sql.schema import HEAD, VERSION_TABLE, platform, platform_settings
from jobferry.store.sql.sealing import Sealing, Secrets
from jobferry.store.sql.slots import SqlSlots
from jobferry.store.sql.surroundings import SqlSurroundings
from jobferry.store.sql.workspaces import SqlTags, SqlWorkspaces

_LOCK_KEY = 0x6A6F6266  # "jobf"
HISTORY = migrate.History("platform", HEAD, VERSION_TABLE)


class SqlSnapshot:
    """One consistent look at everything."""

    def __init__(
        self,
        connection: Connection,
        sealing: Sealing,
        rows: NameRows | None = None,
        renames: Renames | None = None,
    ) -> None:
        self._connection = connection
        self.objects = SqlObjects(connection, rows, renames)
        self.places = SqlPlaces(connection)
        self.changes = SqlChanges(connection)
        self.contents = SqlContents(connection)
        self.outgoing = SqlOutgoing(connection)
        self.workspaces = SqlWorkspaces(connection)
        self.surroundings = SqlSurroundings(connection)
        self.receipts = SqlReceipts(connection)
        self.imports = SqlImportRecords(connection, sealing)
        self.reviews = SqlReviews(connection)
        self.routes = SqlRoutes(connection, sealing)
        self.slots = SqlSlots(connection)
        self.people = SqlPeople(connection)
        self.members = SqlMembers(connection)
        self.audit = SqlAudit(connection)
        self.notices = SqlNotices(connection)
        self.downloads = SqlDownloads(connection)
        self.tags = SqlTags(connection)

    def platform(self) -> Platform | None:
        """This installation; None before the first start has finished."""
        named = select(platform.c.id, platform.c.name, platform.c.project_id)
        row = self._connection.execute(named).one_or_none()
        return Platform(**row._asdict()) if row else None

    def platform_settings(self) -> dict[str, str]:
        """What operations has set, by key; only what differs from the defaults."""
        rows = self._connection.execute(select(platform_settings).order_by("key"))
        return {row.key: row.value for row in rows}


class SqlUnitOfWork(SqlSnapshot):
    """One transaction."""

    def __init__(self, connection: Connection, sealing: Sealing, rows: NameRows) -> None:
        self._rows = rows
        self._renames = Renames(rows)
        super().__init__(connection, sealing, renames=self._renames)

    def found_platform(self, platform_: Platform) -> None:
        """Names this installation.

        Raises:
            Conflict: it has a name.
        """
        with bulk.telling(self._connection, _founded):
            row = msgspec.structs.asdict(platform_) | {"single": 1}
            self._connection.execute(insert(platform).values(row))

    def save_platform_settings(self, settings: dict[str, str]) -> None:
        """Puts these settings in the place of all that were there."""
        self._connection.execute(delete(platform_settings))
        bulk.add(self._connection, platform_settings, list(settings.items()))

    def commit(self) -> None:
        """Makes everything that was done in this unit of work real, at once."""
        followed = list(self._renames.followed(self._connection))
        self._connection.commit()
        for key, row in followed:
            self._rows.keep(key, row)


class SqlStore:
    """The store in one SQLite file or PostgreSQL database."""

    def __init__(
        self, url_or_path: str, secrets: Callable[[], Secrets] | None = None, *, patience: float = PATIENCE
    ) -> None:
        """``secrets`` seal what is to be sealed, ``patience`` is how many seconds a writer waits for another
        one."""
        self._sealing = Sealing(secrets)
        self._database = Database(url_or_path, lock_key=_LOCK_KEY, patience=patience)
        self._rows = NameRows()

    @contextmanager
    def read(self, *, lean: bool = False) -> Iterator[SqlSnapshot]:
        """One consistent look; ``lean`` keeps little of what it reads in memory."""
        with self._database.reading(lean=lean) as connection:
            yield SqlSnapshot(connection, self._sealing, self._rows)

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[SqlUnitOfWork]:
        """One transaction, forgotten unless it is committed; ``lasting`` as in :meth:`Database.writing`."""
        with self._database.writing(lasting=lasting) as connection:
            yield SqlUnitOfWork(connection, self._sealing, self._rows)

    def prepare(self) -> None:
        """Brings the tables up to date.

        Raises:
            Conflict: a newer program made them.
        """
        migrate.upgrade(self._database, HISTORY)

    def claim(self) -> None:
        """Takes the database for this process.

        Raises:
            Conflict: another process runs a platform on it (``data-folder-busy``).
        """
        self._database.claim()

    def close(self) -> None:
        """Lets the database go; the store can be used again and then connects anew."""
        self._database.close()


def _founded() -> Conflict:
    return Conflict(
        ErrorCode.NAME_TAKEN, "this platform has been founded already", hint="use another data folder"
    )
