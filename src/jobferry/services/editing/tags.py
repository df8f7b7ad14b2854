"""The tags of a workspace, and which jobs have them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound
from jobferry.model.document.edits import EditMisses, Put, edited, raw_at
from jobferry.model.document.marks import Mark, MarkKind
from jobferry.model.document.text import digest_of
from jobferry.model.editing.tags import TAGS_PATH, Tag
from jobferry.model.grant import Grant
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import StoredObject
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.services.editing.holding import Editing, held
from jobferry.services.editing.named import named
from jobferry.services.editing.tagging import make_tags, tag_job, tag_locked
from jobferry.services.failures import told_if_failed
from jobferry.services.ground import Ground
from jobferry.services.saving import read_document, save
from jobferry.services.stored_facts import stored_facts
from jobferry.store.ports import Snapshot, Text, UnitOfWork

_NAMED = 5


class TagLibrary:
    """Tags by name; a workspace has at most a hundred."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def all(self, grant: Grant) -> list[Tag]:
        """Every tag of the workspace, in order of name.

        Raises:
            Forbidden: the caller may not look at jobs.
        """
        self._ground.allow(grant, Action.JOB_VIEW, kind="tag")
        with self._ground.store.read() as snapshot:
            return list(snapshot.tags.of_workspace(grant.workspace.id).values())

    def create(self, grant: Grant, name: str) -> Tag:
        """Makes a tag; one that is there stays as it is.

        Raises:
            Forbidden: the caller may not make tags.
            InvalidRequest: a tag cannot be called that.
            Conflict: the workspace has its hundred (``quota-reached``).
        """
        self._ground.allow(grant, Action.TAG_EDIT, kind="tag", subject=name)
        with (
            told_if_failed(self._ground, grant, "tag-create", kind="tag", subject=name),
            self._ground.store.write() as uow,
        ):
            known = uow.tags.of_workspace(grant.workspace.id)
            if name not in known:
                make_tags(uow, self._ground, grant, known, [name])
                uow.commit()
            return known.get(name) or uow.tags.of_workspace(grant.workspace.id)[name]

    def delete(self, grant: Grant, name: str) -> None:
        """Deletes a tag that no job has.

        Raises:
            Forbidden: the caller may not delete tags.
            NotFound: there is no such tag.
            Conflict: it is locked (``tag-locked``), or drafts of jobs have it (``tag-in-use``).
        """
        self._ground.allow(grant, Action.TAG_EDIT, kind="tag", subject=name)
        with (
            told_if_failed(self._ground, grant, "tag-delete", kind="tag", subject=name),
            self._ground.store.write() as uow,
        ):
            tag = tag_named(uow, grant, name)
            if tag.locked:
                raise tag_locked(tag, "it cannot be deleted")
            _refuse_used(uow, grant, name)
            uow.tags.remove(grant.workspace.id, [name])
            self._ground.record(uow, self._ground.event(grant, "tag-delete", kind="tag", subject=name))
            uow.commit()

    def lock(self, grant: Grant, name: str, *, locked: bool) -> Tag:
        """Locks a tag, so that no job gets or loses it and nobody deletes it; or unlocks it.

        Raises:
            Forbidden: the caller is neither owner nor administrator.
            NotFound: there is no such tag.
        """
        self._ground.allow(grant, Action.TAG_LOCK, kind="tag", subject=name)
        action = "tag-lock" if locked else "tag-unlock"
        with (
            told_if_failed(self._ground, grant, action, kind="tag", subject=name),
            self._ground.store.write() as uow,
        ):
            tag = tag_named(uow, grant, name)
            if tag.locked is locked:
                return tag
            by, now = grant.caller.name, self._ground.now()
            tag = msgspec.structs.replace(tag, locked=locked, changed_by=by, changed_at=now)
            uow.tags.save([tag])
            self._ground.record(uow, self._ground.event(grant, action, kind="tag", subject=name))
            uow.commit()
        return tag

    def put(self, grant: Grant, job: str, names: Sequence[str], how: Editing) -> StoredObject:
        """Gives a job these tags instead of those that it has; its draft changes, what is live does not.

        Raises:
            Forbidden: the caller may not change jobs.
            NotFound: there is no such job.
            InvalidRequest: a tag cannot be called that, or the document has no place for tags.
            Conflict: the caller does not hold the job's lock, a tag that comes or goes is locked, or the
                workspace would have too many.
        """
        self._ground.allow(grant, Action.JOB_EDIT, kind=ObjectKind.JOB, subject=job)
        with (
            told_if_failed(self._ground, grant, "tag-put", kind=ObjectKind.JOB, subject=job),
            self._ground.store.write() as uow,
        ):
            before = named(uow.objects, grant, ObjectKind.JOB, job)
            after = self._tagged(uow, grant, held(before, grant, how, self._ground.now()), names)
            if after is not None:
                subject, detail = job, ", ".join(dict.fromkeys(names))
                event = self._ground.event(grant, "tag-put", kind="job", subject=subject, detail=detail)
                self._ground.record(uow, event)
                uow.commit()
        return after or before

    def _tagged(
        self, uow: UnitOfWork, grant: Grant, job: StoredObject, names: Sequence[str]
    ) -> StoredObject | None:
        """The job with the tags in its draft, saved; none where it has just these."""
        reading = read_settings(grant.workspace.settings).reading
        had = stored_facts(uow.contents, ObjectKind.JOB, [job.digest], reading)[job.digest].tags
        wanted = list(dict.fromkeys(names))
        text = dict(uow.contents.texts([job.digest]))[job.digest]
        if list(had) == wanted and (wanted or raw_at(text, TAGS_PATH) is None):
            return None
        try:
            text = edited(text, [Put(TAGS_PATH, wanted)])
        except EditMisses:
            raise _no_place(job.name) from None
        tag_job(uow, self._ground, grant, job.name, had, wanted)
        text, facts = read_document(ObjectKind.JOB, text, reading, was_here=True)
        by, now = grant.caller.name, self._ground.now()
        after = msgspec.structs.replace(job, digest=digest_of(text), updated_by=by, updated_at=now)
        kept = Text(after.digest, text, facts, reading.edition(ObjectKind.JOB))
        return save(uow, after, kept, uow.objects.replace, way=None)


def tag_named(snapshot: Snapshot, grant: Grant, name: str) -> Tag:
    """Raises: NotFound: there is no such tag (``tag-missing``)."""
    found = snapshot.tags.of_workspace(grant.workspace.id).get(name)
    if found is None:
        raise NotFound(
            ErrorCode.TAG_MISSING,
            f"there is no tag {name[:140]} in this workspace",
            subject=name[:140],
            hint="see the tags that are there",
        )
    return found


def _refuse_used(uow: UnitOfWork, grant: Grant, name: str) -> None:
    jobs = uow.objects.marked(grant.workspace.id, ObjectKind.JOB, [Mark(MarkKind.TAG, name)])
    if not jobs:
        return
    seen = [job.name for job in jobs if grant.reaches(job)][:_NAMED]
    raise Conflict(
        ErrorCode.TAG_IN_USE,
        f"{len(jobs)} jobs have the tag {name}" + (f", {', '.join(seen)} among them" if seen else ""),
        subject=name,
        hint="take it off these jobs first",
    )


def _no_place(job: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_DOCUMENT,
        f"basicConfig of the job {job} is no object, so there is no place for tags",
        subject=job,
        hint="correct basicConfig in the job's document first",
    )
