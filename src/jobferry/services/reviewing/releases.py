"""The order in which things go live: scripts first, then jobs after those that they run or wait for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Unpack

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest, NotFound
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.lists import PageOptions, ReviewItemFilter
from jobferry.model.names import printable
from jobferry.model.people import Grant, Member
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.review import RELEASE_ITEMS, Approval, Review, ReviewItem, ReviewKind
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.plan.build import upstream_first_names
from jobferry.sentences import sentence
from jobferry.services.reviewing.asking import check_note, deciders, named_approvers, tell_asked
from jobferry.services.runtime import Runtime
from jobferry.services.saving import stored_facts

if TYPE_CHECKING:
    from jobferry.store import UnitOfWork


def upstream_first(uow: UnitOfWork, grant: Grant, items: Sequence[ReviewItem]) -> list[ReviewItem]:
    """The items in the order in which they go live; by name where nothing else decides."""
    jobs = {item.name: item for item in items if item.kind is ObjectKind.JOB}
    rest = sorted((item for item in items if item.kind is not ObjectKind.JOB), key=lambda item: item.name)
    fact_rules = read_settings(grant.workspace.settings).fact_rules
    digests = {item.digest for item in jobs.values()}
    facts = stored_facts(uow.contents, ObjectKind.JOB, digests, fact_rules)
    waits_for = {
        name: {
            reference.name
            for reference in (facts[item.digest].references if item.digest in facts else ())
            if reference.kind is NeedKind.JOB
            and not reference.workspace
            and reference.name in jobs
            and reference.name != name
        }
        for name, item in jobs.items()
    }
    return [*rest, *(jobs[name] for name in upstream_first_names(waits_for))]


_NAME_CHARACTERS = 128


class ReleaseContext(NamedTuple):
    """What items of releases are about, by id, and the ids of those who ask and decide, by name."""

    objects: dict[int, StoredObject]
    user_ids: dict[str, str]


class CreatedRelease(NamedTuple):
    """A release, and the names of the members who can approve it."""

    release: Review
    approvable_by: list[str]


class Releases:
    """What waits for a release, and releases of it."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def waiting(
        self,
        grant: Grant,
        wanted: ReviewItemFilter = ReviewItemFilter(),
        **which: Unpack[PageOptions],
    ) -> tuple[int, list[ReviewItem]]:
        """How many items no release has taken yet, and one page, oldest first unless it is said; those whom
        directory policies bind see their own.

        Raises:
            Forbidden: the caller may not see releases here.
        """
        self._runtime.allow(grant, Action.REVIEW_VIEW, kind=ReviewKind.RELEASE)
        if grant.directories is not None:
            if wanted.asked_by not in ("", grant.caller.name):
                return 0, []
            wanted = msgspec.structs.replace(wanted, asked_by=grant.caller.name)
        with self._runtime.store.read() as snapshot:
            return snapshot.reviews.pending_items(grant.workspace.id, wanted, **which)

    def context(self, grant: Grant, items: Iterable[ReviewItem]) -> ReleaseContext:
        """The objects that items are about, and the ids of the members by name.

        Raises:
            Forbidden: the caller may not see releases here.
        """
        self._runtime.allow(grant, Action.REVIEW_VIEW, kind=ReviewKind.RELEASE)
        with self._runtime.store.read() as snapshot:
            objects = snapshot.objects.by_ids(item.object_id for item in items)
            members = snapshot.members.of_workspace(grant.workspace.id)
        return ReleaseContext(objects, {member.user_name: member.user_id for member in members})

    def create(
        self, grant: Grant, name: str, objects: Sequence[ObjectKey], approval: Approval, *, everything: bool
    ) -> CreatedRelease:
        """Puts waiting items into a release, for somebody else to approve: the named ones, or all there are.

        Raises:
            Forbidden: the caller may not submit jobs here.
            NotFound: nothing of an object waits (``review-missing``).
            InvalidRequest: nothing is named, or too much, or an approver cannot decide, or no member can.
            Conflict: an object is in a pending release.
        """
        with self._runtime.change(
            grant,
            "release-create",
            Action.JOB_EDIT,
            kind=ReviewKind.RELEASE,
            subject=name,
            only=grant.workspace.id,
        ) as change:
            uow = change.uow
            _check_name(name)
            check_note(approval.note)
            items = self._items(uow, grant, objects, everything=everything)
            askers = {item.asked_by for item in items}
            named = named_approvers(uow, grant, ReviewKind.RELEASE, approval.approvers, askers)
            approvers = named or _others(uow, grant, askers)
            release = Review(
                id=self._runtime.new_id(),
                workspace_id=grant.workspace.id,
                kind=ReviewKind.RELEASE,
                name=name,
                size=len(items),
                asked_by=grant.caller.name,
                asked_at=self._runtime.now(),
                approvers=tuple(approver.user_name for approver in named),
                note=approval.note,
            )
            uow.reviews.remove_pending_items(item.object_id for item in items)
            uow.reviews.add(release, upstream_first(uow, grant, items))
            change.audit(subject=release.id, detail=f"{release.size}: {name}")
            tell_asked(self._runtime, uow, grant.workspace, release, approvers)
        return CreatedRelease(release, [approver.user_name for approver in approvers])

    def _items(
        self, uow: UnitOfWork, grant: Grant, objects: Sequence[ObjectKey], *, everything: bool
    ) -> list[ReviewItem]:
        asked_by = "" if grant.directories is None else grant.caller.name
        waiting = [
            item
            for item in uow.reviews.all_pending_items(grant.workspace.id)
            if asked_by in ("", item.asked_by)
        ]
        by_key = {item.key: item for item in waiting}
        gone = next((key for key in objects if key not in by_key), None)
        if gone is not None:
            raise _not_waiting(gone)
        items = waiting if everything else [by_key[key] for key in dict.fromkeys(objects)]
        if not 0 < len(items) <= RELEASE_ITEMS:
            raise InvalidRequest(
                ErrorCode.INVALID_VALUE,
                sentence(
                    "a release holds 1 to {release_items} items, not {count}",
                    release_items=RELEASE_ITEMS,
                    count=len(items),
                ),
                subject="items",
                hint="see `jobferry release waiting`; make several releases"
                if items
                else "name what to release",
            )
        return items


