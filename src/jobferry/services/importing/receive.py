"""Receives packages: take one in, look into it, preview its import or begin it in the background."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from jobferry.errors import Conflict, ErrorCode, NotFound
from jobferry.files.paths import parse_object_path
from jobferry.files.ports import IncomingPackage, ObjectStorage, PackageStorage, ReceivedPackage
from jobferry.model.document.facts import Facts
from jobferry.model.document.text import parse_known
from jobferry.model.kinds import ObjectKind
from jobferry.model.people import Caller, Grant
from jobferry.model.records import StoredObject
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.model.task import Task, TaskKind
from jobferry.model.transfer.checked_import import Confirmed, ImportClient, ImportRecord, ImportState
from jobferry.model.transfer.contents import needs_of
from jobferry.model.transfer.policy import ImportAct, ImportOptions, RouteChoice
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import OpenPackage, PackageIndex
from jobferry.sentences import sentence
from jobferry.services.errors import UPLOADS_HINT, refuse_crowded
from jobferry.services.granting import grant_anywhere
from jobferry.services.importing.acts import (
    Sizes,
    agreed_options,
    allow_act,
    refuse_larger,
    refuse_without_approvers,
)
from jobferry.services.importing.import_lock import ImportLock
from jobferry.services.importing.preview import ImportPreview, preview, text_of
from jobferry.services.importing.read_package import Sources, opened_package, read_contents
from jobferry.services.importing.request import ImportRequest, read_request
from jobferry.services.importing.routes import Routed, offer_of, routed
from jobferry.services.last_shown import LastShown
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import Store, TaskLog, UnitOfWork


class ViewedObject(msgspec.Struct, frozen=True, kw_only=True):
    """One object of a package. ``params`` only for jobs; ``exists``: the workspace has its like."""

    kind: ObjectKind
    name: str
    directory: str
    exists: bool
    params: dict[str, str] = {}


def view(package: OpenPackage, grant: Grant, store: Store) -> list[ViewedObject]:
    """Every object of the package, in the package's order.

    Raises:
        PackageRefused: the package cannot be used.
    """
    fact_rules = read_settings(grant.workspace.settings).fact_rules
    read_text = text_of(package)
    with store.read() as snapshot:
        entries = read_contents(package, fact_rules, Sources(snapshot.contents)).entries
        there = {
            kind: snapshot.objects.by_names(
                grant.workspace.id, kind, [entry.info.name for entry in entries if entry.info.kind is kind]
            )
            for kind in {entry.info.kind for entry in entries}
        }
    return [
        ViewedObject(
            kind=entry.info.kind,
            name=entry.info.name,
            directory=entry.facts.directory,
            exists=_is_seen(grant, there[entry.info.kind].get(entry.info.name)),
            params=_values(entry.facts, read_text(entry)) if entry.facts.parameters else {},
        )
        for entry in entries
    ]


def _is_seen(grant: Grant, stored: StoredObject | None) -> bool:
    return stored is not None and grant.reaches(stored)


def _values(facts: Facts, text: bytes) -> dict[str, str]:
    document = parse_known(text)
    values: dict[str, str] = {}
    for name, path in facts.parameters:
        value: Any = document
        for part in path[:-1]:
            value = value[part]
        given = value.get(path[-1])
        values[name] = "" if given is None else str(given)
    return values


def asked_options(
    runtime: Runtime, grant: Grant, package: OpenPackage, options: ImportOptions, *, subject: str
) -> Routed:
    """Options that make sense together and that the caller may choose, with the route that there is.

    Raises:
        Forbidden, InvalidRequest: as for options that are said.
        NotFound: there is no route and there must be one (``route-missing``).
    """
    provenance = package.manifest.provenance if package.manifest is not None else None
    found = routed(runtime, grant, provenance, options)
    return found._replace(options=agreed_options(runtime, grant, found.options, subject=subject))


def with_offer(seen: ImportPreview, asked: Routed) -> ImportPreview:
    """What was seen, with what is told of the route."""
    if asked.route is None:
        return seen
    offer = offer_of(asked.route, needs_of(seen.contents), used=asked.used)
    return msgspec.structs.replace(seen, route=offer)


__all__ = ["Imports", "ReceivedPackage", "Receiving"]

_Claim: TypeAlias = "Callable[[UnitOfWork, Task, ImportRequest], None]"
"""What is written of an import in the transaction that takes the lock for its task."""

_PACKAGE = "package"
_UNCLAIMED_SECONDS = 24 * 60 * 60
_MOST_ENTRIES_KEPT = 50_000
"""An index of a package takes about 400 bytes of memory an entry."""


class Receiving:
    """A package that is being handed in. Whoever has begun it ends it by :meth:`keep` or :meth:`drop`."""

    def __init__(self, runtime: Runtime, grant: Grant, incoming: IncomingPackage) -> None:
        self._runtime = runtime
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
        self._runtime.note(
            self._runtime.event(
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
        runtime: Runtime,
        log: TaskLog,
        uploads: PackageStorage,
        storage: Callable[[], ObjectStorage],
        turns: ImportLock,
        sizes: Sizes,
    ) -> None:
        self._runtime = runtime
        self._log = log
        self._uploads = uploads
        self._storage = storage
        self._turns = turns
        self._sizes = sizes
        self._indexes = LastShown[tuple[str, PackageLimits], PackageIndex](1)
        """Of the package that somebody pages through."""

    def sweep(self) -> None:
        """Discards imports that nobody came for within a day, and sweeps their packages away."""
        running = [task for task in self._log.unfinished() if task.kind is TaskKind.IMPORT]
        before = self._runtime.now() - _UNCLAIMED_SECONDS * 1000
        with self._runtime.store.read() as snapshot:
            has_old = snapshot.imports.has_old(before=before)
        if has_old:
            with self._runtime.store.write() as uow:
                uow.imports.release_old(before=before)
                uow.commit()
        with self._runtime.store.read() as snapshot:
            waiting = snapshot.imports.package_ids()
        claimed = {read_request(task).package_id for task in running}
        self._uploads.sweep(older_than=_UNCLAIMED_SECONDS, keep=claimed | waiting)

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
            Conflict: too many packages of the caller are kept (``quota-reached``).
        """
        with self._runtime.store.read() as snapshot:
            grant = grant_anywhere(snapshot, caller, Action.IMPORT)
        name = name.rstrip("/").rpartition("/")[2]
        self._runtime.allow(grant, Action.IMPORT, kind=_PACKAGE, subject=name)
        self.sweep()
        refuse_crowded(self._uploads.of(caller.user_id), caller.name, UPLOADS_HINT)
        incoming = self._uploads.begin(name, owner=caller.user_id, limit=limits.package_bytes)
        return Receiving(self._runtime, grant, incoming)

    def fetch(self, grant: Grant, path: str, act: ImportAct = ImportAct.PACKAGE) -> ReceivedPackage:
        """Keeps a package from object storage, so that what is planned is what is applied.

        Raises:
            Forbidden: the caller may not import here.
            Conflict: too many packages of the caller are kept (``quota-reached``).
            PackageRefused: it is larger than the act takes (``package-too-large``).
        """
        with self._runtime.attempt(grant, "package-fetch", Action.IMPORT, kind=_PACKAGE, subject=path):
            limits = self._sizes.limits_of(act, local=False)
            limit, setting = limits.package_bytes, limits.package_setting
            refuse_crowded(self._uploads.of(grant.caller.user_id), grant.caller.name, UPLOADS_HINT)
            with self._storage().fetch(parse_object_path(path), limit=limit, setting=setting) as file:
                chunks = iter(lambda: file.read(1 << 20), b"")
                received = self._uploads.receive(path, chunks, owner=grant.caller.user_id, limit=limit)
        self._runtime.note(self._runtime.event(grant, "package-fetch", kind=_PACKAGE, subject=path))
        return received

    def received(self, grant: Grant, package_id: str) -> ReceivedPackage:
        """A package that the caller has handed in before.

        Raises:
            Forbidden: the caller may not import here.
            NotFound: it was never here, is gone again, or is somebody else's (``package-missing``).
        """
        self._runtime.allow(grant, Action.IMPORT, kind=_PACKAGE, subject=package_id)
        found = self._uploads.find(package_id)
        if found is None or found.owner != grant.caller.user_id:
            raise NotFound(
                ErrorCode.PACKAGE_MISSING,
                sentence("the package {package_id} is not here", package_id=package_id),
                subject=package_id,
                hint="upload the package again",
            )
        return found

    def opened(self, package: ReceivedPackage, act: ImportAct) -> AbstractContextManager[OpenPackage]:
        """A package within the limits of the act, judged as far as that goes without its documents.

        Raises:
            NotFound: it is not there any more.
            PackageRefused: it cannot be used.
        """
        return self._opened(package.id, self._limits(package, act))

    @contextmanager
    def _opened(self, package_id: str, limits: PackageLimits) -> Iterator[OpenPackage]:
        key = (package_id, limits)
        with opened_package(self._uploads, package_id, limits, self._indexes.of(key)) as opened:
            if len(opened.entries) <= _MOST_ENTRIES_KEPT:
                self._indexes.keep(key, opened.index)
            yield opened

    def refuse_larger(self, package: ReceivedPackage, act: ImportAct) -> None:
        """Raises: PackageRefused: the file itself is larger than the act takes (``package-too-large``)."""
        refuse_larger(package, self._limits(package, act))

    def view(self, grant: Grant, package: ReceivedPackage, act: ImportAct) -> list[ViewedObject]:
        """What the package holds; nothing is written.

        Raises:
            Forbidden: the caller may not import here.
            PackageRefused: the package cannot be used.
        """
        self._runtime.allow(grant, Action.IMPORT, kind=_PACKAGE, subject=package.name)
        with self.opened(package, act) as opened:
            return view(opened, grant, self._runtime.store)

    def discard(self, package: ReceivedPackage) -> None:
        """Lets go of a package that nobody will import."""
        self._uploads.discard(package.id)

    def preview(self, grant: Grant, package: ReceivedPackage, options: ImportOptions) -> ImportPreview:
        """Findings and plan; nothing is written.

        Raises:
            Forbidden: the caller may not import here, or not as this act.
            Conflict: the act is not done here (``changes-off``).
            PackageRefused: the package cannot be used.
            InvalidRequest: the options do not make sense.
            NotFound: it is to go by a route and there is none (``route-missing``).
        """
        self._runtime.allow(grant, Action.IMPORT, kind=_PACKAGE, subject=package.name)
        allow_act(self._runtime, grant, options.act, subject=package.name)
        with self.opened(package, options.act) as opened:
            asked = asked_options(self._runtime, grant, opened, options, subject=package.name)
            return with_offer(preview(opened, grant, asked.options, self._runtime), asked)

    def begin(
        self,
        grant: Grant,
        package: ReceivedPackage,
        options: ImportOptions,
        *,
        confirmed: Confirmed | None = None,
        client: ImportClient = ImportClient.API,
    ) -> Task:
        """Takes the workspace's import slot and starts the import in the background.

        A checked import that is ``confirmed`` is carried out exactly as planned, or not at all. Any other
        import gets a record now, which tells the ``client`` that asked.

        Raises:
            Forbidden: the caller may not import here, or not as this act.
            Conflict: an import is running here (``import-running``); it is refused, never queued. Or the
                checked import is being applied already (``import-finished``), or the act is not done here
                (``changes-off``).
            PackageRefused: the file is larger than the act takes (``package-too-large``).
            InvalidRequest: the options do not make sense.
        """
        with self._runtime.attempt(grant, "import-begin", Action.IMPORT, kind=_PACKAGE, subject=package.name):
            allow_act(self._runtime, grant, options.act, subject=package.name)
            limits = self._limits(package, options.act)
            refuse_larger(package, limits)
            options = self._agreed(grant, package, options)
            refuse_without_approvers(grant, options)
            request = ImportRequest(
                package_id=package.id,
                package_name=package.name,
                options=options,
                caller=grant.caller,
                fence=self._runtime.now(),
                limits=limits,
                plan_digest=confirmed.record.plan_digest if confirmed else "",
                comment=confirmed.comment if confirmed else "",
            )
            server = self._runtime.store.server
            claim = (
                partial(_claim, record=confirmed.record, server=server) if confirmed else self._add(client)
            )
            return self._begun(grant, request, claim)

    def _limits(self, package: ReceivedPackage, act: ImportAct) -> PackageLimits:
        return self._sizes.limits_of(act, local=package.is_local)

    def _agreed(self, grant: Grant, package: ReceivedPackage, options: ImportOptions) -> ImportOptions:
        """The options that hold. Only to find its route a package is opened before the work begins."""
        if options.route in (RouteChoice.OFF, RouteChoice.USED):
            return agreed_options(self._runtime, grant, options, subject=package.name)
        with self.opened(package, options.act) as opened:
            return asked_options(self._runtime, grant, opened, options, subject=package.name).options

    def _add(self, client: ImportClient) -> _Claim:
        def add(uow: UnitOfWork, task: Task, request: ImportRequest) -> None:
            uow.imports.add(
                ImportRecord(
                    id=self._runtime.new_id(),
                    workspace_id=task.workspace_id,
                    created_by=task.created_by,
                    created_at=task.started_at,
                    origin=client,
                    checked_at=task.started_at,
                    package_id=request.package_id,
                    package_name=request.package_name,
                    options=request.options,
                    state=ImportState.APPLYING,
                    task_id=task.id,
                    server=self._runtime.store.server,
                )
            )

        return add

    def _begun(self, grant: Grant, request: ImportRequest, claim: _Claim) -> Task:
        task = Task(
            id=self._runtime.new_id(),
            kind=TaskKind.IMPORT,
            workspace_id=grant.workspace.id,
            name=request.package_name,
            created_by=request.caller.name,
            started_at=request.fence,
            updated_at=request.fence,
            request=msgspec.json.encode(request),
            is_private=request.options.sets_parameters,
        )
        detail = f"{task.id} {request.options.act}"
        begun = self._runtime.event(grant, "import-begin", kind=_PACKAGE, subject=task.name, detail=detail)
        self._turns.begin(task, begun, lambda uow: claim(uow, task, request))
        return task


def _claim(
    uow: UnitOfWork, task: Task, _request: ImportRequest, *, record: ImportRecord, server: str
) -> None:
    """Raises: Conflict: somebody else was quicker with this import (``import-finished``)."""
    begun = record.moved(ImportState.APPLYING, task_id=task.id, server=server)
    if not uow.imports.replace(begun, was=record):
        raise Conflict(
            ErrorCode.IMPORT_FINISHED,
            sentence(
                "the import of {package_name} was changed, applied or discarded meanwhile",
                package_name=record.package_name,
            ),
            subject=record.id,
            hint="look at it again",
        )
