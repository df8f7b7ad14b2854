"""Imports connections and environment variables: all of a package in one transaction, or nothing of it.

They are not taken back as a unit: what stood there before is overwritten only where that is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from jobferry.errors import ErrorCode, InvalidRequest, PackageRefused
from jobferry.files.ports import PackageStorage, ReceivedPackage
from jobferry.model.audit import AuditOutcome
from jobferry.model.connections import SurroundingKind
from jobferry.model.people import Grant
from jobferry.model.records import Connection, Variable
from jobferry.model.rights import Action
from jobferry.model.task import Task, TaskKind, TaskStatus
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.policy import Duplicates
from jobferry.model.transfer.receipt import told_counts
from jobferry.package.limits import PackageLimits
from jobferry.package.surroundings.reader import SurroundingsPackage, read_surroundings
from jobferry.sentences import Sentence, as_sentence, clauses, sentence
from jobferry.services.connection_secrets import Seals
from jobferry.services.releasing import release
from jobferry.services.runtime import Runtime
from jobferry.services.surroundings.arriving import (
    Arriving,
    ArrivingConnections,
    ArrivingVariables,
    SurroundingsOptions,
)

if TYPE_CHECKING:
    from jobferry.store import Snapshot, TaskLog, UnitOfWork


class Arrived(NamedTuple):
    """What came, or would come, of each; where one fails nothing is written."""

    digest: str
    items: tuple[Arriving, ...]

    @property
    def refused(self) -> bool:
        """Whether one failed, and so all of them stay out."""
        return any(item.outcome is ObjectOutcome.BLOCKED for item in self.items)

    @property
    def told(self) -> Sentence:
        """How many had each outcome, and why those failed that did."""
        numbers = told_counts(Counter(item.outcome for item in self.items))
        reasons = [
            sentence("{name}: {reason}", name=item.name, reason=as_sentence(item.reason))
            for item in self.items
            if item.reason
        ]
        return clauses([numbers, *reasons, *(["nothing was changed"] if reasons else [])])


class SurroundingImports:
    """Imports of connections and variables that were handed in."""

    def __init__(
        self, runtime: Runtime, log: TaskLog, uploads: PackageStorage, seals: Callable[[], Seals]
    ) -> None:
        self._runtime = runtime
        self._log = log
        self._uploads = uploads
        self._seals = seals

    def preview(
        self,
        grant: Grant,
        package: ReceivedPackage,
        kind: SurroundingKind,
        options: SurroundingsOptions,
        limits: PackageLimits,
    ) -> Arrived:
        """What :meth:`apply` would do; nothing is written.

        Raises:
            Forbidden: the caller may not import here, or not change what is imported.
            PackageRefused: the package cannot be used, or is not the expected one.
            InvalidRequest: values are given for what the package does not hold.
        """
        self._allow(grant, kind, package)
        held = self._held(package, kind, options, limits)
        with self._runtime.store.read() as snapshot:
            return self._judged(snapshot, grant, kind, options, held)

    def apply(
        self,
        grant: Grant,
        package: ReceivedPackage,
        kind: SurroundingKind,
        options: SurroundingsOptions,
        limits: PackageLimits,
    ) -> Arrived:
        """Imports everything of that kind, or nothing.

        Raises:
            Forbidden, PackageRefused, InvalidRequest: as :meth:`preview`.
        """
        action = "connection-import" if kind is SurroundingKind.CONNECTION else "variable-import"
        with self._runtime.attempt(
            grant, action, *_rights(kind), kind="package", subject=package.name
        ) as attempt:
            held = self._held(package, kind, options, limits)
            with attempt.change(only=grant.workspace.id) as change:
                arrived = self._judged(change.uow, change.grant, kind, options, held)
                if not arrived.refused:
                    self._write(change.uow, grant, kind, arrived.items)
                outcome = AuditOutcome.FAILED if arrived.refused else AuditOutcome.DONE
                change.audit(outcome=outcome, detail=arrived.told)
        return arrived

    def apply_as_task(
        self, grant: Grant, package: ReceivedPackage, options: SurroundingsOptions, limits: PackageLimits
    ) -> Task:
        """Imports connections at once, and notes a task that is over, for who asks how it went.

        Raises:
            Forbidden, PackageRefused, InvalidRequest: as :meth:`preview`.
        """
        self._allow(grant, SurroundingKind.CONNECTION, package)
        began = self._runtime.now()
        arrived = self.apply(grant, package, SurroundingKind.CONNECTION, options, limits)
        ended = self._runtime.now()
        task = Task(
            id=self._runtime.new_id(),
            kind=TaskKind.CONNECTIONS,
            workspace_id=grant.workspace.id,
            name=package.name,
            created_by=grant.caller.name,
            started_at=began,
            updated_at=ended,
            ended_at=ended,
            request=b"{}",
            status=TaskStatus.FAILED if arrived.refused else TaskStatus.SUCCESSFUL,
            message=arrived.told,
            subjects=tuple(f"connection:{item.name}" for item in arrived.items),
            done=len(arrived.items),
            total=len(arrived.items),
        )
        self._log.add(task)
        return task

    def _allow(self, grant: Grant, kind: SurroundingKind, package: ReceivedPackage) -> None:
        for right in _rights(kind):
            self._runtime.allow(grant, right, kind="package", subject=package.name)

    def _held(
        self,
        package: ReceivedPackage,
        kind: SurroundingKind,
        options: SurroundingsOptions,
        limits: PackageLimits,
    ) -> SurroundingsPackage:
        if options.duplicates is Duplicates.COPY:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                sentence("a {kind} is not imported as a copy: jobs know it by its name", kind=kind),
                subject="duplicates",
                hint="give skip, overwrite or fail",
            )
        with self._uploads.open(package.id) as file:
            held = read_surroundings(file, limits, kind)
        if options.expect_digest is not None and options.expect_digest.lower() != held.digest:
            raise PackageRefused(
                ErrorCode.PACKAGE_UNEXPECTED,
                sentence(
                    "this package has the digest {digest}, not the expected {expect_digest}",
                    digest=held.digest,
                    expect_digest=options.expect_digest,
                ),
                subject=held.digest,
                hint="check that it is the package whose digest you were given",
            )
        return held

    def _judged(
        self,
        look: Snapshot,
        grant: Grant,
        kind: SurroundingKind,
        options: SurroundingsOptions,
        held: SurroundingsPackage,
    ) -> Arrived:
        place = grant.workspace.id
        if kind is SurroundingKind.CONNECTION:
            connections = ArrivingConnections(grant, options, self._seals, self._runtime.now())
            items = connections.judged(look.connections.all(place), held.things)
        else:
            variables = ArrivingVariables(grant, options, self._seals)
            items = variables.judged(look.variables.all(place), held.things)
        return Arrived(held.digest, tuple(items))

    def _write(self, uow: UnitOfWork, grant: Grant, kind: SurroundingKind, items: Sequence[Arriving]) -> None:
        written = [item for item in items if item.written]
        for item in written:
            if isinstance(item.kept, Connection):
                if item.outcome is ObjectOutcome.CREATED:
                    uow.connections.add(item.kept)
                else:
                    uow.connections.replace(item.kept)
        uow.variables.save([item.kept for item in written if isinstance(item.kept, Variable)])
        created = {(kind.value, item.name, "") for item in written if item.outcome is ObjectOutcome.CREATED}
        release(self._runtime, uow, grant, created)
        for item in written:
            if kind is SurroundingKind.VARIABLE:
                event = self._runtime.event(grant, "variable-edit", kind=kind, subject=item.name)
            else:
                is_new = item.outcome is ObjectOutcome.CREATED
                change = "connection-create" if is_new else "connection-edit"
                event = self._runtime.event(grant, change, kind=kind, subject=item.name)
            self._runtime.record(uow, event)


def _rights(kind: SurroundingKind) -> tuple[Action, Action]:
    """To import, and to change what is imported."""
    changing = Action.LIBRARY_EDIT if kind is SurroundingKind.CONNECTION else Action.VARIABLE_EDIT
    return Action.IMPORT, changing
