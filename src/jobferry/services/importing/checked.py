"""Checked imports: kept with what their check found, to be looked at, changed, applied or discarded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode, NotFound
from jobferry.events import Events
from jobferry.files.ports import PackageStorage, ReceivedPackage
from jobferry.model.people import Grant
from jobferry.model.records import ObjectKey
from jobferry.model.rights import Action
from jobferry.model.task import Task, TaskStatus
from jobferry.model.transfer.checked_import import ImportRecord, ImportState
from jobferry.model.transfer.policy import ImportOptions
from jobferry.model.transfer.preview import ObjectDifference
from jobferry.sentences import sentence
from jobferry.services.importing.acts import allow_act
from jobferry.services.importing.check_result import CheckResult, LastCheck, check_result_of, keep, kept
from jobferry.services.importing.differences import ChangeFilter, differences_of, unchanging
from jobferry.services.importing.preview import (
    ImportPreview,
    NextRuns,
    names_of,
    needs_met,
    preview,
)
from jobferry.services.importing.read_package import ParsedPackageCache
from jobferry.services.importing.receive import Imports, asked_options, with_offer
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import Snapshot, TaskLog, UnitOfWork


_events = Events("imports")

_KIND = "package"


class ImportStatus(NamedTuple):
    """A checked import as it stands. ``task`` is that of the last try to apply it."""

    record: ImportRecord
    state: ImportState
    task: Task | None


class Checked(NamedTuple):
    """A checked import just after its check, with what of it is kept."""

    shown: ImportStatus
    found: CheckResult


class CheckedImports:
    """The imports of a workspace that wait to be applied."""

    def __init__(
        self, runtime: Runtime, log: TaskLog, uploads: PackageStorage, imports: Imports, last: LastCheck
    ) -> None:
        self._runtime = runtime
        self._log = log
        self._uploads = uploads
        self._imports = imports
        self._last = last

    def check(self, grant: Grant, package: ReceivedPackage, options: ImportOptions) -> Checked:
        """Checks a package and keeps what was found, for somebody who decides.

        Raises:
            Forbidden: the caller may not import here, or not as this act.
            Conflict: the act is not done here (``changes-off``).
            PackageRefused: the package cannot be used.
            InvalidRequest: the options do not make sense.
        """
        with self._runtime.attempt(
            grant, "import-check", Action.IMPORT, kind=_KIND, subject=package.name
        ) as attempt:
            seen = self._looked(grant, package, options)
            found = self._kept(grant, package.id, seen)
            now = self._runtime.now()
            record = ImportRecord(
                id=self._runtime.new_id(),
                workspace_id=grant.workspace.id,
                created_by=grant.caller.name,
                created_at=now,
                checked_at=now,
                package_id=package.id,
                package_name=package.name,
                package_digest=seen.contents.digest,
                options=seen.context.options,
                plan_digest=found.binding.digest,
            )
            with attempt.change() as change:
                change.uow.imports.add(record)
                change.audit(detail=_told(record))
        _events.debug("import-checked", record=record.id, package=package.id)
        return Checked(ImportStatus(record, ImportState.CHECKED, None), found)

    def change(self, grant: Grant, import_id: str, options: ImportOptions) -> Checked:
        """Checks the same package again with other options or another mapping.

        Raises:
            Forbidden: the caller may not import here.
            NotFound: the caller has no such import here (``import-missing``).
            Conflict: it is being applied, was, or was discarded (``import-finished``).
            InvalidRequest: the options do not make sense.
        """
        with self._runtime.attempt(
            grant, "import-check", Action.IMPORT, kind=_KIND, subject=import_id
        ) as attempt:
            was = self._open(grant, import_id)
            attempt.subject = was.package_name
            package = _package_of(grant, was)
            seen = self._looked(grant, package, options)
            found = self._kept(grant, was.package_id, seen)
            now = msgspec.structs.replace(
                was,
                checked_at=self._runtime.now(),
                package_digest=seen.contents.digest,
                options=seen.context.options,
                plan_digest=found.binding.digest,
                task_id="",
            )
            with attempt.change() as change:
                _replace(change.uow, now, was)
                change.audit(detail=_told(now))
        return Checked(ImportStatus(now, ImportState.CHECKED, None), found)

    def show(self, grant: Grant, import_id: str) -> tuple[ImportStatus, CheckResult | None]:
        """An import with what its last check found, as long as its package is here.

        Raises:
            Forbidden: the caller may not see the workspace.
            NotFound: there is no such import here that the caller is to see (``import-missing``).
        """
        self._runtime.allow(grant, Action.WORKSPACE_VIEW, kind="import", subject=import_id)
        with self._runtime.store.read() as snapshot:
            record = _seen(snapshot, grant, import_id)
            shown = self._shown(snapshot, record)
        return shown, kept(self._uploads, record.package_id)

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
        found = kept(self._uploads, record.package_id)
        if found is None:
            raise _package_gone(record)
        return found

    def page(self, grant: Grant, *, offset: int, limit: int) -> tuple[int, list[ImportStatus]]:
        """How many imports the caller can see here, and one page of them, newest first.

        Raises:
            Forbidden: the caller may not see the workspace.
        """
        self._runtime.allow(grant, Action.WORKSPACE_VIEW, kind="import")
        by = None if grant.may(Action.RECORD_VIEW_ALL) else grant.caller.name
        with self._runtime.store.read() as snapshot:
            total, found = snapshot.imports.page(
                grant.workspace.id, created_by=by, offset=offset, limit=limit
            )
            return total, [self._shown(snapshot, record) for record in found]

    def apply(self, grant: Grant, import_id: str, plan_digest: str) -> str:
        """Does what the plan of that digest says, in the background; gives the task's id.

        Asked for again, it gives the same task.

        Raises:
            Forbidden: the caller may not import here.
            NotFound: the caller has no such import here (``import-missing``).
            Conflict: it was checked again since, with another plan (``target-changed``); it was discarded
                (``import-finished``); an import is running here (``import-running``).
        """
        with self._runtime.attempt(
            grant, "import-begin", Action.IMPORT, kind=_KIND, subject=import_id
        ) as attempt:
            with self._runtime.store.read() as snapshot:
                record = _own(snapshot, grant, import_id)
                state = self._shown(snapshot, record).state
            attempt.subject = record.package_name
            if record.plan_digest != plan_digest:
                raise Conflict(
                    ErrorCode.TARGET_CHANGED,
                    sentence(
                        "the import {import_id} was checked again and has another plan now",
                        import_id=import_id,
                    ),
                    subject=import_id,
                    hint="look at its plan, then apply that",
                )
            if state in (ImportState.APPLYING, ImportState.APPLIED):
                return record.task_id
            if state is ImportState.DISCARDED:
                raise _over(record, "it was discarded, or its package is gone")
        package = _package_of(grant, record)
        return self._imports.begin(grant, package, record.options, record=record).id

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
        found = kept(self._uploads, record.package_id)
        if found is None:
            raise _package_gone(record)
        return record, found

    def discard(self, grant: Grant, import_id: str) -> None:
        """Lets go of an import and its package.

        Raises:
            Forbidden: the caller may not import here.
            NotFound: the caller has no such import here (``import-missing``).
            Conflict: it is being applied, or was (``import-finished``).
        """
        with self._runtime.change(
            grant, "import-discard", Action.IMPORT, kind=_KIND, subject=import_id
        ) as change:
            was = _own(change.uow, grant, import_id)
            state = self._shown(change.uow, was).state
            if state in (ImportState.APPLYING, ImportState.APPLIED):
                raise _over(was, sentence("its state is: {state}", state=state))
            if was.discarded:
                change.no_row()
            else:
                _replace(change.uow, msgspec.structs.replace(was, discarded=True), was)
                change.audit(subject=was.package_name, detail=_told(was))
        if not was.discarded:
            self._last.drop()
        self._uploads.discard(was.package_id)

    def _looked(self, grant: Grant, package: ReceivedPackage, options: ImportOptions) -> ImportPreview:
        allow_act(self._runtime, grant, options.act, subject=package.name)
        remembered = ParsedPackageCache(self._uploads, package.id)
        with self._imports.opened(package, options.act) as opened:
            asked = asked_options(self._runtime, grant, opened, options, subject=package.name)
            seen = preview(opened, grant, asked.options, self._runtime, remembered)
        if not self._last.keeps:
            remembered.keep()
        return with_offer(seen, asked)

    def _kept(self, grant: Grant, package_id: str, seen: ImportPreview) -> CheckResult:
        needs = needs_met(seen.context, names_of(self._runtime, grant, seen.context))
        found = check_result_of(seen, needs, NextRuns(self._runtime).of(grant, seen))
        keep(self._uploads, package_id, found)
        self._last.keep(package_id, found.binding.digest, seen)
        return found

    def _open(self, grant: Grant, import_id: str) -> ImportRecord:
        with self._runtime.store.read() as snapshot:
            record = _own(snapshot, grant, import_id)
            state = self._shown(snapshot, record).state
        if state is not ImportState.CHECKED:
            raise _over(record, sentence("its state is: {state}", state=state))
        return record

    def _shown(self, snapshot: Snapshot, record: ImportRecord) -> ImportStatus:
        task = self._log.by_id(record.task_id) if record.task_id else None
        if record.task_id and snapshot.receipts.by_id(record.task_id) is not None:
            return ImportStatus(record, ImportState.APPLIED, task)
        if task is not None and task.status is TaskStatus.RUNNING:
            return ImportStatus(record, ImportState.APPLYING, task)
        is_gone = record.discarded or self._uploads.find(record.package_id) is None
        return ImportStatus(record, ImportState.DISCARDED if is_gone else ImportState.CHECKED, task)


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
    raise NotFound(
        ErrorCode.IMPORT_MISSING,
        sentence("there is no import {import_id} here", import_id=import_id),
        subject=import_id,
        hint="an import that is not applied is removed after a day; receipts show those that were",
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


def _told(record: ImportRecord) -> str:
    return f"{record.id} {record.options.act}"
