"""The import use cases: take a package in, look without writing, begin in the background."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import msgspec

from jobferry.errors import Conflict, ErrorCode, NotFound
from jobferry.files.paths import parse_object_path
from jobferry.files.ports import IncomingPackage, ObjectStorage, PackageShelf, ReceivedPackage
from jobferry.model.grant import Grant
from jobferry.model.people import Caller
from jobferry.model.rights import Action
from jobferry.model.task import Task, TaskKind
from jobferry.model.transfer.policy import ImportAct, ImportOptions, RouteChoice
from jobferry.model.transfer.record import ImportRecord
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import OpenPackage
from jobferry.services.failures import told_if_failed
from jobferry.services.granting import grant_anywhere
from jobferry.services.ground import Ground
from jobferry.services.importing.acts import Sizes, allow_act, refuse_larger
from jobferry.services.importing.carrying import opened_package
from jobferry.services.importing.checking.asked import asked_options, with_offer
from jobferry.services.importing.planning import Prospect, prospect
from jobferry.services.importing.request import ImportRequest, read_request
from jobferry.services.importing.turns import Turns
from jobferry.services.importing.viewing import ViewedObject, view
from jobferry.services.reviewing.agreeing import agreed_options, refuse_without_approvers
from jobferry.store.ports import TaskLog, UnitOfWork

__all__ = ["Imports", "ReceivedPackage", "Receiving"]

_PACKAGE = "package"
_UNCLAIMED_SECONDS = 24 * 60 * 60


class Receiving:
    """A package that is being handed in. Whoever has begun it ends it by :meth:`keep` or :meth:`drop`."""

    def __init__(self, ground: Ground, grant: Grant, incoming: IncomingPackage) -> None:
        self._ground = ground
        self._grant = grant
        self._incoming = incoming

    def add(self, chunk: bytes) -> None:
        """Writes the next piece.

        Raises:
            PackageRefused: the package is too large.
            FilesError: the disk is full or refuses.
        """
        self._incoming.add(chunk)

    def keep(self) -> ReceivedPackage:
        """Keeps the package, which is whole now.

        Raises:
            FilesError: the disk is full or refuses.
        """
        received = self._incoming.keep()
        detail = f"{received.size} bytes"
        self._ground.note(
            self._ground.event(
                self._grant, "package-receive", kind=_PACKAGE, subject=received.name, detail=detail
            )
        )
        return received

    def drop(self) -> None:
        """Lets go of what has come in."""
        self._incoming.drop()


class Imports:
    """Imports into workspaces."""

    def __init__(
        self,
        ground: Ground,
        log: TaskLog,
        shelf: PackageShelf,
        storage: Callable[[], ObjectStorage],
        turns: Turns,
        sizes: Sizes,
    ) -> None:
        self._ground = ground
        self._log = log
        self._shelf = shelf
        self._storage = storage
        self._turns = turns
        self._sizes = sizes

    def sweep(self) -> None:
        """Sweeps away imports that nobody came for within a day, and their packages."""
        running = [task for task in self._log.unfinished() if task.kind is TaskKind.IMPORT]
        before = self._ground.now() - _UNCLAIMED_SECONDS * 1000
        with self._ground.store.write() as uow:
            if uow.imports.sweep(before=before, keep={task.id for task in running}):
                uow.commit()
            waiting = uow.imports.package_ids()
        claimed = {read_request(task).package_id for task in running}
        self._shelf.sweep(older_than=_UNCLAIMED_SECONDS, keep=claimed | waiting)

    def receive(
        self, caller: Caller, name: str, chunks: Iterator[bytes], limits: PackageLimits
    ) -> ReceivedPackage:
        """Keeps a package that is handed in at once; see :meth:`receiving`."""
        incoming = self.receiving(caller, name, limits)
        try:
            for chunk in chunks:
                incoming.add(chunk)
            return incoming.keep()
        except BaseException:
            incoming.drop()
            raise

    def receiving(self, caller: Caller, name: str, limits: PackageLimits) -> Receiving:
        """Begins to take a package that comes in pieces, and sweeps away those that nobody came for.

        Of a ``name`` that is a path only the file's is kept: what looks like a place in object storage came
        from there.

        Raises:
            Forbidden: the caller may import nowhere.
        """
        with self._ground.store.read() as snapshot:
            grant = grant_anywhere(snapshot, caller, Action.IMPORT)
        name = name.rstrip("/").rpartition("/")[2]
        self._ground.allow(grant, Action.IMPORT, kind=_PACKAGE, subject=name)
        self.sweep()
        incoming = self._shelf.begin(name, owner=caller.user_id, limit=limits.package_bytes)
        return Receiving(self._ground, grant, incoming)

    def fetch(self, grant: Grant, path: str, act: ImportAct = ImportAct.PACKAGE) -> ReceivedPackage:
        """Keeps a package from object storage, so that what is planned is what is applied.

        Raises:
            Forbidden: the caller may not import here.
            PackageRefused: it is larger than the act takes (``package-too-large``).
        """
        self._ground.allow(grant, Action.IMPORT, kind=_PACKAGE, subject=path)
        limits = self._sizes.limits_of(act, local=False)
        limit, setting = limits.package_bytes, limits.package_setting
        with (
            told_if_failed(self._ground, grant, "package-fetch", kind=_PACKAGE, subject=path),
            self._storage().fetch(parse_object_path(path), limit=limit, setting=setting) as file,
        ):
            chunks = iter(lambda: file.read(1 << 20), b"")
            received = self._shelf.receive(path, chunks, owner=grant.caller.user_id, limit=limit)
        self._ground.note(self._ground.event(grant, "package-fetch", kind=_PACKAGE, subject=path))
        return received

    def received(self, grant: Grant, package_id: str) -> ReceivedPackage:
        """A package that the caller has handed in before.

        Raises:
            Forbidden: the caller may not import here.
            NotFound: it was never here, is gone again, or is somebody else's (``package-missing``).
        """
        self._ground.allow(grant, Action.IMPORT, kind=_PACKAGE, subject=package_id)
        found = self._shelf.find(package_id)
        if found is None or found.owner != grant.caller.user_id:
            raise NotFound(
                ErrorCode.PACKAGE_MISSING,
                f"the package {package_id} is not here",
                subject=package_id,
                hint="hand the package in again",
            )
        return found

    def opened(self, package: ReceivedPackage, act: ImportAct) -> AbstractContextManager[OpenPackage]:
        """A package within the limits of the act, judged as far as that goes without its documents.

        Raises:
            NotFound: it is not there any more.
            PackageRefused: it cannot be used.
        """
        return opened_package(self._shelf, package.id, self._limits(package, act))

    def view(self, grant: Grant, package: ReceivedPackage, act: ImportAct) -> list[ViewedObject]:
        """What the package holds; nothing is written.

        Raises:
            Forbidden: the caller may not import here.
            PackageRefused: the package cannot be used.
        """
        self._ground.allow(grant, Action.IMPORT, kind=_PACKAGE, subject=package.name)
        with self.opened(package, act) as opened:
            return view(opened, grant, self._ground.store)

    def discard(self, package: ReceivedPackage) -> None:
        """Lets go of a package that nobody will import."""
        self._shelf.discard(package.id)

    def preview(self, grant: Grant, package: ReceivedPackage, options: ImportOptions) -> Prospect:
        """Findings and plan; nothing is written.

        Raises:
            Forbidden: the caller may not import here, or not as this act.
            Conflict: the act is not done here (``changes-off``).
            PackageRefused: the package cannot be used.
            InvalidRequest: the options do not make sense.
            NotFound: it is to go by a route and there is none (``route-missing``).
        """
        self._ground.allow(grant, Action.IMPORT, kind=_PACKAGE, subject=package.name)
        allow_act(self._ground, grant, options.act, subject=package.name)
        with self.opened(package, options.act) as opened:
            asked = asked_options(self._ground, grant, opened, options, subject=package.name)
            return with_offer(prospect(opened, grant, asked.options, self._ground), asked)

    def begin(
        self,
        grant: Grant,
        package: ReceivedPackage,
        options: ImportOptions,
        *,
        record: ImportRecord | None = None,
    ) -> Task:
        """Takes the workspace's import slot and starts the import in the background.

        With the ``record`` of a checked import, exactly its plan is carried out, or nothing.

        Raises:
            Forbidden: the caller may not import here, or not as this act.
            Conflict: an import is running here (``import-running``); it is refused, never queued. Or the
                checked import is being applied already (``import-over``), or the act is not done here
                (``changes-off``).
            PackageRefused: the file is larger than the act takes (``package-too-large``).
            InvalidRequest: the options do not make sense.
        """
        self._ground.allow(grant, Action.IMPORT, kind=_PACKAGE, subject=package.name)
        with told_if_failed(self._ground, grant, "import-begin", kind=_PACKAGE, subject=package.name):
            allow_act(self._ground, grant, options.act, subject=package.name)
            limits = self._limits(package, options.act)
            refuse_larger(package, limits)
            options = self._agreed(grant, package, options)
            refuse_without_approvers(grant, options)
            request = ImportRequest(
                package_id=package.id,
                package_name=package.name,
                options=options,
                caller=grant.caller,
                fence=self._ground.now(),
                limits=limits,
                plan_digest=record.plan_digest if record else "",
            )
            return self._begun(grant, request, record)

    def _limits(self, package: ReceivedPackage, act: ImportAct) -> PackageLimits:
        return self._sizes.limits_of(act, local=package.is_local)

    def _agreed(self, grant: Grant, package: ReceivedPackage, options: ImportOptions) -> ImportOptions:
        """The options that hold. Only to find its route a package is opened before the work begins."""
        if options.route in (RouteChoice.OFF, RouteChoice.USED):
            return agreed_options(self._ground, grant, options, subject=package.name)
        with self.opened(package, options.act) as opened:
            return asked_options(self._ground, grant, opened, options, subject=package.name).options

    def _begun(self, grant: Grant, request: ImportRequest, record: ImportRecord | None) -> Task:
        task = Task(
            id=self._ground.new_id(),
            kind=TaskKind.IMPORT,
            workspace_id=grant.workspace.id,
            name=request.package_name,
            created_by=request.caller.name,
            started_at=request.fence,
            updated_at=request.fence,
            request=msgspec.json.encode(request),
            is_private=request.options.sets_parameters,
        )
        claim = partial(_claim, record=record, task_id=task.id) if record else None
        detail = f"{task.id} {request.options.act}"
        begun = self._ground.event(grant, "import-begin", kind=_PACKAGE, subject=task.name, detail=detail)
        self._turns.begin(task, begun, claim)
        return task


def _claim(uow: UnitOfWork, *, record: ImportRecord, task_id: str) -> None:
    """Raises: Conflict: somebody else was quicker with this import (``import-over``)."""
    if not uow.imports.replace(msgspec.structs.replace(record, task_id=task_id), was=record):
        raise Conflict(
            ErrorCode.IMPORT_OVER,
            f"the import of {record.package_name} was changed, applied or discarded meanwhile",
            subject=record.id,
            hint="look at it again",
        )
