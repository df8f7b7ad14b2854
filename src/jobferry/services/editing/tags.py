"""The tags of a workspace, which jobs have them, and drafts of many jobs with other tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound
from jobferry.model.document.edits import Put, edited, raw_at
from jobferry.model.document.facts import FactRules, IndexTerm, IndexTermKind, facts_of
from jobferry.model.document.text import digest_of, parse_known
from jobferry.model.kinds import ObjectKind
from jobferry.model.people import Grant
from jobferry.model.records import StoredObject, Text
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.model.tags import (
    MOST_TAGS,
    TAGS_PATH,
    Tag,
    Tags,
    are_too_many,
    fresh_among,
    is_tag,
    locked_among,
)
from jobferry.model.transfer.plan import Plan
from jobferry.model.transfer.plan import Tag as TagStep
from jobferry.sentences import as_sentence, sentence
from jobferry.services.object_access import Editing, held, meant, named, nearest
from jobferry.services.runtime import Change, Runtime
from jobferry.services.saving import read_document, save, stored_facts

if TYPE_CHECKING:
    from jobferry.store import Snapshot, Store, UnitOfWork


def tag_job(
    uow: UnitOfWork, runtime: Runtime, grant: Grant, job: str, before: Iterable[str], after: Iterable[str]
) -> None:
    """Judges a job's new tags against those it had, and makes those that are new to the workspace.

    Raises:
        Conflict: it would get or lose a locked tag (``tag-locked``), or the workspace too many
            (``quota-reached``).
        InvalidRequest: a new tag cannot be called that.
    """
    had, has = list(before), list(after)
    if set(had) == set(has):
        return
    known = uow.tags.of_workspace(grant.workspace.id)
    locked = locked_among(set(had) ^ set(has), known)
    if locked:
        lost = sentence("{job} cannot lose it", job=job)
        raise tag_locked(
            known[locked[0]], lost if locked[0] in had else sentence("{job} cannot get it", job=job)
        )
    make_tags(uow, runtime, grant, known, [tag for tag in has if tag not in had])


def make_tags(uow: UnitOfWork, runtime: Runtime, grant: Grant, known: Tags, names: Iterable[str]) -> None:
    """Makes those of the tags that the workspace does not have yet.

    Raises:
        Conflict: these would be too many (``quota-reached``).
        InvalidRequest: one cannot be called that.
    """
    fresh = fresh_among(names, known)
    unfit = next((name for name in fresh if not is_tag(name)), None)
    if unfit is not None:
        raise InvalidRequest(
            ErrorCode.INVALID_NAME,
            sentence("the tag name {unfit} is not valid", unfit=repr(unfit[:140])),
            subject=unfit[:140],
            hint="use 1 to 128 printable characters, without spaces at either end",
        )
    if crowding := crowded(known, fresh):
        raise Conflict(
            ErrorCode.QUOTA_REACHED,
            crowding,
            subject=fresh[-1],
            hint="delete tags that no job has, or use one that is there",
        )
    add_tags(uow, runtime, grant, fresh)


def crowded(known: Tags, fresh: Sequence[str]) -> str:
    """What is wrong where the workspace would have too many tags with the new ones, else nothing."""
    if not are_too_many(len(known), len(fresh)):
        return ""
    return sentence(
        "this workspace would have {count} tags; at most {most_tags} are allowed",
        count=len(known) + len(fresh),
        most_tags=MOST_TAGS,
    )


def add_tags(uow: UnitOfWork, runtime: Runtime, grant: Grant, names: Iterable[str]) -> None:
    """Makes tags that are new and allowed, and records it."""
    by, now = grant.caller.name, runtime.now()
    made = [Tag(workspace_id=grant.workspace.id, name=name, changed_by=by, changed_at=now) for name in names]
    uow.tags.save(made)
    runtime.record(uow, *(runtime.event(grant, "tag-create", kind="tag", subject=tag.name) for tag in made))


def tag_locked(tag: Tag, consequence: str) -> Conflict:
    """The error for a tag that is locked."""
    return Conflict(
        ErrorCode.TAG_LOCKED,
        sentence(
            "the tag {name} was locked by {user}: {consequence}"
            if tag.changed_by
            else "the tag {name} is locked: {consequence}",
            name=tag.name,
            user=tag.changed_by,
            consequence=as_sentence(consequence),
        ),
        subject=tag.name,
        hint="leave the tag as it is, or ask an owner or administrator to unlock it",
    )


_PAGE = 1_000


class Retag(NamedTuple):
    """A job's draft, by its digest, that is to have these tags."""

    digest: str
    tags: tuple[str, ...]


