"""Jobs, scripts, resources and CDM definitions: create, change, list, show, submit, delete."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound
from jobferry.model.document.edits import Put, edited, raw_at
from jobferry.model.document.facts import Facts, Reading, facts_of
from jobferry.model.document.marks import Mark, MarkKind
from jobferry.model.document.text import UnusableText, digest_of, parse, without_bom
from jobferry.model.kinds import VERSIONED_KINDS, JobType, ObjectKind
from jobferry.model.names import CDM_NAME, ancestors
from jobferry.model.people import Caller
from jobferry.model.records import StoredObject, Version, Workspace
from jobferry.model.settings import read_settings
from jobferry.model.transfer.target import is_stopped
from jobferry.services.faults import refuse_problems, refuse_unusable
from jobferry.services.ground import Ground
from jobferry.store.ports import ObjectFilter, Objects, Text, UnitOfWork

MISSING_CODES = {
    ObjectKind.JOB: ErrorCode.JOB_MISSING,
    ObjectKind.SCRIPT: ErrorCode.SCRIPT_MISSING,
    ObjectKind.RESOURCE: ErrorCode.RESOURCE_MISSING,
    ObjectKind.CDM: ErrorCode.CDM_MISSING,
}


class Shown(NamedTuple):
    """An object with one of its texts; ``version`` is 0 for the draft."""

    stored: StoredObject
    text: bytes
    version: int


def missing(kind: ObjectKind, name: str) -> NotFound:
    """The error for an object that is not in the workspace."""
    return NotFound(
        MISSING_CODES[kind],
        f"the {kind} {name} does not exist in this workspace",
        subject=name,
        hint="check the name and the workspace",
    )


class ObjectLibrary:
    """The objects of a workspace, one document each."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def create(
        self,
        workspace: Workspace,
        kind: ObjectKind,
        text: bytes,
        caller: Caller,
        *,
        submit: bool,
        name: str = "",
    ) -> StoredObject:
        """Saves a new object, and submits it if asked; ``name`` only for CDM definitions (``cluster/job``).

        Raises:
            InvalidRequest: the document is not acceptable; the message names the field's path.
            Conflict: the name is taken, or a quota reached.
        """
        if kind is ObjectKind.CDM and not CDM_NAME.match(name):
            raise InvalidRequest(
                ErrorCode.INVALID_NAME,
                f"{name[:140]!r} is no name for a CDM definition",
                subject=name[:140],
                hint="cluster/job, each of 1 to 128 characters",
            )
        reading = read_settings(workspace.settings).reading
        text, facts = _read(kind, text, reading)
        now = self._ground.now()
        stored = StoredObject(
            id=0,
            workspace_id=workspace.id,
            kind=kind,
            name=name or facts.name,
            uid=self._ground.new_id(),
            directory=facts.directory,
            subtype=facts.subtype,
            digest=digest_of(text),
            created_by=caller.name,
            created_at=now,
            updated_by=caller.name,
            updated_at=now,
        )
        with self._ground.store.write() as uow:
            if uow.objects.by_names(workspace.id, kind, [stored.name]):
                raise _taken(kind, stored.name)
            _check_room(uow, stored, reading)
            stored = msgspec.structs.replace(stored, id=uow.objects.reserve_ids(1))
            kept = Text(stored.digest, text, facts, reading.edition(kind))
            return _save(uow, stored, kept, uow.objects.add, submit=submit)

    def update(
        self, workspace: Workspace, kind: ObjectKind, name: str, text: bytes, caller: Caller, *, submit: bool
    ) -> StoredObject:
        """Replaces the draft, and submits it if asked. A body without ``directory`` keeps the place.

        A job whose document has another name is renamed; a script's or resource's type cannot change.

        Raises:
            NotFound: there is no such object.
            InvalidRequest: the document is not acceptable.
            Conflict: the new name is taken, or the type would change.
        """
        reading = read_settings(workspace.settings).reading
        text, facts = _read(kind, text, reading)
        now = self._ground.now()
        with self._ground.store.write() as uow:
            before = self._named(uow.objects, workspace.id, kind, name)
            if before.directory != facts.directory and raw_at(text, ("directory",)) is None:
                text, facts = _read(kind, edited(text, [Put(("directory",), before.directory)]), reading)
            _check_change(uow, before, facts)
            after = msgspec.structs.replace(
                before,
                name=name if kind is ObjectKind.CDM else facts.name,
                directory=facts.directory,
                subtype=facts.subtype,
                digest=digest_of(text),
                held=(),
                updated_by=caller.name,
                updated_at=now,
            )
            kept = Text(after.digest, text, facts, reading.edition(kind))
            return _save(uow, after, kept, uow.objects.replace, submit=submit)

    def show(
        self,
        workspace: Workspace,
        kind: ObjectKind,
        name: str,
        *,
        version: int | None = None,
        live: bool = False,
    ) -> Shown:
        """An object with its draft, its live version, or a version by number.

        Raises:
            NotFound: there is no such object, or it has no such version (``version-missing``).
        """
        with self._ground.store.read() as snapshot:
            stored = self._named(snapshot.objects, workspace.id, kind, name)
            number = stored.live_version if live else version
            digest = stored.digest
            if number is not None:
                found = snapshot.objects.version(stored.id, number)
                if found is None:
                    raise NotFound(
                        ErrorCode.VERSION_MISSING,
                        f"the {kind} {name} has no version {number}"
                        if number
                        else f"the {kind} {name} is not submitted",
                        subject=name,
                        hint=f"its newest version is {stored.last_version}"
                        if stored.last_version
                        else "submit it first",
                    )
                digest = found.digest
            text = dict(snapshot.contents.texts([digest]))[digest]
        return Shown(stored, text, number or 0)

    def by_uid(self, workspace: Workspace, kind: ObjectKind, uid: str) -> StoredObject:
        """An object by its uid; resources are addressed so.

        Raises:
            NotFound: nobody has it.
        """
        with self._ground.store.read() as snapshot:
            found = snapshot.objects.by_uids(workspace.id, [uid]).get((kind, uid))
        if found is None:
            raise missing(kind, uid)
        return found

    def page(
        self,
        workspace: Workspace,
        kind: ObjectKind,
        *,
        offset: int,
        limit: int,
        name_part: str = "",
        subtype: str = "",
    ) -> tuple[int, list[StoredObject]]:
        """How many match in all, and one page in order of name."""
        wanted = ObjectFilter(workspace_id=workspace.id, kind=kind, name_part=name_part, subtype=subtype)
        with self._ground.store.read() as snapshot:
            return snapshot.objects.page(wanted, offset=offset, limit=limit)

    def tagged(
        self,
        workspace: Workspace,
        tags: Iterable[str],
        *,
        offset: int,
        limit: int,
        name_part: str = "",
        subtype: str = "",
    ) -> tuple[int, list[StoredObject]]:
        """The same of jobs whose drafts have any of the tags."""
        wanted = ObjectFilter(
            workspace_id=workspace.id,
            kind=ObjectKind.JOB,
            name_part=name_part,
            subtype=subtype,
            marks=tuple(Mark(MarkKind.TAG, tag) for tag in tags),
        )
        with self._ground.store.read() as snapshot:
            return snapshot.objects.page(wanted, offset=offset, limit=limit)

    def texts(self, objects: list[StoredObject]) -> dict[str, bytes]:
        """The drafts of some objects by digest, for pages that show more than columns."""
        with self._ground.store.read() as snapshot:
            wanted = list({stored.digest for stored in objects})
            return dict(snapshot.contents.texts(wanted))

    def downstream(self, workspace: Workspace, name: str) -> list[StoredObject]:
        """The jobs of this workspace whose drafts wait for the named job, in order of name."""
        waited_for = {Mark(MarkKind.UPSTREAM, name, place) for place in ("", workspace.name)}
        with self._ground.store.read() as snapshot:
            return snapshot.objects.marked(workspace.id, ObjectKind.JOB, waited_for)

    def delete(self, workspace: Workspace, kind: ObjectKind, name: str) -> None:
        """Deletes an object with its versions.

        Raises:
            NotFound: there is no such object.
            Conflict: it is a job that is not stopped.
        """
        with self._ground.store.write() as uow:
            stored = self._named(uow.objects, workspace.id, kind, name)
            if not is_stopped(stored):
                raise Conflict(
                    ErrorCode.JOB_RUNNING,
                    f"the job {name} is {stored.state}",
                    subject=name,
                    hint="stop it first",
                )
            uow.objects.remove([stored.id])
            uow.commit()

    @staticmethod
    def _named(objects: Objects, workspace_id: str, kind: ObjectKind, name: str) -> StoredObject:
        found = objects.by_names(workspace_id, kind, [name]).get(name)
        if found is None:
            raise missing(kind, name)
        return found


