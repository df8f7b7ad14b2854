"""Imports connections and environment variables: all of a package in one transaction, or nothing of it.

They are not taken back as a unit: what stood there before is overwritten only where that is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from jobferry.errors import ErrorCode, InvalidRequest, PackageRefused
from jobferry.files.ports import PackageShelf, ReceivedPackage
from jobferry.model.audit import AuditOutcome
from jobferry.model.connections import SurroundingKind
from jobferry.model.people import Grant
from jobferry.model.records import Connection, Variable
from jobferry.model.rights import Action
from jobferry.model.task import Task, TaskKind, TaskStatus
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.policy import Duplicates
from jobferry.package.limits import PackageLimits
from jobferry.package.surroundings.reader import SurroundingsPackage, read_surroundings
from jobferry.services.releasing import release
from jobferry.services.runtime import Runtime
from jobferry.services.surroundings.arriving import (
    Arriving,
    ArrivingConnections,
    ArrivingVariables,
    SurroundingsOptions,
)
from jobferry.services.surroundings.connecting import Seals

if TYPE_CHECKING:
    from jobferry.store import Snapshot, TaskLog, UnitOfWork


class Arrived(NamedTuple):
    """What came, or would come, of each; where one fails nothing is written."""

    digest: str
    items: tuple[Arriving, ...]

    @property
    def refused(self) -> bool:
        """Whether one failed, and so all of them stay out."""
        return any(one.outcome is ObjectOutcome.FAILED for one in self.items)

    @property
    def told(self) -> str:
        """How many had each outcome, and why those failed that did."""
        counted = Counter(one.outcome for one in self.items)
        numbers = ", ".join(f"{counted[one]} {one}" for one in ObjectOutcome if counted[one])
        reasons = [f"{one.name}: {one.reason}" for one in self.items if one.reason]
        return "; ".join([numbers, *reasons, *(["nothing was changed"] if reasons else [])])


class SurroundingImports:
    """Imports of connections and variables that were handed in."""

    def __init__(
        self, runtime: Runtime, log: TaskLog, shelf: PackageShelf, seals: Callable[[], Seals]
    ) -> None:
        self._runtime = runtime
        self._log = log
        self._shelf = shelf
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
            with attempt.change() as change:
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
            subjects=tuple(f"connection:{one.name}" for one in arrived.items),
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
                f"{kind}s are not imported as copies: jobs know them by their names",
                subject="duplicates",
                hint="say skip, overwrite or fail",
            )
        with self._shelf.open(package.id) as file:
            held = read_surroundings(file, limits, kind)
        if options.expect_digest is not None and options.expect_digest.lower() != held.digest:
            raise PackageRefused(
                ErrorCode.PACKAGE_UNEXPECTED,
                f"this package has the digest {held.digest}, not the expected {options.expect_digest}",
                subject=held.digest,
                hint="check that it is the package you were given the digest of",
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
            items = connections.judged(look.surroundings.connections(place), held.things)
        else:
            variables = ArrivingVariables(grant, options, self._seals)
            items = variables.judged(look.surroundings.variables(place), held.things)
        return Arrived(held.digest, tuple(items))

    def _write(self, uow: UnitOfWork, grant: Grant, kind: SurroundingKind, items: Sequence[Arriving]) -> None:
        written = [one for one in items if one.written]
        for one in written:
            if isinstance(one.kept, Connection):
                if one.outcome is ObjectOutcome.CREATED:
                    uow.surroundings.add_connection(one.kept)
                else:
                    uow.surroundings.replace_connection(one.kept)
        uow.surroundings.save_variables([one.kept for one in written if isinstance(one.kept, Variable)])
        created = {(kind.value, one.name, "") for one in written if one.outcome is ObjectOutcome.CREATED}
        release(self._runtime, uow, grant, created)
        for one in written:
            if kind is SurroundingKind.VARIABLE:
                event = self._runtime.event(grant, "variable-edit", kind=kind, subject=one.name)
            else:
                is_new = one.outcome is ObjectOutcome.CREATED
                change = "connection-create" if is_new else "connection-edit"
                event = self._runtime.event(grant, change, kind=kind, subject=one.name)
            self._runtime.record(uow, event)


def _rights(kind: SurroundingKind) -> tuple[Action, Action]:
    """To import, and to change what is imported."""
    changing = Action.LIBRARY_EDIT if kind is SurroundingKind.CONNECTION else Action.VARIABLE_EDIT
    return Action.IMPORT, changing