def stage_retagged(
    store: Store, fact_rules: FactRules, wanted: Iterable[Retag], *, only: str, at: int
) -> dict[Retag, str]:
    """Stores the texts, each page in a transaction of its own, and gives their digests. ``only`` is the id of
    the jobs' workspace.

    Nobody sees them before an object refers to them. A draft without a place for tags is left out.
    """
    staged: dict[Retag, str] = {}
    rest = iter(dict.fromkeys(wanted))
    while page := list(islice(rest, _PAGE)):
        texts = _retagged(store, fact_rules, page)
        with store.write(only=only) as uow:
            uow.contents.put(list(texts.values()), at=at)
            uow.commit()
        staged |= {retag: text.digest for retag, text in texts.items()}
    return staged


def stage_failed_tags(
    store: Store, fact_rules: FactRules, plan: Plan, *, only: str, at: int
) -> dict[int, str]:
    """Stores the drafts of a plan's jobs that get the failed tag; by object id the digests they will have."""
    steps = [step for step in plan.steps if isinstance(step, TagStep)]
    if not steps:
        return {}
    with store.read() as snapshot:
        facts = stored_facts(snapshot.contents, ObjectKind.JOB, {step.digest for step in steps}, fact_rules)
    wanted = {step.object_id: Retag(step.digest, (*facts[step.digest].tags, step.tag)) for step in steps}
    staged = stage_retagged(store, fact_rules, wanted.values(), only=only, at=at)
    return {object_id: staged[retag] for object_id, retag in wanted.items()}


def _retagged(store: Store, fact_rules: FactRules, page: Sequence[Retag]) -> dict[Retag, Text]:
    facts_version = fact_rules.facts_version(ObjectKind.JOB)
    with store.read() as snapshot:
        drafts = dict(snapshot.contents.texts(sorted({retag.digest for retag in page})))
    found: dict[Retag, Text] = {}
    for retag in page:
        text = edited(drafts[retag.digest], [Put(TAGS_PATH, list(retag.tags))])
        facts = facts_of(ObjectKind.JOB, parse_known(text), fact_rules, text=text)
        found[retag] = Text(digest_of(text), text, facts, facts_version)
    return found


_NAMED = 5
_JOB = ObjectKind.JOB


