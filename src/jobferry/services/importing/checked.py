"""Imports as a resource: checked in the background, looked at, changed, applied or discarded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode, NotFound, StoreError
from jobferry.files.ports import PackageStorage, ReceivedPackage
from jobferry.model.kinds import ObjectKind
from jobferry.model.people import Grant
from jobferry.model.records import ObjectKey
from jobferry.model.rights import Action
from jobferry.model.task import Task, TaskStatus
from jobferry.model.transfer.binding import named_object, rights_digest
from jobferry.model.transfer.checked_import import (
    UNDER_WAY,
    Confirmed,
    ImportClient,
    ImportFilter,
    ImportRecord,
    ImportState,
)
from jobferry.model.transfer.finding_group import NOTHING_FOUND, FoundGroups
from jobferry.model.transfer.policy import ImportOptions
from jobferry.model.transfer.preview import ObjectDifference, ObjectTexts
from jobferry.sentences import sentence
from jobferry.services.importing.acts import allow_act
from jobferry.services.importing.check_result import ChangingObject, CheckResult, LastCheck, NewObject, kept
from jobferry.services.importing.check_task import CHECK, check_of
from jobferry.services.importing.differences import (
    ChangeFilter,
    differences_of,
    entry_missing,
    new_text,
    texts_of,
    unchanging,
)
from jobferry.services.importing.receive import Imports
from jobferry.services.importing.states import INTERRUPTED
from jobferry.services.runtime import Attempt, Runtime, refuse_read_only

if TYPE_CHECKING:
    from jobferry.store import Snapshot, TaskLog, UnitOfWork


_KIND = "package"
_CHANGEABLE = (ImportState.CHECKED, ImportState.REFUSED, ImportState.FAILED)
"""States in which an import may be checked again, as long as its package is there."""


class ImportStatus(NamedTuple):
    """An import as it stands. ``task`` is that of its last check, or of the last try to apply it.

    ``undone_by`` is the receipt of the undo that took it back; empty where none has.
    """

    record: ImportRecord
    task: Task | None
    undone_by: str = ""

    @property
    def revision(self) -> str:
        """Another one after every change, progress of its task included."""
        return f"{self.record.revision}.{self.task.revision if self.task else 0}"


class CheckedImports:
    """The imports of a workspace. ``launch`` starts a task whose row is written."""

    def __init__(
        self,
        runtime: Runtime,
        log: TaskLog,
        uploads: PackageStorage,
        imports: Imports,
        last: LastCheck,
        launch: Callable[[Task], None],
    ) -> None:
        self._runtime = runtime
        self._log = log
        self._uploads = uploads
        self._imports = imports
        self._last = last
        self._launch = launch
        self._beginning: set[str] = set()
        """Tasks whose rows are about to be written: their imports are not taken for abandoned ones."""

    def check(
        self, grant: Grant, package: ReceivedPackage, options: ImportOptions, client: ImportClient
    ) -> ImportStatus:
        """Begins to check a package in the background, for somebody who decides.

        Raises:
            Forbidden: the caller may not import here, or not as this act.
            Conflict: the act is not done here (``changes-off``).
            PackageRefused: the file is larger than the act takes (``package-too-large``).
        """
        with self._runtime.attempt(grant, CHECK, Action.IMPORT, kind=_KIND, subject=package.name) as attempt:
            allow_act(self._runtime, grant, options.act, subject=package.name)
            self._imports.refuse_larger(package, options.act)
            now = self._runtime.now()
            record = ImportRecord(
                id=self._runtime.new_id(),
                workspace_id=grant.workspace.id,
                created_by=grant.caller.name,
                created_at=now,
                origin=client,
                checked_at=now,
                package_id=package.id,
                package_name=package.name,
                options=options,
                state=ImportState.CHECKING,
                task_id=self._runtime.new_id(),
                server=self._runtime.store.server,
            )
            return self._begun(attempt, record, options)

    def change(self, grant: Grant, import_id: str, options: ImportOptions) -> ImportStatus:
        """Begins to check the same package again with other options or another mapping.

        Raises:
            Forbidden: the caller may not import here, or not as this act.
            NotFound: the caller has no such import here (``import-missing``), or its package is gone.
            Conflict: it is under way, was applied, or was discarded (``import-finished``).
        """
        with self._runtime.attempt(grant, CHECK, Action.IMPORT, kind=_KIND, subject=import_id) as attempt:
            was = self._own(grant, import_id)
            attempt.subject = was.package_name
            if was.state not in _CHANGEABLE:
                raise _over(was, sentence("its state is: {state}", state=was.state))
            if self._uploads.find(was.package_id) is None:
                raise _package_gone(was)
            allow_act(self._runtime, grant, options.act, subject=was.package_name)
            record = was.moved(
                ImportState.CHECKING,
                task_id=self._runtime.new_id(),
                checked_at=self._runtime.now(),
                server=self._runtime.store.server,
            )
            return self._begun(attempt, record, options, was)

    def _begun(
        self, attempt: Attempt, record: ImportRecord, options: ImportOptions, was: ImportRecord | None = None
    ) -> ImportStatus:
        """Writes record and task, and starts it."""
        task = check_of(record, attempt.grant.caller, options, self._runtime.now())
        self._beginning.add(task.id)
        try:
            with attempt.change(only=record.workspace_id) as change:
                if was is None:
                    change.uow.imports.add(record)
                else:
                    _replace(change.uow, record, was)
                change.no_row()  # the check has one when it ends
            self._log.add(task)
            self._launch(task)
        finally:
            self._beginning.discard(task.id)
        return self._standing(record)

    def show(self, grant: Grant, import_id: str) -> tuple[ImportStatus, CheckResult | None]:
        """An import with what its last check found, as long as its package is here.

        Raises:
            Forbidden: the caller may not see the workspace.
            NotFound: there is no such import here that the caller is to see (``import-missing``).
        """
        self._runtime.allow(grant, Action.WORKSPACE_VIEW, kind="import", subject=import_id)
        record = self._read(grant, import_id)
        found = self._found(record)
        is_current = found is not None and _fits_directories(found, grant)
        return self._standing(record), found if is_current else None

    def standing(self, grant: Grant, import_id: str) -> ImportStatus:
        """An import as it stands; raises what :meth:`show` raises."""
        self._runtime.allow(grant, Action.WORKSPACE_VIEW, kind="import", subject=import_id)
        return self._standing(self._read(grant, import_id))

    def _read(self, grant: Grant, import_id: str) -> ImportRecord:
        with self._runtime.store.read() as snapshot:
            record = _seen(snapshot, grant, import_id)
        return self._settled(record)

    def of_task(self, task_id: str) -> ImportStatus:
        """The import that a task has just begun to apply."""
        with self._runtime.store.read() as snapshot:
            record = snapshot.imports.by_task(task_id)
        if record is None:
            raise _missing(task_id)
        return self._standing(record)

    def found(self, grant: Grant, import_id: str) -> CheckResult:
        """What the last check of an import found.

        Raises:
            Forbidden: the caller may not see the workspace.
            NotFound: there is no such import here that the caller is to see (``import-missing``), or what was
                found went with the package (``package-missing``).
        """
        self._runtime.allow(grant, Action.WORKSPACE_VIEW, kind="import", subject=import_id)
        with self._runtime.store.read() as snapshot:
            record = _seen(snapshot, grant, import_id)
        return self._found_for(grant, record)

    def detected(self, grant: Grant, import_id: str) -> tuple[ImportRecord, FoundGroups]:
        """An import with what was found; of one that was refused, nothing.

        Raises:
            Forbidden: the caller may not see the workspace.
            NotFound: there is no such import here that the caller is to see (``import-missing``), or what was
                found went with the package (``package-missing``).
        """
        self._runtime.allow(grant, Action.WORKSPACE_VIEW, kind="import", subject=import_id)
        record = self._read(grant, import_id)
        if record.state is ImportState.REFUSED:
            return record, NOTHING_FOUND
        return record, self.found(grant, import_id).plan.found()

    def page(
        self, grant: Grant, wanted: ImportFilter, *, offset: int, limit: int
    ) -> tuple[int, list[ImportStatus]]:
        """How many imports the caller can see here, and one page of them, newest first.

        Raises:
            Forbidden: the caller may not see the workspace.
        """
        self._runtime.allow(grant, Action.WORKSPACE_VIEW, kind="import")
        if not grant.may(Action.RECORD_VIEW_ALL):
            if wanted.created_by not in ("", grant.caller.name):
                return 0, []
            wanted = msgspec.structs.replace(wanted, created_by=grant.caller.name)
        self.settle(grant.workspace.id)
        with self._runtime.store.read() as snapshot:
            total, found = snapshot.imports.page(wanted, offset=offset, limit=limit)
        return total, self._all_standing(found)

    def apply(self, grant: Grant, import_id: str, plan_digest: str, comment: str = "") -> str:
        """Does what the plan of that digest says, in the background; gives the task's id.

        The ``comment`` goes into the receipt. Asked for again, it gives the same task.

        Raises:
            Forbidden: the caller may not import here.
            NotFound: the caller has no such import here (``import-missing``).
            Conflict: it was checked again since, with another plan (``target-changed``); it was discarded
                (``import-finished``); an import is running here (``import-running``).
        """
        with self._runtime.attempt(
            grant, "import-begin", Action.IMPORT, kind=_KIND, subject=import_id
        ) as attempt:
            record = self._own(grant, import_id)
            attempt.subject = record.package_name
            if record.plan_digest != plan_digest:
                raise Conflict(
                    ErrorCode.TARGET_CHANGED,
                    sentence(
                        "the plan of the import {import_id} has changed: it was checked again",
                        import_id=import_id,
                    ),
                    subject=import_id,
                    hint="look at its plan, then apply that",
                )
            if record.state in (ImportState.APPLYING, ImportState.APPLIED):
                return record.task_id
            if record.state is not ImportState.CHECKED:
                raise _over(record, sentence("its state is: {state}", state=record.state))
            if self._uploads.find(record.package_id) is None:
                raise _package_gone(record)
        package = _package_of(grant, record)
        return self._imports.begin(grant, package, record.options, confirmed=Confirmed(record, comment)).id

    def difference(self, grant: Grant, import_id: str, key: ObjectKey) -> ObjectDifference:
        """What one object of the package would change here, and what has changed since it last came in.

        Raises:
            Forbidden: the caller may not import here.
            NotFound: the caller has no such import here, its package is gone, or holds no such object.
            Conflict: the object has changed since the check (``target-changed``).
        """
        record, found = self._looked_at(grant, import_id)
        wanted = [changing for changing in found.changing if (changing.kind, changing.name) == key]
        if not wanted:
            return unchanging(found, key)
        with self._imports.opened(_package_of(grant, record), record.options.act) as opened:
            return next(differences_of(wanted, opened, self._runtime.store, grant))

    def texts(self, grant: Grant, import_id: str, key: ObjectKey) -> ObjectTexts:
        """The same object's two texts, of a new one that which it would have; raises what :meth:`difference`
        raises."""
        record, found = self._looked_at(grant, import_id)
        known: list[ChangingObject | NewObject] = [*found.changing, *found.new]
        coming = next((item for item in known if (item.kind, item.name) == key), None)
        if coming is None:
            same = unchanging(found, key)
            return ObjectTexts(kind=same.kind, name=same.name, here="", package="")
        with self._imports.opened(_package_of(grant, record), record.options.act) as opened:
            if isinstance(coming, NewObject):
                return new_text(coming, opened, grant)
            return texts_of(coming, opened, self._runtime.store, grant)

    def viewed(self, grant: Grant, import_id: str) -> list[ObjectKey]:
        """The objects of an import's plan that the caller has looked through, as long as the plan still does
        the same with them; raises what :meth:`found` raises."""
        self._runtime.allow(grant, Action.WORKSPACE_VIEW, kind="import", subject=import_id)
        deeds = self.found(grant, import_id).binding.deeds
        with self._runtime.store.read() as snapshot:
            seen = snapshot.imports.viewed(import_id, grant.caller.user_id)
        fresh = sorted(named for named, deed in seen.items() if deeds.get(named) == deed)
        return [(ObjectKind(kind), name) for kind, _, name in (named.partition(" ") for named in fresh)]

    def view(self, grant: Grant, import_id: str, key: ObjectKey, *, is_viewed: bool) -> None:
        """Keeps for the caller that they have looked through an object of the plan, or that they have not.

        Raises:
            Forbidden: the caller may not see the workspace, or their token is for reading only.
            NotFound: there is no such import here that the caller is to see (``import-missing``), what was
                found went with the package (``package-missing``), or the package holds no such object
                (``entry-missing``).
        """
        found = self.found(grant, import_id)
        refuse_read_only(grant.caller)
        named = named_object(key)
        if named not in found.binding.deeds:
            raise entry_missing(key)
        with self._runtime.change(
            grant,
            "import-view",
            Action.WORKSPACE_VIEW,
            kind=_KIND,
            subject=import_id,
            only=grant.workspace.id,
        ) as change:
            deed = found.binding.deeds[named] if is_viewed else ""
            change.uow.imports.view(import_id, grant.caller.user_id, named, deed)
            change.no_row()

    @contextmanager
    def differences(
        self, grant: Grant, import_id: str, wanted: ChangeFilter, offset: int
    ) -> Iterator[tuple[int, Iterator[ObjectDifference]]]:
        """How many objects that are here would change and fit, and their differences from an offset on, each
        made as it is read.

        Raises:
            Forbidden: the caller may not import here.
            NotFound: the caller has no such import here, or its package is gone.
            Conflict, as they are read: an object has changed since the check (``target-changed``).
        """
        record, found = self._looked_at(grant, import_id)
        changing = [change for change in found.changing if wanted.fits(change)]
        if offset >= len(changing):
            yield len(changing), iter(())
            return
        with self._imports.opened(_package_of(grant, record), record.options.act) as opened:
            yield len(changing), differences_of(changing[offset:], opened, self._runtime.store, grant)

    def _looked_at(self, grant: Grant, import_id: str) -> tuple[ImportRecord, CheckResult]:
        """The caller's own import with what its check found."""
        self._runtime.allow(grant, Action.IMPORT, kind="import", subject=import_id)
        with self._runtime.store.read() as snapshot:
            record = _own(snapshot, grant, import_id)
        return record, self._found_for(grant, record)

    def _found_for(self, grant: Grant, record: ImportRecord) -> CheckResult:
        found = self._found(record)
        if found is None:
            raise _package_gone(record)
        if not _fits_directories(found, grant):
            raise Conflict(
                ErrorCode.TARGET_CHANGED,
                sentence(
                    "the directories open to {user} have changed since {package_name} was checked",
                    user=grant.caller.name,
                    package_name=record.package_name,
                ),
                subject=record.id,
                hint="check the import again",
            )
        return found

    def discard(self, grant: Grant, import_id: str) -> None:
        """Lets go of an import and its package.

        Raises:
            Forbidden: the caller may not import here.
            NotFound: the caller has no such import here (``import-missing``).
            Conflict: it is being applied, or was (``import-finished``).
        """
        with self._runtime.change(
            grant, "import-discard", Action.IMPORT, kind=_KIND, subject=import_id, only=grant.workspace.id
        ) as change:
            was = _own(change.uow, grant, import_id)
            if was.state in (ImportState.APPLYING, ImportState.APPLIED):
                raise _over(was, sentence("its state is: {state}", state=was.state))
            if was.state not in (ImportState.CHECKING, ImportState.CHECKED):
                change.no_row()  # it is over already; only its package goes
            else:
                _replace(change.uow, was.moved(ImportState.DISCARDED), was)
                change.audit(subject=was.package_name, detail=f"{was.id} {was.options.act}")
        if was.state is ImportState.CHECKING:
            self._log.cancel(was.task_id, by=grant.caller.name, at=self._runtime.now())
        self._last.drop()
        self._uploads.discard(was.package_id)

    def settle(self, workspace_id: str | None = None) -> None:
        """Ends the imports, of one workspace or of all, that are said to be under way and that no task is at
        work on any more."""
        with self._runtime.store.read() as snapshot:
            under_way = snapshot.imports.under_way(workspace_id)
        for record in under_way:
            self._settled(record)

    def _own(self, grant: Grant, import_id: str) -> ImportRecord:
        with self._runtime.store.read() as snapshot:
            record = _own(snapshot, grant, import_id)
        return self._settled(record)

    def _standing(self, record: ImportRecord) -> ImportStatus:
        return self._all_standing([record])[0]

    def _all_standing(self, records: Sequence[ImportRecord]) -> list[ImportStatus]:
        applied = [record.task_id for record in records if record.state is ImportState.APPLIED]
        with self._runtime.store.read() as snapshot:
            undone = snapshot.receipts.undone(applied) if applied else {}
        return [
            ImportStatus(record, self._log.by_id(record.task_id), undone.get(record.task_id, ""))
            for record in records
        ]

    def _found(self, record: ImportRecord) -> CheckResult | None:
        """What the check found that the import is bound to; not what another one has begun to leave."""
        found = kept(self._uploads, record.package_id) if record.plan_digest else None
        return found if found is not None and found.digest == record.plan_digest else None

    def _settled(self, record: ImportRecord) -> ImportRecord:
        """The import as it is now, if its task ended without noting so: its process was killed, or worse."""
        if record.state not in UNDER_WAY or record.task_id in self._beginning:
            return record
        task = self._log.by_id(record.task_id)
        if task is not None and task.status is TaskStatus.RUNNING:
            return record
        if task is None and self._is_about_to_begin(record):
            return record
        with suppress(StoreError), self._runtime.store.write(only=record.workspace_id) as uow:
            now = uow.imports.by_id(record.id) or record
            if now == record:
                now = _after(record, task)
                _replace(uow, now, record)
                uow.commit()
            return now
        return record

    def _is_about_to_begin(self, record: ImportRecord) -> bool:
        """Whether the task is still to come: the record, and the import lock of an import that is applied at
        once, are there before it."""
        here = self._runtime.store.server
        if record.server != here:
            return record.server in self._log.servers.live()
        with self._runtime.store.read() as snapshot:
            slot = snapshot.slots.of(record.workspace_id)
        return slot is not None and slot.task_id == record.task_id


