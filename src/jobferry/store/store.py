"""The platform's database: one look, or one transaction, over all families of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

import msgspec
from sqlalchemy import Connection, delete, insert, select, text, update

from jobferry.errors import Conflict, ErrorCode
from jobferry.model.parts import AUDIT
from jobferry.model.records import Platform
from jobferry.model.secrets import Secrets
from jobferry.store import bulk, migrate, turns
from jobferry.store.asset_backups import AssetBackups, AssetBackupWriter
from jobferry.store.attempts import Attempts, AttemptWriter
from jobferry.store.audit import Audit, AuditWriter
from jobferry.store.backups import Backups, BackupWriter
from jobferry.store.changes import Changes, ChangeWriter
from jobferry.store.connections import (
    Connections,
    ConnectionWriter,
    Inventory,
    InventoryWriter,
    Variables,
    VariableWriter,
)
from jobferry.store.contents import Contents, ContentWriter, OutgoingObjects
from jobferry.store.deliveries import Deliveries, DeliveryWriter
from jobferry.store.downloads import Downloads, DownloadWriter
from jobferry.store.engine import PATIENCE, Database
from jobferry.store.imports import ImportRecords, ImportRecordWriter, Slots, SlotWriter
from jobferry.store.looks import Looks
from jobferry.store.members import Members, MemberWriter
from jobferry.store.names import NameRows, Renames
from jobferry.store.notices import Notices, NoticeWriter
from jobferry.store.objects import Objects, ObjectWriter
from jobferry.store.people import People, PeopleWriter
from jobferry.store.places import Places
from jobferry.store.receipts import Receipts, ReceiptWriter
from jobferry.store.reviews import Reviews, ReviewWriter
from jobferry.store.rights import Rights, RightsMemory
from jobferry.store.routes import Routes, RouteWriter
from jobferry.store.schema import metadata, platform, platform_settings
from jobferry.store.sealing import Sealing
from jobferry.store.uses import Uses
from jobferry.store.workspaces import Tags, TagWriter, Workspaces, WorkspaceWriter

LOCK_KEY = 0x6A6F6266  # "jobf"
HISTORY = migrate.History("platform", "0034", "jobferry_revision", tuple(metadata.tables))


class Snapshot:
    """One consistent look at everything."""

    def __init__(
        self,
        connection: Connection,
        sealing: Sealing,
        rows: NameRows | None = None,
        memory: RightsMemory | None = None,
    ) -> None:
        self._connection = connection
        self.rights = Rights(connection, memory)
        self.objects = Objects(connection, rows)
        self.places = Places(connection)
        self.changes = Changes(connection)
        self.contents = Contents(connection)
        self.outgoing = OutgoingObjects(connection)
        self.workspaces = Workspaces(connection)
        self.connections = Connections(connection)
        self.inventory = Inventory(connection)
        self.variables = Variables(connection)
        self.receipts = Receipts(connection)
        self.imports = ImportRecords(connection, sealing)
        self.reviews = Reviews(connection)
        self.routes = Routes(connection, sealing)
        self.slots = Slots(connection)
        self.people = People(connection)
        self.attempts = Attempts(connection)
        self.asset_backups = AssetBackups(connection)
        self.deliveries = Deliveries(connection)
        self.backups = Backups(connection)
        self.members = Members(connection)
        self.audit = Audit(connection)
        self.notices = Notices(connection)
        self.downloads = Downloads(connection)
        self.tags = Tags(connection)
        self.uses = Uses(connection)

    def platform(self) -> Platform | None:
        """This installation; None before the first start has finished."""
        named = select(platform.c.id, platform.c.name, platform.c.project_id)
        row = self._connection.execute(named).one_or_none()
        return Platform(**row._asdict()) if row else None

    def key_check(self) -> bytes | None:
        """The platform's id, sealed with its key; None in a database from before there was such a value."""
        found: bytes | None = self._connection.scalar(select(platform.c.key_check))
        return found

    def server(self) -> str:
        """Name and version of the database that answers, such as *SQLite 3.46.1*."""
        dialect = self._connection.dialect
        version = ".".join(str(part) for part in dialect.server_version_info or ())
        return f"{'PostgreSQL' if dialect.name == 'postgresql' else 'SQLite'} {version}"

    def size(self) -> int:
        """How many bytes the database has."""
        if self._connection.dialect.name == "postgresql":
            asked = "SELECT pg_database_size(current_database())"
        else:
            asked = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        return int(self._connection.scalar(text(asked)) or 0)

    def server_settings(self, names: Sequence[str]) -> dict[str, str]:
        """What a PostgreSQL server is set to, by name."""
        asked = text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)")
        return {row.name: row.setting for row in self._connection.execute(asked, {"names": list(names)})}

    def platform_settings(self) -> dict[str, str]:
        """What operations has set, by key; only what differs from the defaults."""
        rows = self._connection.execute(select(platform_settings).order_by("key"))
        return {row.key: row.value for row in rows}


