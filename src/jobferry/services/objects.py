"""Jobs, scripts, resources and CDM definitions: create, change, list, show, submit, delete.

What lies in a directory that a policy keeps from the caller is to them as if it did not exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.document.edits import Put, edited, raw_at
from jobferry.model.document.facts import Facts, IndexTerm, IndexTermKind
from jobferry.model.document.text import digest_of
from jobferry.model.kinds import LOCKED_KINDS, PLACED_KINDS, VERSIONED_KINDS, ObjectKind
from jobferry.model.names import CDM_NAME, normal_directory
from jobferry.model.people import Grant
from jobferry.model.records import ObjectFilter, ObjectKey, StoredObject, Text
from jobferry.model.review import PLAIN, Approval, Ask, ReleaseMode
from jobferry.model.rights import Action, creating, deleting, editing, viewing
from jobferry.model.settings import read_settings
from jobferry.model.transfer.target_state import is_stopped
from jobferry.sentences import sentence
from jobferry.services.dependencies import check_upstreams, refuse_circle
from jobferry.services.editing.tags import tag_job
from jobferry.services.errors import running
from jobferry.services.listing import check_filter, refuse_placeless, tag_terms
from jobferry.services.object_access import (
    Editing,
    held,
    missing,
    named,
    no_version,
    readable_texts,
    refuse_locked,
)
from jobferry.services.releasing import appeared, release
from jobferry.services.reviewing.asking import Asking, check_note
from jobferry.services.runtime import Attempt, Change, Runtime
from jobferry.services.saving import check_change, check_room, read_document, save, stored_facts, taken
from jobferry.services.waiting import still_waited_for


class ObjectText(NamedTuple):
    """An object with one of its texts; ``version`` is 0 for the draft."""

    stored: StoredObject
    text: bytes
    version: int


class _Wanted(NamedTuple):
    """What is to become of an object besides its text, and how; a name or place of None stays as the text has
    it."""

    how: Editing
    submit: bool = False
    to: str | None = None
    directory: str | None = None


class ObjectLibrary:
    """The objects of a workspace, one document each."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def create(
        self,
        grant: Grant,
        kind: ObjectKind,
        text: bytes,
        *,
        submit: bool,
        name: str = "",
        approval: Approval = PLAIN,
    ) -> StoredObject:
        """Saves a new object, and submits it if asked; ``name`` only for CDM definitions (``cluster/job``).

        Where the workspace wants a review or a release, the submit waits for that.

        Raises:
            Forbidden: the caller may not create that, or not in its directory, or not put it live unseen.
            InvalidRequest: the document is not acceptable; the message names the field's path. Or a review
                needs approvers and there are none that could be.
            Conflict: the name is taken, or a quota reached.
        """
        with self._runtime.attempt(
            grant, "object-create", *_rights(approval, creating(kind)), kind=kind, subject=name
        ) as attempt:
            if kind is ObjectKind.CDM and not CDM_NAME.match(name):
                raise _no_cdm_name(name)
            fact_rules = read_settings(grant.workspace.settings).fact_rules
            text, facts = read_document(kind, text, fact_rules)
            self._allow_place(grant, creating(kind), kind, facts)
            stored = self._fresh(grant, kind, facts, digest_of(text), name)
            kept = Text(stored.digest, text, facts, fact_rules.facts_version(kind))
            return self._created(attempt, grant, stored, kept, submit=submit, approval=approval)

    def _created(
        self,
        attempt: Attempt,
        grant: Grant,
        stored: StoredObject,
        kept: Text,
        *,
        submit: bool,
        approval: Approval,
    ) -> StoredObject:
        with attempt.change(only=grant.workspace.id) as change:
            uow, facts = change.uow, kept.facts
            if uow.objects.by_names(stored.workspace_id, stored.kind, [stored.name]):
                raise taken(stored.kind, stored.name)
            check_room(uow, stored, read_settings(change.grant.workspace.settings).fact_rules)
            check_upstreams(uow, grant, facts)
            refuse_circle(uow, grant, facts, kept.text)
            tag_job(uow, self._runtime, grant, stored.name, (), facts.tags)
            stored = msgspec.structs.replace(stored, id=uow.objects.reserve_ids(1))
            check_note(approval.note)
            asking = Asking(self._runtime, uow, grant, approval)
            way = asking.way(stored) if submit else None
            stored = save(uow, stored, kept, uow.objects.add, way=way, note=approval.note)
            release(self._runtime, uow, grant, appeared([stored.key]))
            _tell_saved(change, stored, way)
            if way is not None:
                asking.follow(Ask.SUBMIT, way, [stored])
        return stored

    def update(
        self,
        grant: Grant,
        kind: ObjectKind,
        name: str,
        text: bytes,
        *,
        submit: bool,
        how: Editing = Editing(),
    ) -> StoredObject:
        """Replaces the draft, and submits it if asked. A body without ``directory`` keeps the place.

        A job whose document has another name is renamed; a script's or resource's type cannot change. Jobs
        and scripts are changed only by who holds their lock. Where the workspace wants a review or a release,
        the submit waits for that.

        Raises:
            Forbidden: the caller may not change that, or not move it to the document's directory, or not put
                it live unseen.
            NotFound: there is no such object.
            InvalidRequest: the document is not acceptable, or a review needs approvers.
            Conflict: the caller does not hold the lock, the draft is not the one they saw, the new name is
                taken, the type would change, or a review of it is pending.
        """
        with self._runtime.attempt(
            grant, "object-edit", *_rights(how.approval, editing(kind)), kind=kind, subject=name
        ) as attempt:
            fact_rules = read_settings(grant.workspace.settings).fact_rules
            text, facts = read_document(kind, text, fact_rules)
            placed = raw_at(text, ("directory",)) is not None
            if placed:
                self._allow_place(grant, editing(kind), kind, facts)
            with attempt.change(only=grant.workspace.id) as change:
                found = named(change.uow.objects, grant, kind, name)
                if found.directory != facts.directory and not placed:
                    text = edited(text, [Put(("directory",), found.directory)])
                    text, facts = read_document(kind, text, fact_rules)
                kept = Text(digest_of(text), text, facts, fact_rules.facts_version(kind))
                return self._updated(change, grant, found, kept, _Wanted(how, submit))

    def rename(self, grant: Grant, kind: ObjectKind, name: str, to: str, how: Editing) -> StoredObject:
        """Gives an object another name: its draft says it, and nothing else in that changes.

        A CDM definition's document stays. What uses the object goes on to say its former name.

        Raises:
            Forbidden: the caller may not change that.
            NotFound: there is no such object.
            InvalidRequest: it cannot be called that.
            Conflict: as :meth:`update`.
        """
        with self._runtime.change(
            grant, "object-edit", editing(kind), kind=kind, subject=name, only=grant.workspace.id
        ) as change:
            if kind is ObjectKind.CDM and not CDM_NAME.match(to):
                raise _no_cdm_name(to)
            return self._edited(change, grant, (kind, name), _Wanted(how, to=to))

    def move(self, grant: Grant, kind: ObjectKind, name: str, directory: str, how: Editing) -> StoredObject:
        """Puts an object into another directory, which is made if it is not there.

        Raises:
            Forbidden: the caller may not change that, or not there.
            NotFound: there is no such object.
            InvalidRequest: the directory cannot be called that, or CDM definitions lie in none.
            Conflict: as :meth:`update`.
        """
        refuse_placeless(kind)
        directory = normal_directory(directory)
        if kind in PLACED_KINDS:
            self._runtime.allow(grant, editing(kind), kind=kind, subject=name, directory=directory)
        with self._runtime.change(
            grant, "object-edit", editing(kind), kind=kind, subject=name, only=grant.workspace.id
        ) as change:
            return self._edited(change, grant, (kind, name), _Wanted(how, directory=directory))

    def _edited(self, change: Change, grant: Grant, key: ObjectKey, wanted: _Wanted) -> StoredObject:
        """An object with another name or place in its draft; nothing happens where it has that already."""
        kind, name = key
        found = named(change.uow.objects, grant, kind, name)
        if name == wanted.to or found.directory == wanted.directory:
            change.no_row()
            return found
        fact_rules = read_settings(grant.workspace.settings).fact_rules
        text = change.uow.contents.texts_at_once([found.digest])[found.digest]
        if kind is not ObjectKind.CDM:
            place = Put(("directory",), wanted.directory)
            text = edited(text, [place if wanted.to is None else Put(("name",), wanted.to)])
        text, facts = read_document(kind, text, fact_rules, was_here=True)
        kept = Text(digest_of(text), text, facts, fact_rules.facts_version(kind))
        after = self._updated(change, grant, found, kept, wanted)
        if wanted.directory is not None:
            change.uow.objects.follow_drafts([(found.id, found.digest, after.digest)])
        return after

    def _updated(
        self,
        change: Change,
        grant: Grant,
        found: StoredObject,
        kept: Text,
        wanted: _Wanted,
    ) -> StoredObject:
        uow, facts, (kind, name), how = change.uow, kept.facts, found.key, wanted.how
        before = held(found, grant, how, self._runtime.now())
        fact_rules = read_settings(grant.workspace.settings).fact_rules
        to = wanted.to or (name if kind is ObjectKind.CDM else facts.name)
        check_change(uow, before, facts, to, is_rename=wanted.to is not None)
        check_upstreams(uow, grant, facts)
        refuse_circle(uow, grant, facts, kept.text, before)
        known = stored_facts(uow.contents, kind, {before.digest, before.live_digest} - {""}, fact_rules)
        tag_job(uow, self._runtime, grant, name, known[before.digest].tags, facts.tags)
        after = msgspec.structs.replace(
            before,
            name=to,
            directory=facts.directory,
            subtype=facts.subtype,
            digest=kept.digest,
            updated_by=grant.caller.name,
            updated_at=self._runtime.now(),
        )
        check_note(how.approval.note)
        asking = Asking(self._runtime, uow, grant, how.approval)
        way = asking.way(after) if wanted.submit else None
        texts = {after.digest: facts}
        if way is not ReleaseMode.LIVE and before.live_digest:
            texts[before.live_digest] = known[before.live_digest]
        after = msgspec.structs.replace(after, held=still_waited_for(uow, grant, after, texts))
        after = save(uow, after, kept, uow.objects.replace, way=way, note=how.approval.note)
        if before is not found:
            change.audit("lock-take")
        if after.name != name:
            release(self._runtime, uow, grant, appeared([after.key]))
        _tell_saved(change, after, way, before=found)
        if way is not None:
            asking.follow(Ask.SUBMIT, way, [after])
        return after

    def show(
        self, grant: Grant, kind: ObjectKind, name: str, *, version: int | None = None, live: bool = False
    ) -> ObjectText:
        """An object with its draft, its live version, or a version by number.

        Sensitive values are empty for those who may not edit it.

        Raises:
            Forbidden: the caller may not look at that.
            NotFound: there is no such object, or it has no such version (``version-missing``).
        """
        self._runtime.allow(grant, viewing(kind), kind=kind, subject=name)
        with self._runtime.store.read() as snapshot:
            stored = named(snapshot.objects, grant, kind, name)
            number = stored.live_version if live else version
            digest = stored.digest
            if number is not None:
                found = snapshot.objects.version(stored.id, number)
                if found is None:
                    raise no_version(stored, number)
                digest = found.digest
            texts = dict(snapshot.contents.texts([digest]))
            text = readable_texts(snapshot.contents, grant, kind, texts)[digest]
        return ObjectText(stored, text, number or 0)

    def by_uid(self, grant: Grant, kind: ObjectKind, uid: str, action: Action | None = None) -> StoredObject:
        """An object by its uid; resources are addressed so. ``action`` is what is to be done with it.

        Raises:
            Forbidden: the caller may not do that.
            NotFound: nobody has it.
        """
        self._runtime.allow(grant, action or viewing(kind), kind=kind, subject=uid)
        with self._runtime.store.read() as snapshot:
            found = snapshot.objects.by_uids(grant.workspace.id, [uid]).get((kind, uid))
        if found is None or not grant.reaches(found):
            raise missing(kind, uid)
        return found

    def page(
        self,
        grant: Grant,
        kind: ObjectKind,
        *,
        offset: int,
        limit: int,
        name_part: str = "",
        subtype: str = "",
    ) -> tuple[int, list[StoredObject]]:
        """How many match in all, and one page in order of name.

        Raises:
            Forbidden: the caller may not look at these.
        """
        self._runtime.allow(grant, viewing(kind), kind=kind)
        wanted = ObjectFilter(
            workspace_id=grant.workspace.id,
            kind=kind,
            name_part=name_part,
            subtype=subtype,
            directories=grant.directories_of(kind),
        )
        with self._runtime.store.read() as snapshot:
            return snapshot.objects.page(wanted, offset=offset, limit=limit)

    def tagged(
        self,
        grant: Grant,
        tags: Iterable[str],
        *,
        offset: int,
        limit: int,
        name_part: str = "",
        subtype: str = "",
    ) -> tuple[int, list[StoredObject]]:
        """The same of jobs whose drafts have any of the tags.

        Raises:
            Forbidden: the caller may not look at jobs.
        """
        self._runtime.allow(grant, Action.JOB_VIEW, kind=ObjectKind.JOB)
        wanted = ObjectFilter(
            workspace_id=grant.workspace.id,
            kind=ObjectKind.JOB,
            name_part=name_part,
            subtype=subtype,
            directories=grant.directories_of(ObjectKind.JOB),
            index_terms=tag_terms(tags),
        )
        with self._runtime.store.read() as snapshot:
            return snapshot.objects.page(wanted, offset=offset, limit=limit)

    def found(
        self, grant: Grant, wanted: ObjectFilter, *, offset: int, limit: int
    ) -> tuple[int, list[StoredObject]]:
        """How many match in all, and one page; what the list is narrowed to has to exist.

        The workspace and the directories that the caller reaches are put in here.

        Raises:
            Forbidden: the caller may not look at these.
            InvalidRequest: objects of this kind have no such thing, or there is no such type.
            NotFound: there is no such directory or tag here.
        """
        self._runtime.allow(grant, viewing(wanted.kind), kind=wanted.kind)
        wanted = msgspec.structs.replace(
            wanted, workspace_id=grant.workspace.id, directories=grant.directories_of(wanted.kind)
        )
        with self._runtime.store.read() as snapshot:
            check_filter(snapshot, grant, wanted)
            return snapshot.objects.page(wanted, offset=offset, limit=limit)

    def tags(self, grant: Grant, objects: Iterable[StoredObject]) -> dict[str, tuple[str, ...]]:
        """The tags of those of the objects that are jobs, by the digest of the draft.

        Raises:
            Forbidden: there are jobs among them, and the caller may not look at jobs.
        """
        digests = {stored.digest for stored in objects if stored.kind is ObjectKind.JOB}
        if not digests:
            return {}
        self._runtime.allow(grant, Action.JOB_VIEW, kind=ObjectKind.JOB)
        fact_rules = read_settings(grant.workspace.settings).fact_rules
        with self._runtime.store.read() as snapshot:
            tags = snapshot.contents.job_tags(digests, fact_rules.facts_version(ObjectKind.JOB))
            unread = digests - tags.keys()
            if unread:
                read = stored_facts(snapshot.contents, ObjectKind.JOB, unread, fact_rules)
                tags |= {digest: facts.tags for digest, facts in read.items()}
        return tags

    def texts(self, grant: Grant, kind: ObjectKind, objects: list[StoredObject]) -> dict[str, bytes]:
        """The drafts of some objects of one kind by digest, for pages that show more than columns.

        Sensitive values are empty for those who may not edit them.

        Raises:
            Forbidden: the caller may not look at these.
        """
        self._runtime.allow(grant, viewing(kind), kind=kind)
        with self._runtime.store.read() as snapshot:
            wanted = list({stored.digest for stored in objects})
            texts = dict(snapshot.contents.texts(wanted))
            return readable_texts(snapshot.contents, grant, kind, texts)

    def downstream(self, grant: Grant, name: str) -> list[StoredObject]:
        """The jobs of this workspace whose drafts wait for the named job, in order of name.

        Raises:
            Forbidden: the caller may not look at jobs.
        """
        self._runtime.allow(grant, Action.JOB_VIEW, kind=ObjectKind.JOB, subject=name)
        waited_for = {IndexTerm(IndexTermKind.UPSTREAM, name, place) for place in ("", grant.workspace.name)}
        with self._runtime.store.read() as snapshot:
            jobs = snapshot.objects.with_index_terms(grant.workspace.id, ObjectKind.JOB, waited_for)
        return [job for job in jobs if grant.reaches(job)]

    def delete(self, grant: Grant, kind: ObjectKind, name: str, approval: Approval = PLAIN) -> ReleaseMode:
        """Deletes an object with its versions, or asks for that where the workspace wants it.

        Raises:
            Forbidden: the caller may not delete that.
            NotFound: there is no such object.
            InvalidRequest: a review needs approvers.
            Conflict: it is a job that is not stopped, somebody else holds its lock, or a review of it is
                pending.
        """
        with self._runtime.change(
            grant, "object-delete", deleting(kind), kind=kind, subject=name, only=grant.workspace.id
        ) as change:
            stored = named(change.uow.objects, grant, kind, name)
            refuse_locked(stored, grant)
            if not is_stopped(stored):
                raise running(stored)
            asking = Asking(self._runtime, change.uow, grant, approval)
            way = asking.way_out(stored)
            asking.follow(Ask.DELETE, way, [stored])
            if way is ReleaseMode.LIVE:
                change.uow.objects.remove([stored.id], by=grant.caller.name, at=self._runtime.now())
            else:
                change.no_row()
        return way

    def _fresh(self, grant: Grant, kind: ObjectKind, facts: Facts, digest: str, name: str) -> StoredObject:
        by, now = grant.caller.name, self._runtime.now()
        return StoredObject(
            id=0,
            workspace_id=grant.workspace.id,
            kind=kind,
            name=name or facts.name,
            uid=self._runtime.new_id(),
            directory=facts.directory,
            subtype=facts.subtype,
            digest=digest,
            created_by=by,
            created_at=now,
            updated_by=by,
            updated_at=now,
            locked_by=by if kind in LOCKED_KINDS else "",
            locked_at=now if kind in LOCKED_KINDS else 0,
        )

    def _allow_place(self, grant: Grant, action: Action, kind: ObjectKind, facts: Facts) -> None:
        if kind in PLACED_KINDS:
            self._runtime.allow(grant, action, kind=kind, subject=facts.name, directory=facts.directory)


def _rights(approval: Approval, right: Action) -> list[Action]:
    """What a save takes: the right itself, and first that to put things live unseen, if that is asked for."""
    return [Action.PUBLISH, right] if approval.publish else [right]


def _no_cdm_name(name: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_NAME,
        sentence("the name of the CDM definition {name} is not valid", name=repr(name[:140])),
        subject=name[:140],
        hint="cluster/job, each of 1 to 128 characters",
    )


def _tell_saved(
    change: Change, stored: StoredObject, way: ReleaseMode | None, *, before: StoredObject | None = None
) -> None:
    kind, name = stored.key
    changes: list[str] = []
    if before is not None and before.name != name:
        changes.append(f"renamed from {before.name}")
    if before is not None and before.directory != stored.directory:
        changes.append(f"moved from {before.directory}")
    change.audit(subject=name, detail=", ".join(changes))
    if way in (ReleaseMode.LIVE, ReleaseMode.RELEASE) and kind in VERSIONED_KINDS:
        version = f"version {stored.last_version}" + (", not live" if way is ReleaseMode.RELEASE else "")
        change.audit("object-submit", subject=name, detail=version)