def _after(record: ImportRecord, task: Task | None) -> ImportRecord:
    """An import after a task that is over and has left no receipt: that says so of its import itself."""
    if task is None:
        return record.ended(ImportState.FAILED, message=INTERRUPTED)
    state = ImportState.CANCELLED if task.status is TaskStatus.CANCELLED else ImportState.FAILED
    return record.ended(state, message=task.message, code=task.code)


def _fits_directories(found: CheckResult, grant: Grant) -> bool:
    """Return whether the caller may see a check: policies may hide by now what it found."""
    return grant.directories is None or found.binding.rights == rights_digest(grant)


def _package_gone(record: ImportRecord) -> NotFound:
    """What a check found went with its package."""
    return NotFound(
        ErrorCode.PACKAGE_MISSING,
        sentence(
            "what the check of {package_name} found is gone with its package",
            package_name=record.package_name,
        ),
        subject=record.id,
        hint="look at the receipt, or upload the package again",
    )


def _package_of(grant: Grant, record: ImportRecord) -> ReceivedPackage:
    """The package as it lies among the uploads; how big it is, is seen when it is opened."""
    return ReceivedPackage(record.package_id, record.package_name, 0, grant.caller.user_id)


def _seen(snapshot: Snapshot, grant: Grant, import_id: str) -> ImportRecord:
    record = snapshot.imports.by_id(import_id)
    if record is not None and record.workspace_id == grant.workspace.id and _may_see(grant, record):
        return record
    raise _missing(import_id)