class UnitOfWork(Snapshot):
    """One transaction. Leaving without :meth:`commit` undoes everything."""

    objects: ObjectWriter
    changes: ChangeWriter
    contents: ContentWriter
    workspaces: WorkspaceWriter
    connections: ConnectionWriter
    inventory: InventoryWriter
    variables: VariableWriter
    receipts: ReceiptWriter
    imports: ImportRecordWriter
    reviews: ReviewWriter
    routes: RouteWriter
    slots: SlotWriter
    people: PeopleWriter
    attempts: AttemptWriter
    asset_backups: AssetBackupWriter
    deliveries: DeliveryWriter
    backups: BackupWriter
    members: MemberWriter
    audit: AuditWriter
    notices: NoticeWriter
    downloads: DownloadWriter
    tags: TagWriter

    def __init__(self, connection: Connection, sealing: Sealing, rows: NameRows) -> None:
        super().__init__(connection, sealing)
        self._rows = rows
        self._renames = Renames(rows)
        self.objects = ObjectWriter(connection, self._renames)
        self.changes = ChangeWriter(connection)
        self.contents = ContentWriter(connection)
        self.workspaces = WorkspaceWriter(connection)
        self.connections = ConnectionWriter(connection)
        self.inventory = InventoryWriter(connection)
        self.variables = VariableWriter(connection)
        self.receipts = ReceiptWriter(connection)
        self.imports = ImportRecordWriter(connection, sealing)
        self.reviews = ReviewWriter(connection)
        self.routes = RouteWriter(connection, sealing)
        self.slots = SlotWriter(connection)
        self.people = PeopleWriter(connection)
        self.attempts = AttemptWriter(connection)
        self.asset_backups = AssetBackupWriter(connection)
        self.deliveries = DeliveryWriter(connection)
        self.backups = BackupWriter(connection)
        self.members = MemberWriter(connection)
        self.audit = AuditWriter(connection)
        self.notices = NoticeWriter(connection)
        self.downloads = DownloadWriter(connection)
        self.tags = TagWriter(connection)

    def add_platform(self, platform_: Platform) -> None:
        """Names this installation.

        Raises:
            Conflict: it has a name.
        """
        with bulk.conflicts_as(self._connection, _named_already):
            row = msgspec.structs.asdict(platform_) | {"single": 1}
            self._connection.execute(insert(platform).values(row))

    def save_key_check(self, sealed: bytes) -> None:
        """Keeps what tells the platform's key from others."""
        self._connection.execute(update(platform).values(key_check=sealed))

    def save_platform_settings(self, settings: dict[str, str]) -> None:
        """Puts these settings in the place of all that were there."""
        self._connection.execute(delete(platform_settings))
        bulk.add(self._connection, platform_settings, list(settings.items()))

    def commit(self) -> None:
        """Makes everything that was done in this unit of work real, at once.

        What the audit is told is written now: its chain has one end, which all writers take in turn.
        """
        followed = list(self._renames.followed(self._connection))
        if self.audit.is_waiting:
            turns.follow(self._connection, LOCK_KEY, AUDIT)
            self.audit.write_down()
        self._connection.commit()
        for key, row in followed:
            self._rows.keep(key, row)