def _read(kind: ObjectKind, text: bytes, reading: Reading) -> tuple[bytes, Facts]:
    text = without_bom(text)
    try:
        document = parse(text)
    except UnusableText as unusable:
        raise refuse_unusable(unusable, kind) from None
    facts = facts_of(kind, document, reading, text=text)
    if facts.problems:
        raise refuse_problems(facts.problems, kind, facts.name)
    return text, facts


def _check_room(uow: UnitOfWork, stored: StoredObject, reading: Reading) -> None:
    limits = reading.limits
    rooms = {
        ObjectKind.JOB: [
            (limits.jobs, "", "jobs"),
            (limits.real_time_jobs, JobType.REAL_TIME, "real-time jobs"),
        ],
        ObjectKind.SCRIPT: [(limits.scripts, "", "scripts")],
    }
    for limit, subtype, things in rooms.get(stored.kind, []):
        if subtype and stored.subtype != subtype:
            continue
        if uow.objects.count(stored.workspace_id, stored.kind, subtype) >= limit:
            raise Conflict(
                ErrorCode.QUOTA_REACHED,
                f"this workspace holds at most {limit} {things}, and has them",
                subject=stored.name,
                hint="make room, or raise the workspace setting",
            )


def _check_change(uow: UnitOfWork, before: StoredObject, facts: Facts) -> None:
    kind, name = before.key
    if kind in (ObjectKind.SCRIPT, ObjectKind.RESOURCE) and before.subtype != facts.subtype:
        raise Conflict(
            ErrorCode.TYPE_FIXED,
            f"the {kind} {name} is of type {before.subtype}; a type cannot be changed to {facts.subtype}",
            subject=name,
            hint="create a new one",
        )
    if kind is ObjectKind.CDM or facts.name == name:
        return
    if kind is ObjectKind.SCRIPT:
        raise InvalidRequest(
            ErrorCode.INVALID_NAME,
            f"the script {name} cannot be renamed to {facts.name} by saving it",
            subject=name,
            hint="keep the name in the document",
        )
    if uow.objects.by_names(before.workspace_id, kind, [facts.name]):
        raise _taken(kind, facts.name)


def _taken(kind: ObjectKind, name: str) -> Conflict:
    return Conflict(
        ErrorCode.NAME_TAKEN, f"the {kind} name {name} is taken", subject=name, hint="choose another name"
    )


def _save(
    uow: UnitOfWork,
    stored: StoredObject,
    text: Text,
    write: Callable[[list[StoredObject]], None],
    *,
    submit: bool,
) -> StoredObject:
    """Writes an object with its text and place, as a new version if asked, and commits."""
    uow.contents.put([text], at=stored.updated_at)
    uow.objects.add_directories(stored.workspace_id, stored.kind, ancestors(stored.directory))
    submits = submit and stored.kind in VERSIONED_KINDS
    if submits:
        number = stored.last_version + 1
        stored = msgspec.structs.replace(
            stored, live_version=number, last_version=number, live_digest=stored.digest
        )
    write([stored])
    if submits:
        uow.objects.add_versions([_version(stored)])
    uow.commit()
    return stored


def _version(stored: StoredObject) -> Version:
    return Version(
        object_id=stored.id,
        number=stored.live_version,
        digest=stored.digest,
        submitted_by=stored.updated_by,
        submitted_at=stored.updated_at,
    )