class TagLibrary:
    """Tags by name; a workspace has at most a hundred."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def all(self, grant: Grant) -> list[Tag]:
        """Every tag of the workspace, in order of name.

        Raises:
            Forbidden: the caller may not look at jobs.
        """
        self._runtime.allow(grant, Action.JOB_VIEW, kind="tag")
        with self._runtime.store.read() as snapshot:
            return list(snapshot.tags.of_workspace(grant.workspace.id).values())

    def counts(self, grant: Grant) -> dict[str, int]:
        """By tag, how many of the jobs that the caller reaches have it in their drafts, if any.

        Raises:
            Forbidden: the caller may not look at jobs.
        """
        self._runtime.allow(grant, Action.JOB_VIEW, kind="tag")
        with self._runtime.store.read() as snapshot:
            return snapshot.objects.tag_counts(grant.workspace.id, grant.directories_of(ObjectKind.JOB))

    def create(self, grant: Grant, name: str) -> Tag:
        """Makes a tag; one that is there stays as it is.

        Raises:
            Forbidden: the caller may not make tags.
            InvalidRequest: a tag cannot be called that.
            Conflict: the workspace has its hundred (``quota-reached``).
        """
        with self._runtime.change(
            grant, "tag-create", Action.TAG_EDIT, kind="tag", subject=name, only=grant.workspace.id
        ) as change:
            change.no_row()
            known = change.uow.tags.of_workspace(grant.workspace.id)
            if name not in known:
                make_tags(change.uow, self._runtime, grant, known, [name])
            return known.get(name) or change.uow.tags.of_workspace(grant.workspace.id)[name]

    def delete(self, grant: Grant, name: str) -> None:
        """Deletes a tag that no job has.

        Raises:
            Forbidden: the caller may not delete tags.
            NotFound: there is no such tag.
            Conflict: it is locked (``tag-locked``), or drafts of jobs have it (``tag-in-use``).
        """
        with self._runtime.change(
            grant, "tag-delete", Action.TAG_EDIT, kind="tag", subject=name, only=grant.workspace.id
        ) as change:
            tag = tag_named(change.uow, grant, name)
            if tag.locked:
                raise tag_locked(tag, "it cannot be deleted")
            _refuse_used(change.uow, grant, name)
            change.uow.tags.remove(grant.workspace.id, [name])

    def lock(self, grant: Grant, name: str, *, locked: bool) -> Tag:
        """Locks a tag, so that no job gets or loses it and nobody deletes it; or unlocks it.

        Raises:
            Forbidden: the caller is neither owner nor administrator.
            NotFound: there is no such tag.
        """
        action = "tag-lock" if locked else "tag-unlock"
        with self._runtime.change(
            grant, action, Action.TAG_LOCK, kind="tag", subject=name, only=grant.workspace.id
        ) as change:
            tag = tag_named(change.uow, grant, name)
            if tag.locked is locked:
                change.no_row()
                return tag
            by, now = grant.caller.name, self._runtime.now()
            tag = msgspec.structs.replace(tag, locked=locked, changed_by=by, changed_at=now)
            change.uow.tags.save([tag])
        return tag

    def put(self, grant: Grant, job: str, names: Sequence[str], how: Editing) -> StoredObject:
        """Gives a job these tags instead of those that it has; its draft changes, what is live does not.

        Raises:
            Forbidden: the caller may not change jobs.
            NotFound: there is no such job.
            InvalidRequest: a tag cannot be called that.
            Conflict: the caller does not hold the job's lock, a tag that comes or goes is locked, or the
                workspace would have too many.
        """
        with self._runtime.change(
            grant, "tag-put", Action.JOB_EDIT, kind=_JOB, subject=job, only=grant.workspace.id
        ) as change:
            return self._put(change, grant, job, how, lambda _: names)

    def add(self, grant: Grant, job: str, names: Sequence[str], how: Editing) -> StoredObject:
        """Gives a job these tags besides those that it has; raises what :meth:`put` does."""
        with self._runtime.change(
            grant, "tag-put", Action.JOB_EDIT, kind=_JOB, subject=job, only=grant.workspace.id
        ) as change:
            return self._put(change, grant, job, how, lambda had: (*had, *names))

    def take_off(self, grant: Grant, job: str, names: Sequence[str], how: Editing) -> StoredObject:
        """Takes these tags off a job, as far as it has them; raises what :meth:`put` does."""
        with self._runtime.change(
            grant, "tag-put", Action.JOB_EDIT, kind=_JOB, subject=job, only=grant.workspace.id
        ) as change:
            return self._put(change, grant, job, how, lambda had: [tag for tag in had if tag not in names])

    def _put(
        self,
        change: Change,
        grant: Grant,
        job: str,
        how: Editing,
        wanted: Callable[[tuple[str, ...]], Sequence[str]],
    ) -> StoredObject:
        """Gives a job the tags that are wanted instead of those it has."""
        before = named(change.uow.objects, grant, ObjectKind.JOB, job)
        fact_rules = read_settings(grant.workspace.settings).fact_rules
        known = stored_facts(change.uow.contents, ObjectKind.JOB, [before.digest], fact_rules)
        had = known[before.digest].tags
        names = list(dict.fromkeys(wanted(had)))
        after = self._tagged(change.uow, grant, held(before, grant, how, self._runtime.now()), had, names)
        if after is None:
            change.no_row()
        else:
            change.audit(detail=", ".join(names))
        return after or before

    def _tagged(
        self, uow: UnitOfWork, grant: Grant, job: StoredObject, had: Sequence[str], wanted: list[str]
    ) -> StoredObject | None:
        """The job with the tags in its draft, saved; none where it has just these."""
        fact_rules = read_settings(grant.workspace.settings).fact_rules
        text = dict(uow.contents.texts([job.digest]))[job.digest]
        if list(had) == wanted and (wanted or raw_at(text, TAGS_PATH) is None):
            return None
        text = edited(text, [Put(TAGS_PATH, wanted)])
        tag_job(uow, self._runtime, grant, job.name, had, wanted)
        text, facts = read_document(ObjectKind.JOB, text, fact_rules, was_here=True)
        by, now = grant.caller.name, self._runtime.now()
        after = msgspec.structs.replace(job, digest=digest_of(text), updated_by=by, updated_at=now)
        kept = Text(after.digest, text, facts, fact_rules.facts_version(ObjectKind.JOB))
        return save(uow, after, kept, uow.objects.replace, way=None)


def tag_named(snapshot: Snapshot, grant: Grant, name: str) -> Tag:
    """Raises: NotFound: there is no such tag (``tag-missing``)."""
    tags = snapshot.tags.of_workspace(grant.workspace.id)
    found = tags.get(name)
    if found is None:
        raise NotFound(
            ErrorCode.TAG_MISSING,
            sentence("there is no tag {name} in this workspace", name=name[:140]),
            subject=name[:140],
            hint=meant(nearest(name, tags), as_sentence("see `jobferry tag list`")),
        )
    return found


def _refuse_used(uow: UnitOfWork, grant: Grant, name: str) -> None:
    jobs = uow.objects.with_index_terms(
        grant.workspace.id, ObjectKind.JOB, [IndexTerm(IndexTermKind.TAG, name)]
    )
    if not jobs:
        return
    seen = [job.name for job in jobs if grant.reaches(job)][:_NAMED]
    raise Conflict(
        ErrorCode.TAG_IN_USE,
        sentence(
            "{count:job has/jobs have} the tag {name}, among them {seen}"
            if seen
            else "{count:job has/jobs have} the tag {name}",
            count=len(jobs),
            name=name,
            seen=seen,
        ),
        subject=name,
        hint="take it off these jobs first",
    )