class Store:
    """The platform's database: one SQLite file, or a PostgreSQL database.

    Raises, from every method: StoreError with ``store-busy`` (another writer held it too long),
    ``disk-full``, or ``store-failed``; Conflict with ``data-folder-newer`` (made by a newer program).
    """

    def __init__(
        self,
        url_or_path: str,
        secrets: Callable[[], Secrets] | None = None,
        *,
        patience: float = PATIENCE,
        server: str = "",
    ) -> None:
        """A database file, or a ``postgresql://`` or ``sqlite:///`` address. Nothing is connected yet.

        ``secrets`` seal options that may hold secrets, ``patience`` is how many seconds a writer waits for
        another one, ``server`` the id of the server that this process is.

        Raises:
            InvalidRequest: the address is not one of a database that we speak to.
        """
        self._sealing = Sealing(secrets)
        self._database = Database(url_or_path, lock_key=LOCK_KEY, patience=patience, server=server)
        self._rows = NameRows()
        self._memory = RightsMemory()
        self._looks = Looks(self._look)

    @contextmanager
    def read(self, *, lean: bool = False) -> Iterator[Snapshot]:
        """One consistent look. ``lean`` is for going through a whole workspace once: what is read is not
        needed again, so little of it is kept in memory."""
        opening = self._look(lean=True) if lean else self._looks.look()
        with opening as snapshot:
            yield snapshot

    def one_look(self) -> AbstractContextManager[None]:
        """All that this thread reads in here it reads in one look, but for lean ones; up to its first write.

        Nothing that waits for others to change something may be done in here: it would never see it.
        """
        return self._looks.shared()

    @contextmanager
    def write(self, *, lasting: bool = True, only: str = "") -> Iterator[UnitOfWork]:
        """One transaction, forgotten unless it is committed.

        It has the platform to itself, unless it writes ``only`` a workspace, by its id, or another of the
        platform's :mod:`~jobferry.model.parts`: on PostgreSQL others then write other parts meanwhile. Texts,
        their terms, the audit, notices and deliveries may be added to by all.

        With ``lasting=False`` its commit does not wait for the disk. Until a lasting one has followed it, it
        can be lost if the whole machine fails; never half of it, and never after what follows it.
        """
        self._looks.end()
        with self._database.writing(lasting=lasting, only=only) as connection:
            yield UnitOfWork(connection, self._sealing, self._rows)

    @contextmanager
    def _look(self, *, lean: bool = False) -> Iterator[Snapshot]:
        with self._database.reading(lean=lean) as connection:
            yield Snapshot(connection, self._sealing, self._rows, self._memory)

    def prepare(self) -> None:
        """Brings the tables up to date; run once at a platform's start.

        Raises:
            Conflict: a newer program made them.
        """
        migrate.upgrade(self._database, HISTORY)

    def revision(self) -> tuple[str, str]:
        """The migration that the tables are at (empty: there are none), and this program's newest.

        Raises:
            Conflict: a newer program made them, or one from before the first release.
        """
        with self._database.reading() as connection:
            present = migrate.revision(connection, HISTORY)
        if present is not None:
            migrate.refuse_unknown(self._database, migrate.scripts_of(HISTORY), present)
        return present or "", HISTORY.head

    def platform_in_it(self) -> Platform | None:
        """Find the installation in a database that may have no tables yet."""
        if not self.revision()[0]:
            return None
        with self.read() as snapshot:
            return snapshot.platform()

    def claim(self) -> None:
        """Keeps those out who need the database for themselves alone, such as a restore; other servers may
        work on it, too.

        Raises:
            Conflict: somebody has it for themselves alone (``data-folder-busy``).
        """
        self._database.claim(alone=False)

    def fence(self) -> None:
        """From now on this process writes only while the other servers have not given it up."""
        self._database.fence()

    @property
    def server(self) -> str:
        """The id of the server that this process is."""
        return self._database.server

    def close(self) -> None:
        """Lets the database go; the store can be used again and then connects anew."""
        self._database.close()


def _named_already() -> Conflict:
    return Conflict(ErrorCode.NAME_TAKEN, "this platform is set up already", hint="use another data folder")
