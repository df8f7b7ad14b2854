"""The only place that names concrete adapters, the clock and the source of ids."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable
from functools import cached_property, partial
from importlib.metadata import version

from jobferry.access.chain import Chain
from jobferry.access.passwords import Argon2, Passwords
from jobferry.access.sealing import Sealer, new_token
from jobferry.bootstrap.anchor_file import AnchorFile
from jobferry.bootstrap.backing_up import BackingUp
from jobferry.bootstrap.backup_places import backup_place
from jobferry.bootstrap.data_key import (
    data_key,
    ensure_key,
    refuse_other_key,
    refuse_other_sqlite,
    remember_key,
)
from jobferry.bootstrap.first_start import ADMINISTRATOR, create_platform
from jobferry.bootstrap.heartbeat import Heartbeat
from jobferry.bootstrap.home import Home
from jobferry.bootstrap.measures import Measures
from jobferry.bootstrap.object_storage import (
    StorageProbe,
    objects_folder,
    package_storage,
    reach_packages,
    shared_anchor,
    stores_to_reach,
)
from jobferry.bootstrap.object_stores import SERVICE
from jobferry.bootstrap.platform import ObjectCases, Parts, RunningPlatform
from jobferry.bootstrap.readiness import Readiness
from jobferry.bootstrap.settings import PlatformSettings
from jobferry.bootstrap.sign_in_provider import provider_settings, sign_in_provider, sign_in_rules
from jobferry.bootstrap.storage_access import StorageAccess
from jobferry.bootstrap.upkeep import Ticking
from jobferry.bootstrap.webhook_receiver import webhook_receiver
from jobferry.events import Events
from jobferry.files.ports import PackageStorage
from jobferry.model.records import Platform
from jobferry.model.task import TASK_FORMAT, Ending, Task, TaskKind
from jobferry.parsing.processes import ParserProcesses
from jobferry.services.asset_backups.aging import Aging
from jobferry.services.asset_backups.restoring import Restoring
from jobferry.services.asset_backups.schedule import Schedule
from jobferry.services.asset_backups.taking import Taking
from jobferry.services.background import BackgroundTasks
from jobferry.services.buckets import Buckets
from jobferry.services.comparing import Comparing
from jobferry.services.connections import Connections
from jobferry.services.directories import Directories
from jobferry.services.editing.changes import ChangeLog
from jobferry.services.editing.locks import Locks
from jobferry.services.editing.tag_files import TagFiles
from jobferry.services.editing.tags import TagLibrary
from jobferry.services.editing.versions import VersionLibrary
from jobferry.services.exporting.background import Batches, Producing
from jobferry.services.exporting.downloads import DownloadCenter, Records
from jobferry.services.exporting.exports import Exports
from jobferry.services.exporting.packing import Filing
from jobferry.services.importing.check_result import LastCheck
from jobferry.services.importing.check_task import CheckTask
from jobferry.services.importing.checked import CheckedImports
from jobferry.services.importing.handed_in import HandedIn
from jobferry.services.importing.import_lock import ImportLock
from jobferry.services.importing.preview import NextRuns
from jobferry.services.importing.receive import Imports
from jobferry.services.importing.routes import Routes
from jobferry.services.importing.task import ImportTask
from jobferry.services.importing.undo import Undoing
from jobferry.services.inventory import Inventory
from jobferry.services.neighbourhood import Neighbourhoods
from jobferry.services.next_runs import RunTimes
from jobferry.services.objects import ObjectLibrary
from jobferry.services.operating.maintenance import Keeping, Upkeep
from jobferry.services.operating.platform_settings import StoredSettings
from jobferry.services.operating.webhook import Webhook
from jobferry.services.outlines import Outlines
from jobferry.services.people.attempts import Attempts
from jobferry.services.people.audit import Anchoring, Audits
from jobferry.services.people.credentials import Credentials
from jobferry.services.people.members import DownloadPolicies, Members, Policies
from jobferry.services.people.notices import Notices
from jobferry.services.people.provider_sign_in import ProviderSignIn
from jobferry.services.people.sign_in import SigningIn
from jobferry.services.people.users import Users
from jobferry.services.references import References
from jobferry.services.reports import Reports
from jobferry.services.reviewing.releases import Releases
from jobferry.services.reviewing.reviews import Resubmitting, Reviews
from jobferry.services.runtime import Runtime
from jobferry.services.scheduling import Scheduling
from jobferry.services.surroundings.exporting import SurroundingExports
from jobferry.services.surroundings.importing import SurroundingImports
from jobferry.services.variables import Variables
from jobferry.services.workspaces import Workspaces
from jobferry.store import Store, TaskLog, store, tasklog
from jobferry.store.engine import patient
from jobferry.store.faults import given_up
from jobferry.tasks.ports import TaskRunner

_events = Events("start")

_COLLECTIONS = (50_000, 20, 50)
"""How rarely Python looks for circular garbage: a large package is many small values and no circles, and
looking through them again and again took a third of an import."""
_TURN_SECONDS = 0.0003
"""How long a thread may keep the others waiting: a read has several turns, an import is one long one."""
_ANCHOR_SECONDS = 1.0
"""How far the audit's anchor may be behind its chain."""
_WEBHOOK_SECONDS = 2.0
"""How often calls of the webhook that are due are looked for."""
_GRACE_S = 5.0
"""How long tasks may go on when the platform stops; the next start resumes those that have not ended."""
_UNREFERRED_MS = 24 * 60 * 60 * 1000
"""How long a text that nothing refers to is kept, so that no import loses what it has staged; and so with
an object that somebody began to write."""


