"""Versions of jobs and scripts: list, compare, go back to one, and make the next one of a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.document.difference import Difference, differences
from jobferry.model.document.edits import Edit, Put, edited
from jobferry.model.document.text import digest_of
from jobferry.model.kinds import VERSIONED_KINDS, ObjectKind
from jobferry.model.people import Grant
from jobferry.model.records import StoredObject, Text, Version
from jobferry.model.review import Ask, ReleaseMode
from jobferry.model.rights import Action, editing, viewing
from jobferry.model.settings import read_settings
from jobferry.sentences import sentence
from jobferry.services.dependencies import check_upstreams, refuse_circle
from jobferry.services.editing.tags import tag_job
from jobferry.services.object_access import Editing, held, named, no_version, readable_pair
from jobferry.services.reviewing.asking import Asking, check_note
from jobferry.services.runtime import Change, Runtime
from jobferry.services.saving import add_version, check_change, numbered, read_document, save, stored_facts
from jobferry.services.waiting import still_waited_for

if TYPE_CHECKING:
    from jobferry.store import Snapshot, UnitOfWork


class History(NamedTuple):
    """An object with the versions that are kept, newest first."""

    stored: StoredObject
    versions: list[Version]


class VersionLibrary:
    """What was submitted of jobs and scripts; older versions than the workspace keeps are gone."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def history(self, grant: Grant, kind: ObjectKind, name: str) -> History:
        """An object's versions.

        Raises:
            Forbidden: the caller may not look at that.
            NotFound: there is no such object.
            InvalidRequest: objects of this kind have no versions.
        """
        self._runtime.allow(grant, viewing(kind), kind=kind, subject=name)
        _refuse_unversioned(kind)
        with self._runtime.store.read() as snapshot:
            stored = named(snapshot.objects, grant, kind, name)
            return History(stored, snapshot.objects.versions(stored.id))

    def compare(
        self, grant: Grant, kind: ObjectKind, name: str, former: int, latter: int
    ) -> list[Difference]:
        """What differs between two versions; 0 is the draft.

        Those who may not edit the object see that a sensitive value differs, and not what it is.

        Raises:
            Forbidden: the caller may not look at that.
            NotFound: there is no such object or version.
            InvalidRequest: objects of this kind have no versions.
        """
        self._runtime.allow(grant, viewing(kind), kind=kind, subject=name)
        _refuse_unversioned(kind)
        with self._runtime.store.read() as snapshot:
            stored = named(snapshot.objects, grant, kind, name)
            digests = [_digest(snapshot, stored, number) for number in (former, latter)]
            texts = dict(snapshot.contents.texts(list(dict.fromkeys(digests))))
            pair = [(digest, texts[digest]) for digest in digests]
            before, after = readable_pair(snapshot.contents, grant, kind, *pair)
        return differences(before, after)

    def submit(self, grant: Grant, kind: ObjectKind, name: str, how: Editing) -> StoredObject:
        """Makes the draft the next version, also where it is the live one already.

        Raises:
            Forbidden: the caller may not submit that, or not put it live unseen.
            NotFound: there is no such object.
            InvalidRequest: objects of this kind are not submitted, the note is too long, or a review needs
                approvers.
            Conflict: the caller does not hold the lock, the draft is not the one they saw, a job that it
                waits for may not be waited for, or a review of it is pending.
        """
        if how.approval.publish:
            self._runtime.allow(grant, Action.PUBLISH, kind=kind, subject=name)
        with self._runtime.change(
            grant, "object-submit", editing(kind), kind=kind, subject=name, only=grant.workspace.id
        ) as change:
            _refuse_unversioned(kind)
            before = held(named(change.uow.objects, grant, kind, name), grant, how, self._runtime.now())
            return self._submitted(change, grant, before, how)

    def roll_back(self, grant: Grant, kind: ObjectKind, name: str, number: int, how: Editing) -> StoredObject:
        """Makes a version's text the draft; name and place stay, and what is live does until a submit.

        Raises:
            Forbidden: the caller may not change that.
            NotFound: there is no such object or version.
            InvalidRequest: the document is not acceptable any more.
            Conflict: the caller does not hold the lock, the draft is not the one they saw, or a tag that
                would come or go is locked.
        """
        with self._runtime.change(
            grant, "version-rollback", editing(kind), kind=kind, subject=name, only=grant.workspace.id
        ) as change:
            _refuse_unversioned(kind)
            before = held(named(change.uow.objects, grant, kind, name), grant, how, self._runtime.now())
            after = self._restored(change.uow, grant, before, number)
            change.audit(detail=f"version {number}")
        return after

    def _submitted(self, change: Change, grant: Grant, before: StoredObject, how: Editing) -> StoredObject:
        uow, kind = change.uow, before.kind
        check_note(how.approval.note)
        fact_rules = read_settings(grant.workspace.settings).fact_rules
        facts = stored_facts(uow.contents, kind, [before.digest], fact_rules)[before.digest]
        check_upstreams(uow, grant, facts)
        asking = Asking(self._runtime, uow, grant, how.approval)
        way = asking.way(before)
        after = msgspec.structs.replace(before, updated_by=grant.caller.name, updated_at=self._runtime.now())
        if way is not ReleaseMode.REVIEW:
            after = numbered(after, live=way is ReleaseMode.LIVE)
        if way is ReleaseMode.LIVE:
            held_for = still_waited_for(uow, grant, after, {after.digest: facts})
            after = msgspec.structs.replace(after, held=held_for)
        uow.objects.replace([after])
        if way is not ReleaseMode.REVIEW:
            add_version(uow, after, how.approval.note)
            change.audit(
                detail=f"version {after.last_version}" + (", not live" if way is ReleaseMode.RELEASE else "")
            )
        else:
            change.no_row()
        asking.follow(Ask.SUBMIT, way, [after])
        return after

    def _restored(self, uow: UnitOfWork, grant: Grant, before: StoredObject, number: int) -> StoredObject:
        kind, name = before.key
        fact_rules = read_settings(grant.workspace.settings).fact_rules
        digest = _digest(uow, before, number)
        text = dict(uow.contents.texts([digest]))[digest]
        text, facts = read_document(kind, text, fact_rules, was_here=True)
        edits: list[Edit] = [] if facts.name == name else [Put(("name",), name)]
        if facts.directory != before.directory:
            edits.append(Put(("directory",), before.directory))
        if edits:
            text, facts = read_document(kind, edited(text, edits), fact_rules, was_here=True)
        check_change(uow, before, facts, name)
        refuse_circle(uow, grant, facts, text, before)
        known = stored_facts(uow.contents, kind, {before.digest, before.live_digest} - {""}, fact_rules)
        had = known[before.digest].tags
        tag_job(uow, self._runtime, grant, name, had, facts.tags)
        after = msgspec.structs.replace(
            before,
            subtype=facts.subtype,
            digest=digest_of(text),
            updated_by=grant.caller.name,
            updated_at=self._runtime.now(),
        )
        texts = {after.digest: facts}
        if before.live_digest:
            texts[before.live_digest] = known[before.live_digest]
        after = msgspec.structs.replace(after, held=still_waited_for(uow, grant, after, texts))
        kept = Text(after.digest, text, facts, fact_rules.facts_version(kind))
        return save(uow, after, kept, uow.objects.replace, way=None)


def _digest(look: Snapshot, stored: StoredObject, number: int) -> str:
    if not number:
        return stored.digest
    found = look.objects.version(stored.id, number)
    if found is None:
        raise no_version(stored, number)
    return found.digest


def _refuse_unversioned(kind: ObjectKind) -> None:
    if kind not in VERSIONED_KINDS:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence("objects of the kind {kind} have no versions", kind=kind),
            subject=kind,
            hint=sentence("kinds with versions are: {kinds}", kinds=sorted(VERSIONED_KINDS)),
        )