def _missing(import_id: str) -> NotFound:
    return NotFound(
        ErrorCode.IMPORT_MISSING,
        sentence("there is no import {import_id} here", import_id=import_id),
        subject=import_id,
        hint="imports are kept as long as receipts; upload the package again",
    )


def _may_see(grant: Grant, record: ImportRecord) -> bool:
    return record.created_by == grant.caller.name or grant.may(Action.RECORD_VIEW_ALL)


def _own(snapshot: Snapshot, grant: Grant, import_id: str) -> ImportRecord:
    """Raises: NotFound: it is not there, or somebody else's: those may be looked at, and no more."""
    record = _seen(snapshot, grant, import_id)
    if record.created_by == grant.caller.name:
        return record
    raise NotFound(
        ErrorCode.IMPORT_MISSING,
        sentence(
            "the import {import_id} belongs to {created_by}; only they can change or apply it",
            import_id=import_id,
            created_by=record.created_by,
        ),
        subject=import_id,
        hint="upload the package yourself",
    )


def _over(record: ImportRecord, why: str) -> Conflict:
    return Conflict(
        ErrorCode.IMPORT_FINISHED,
        sentence(
            "nothing more can be done with the import of {package_name}: {why}",
            package_name=record.package_name,
            why=why,
        ),
        subject=record.id,
        hint="look at its receipt, or upload the package again",
    )


def _replace(uow: UnitOfWork, now: ImportRecord, was: ImportRecord) -> None:
    if not uow.imports.replace(now, was=was):
        raise _over(was, "somebody has changed, applied or discarded it meanwhile")
