"""The import use cases: look without writing, begin in the background, carry out, pick up after a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import msgspec

from jobferry.errors import (
    Conflict,
    ErrorCode,
    InvalidRequest,
    JobferryError,
    NotFound,
    PackageRefused,
    StoreError,
)
from jobferry.events import Events
from jobferry.files.paths import parse_object_path
from jobferry.files.ports import ObjectStorage, PackageShelf, ReceivedPackage
from jobferry.model.people import Caller
from jobferry.model.records import Slot, Workspace
from jobferry.model.settings import read_settings
from jobferry.model.task import Ending, Task, TaskKind, TaskStatus
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.policy import ImportOptions
from jobferry.model.transfer.receipt import Receipt
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import OpenPackage, open_package
from jobferry.plan.apply import receipt_items
from jobferry.services.ground import Ground
from jobferry.services.importing.landing import TargetMoved, land, stage_texts, write_receipt
from jobferry.services.importing.planning import Prospect, prospect, text_of
from jobferry.services.importing.request import ImportRequest, checked_options
from jobferry.services.importing.viewing import ViewedObject, view
from jobferry.store.ports import TaskLog

__all__ = ["Imports", "ReceivedPackage", "ending"]

_events = Events("imports")

_ATTEMPTS = 3
_UNCLAIMED_SECONDS = 24 * 60 * 60
_INTERRUPTED = "interrupted before it was applied; nothing was changed"


class Imports:
    """Imports into workspaces. ``launch`` starts a task whose row is written."""

    def __init__(
        self,
        ground: Ground,
        log: TaskLog,
        shelf: PackageShelf,
        storage: Callable[[], ObjectStorage],
        launch: Callable[[Task], None],
    ) -> None:
        self._ground = ground
        self._log = log
        self._shelf = shelf
        self._storage = storage
        self._launch = launch
        self._unfreed: set[str] = set()
        """Tasks that never began and whose slots could not be freed then."""

    def receive(self, name: str, chunks: Iterator[bytes], limits: PackageLimits) -> ReceivedPackage:
        """Keeps a package that is handed in, and sweeps away those that nobody came for."""
        self._shelf.sweep(older_than=_UNCLAIMED_SECONDS, keep=self._claimed())
        return self._shelf.receive(name, chunks, limit=limits.package_bytes)

    def fetch(self, path: str, limits: PackageLimits) -> ReceivedPackage:
        """Keeps a package from object storage, so that what is planned is what is applied."""
        with self._storage().fetch(parse_object_path(path), limit=limits.package_bytes) as file:
            chunks = iter(lambda: file.read(1 << 20), b"")
            return self._shelf.receive(path, chunks, limit=limits.package_bytes)

    def received(self, package_id: str) -> ReceivedPackage:
        """A package that was handed in before.

        Raises:
            NotFound: it was never here, or is gone again (``package-missing``).
        """
        found = self._shelf.find(package_id)
        if found is None:
            raise NotFound(
                ErrorCode.PACKAGE_MISSING,
                f"the package {package_id} is not here",
                subject=package_id,
                hint="hand the package in again",
            )
        return found

    def view(
        self, workspace: Workspace, package: ReceivedPackage, limits: PackageLimits
    ) -> list[ViewedObject]:
        """What the package holds; nothing is written.

        Raises:
            PackageRefused: the package cannot be used.
        """
        with self._open(package.id, limits) as opened:
            return view(opened, workspace, self._ground.store)

    def discard(self, package: ReceivedPackage) -> None:
        """Lets go of a package that nobody will import."""
        self._shelf.discard(package.id)

    def preview(
        self, workspace: Workspace, package: ReceivedPackage, options: ImportOptions, limits: PackageLimits
    ) -> Prospect:
        """Findings and plan; nothing is written.

        Raises:
            PackageRefused: the package cannot be used.
            InvalidRequest: the options do not make sense.
        """
        options = checked_options(options, read_settings(workspace.settings))
        with self._open(package.id, limits) as opened:
            return prospect(opened, workspace, options, self._ground.store)

    def begin(
        self,
        workspace: Workspace,
        package: ReceivedPackage,
        options: ImportOptions,
        caller: Caller,
        limits: PackageLimits,
    ) -> Task:
        """Takes the workspace's import slot and starts the import in the background.

        Raises:
            Conflict: an import is running here (``import-running``); it is refused, never queued.
            InvalidRequest: the options do not make sense.
        """
        options = checked_options(options, read_settings(workspace.settings))
        now = self._ground.now()
        task_id = self._ground.new_id()
        slot = Slot(workspace_id=workspace.id, task_id=task_id, holder=caller.name, since=now, fence=now)
        self._take(slot)
        _events.debug("import-slot-taken", task=task_id, workspace=workspace.id)
        request = ImportRequest(
            package_id=package.id,
            package_name=package.name,
            options=options,
            caller=caller,
            fence=slot.fence,
            limits=limits,
        )
        task = Task(
            id=task_id,
            kind=TaskKind.IMPORT,
            workspace_id=workspace.id,
            name=package.name,
            created_by=caller.name,
            started_at=now,
            updated_at=now,
            request=msgspec.json.encode(request),
        )
        try:
            self._log.add(task)
            _events.debug("import-task-written", task=task_id)
            self._launch(task)
        except BaseException:
            self._give_back(task_id)
            raise
        _events.debug("import-launched", task=task_id)
        return task

    def run(self, task: Task) -> Ending:
        """Carries an import out, from the start or again after a crash.

        The receipt is written in the same transaction as the objects, so a task that finds one is done.
        """
        request = msgspec.json.decode(task.request, type=ImportRequest)
        done = self._receipt(task.id)
        _events.debug("import-begun", task=task.id, landed=done is not None)
        if done is None:
            try:
                done = self._carry_out(task, request)
            except (InvalidRequest, NotFound, Conflict, PackageRefused) as error:
                self._let_go(task, request)
                return self._gave_up(task, error)
            except JobferryError as error:
                return self._gave_up(task, error)
        self._let_go(task, request)
        return ending(done)

    def report(self, task: Task) -> Ending:
        """How an import that was cut off ended, without carrying it on."""
        done = self._receipt(task.id)
        if done is None:
            self._free(task.id)
        self._let_go(task, msgspec.json.decode(task.request, type=ImportRequest))
        if done is not None:
            return ending(done)
        return Ending(succeeded=False, message=_INTERRUPTED)

    def free_orphaned_slots(self) -> None:
        """Frees slots whose task never came to be or is over; for a platform's start."""
        unfinished = {task.id for task in self._log.unfinished()}
        with self._ground.store.write() as uow:
            for slot in uow.slots.all():
                if slot.task_id not in unfinished:
                    uow.slots.free(slot.task_id)
                    _events.debug("orphaned-slot-freed", task=slot.task_id)
            uow.commit()

    def _carry_out(self, task: Task, request: ImportRequest) -> Receipt:
        with self._open(request.package_id, request.limits) as opened:
            for attempt in range(_ATTEMPTS):
                workspace = self._workspace(task.workspace_id)
                seen = prospect(opened, workspace, request.options, self._ground.store)
                _events.debug("import-planned", task=task.id, attempt=attempt, steps=len(seen.plan.steps))
                receipt = self._blank_receipt(task, request, workspace, seen)
                if seen.plan.refused:
                    return self._refuse(seen, receipt)
                try:
                    return self._land(task, seen, receipt, opened, request)
                except TargetMoved:
                    if attempt == _ATTEMPTS - 1:
                        raise
        raise AssertionError("an attempt returns or raises")

    def _land(
        self, task: Task, seen: Prospect, receipt: Receipt, opened: OpenPackage, request: ImportRequest
    ) -> Receipt:
        arrivals = seen.passage.arrivals
        subjects = [f"{arrival.kind}:{arrival.name}" for arrival in arrivals]
        now = self._ground.now
        self._log.progress(task.id, done=0, total=len(arrivals), subjects=subjects, at=now())

        def note(done: int) -> None:
            self._log.progress(task.id, done=done, total=len(arrivals), at=now())

        store = self._ground.store
        stage_texts(seen.passage, seen.plan, store, text_of(opened), at=now(), note=note)
        return land(seen.passage, seen.plan, receipt, store, fence=request.fence, new_uid=self._ground.new_id)

    def _refuse(self, seen: Prospect, receipt: Receipt) -> Receipt:
        with self._ground.store.write() as uow:
            receipt = write_receipt(uow, receipt, list(receipt_items(seen.plan)))
            uow.slots.free(receipt.id)
            uow.commit()
        _events.debug("import-refused", task=receipt.id)
        return receipt

    def _blank_receipt(
        self, task: Task, request: ImportRequest, workspace: Workspace, seen: Prospect
    ) -> Receipt:
        with self._ground.store.read() as snapshot:
            platform = snapshot.platform()
        manifest = seen.cargo.manifest
        return Receipt(
            id=task.id,
            workspace_id=workspace.id,
            workspace=workspace.name,
            platform_id=platform.id if platform else "",
            imported_by=request.caller.name,
            imported_at=self._ground.now(),
            package_name=request.package_name,
            package_digest=seen.cargo.digest,
            source_platform=seen.cargo.source_platform,
            source_workspace=manifest.provenance.workspace if manifest else "",
            warnings=tuple(one for one in seen.findings if one.severity is Severity.WARN),
        )

    def _take(self, slot: Slot) -> None:
        """Takes the workspace's slot; one whose task has ended is nobody's any more."""
        with self._ground.store.write() as uow:
            present = uow.slots.of(slot.workspace_id)
            task = self._log.by_id(present.task_id) if present else None
            is_over = task is not None and task.status is not TaskStatus.RUNNING
            if present is not None and (is_over or present.task_id in self._unfreed):
                uow.slots.free(present.task_id)
            uow.slots.take(slot)
            uow.commit()

    def _claimed(self) -> set[str]:
        """The packages of imports that are under way or wait to be carried on, however old they are."""
        rows = [task for task in self._log.unfinished() if task.kind is TaskKind.IMPORT]
        return {msgspec.json.decode(task.request, type=ImportRequest).package_id for task in rows}

    def _let_go(self, task: Task, request: ImportRequest) -> None:
        self._shelf.discard(request.package_id)
        _events.debug("import-package-discarded", task=task.id)

    def _gave_up(self, task: Task, error: JobferryError) -> Ending:
        """The package stays on the shelf where a border of ours failed, so that a rerun finds it.

        A commit can succeed although we are told that it failed: the receipt knows.
        """
        done = self._receipt(task.id)
        if done is not None:
            return ending(done)
        with suppress(StoreError):  # the slot of a task that is over is free for whoever comes next
            self._free(task.id)
        if error.code is ErrorCode.PACKAGE_MISSING:
            message = _INTERRUPTED + "; its package is gone: hand it in again"
            return Ending(succeeded=False, message=message, code=error.code)
        return Ending(succeeded=False, message=f"{error.message}; nothing was changed", code=error.code)

    def _workspace(self, workspace_id: str) -> Workspace:
        with self._ground.store.read() as snapshot:
            workspace = snapshot.workspaces.by_id(workspace_id)
        if workspace is None:
            raise NotFound(
                ErrorCode.WORKSPACE_MISSING, "the workspace of this import does not exist any more"
            )
        return workspace

    def _receipt(self, task_id: str) -> Receipt | None:
        with self._ground.store.read() as snapshot:
            return snapshot.receipts.by_id(task_id)

    def _give_back(self, task_id: str) -> None:
        """Frees the slot of a task that never began: no row will ever say that it is over."""
        try:
            self._free(task_id)
        except StoreError:
            self._unfreed.add(task_id)

    def _free(self, task_id: str) -> None:
        with self._ground.store.write() as uow:
            uow.slots.free(task_id)
            uow.commit()

    @contextmanager
    def _open(self, package_id: str, limits: PackageLimits) -> Iterator[OpenPackage]:
        with self._shelf.open(package_id) as file, open_package(file, limits) as opened:
            yield opened


def ending(receipt: Receipt) -> Ending:
    """A receipt as a task's last word: failed when any object failed, with the counts."""
    counts = receipt.counts
    said = ", ".join(f"{counts[outcome]} {outcome}" for outcome in ObjectOutcome if outcome in counts)
    failed = ObjectOutcome.FAILED in counts
    return Ending(succeeded=not failed, message=said or "the package was empty")