def open_platform(
    home: Home, settings: PlatformSettings, *, durable: bool, backing_up: BackingUp | None = None
) -> RunningPlatform:
    """Starts the platform of a data folder that this process has locked.

    ``durable`` carries background work on after a restart (a served platform); otherwise what was cut off
    is reported (the command line without a server). ``backing_up`` takes the backups that
    operations asks for.

    Raises:
        StoreError, FilesError, Conflict: the database or the folder cannot be used.
    """
    return _Wiring(home, settings, durable=durable, backing_up=backing_up).start()


class _Wiring:
    def __init__(
        self, home: Home, settings: PlatformSettings, *, durable: bool, backing_up: BackingUp | None
    ) -> None:
        self._backing_up = backing_up
        self._home = home
        self._settings = settings
        self._durable = durable
        self._provider_settings = provider_settings(settings)
        self._receiver = webhook_receiver(settings)
        database, patience = settings.database, settings.patience
        server = _new_id()
        self._store = Store(
            database or str(home.database), lambda: self._sealer, patience=patience, server=server
        )
        self._log = TaskLog(
            database or str(home.tasks),
            lambda: self._sealer,
            patience=patience,
            server=server,
            takes_tasks=settings.tasks or not durable,
        )
        self._storage = StorageAccess(home, settings, self._store, lambda: self._stored)
        self._folder_token = new_token()
        self._passwords = Passwords(Argon2())
        self._given_up = threading.Event()

    def start(self) -> RunningPlatform:
        if self._durable or gc.get_threshold()[0] < _COLLECTIONS[0]:
            gc.set_threshold(*_COLLECTIONS)
        sys.setswitchinterval(_TURN_SECONDS)
        try:
            identity = self._begun()
        except BaseException:
            self._close()
            raise
        return self._running(identity)

    def _running(self, identity: Platform) -> RunningPlatform:
        return RunningPlatform(
            **vars(self._object_cases),
            identity=identity,
            home=self._home,
            settings=self._settings,
            stored=self._stored,
            signing=self._signing,
            provider=self._provider,
            users=Users(self._runtime, self._passwords, self._attempts, lambda: self._sealer),
            credentials=self._credentials,
            members=Members(self._runtime),
            policies=Policies(self._runtime),
            download_policies=DownloadPolicies(self._runtime),
            audits=self._audits,
            notices=self._notices,
            workspaces=Workspaces(self._runtime, self._storage.owners),
            connections=Connections(self._runtime, lambda: self._sealer),
            inventory=Inventory(self._runtime),
            variables=Variables(self._runtime, lambda: self._sealer),
            surrounding_exports=SurroundingExports(self._runtime, lambda: self._sealer, self._records),
            surrounding_imports=self._surrounding_imports,
            exports=Exports(self._runtime, self._filing, self._records),
            producing=self._producing,
            downloads=self._downloads,
            batches=Batches(self._runtime, self._producing, self._downloads, self._stored.values),
            imports=self._imports,
            handed_in=HandedIn(self._runtime, self._uploads, self._stored),
            buckets=Buckets(self._runtime, self._storage.incoming),
            comparing=Comparing(self._runtime, self._uploads),
            next_runs=NextRuns(self._runtime),
            routes=Routes(self._runtime),
            checked=self._checked,
            undoing=self._undoing,
            tasks=BackgroundTasks(self._runtime, self._log, self._uploads, self._records),
            reports=Reports(self._runtime, self._log),
            reviews=self._reviews,
            releases=Releases(self._runtime),
            resubmitting=Resubmitting(self._runtime),
            parts=self._parts,
            folder_token=self._folder_token,
            wait=self._runner.wait,
            one_look=self._store.one_look,
            ready=self._readiness.check,
            refuse_given_up=self._refuse_given_up,
            measures=lambda: self._measures.all(_now()),
            database=self._database,
            close=self._close,
        )

    @property
    def _object_cases(self) -> ObjectCases:
        return ObjectCases(
            objects=ObjectLibrary(self._runtime),
            references=References(self._runtime),
            neighbourhoods=Neighbourhoods(self._runtime),
            run_times=RunTimes(self._runtime),
            directories=Directories(self._runtime),
            outlines=Outlines(self._runtime, ObjectLibrary(self._runtime)),
            changes=ChangeLog(self._runtime),
            locks=Locks(self._runtime),
            tags=TagLibrary(self._runtime),
            tag_files=TagFiles(self._runtime, self._storage.incoming),
            versions=VersionLibrary(self._runtime),
            scheduling=Scheduling(self._runtime),
            asset_backups=self._taking,
            restoring=Restoring(self._runtime, self._storage.incoming, self._uploads, self._stored),
        )

    @property
    def _credentials(self) -> Credentials:
        forget = self._home.forget_credentials
        return Credentials(self._runtime, lambda: self._sealer, ADMINISTRATOR, forget)

    @property
    def _surrounding_imports(self) -> SurroundingImports:
        return SurroundingImports(self._runtime, self._log, self._uploads, lambda: self._sealer)

    @property
    def _parts(self) -> Parts:
        return Parts(
            runtime=self._runtime,
            log=self._log,
            received=self._uploads,
            kept=self._kept_packages,
            storage=self._storage.incoming,
            filing=self._filing,
            records=self._records,
            seals=lambda: self._sealer,
        )

    def _begun(self) -> Platform:
        """Everything that has to be done before anybody may call."""
        forms = f"{store.HISTORY.head}.{tasklog.HISTORY.head}.{TASK_FORMAT}"
        here = f"{version('jobferry')}+{forms}" if self._settings.database else ""
        self._store.claim()
        self._log.servers.refuse_other_versions(here)
        if self._settings.database:
            refuse_other_sqlite(self._home, self._store)
        self._store.prepare()
        self._log.prepare()
        _events.debug("tables-ready")
        ensure_key(self._home, self._settings, self._store)
        refuse_other_key(self._store, self._key)
        if self._settings.database:
            self._heartbeat.start(here)
            self._store.fence()
            self._log.fence()
        identity = create_platform(self._home, self._runtime, self._sealer, self._settings.platform_name)
        refuse_other_key(self._store, self._key)
        remember_key(self._store, self._key)
        self._anchoring.begin()
        self._following.start()
        self._runner.start()
        _events.debug("tasks-taken-up")
        self._turns.free_orphans()
        self._downloads.settle()
        if self._durable:
            self._upkeep.tick()
            self._ticking.start()
        if self._durable and self._settings.tasks and self._receiver is not None:
            self._telling = Ticking(Webhook(self._runtime, self._receiver.send).deliver, _WEBHOOK_SECONDS)
            self._telling.start()
        if self._backing_up is not None and self._settings.tasks:
            self._backing_up.start(self._runtime, self._stored, self._log.servers)
        _events.debug("platform-started", platform=identity.id, durable=self._durable)
        return identity

    @cached_property
    def _runtime(self) -> Runtime:
        parser = ParserProcesses(self._settings.reading_processes)
        return Runtime(
            self._store,
            _now,
            _new_id,
            self._chain,
            parser,
            self._storage.incoming,
            self._anchoring.wanted,
            announces=self._receiver is not None,
        )

    @cached_property
    def _chain(self) -> Chain:
        return Chain(self._key)

    @cached_property
    def _anchoring(self) -> Anchoring:
        shared = shared_anchor(self._settings)
        return Anchoring(self._store, self._chain, AnchorFile(self._home), shared)

    @cached_property
    def _following(self) -> Ticking:
        return Ticking(self._anchoring.move, _ANCHOR_SECONDS)

    @cached_property
    def _heartbeat(self) -> Heartbeat:
        return Heartbeat(self._log.servers, self._home, left=self._turns.free_orphans, lost=self._lost)

    def _lost(self) -> None:
        """The others have taken over this server's work; a served one ends, and is to be started again."""
        self._given_up.set()
        if self._durable:
            os.kill(os.getpid(), signal.SIGTERM)

    def _refuse_given_up(self) -> None:
        if self._given_up.is_set():
            raise given_up()

    @cached_property
    def _stored(self) -> StoredSettings:
        check = partial(backup_place, self._home, self._settings)
        return StoredSettings(self._runtime, self._settings.told, check)

    @cached_property
    def _sealer(self) -> Sealer:
        return Sealer(self._key)

    @cached_property
    def _key(self) -> bytes:
        return data_key(self._home, self._settings)

    @cached_property
    def _attempts(self) -> Attempts:
        return Attempts(self._runtime, lambda: self._sealer)

    @cached_property
    def _signing(self) -> SigningIn:
        return SigningIn(
            self._runtime,
            lambda: self._sealer,
            self._passwords,
            self._attempts,
            folder_token=self._folder_token,
            rules=sign_in_rules(self._settings),
        )

    @property
    def _provider(self) -> ProviderSignIn:
        provider = sign_in_provider(self._settings)
        return ProviderSignIn(
            self._runtime, lambda: self._sealer, self._signing, provider, self._provider_settings
        )

    @cached_property
    def _audits(self) -> Audits:
        return Audits(self._runtime, self._anchoring)

    @cached_property
    def _notices(self) -> Notices:
        return Notices(self._runtime)

    @cached_property
    def _reviews(self) -> Reviews:
        return Reviews(self._runtime)

    @cached_property
    def _ticking(self) -> Ticking:
        return Ticking(self._upkeep.tick)

    @cached_property
    def _upkeep(self) -> Upkeep:
        """Texts come late, since receipts refer to them. A server that only answers sweeps nothing."""
        keeping = Keeping(self._runtime, self._log, self._stored, self._runner.forget)
        daily = (
            self._checked.settle,
            self._imports.sweep,
            self._downloads.sweep,
            keeping.sweep,
            lambda: self._audits.sweep(self._stored.values().audit_days),
            lambda: self._notices.sweep(self._stored.values().audit_days),
            lambda: self._reviews.sweep(self._stored.values().audit_days),
            self._signing.end_old_sessions,
            self._provider.warn_unconfirmed,
            self._sweep_texts_and_objects,
        )
        always = (self._signing.write_down, self._downloads.settle, self._anchoring.catch_up)
        backups = Schedule(self._runtime, self._log, self._taking)
        if not self._settings.tasks:
            return Upkeep(always, (), _now)
        return Upkeep((*always, backups.tick), daily, _now)

    @cached_property
    def _taking(self) -> Taking:
        aging = Aging(self._runtime, self._storage.outgoing)
        return Taking(
            self._runtime, self._log, self._storage.outgoing, lambda: self._sealer, self._launch, aging.let_go
        )

    @cached_property
    def _uploads(self) -> PackageStorage:
        return package_storage(self._home.uploads, self._settings, lambda: self._sealer)

    @cached_property
    def _records(self) -> Records:
        return Records(self._runtime)

    @cached_property
    def _producing(self) -> Producing:
        return Producing(
            self._runtime, self._log, self._kept_packages, self._filing, self._records, self._launch
        )

    @cached_property
    def _filing(self) -> Filing:
        return Filing(
            self._store,
            self._storage.outgoing,
            self._storage.guarded,
            lambda: self._stored.values().file_bytes,
        )

    @cached_property
    def _downloads(self) -> DownloadCenter:
        return DownloadCenter(
            self._runtime, self._log, self._kept_packages, self._records, self._stored.values
        )

    @cached_property
    def _kept_packages(self) -> PackageStorage:
        return package_storage(self._home.downloads, self._settings)

    @cached_property
    def _turns(self) -> ImportLock:
        return ImportLock(self._runtime, self._log, self._launch)

    @cached_property
    def _imports(self) -> Imports:
        return Imports(
            self._runtime, self._log, self._uploads, self._storage.incoming, self._turns, self._stored
        )

    @cached_property
    def _checked(self) -> CheckedImports:
        return CheckedImports(
            self._runtime, self._log, self._uploads, self._imports, self._last_check, self._launch
        )

    @cached_property
    def _checking(self) -> CheckTask:
        return CheckTask(self._runtime, self._log, self._uploads, self._imports, self._last_check)

    @cached_property
    def _carrier(self) -> ImportTask:
        return ImportTask(self._runtime, self._log, self._uploads, self._storage.outgoing, self._last_check)

    @cached_property
    def _last_check(self) -> LastCheck:
        """Nobody else works with a command's own platform; a served one has other uses for its memory."""
        return LastCheck(keeps=not self._durable)

    @cached_property
    def _undoing(self) -> Undoing:
        return Undoing(self._runtime, self._log, self._turns)

    @cached_property
    def _runner(self) -> TaskRunner:
        handlers: dict[TaskKind, Callable[[Task], Ending]] = {
            TaskKind.CHECK: self._checking.run,
            TaskKind.IMPORT: self._notices.telling(self._carrier.run),
            TaskKind.EXPORT: self._notices.telling(self._producing.run),
            TaskKind.UNDO: self._notices.telling(self._undoing.run),
            TaskKind.ASSET_BACKUP: self._taking.run,
        }
        if self._durable and not self._settings.tasks:
            from jobferry.tasks.elsewhere import ElsewhereRunner

            return ElsewhereRunner(self._log, _now)
        if self._durable:
            from jobferry.tasks.durable import DurableRunner

            database = self._settings.database or f"sqlite:///{self._home.tasks}"
            unhurried = {kind: patient()(carry_out) for kind, carry_out in handlers.items()}
            return DurableRunner(self._log, unhurried, _now, database)
        from jobferry.tasks.inline import InlineRunner

        reports: dict[TaskKind, Callable[[Task], Ending]] = {
            TaskKind.CHECK: self._checking.report,
            TaskKind.IMPORT: self._notices.telling(self._carrier.report),
            TaskKind.UNDO: self._notices.telling(self._undoing.report),
            TaskKind.EXPORT: self._notices.telling(self._producing.report),
            TaskKind.ASSET_BACKUP: self._taking.report,
        }
        return InlineRunner(self._log, handlers, _now, reports, self._log.servers.live)

    def _launch(self, task: Task) -> None:
        self._runner.launch(task)

    def _sweep_texts_and_objects(self) -> None:
        with self._store.write() as uow:
            uow.contents.sweep(before=_now() - _UNREFERRED_MS)
            uow.commit()
        if self._settings.objects != SERVICE:
            from jobferry.files.objects import LocalObjects

            LocalObjects(objects_folder(self._home, self._settings)).sweep(older_than=_UNREFERRED_MS / 1000)

    @cached_property
    def _readiness(self) -> Readiness:
        packages = StorageProbe(lambda: reach_packages(self._home, self._settings))
        return Readiness(self._store, packages, self._probes)

    @cached_property
    def _probes(self) -> dict[str, StorageProbe]:
        """By the name of the store that each asks."""
        found = stores_to_reach(self._home, self._settings)
        return {name: StorageProbe(reach) for name, reach in found.items()}

    @cached_property
    def _measures(self) -> Measures:
        return Measures(self._home, self._store, self._log, self._probes)

    def _database(self) -> str:
        with self._store.read() as snapshot:
            return snapshot.server()

    def _close(self) -> None:
        if "_telling" in self.__dict__:
            self._telling.stop()
        if "_ticking" in self.__dict__:
            self._ticking.stop()
        if self._backing_up is not None:
            self._backing_up.stop()
        if "_runner" in self.__dict__:
            self._runner.stop(_GRACE_S)
        if "_signing" in self.__dict__:
            self._signing.write_down(everything=True)
        if "_following" in self.__dict__:
            self._following.stop()
            self._anchoring.move()
        if "_heartbeat" in self.__dict__:
            self._heartbeat.stop()
        self._log.close()
        self._store.close()
        self._home.unlock()


def _now() -> int:
    return time.time_ns() // 1_000_000


def _new_id() -> str:
    return uuid.uuid4().hex