def _others(uow: UnitOfWork, grant: Grant, askers: Collection[str]) -> list[Member]:
    """Raises: InvalidRequest: everybody who may decide about releases asked for something in this one."""
    able = deciders(uow, grant, ReviewKind.RELEASE)
    others = [one for one in able if one.user_name not in {grant.caller.name, *askers}]
    if not others:
        raise InvalidRequest(
            ErrorCode.APPROVER_INVALID,
            sentence(
                "no member of {name} can approve this: all who may asked for it or for something in it",
                name=grant.workspace.name,
            ),
            subject="approvers",
            hint="leave out the items of one of them, or give another member the role deployer",
        )
    return others


def _check_name(name: str) -> None:
    if not name or len(name) > _NAME_CHARACTERS or name != printable(name):
        raise InvalidRequest(
            ErrorCode.INVALID_NAME,
            sentence("the name of the release {name} is not valid", name=repr(name[:_NAME_CHARACTERS])),
            subject=name[:_NAME_CHARACTERS],
            hint=sentence("use 1 to {name_characters} characters", name_characters=_NAME_CHARACTERS),
        )


def _not_waiting(key: ObjectKey) -> NotFound:
    kind, name = key
    return NotFound(
        ErrorCode.REVIEW_MISSING,
        sentence("nothing of the {kind} {name} waits for a release", kind=kind, name=name),
        subject=name,
        hint="see `jobferry release waiting`; submit it first",
    )
