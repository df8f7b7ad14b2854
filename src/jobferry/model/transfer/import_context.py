"""A departure: an object here that came from the package's source, and that the source has deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Set
from enum import StrEnum
from typing import NamedTuple

import msgspec

from jobferry.model.document.edits import Edit, EditMisses, Put, edited
from jobferry.model.document.problems import is_illegal
from jobferry.model.document.references import Reference
from jobferry.model.document.text import digest_of, parse_known
from jobferry.model.files import AbsentFile, ArrivingFile, arriving_files
from jobferry.model.kinds import OBJECT_OF, VERSIONED_KINDS, NeedKind, ObjectKind
from jobferry.model.package import Deletion
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.review import Way
from jobferry.model.tags import TAGS_PATH
from jobferry.model.transfer.circles import Circle
from jobferry.model.transfer.contents import PackageContents, PackageEntry
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.mapped_texts import Hit, LeftAlone
from jobferry.model.transfer.policy import (
    Duplicates,
    ImportOptions,
    Match,
    MissingReference,
    Policy,
    TargetStatus,
)
from jobferry.model.transfer.rewrite import (
    Choice,
    Choosing,
    Fitted,
    Shift,
    TextOf,
    fit,
    mapped_all,
    mapped_cdm,
    place_of,
)
from jobferry.model.transfer.target_state import TargetState

NOT_CONFIRMED = "deletion-not-confirmed"
NEEDED = "deletion-needed"
HELD_BACK = "deletion-held-back"

DEPARTURE_CODES = frozenset(
    {
        NOT_CONFIRMED,
        NEEDED,
        HELD_BACK,
        "deletion-not-stopped",
        "deletion-locked",
        "deletion-edited",
        "deletion-not-allowed",
        "deletion-in-review",
    }
)
"""Findings about departures; an arrival may have the same name, and findings of its own."""


class RequestedDeletion(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An object that would go. ``edited``: it was edited here since it last came from there."""

    deletion: Deletion
    target: StoredObject
    edited: bool

    @property
    def key(self) -> ObjectKey:
        return self.target.key


class Intent(StrEnum):
    """What would become of an object if no rule objected."""

    CREATE = "create"
    OVERWRITE = "overwrite"
    UNCHANGED = "unchanged"
    SKIP = "skip"


class ImportItem(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One object on its way in. ``digest`` is that of the text that would be written.

    ``policy`` is what holds for it. ``rival`` is the object that has the name while the uid belongs to
    ``target``, or that has it and is what another arrival is here. ``hits`` are the
    places that a mapping changes, ``left`` those that it may mean and does not; ``shifts`` are what becomes
    of its schedules.
    """

    item: PackageEntry
    name: str
    directory: str
    target: StoredObject | None
    intent: Intent
    edits: tuple[Edit, ...]
    digest: str
    references: tuple[Reference, ...]
    policy: Policy = Policy()
    rival: StoredObject | None = None
    hits: tuple[Hit, ...] = ()
    left: tuple[LeftAlone, ...] = ()
    shifts: tuple[Shift, ...] = ()
    files: tuple[ArrivingFile, ...] = ()
    """A resource's files that came along, and where they land."""
    is_copy: bool = False
    """Whether it comes in beside its like: a new object that nothing remembers the source's by."""

    @property
    def kind(self) -> ObjectKind:
        return self.item.entry.kind

    @property
    def key(self) -> ObjectKey:
        return (self.item.entry.kind, self.name)

    @property
    def is_written(self) -> bool:
        return self.intent in (Intent.CREATE, Intent.OVERWRITE)


Need = tuple[NeedKind, str, str]
"""A thing that is referred to: its kind, its name, and the other workspace it lives in, if it does."""


class Use(NamedTuple):
    """One arrival's reference to a need."""

    arrival: ImportItem
    reference: Reference


class ImportContext(msgspec.Struct, frozen=True, kw_only=True):
    """One package before one target under given options: what the rules judge and the plan is made of."""

    contents: PackageContents
    view: TargetState
    options: ImportOptions
    policy: Policy
    arrivals: tuple[ImportItem, ...]
    written: tuple[ImportItem, ...]
    """The arrivals that would change something."""
    needs: frozenset[Need]
    """What those refer to."""
    deletions: tuple[RequestedDeletion, ...] = ()
    """What the source has deleted and is here, but for what something that arrives takes over."""
    absent: tuple[AbsentFile, ...] = ()
    """Files of resources that are not in object storage."""
    unseen: frozenset[str] = frozenset()
    """The resources with files of which nobody here knows whether they are there."""
    circles: tuple[Circle, ...] = ()
    """Jobs that would wait for each other."""

    @property
    def missing_severity(self) -> Severity:
        """Whether a missing reference keeps its object out or lets it land held."""
        return Severity.HOLD if self.policy.missing is MissingReference.HOLD else Severity.BLOCK

    def uses_of(self, needs: Set[Need]) -> dict[Need, list[Use]]:
        """Who refers to these needs, and where. Few of all needs are ever asked about."""
        uses: dict[Need, list[Use]] = {}
        for arrival, reference in _uses(self.written) if needs else ():
            need = _need(reference)
            if need in needs:
                uses.setdefault(need, []).append(Use(arrival, reference))
        return uses


def context(
    contents: PackageContents, view: TargetState, options: ImportOptions, text_of: TextOf
) -> ImportContext:
    """Matches every object of a package with its target and fits it.

    Raises:
        EditMisses: never for a legal object; the others are not fitted.
    """
    policy = options.decide(view.settings.policy)
    choosing = Choosing(options, view.settings.policy, view.copies, contents.package_bytes)
    owned = (_own(item, view) for item in contents.items)
    claimed = frozenset(one.id for one in owned if one is not None)
    filed = bool(contents.files)
    arrivals = tuple(
        _arrival(item, view, choosing.of(item), text_of, claimed=claimed, filed=filed)
        for item in contents.items
    )
    return passage_of(contents, view, options, policy, arrivals)


def passage_of(
    contents: PackageContents,
    view: TargetState,
    options: ImportOptions,
    policy: Policy,
    arrivals: tuple[ImportItem, ...],
) -> ImportContext:
    """The passage that such arrivals make."""
    written = tuple(arrival for arrival in arrivals if arrival.is_written)
    return ImportContext(
        contents=contents,
        view=view,
        options=options,
        policy=policy,
        arrivals=arrivals,
        written=written,
        needs=frozenset(_need(reference) for _, reference in _uses(written)),
        deletions=_departures(view, arrivals) if view.departing else (),
    )


def freed_by(context: ImportContext) -> dict[int, ObjectKey]:
    """By the ids of objects whose names become free: what must come about for that."""
    freed = {
        one.target.id: one.key
        for one in context.written
        if one.target is not None and one.target.name != one.name
    }
    if context.options.apply_deletions:
        freed |= {one.target.id: one.key for one in context.deletions}
    return freed


def objects_used(references: Iterable[Reference]) -> Iterator[ObjectKey]:
    """The objects of this workspace that are referred to."""
    for one in references:
        if one.kind in OBJECT_OF and not one.workspace:
            yield OBJECT_OF[one.kind], one.name


def needed(
    going: Iterable[ObjectKey], staying: Iterable[ObjectKey], uses: Mapping[ObjectKey, Iterable[Reference]]
) -> Iterator[tuple[ObjectKey, ObjectKey]]:
    """What cannot go because something that stays refers to it, and that user, until nothing more follows.

    ``uses`` is what each user refers to; of several users the last in ``staying`` is told.
    """
    left, waiting = set(going), [*staying]
    while waiting and left:
        user = waiting.pop()
        for key in objects_used(uses.get(user, ())):
            if key in left:
                left.remove(key)
                waiting.append(key)
                yield key, user


def users_of(context: ImportContext) -> dict[ObjectKey, tuple[Reference, ...]]:
    """What all jobs here refer to once everything that arrives has landed."""
    users = dict(context.view.references)
    for arrival in context.written:
        if arrival.target is not None:
            users.pop(arrival.target.key, None)
    return users | {one.key: one.references for one in context.written}


def told_user(user: ObjectKey, view: TargetState) -> ObjectKey:
    """What refers to something, as it may be told: what lies where the caller sees nothing has no name."""
    kind, name = user
    there = view.jobs.get(name) if kind is ObjectKind.JOB else None
    return user if there is None or view.grant.reaches(there) else (kind, "…")


def _departures(view: TargetState, arrivals: Iterable[ImportItem]) -> tuple[RequestedDeletion, ...]:
    taken_over = {one.target.id for one in arrivals if one.target is not None}
    return tuple(
        RequestedDeletion(
            deletion=gone, target=here, edited=view.landed.get(here.id, here.digest) != here.digest
        )
        for gone, here in view.departing
        if here.id not in taken_over
    )


def _uses(written: Iterable[ImportItem]) -> Iterator[tuple[ImportItem, Reference]]:
    return ((arrival, reference) for arrival in written for reference in arrival.references)


def _need(reference: Reference) -> Need:
    return reference.kind, reference.name, reference.workspace


def edits_digest(edits: tuple[Edit, ...]) -> str:
    """A digest of edits, empty for none."""
    return hashlib.sha256(msgspec.json.encode(edits)).hexdigest() if edits else ""


def _arrival(
    item: PackageEntry,
    view: TargetState,
    choice: Choice,
    text_of: TextOf,
    *,
    claimed: frozenset[int],
    filed: bool,
) -> ImportItem:
    name, policy = item.entry.name, choice.policy
    if item.entry.kind is ObjectKind.CDM:
        name = mapped_cdm(name, choice.options.mapping)
    target, rival = match(item, name, view, policy)
    is_copy = bool(view.copies) and item.key in view.copies
    if is_copy:
        name, target, rival = view.copies[item.key], None, None
    elif target is not None and target.id in claimed and _is_another_ones(item, view, policy):
        target, rival = None, target
    if item.stands and target is not None:
        return _standing(item, name, target)
    sound = not item.unusable and not any(is_illegal(one) for one in item.facts.problems)
    fitted = fit(item, target, view, choice, text_of) if sound else Fitted()
    files: tuple[ArrivingFile, ...] = ()
    if filed and sound and item.entry.kind is ObjectKind.RESOURCE:
        base = view.settings.default_object_path
        files = tuple(arriving_files(parse_known(text_of(item)), base))
    edits = (*fitted.edits, *(Put(one.path, one.place) for one in files if one.place))
    digest = digest_of(edited(text_of(item), edits)) if edits else item.entry.sha256
    is_here = target is not None and (
        digest == target.digest or (sound and _differs_by_failed_tag(item, target, edits, view, text_of))
    )
    return ImportItem(
        item=item,
        name=name,
        directory=place_of(item, target, view, choice),
        target=target,
        policy=policy,
        rival=rival,
        intent=_intent(name, digest, target, policy, is_here=is_here)
        if sound
        else _unsound_intent(target, policy),
        edits=edits,
        digest=digest,
        references=mapped_all(item.facts.references, choice.options),
        hits=fitted.hits,
        left=fitted.left,
        shifts=fitted.shifts,
        files=files,
        is_copy=is_copy,
    )


def _standing(item: PackageEntry, name: str, target: StoredObject) -> ImportItem:
    """What is here already, of which nothing more was read."""
    return ImportItem(
        item=item,
        name=name,
        directory=target.directory,
        target=target,
        intent=Intent.UNCHANGED,
        edits=(),
        digest=target.digest,
        references=(),
    )


def _is_another_ones(item: PackageEntry, view: TargetState, policy: Policy) -> bool:
    """Whether an object was found by its name only, and is what another arrival is here by its uid.

    The source may have renamed that one and made another of its former name.
    """
    by_name_only = policy.match is not Match.NAME and _own(item, view) is None
    return by_name_only and policy.duplicates is Duplicates.OVERWRITE


def _own(item: PackageEntry, view: TargetState) -> StoredObject | None:
    """What the entry is here by its uid, or by what an earlier import bound to that."""
    if not item.entry.uid:
        return None
    key = (item.entry.kind, item.entry.uid)
    return view.by_uid.get(key) or view.bound.get(key)


def match(
    item: PackageEntry, name: str, view: TargetState, policy: Policy
) -> tuple[StoredObject | None, StoredObject | None]:
    """The target by uid, then by an earlier import's binding, then by name; and who else has the name."""
    by_name = view.objects.get((item.entry.kind, name))
    if policy.match is Match.NAME:
        return by_name, None
    by_uid = _own(item, view)
    if by_uid is None or by_name is None or by_uid.id == by_name.id:
        return by_uid or by_name, None
    return by_uid, by_name


def _differs_by_failed_tag(
    item: PackageEntry, target: StoredObject, edits: tuple[Edit, ...], view: TargetState, text_of: TextOf
) -> bool:
    """Whether the draft here is the text that would be written with the failed tag, which an import that
    could not overwrite the job has added to it, just so."""
    if target.id not in view.failed:
        return False
    tags = [*item.facts.tags, view.settings.policy.failed_tag]
    try:
        marked = edited(text_of(item), (*edits, Put(TAGS_PATH, tags)))
    except EditMisses:
        return False
    return digest_of(marked) == target.digest


def _intent(name: str, digest: str, target: StoredObject | None, policy: Policy, *, is_here: bool) -> Intent:
    """``is_here``: the draft is what would be written, but for the failed tag."""
    if target is None:
        return Intent.CREATE
    if is_here and name == target.name and is_live_enough(target, digest, policy):
        return Intent.UNCHANGED
    return Intent.SKIP if policy.duplicates in _LEFT_ALONE else Intent.OVERWRITE


def _unsound_intent(target: StoredObject | None, policy: Policy) -> Intent:
    if target is None:
        return Intent.CREATE
    return Intent.SKIP if policy.duplicates in _LEFT_ALONE else Intent.OVERWRITE


_LEFT_ALONE = (Duplicates.SKIP, Duplicates.COPY)
"""What has a target although copies are wanted is a CDM definition, which is its cluster's and not copied."""


def going_live(arrival: ImportItem, view: TargetState) -> Way | None:
    """What becomes of a written object's submit; None where it is only saved, or has no versions."""
    status = arrival.policy.target_status
    if status is TargetStatus.SAVED or arrival.kind not in VERSIONED_KINDS:
        return None
    return view.settings.way_live(arrival.kind, arrival.name, publish=status is TargetStatus.PRODUCTION)


def is_live_enough(target: StoredObject, digest: str, policy: Policy) -> bool:
    """Whether a text that is the draft is also live, where the target status asks for that."""
    saved_only = policy.target_status is TargetStatus.SAVED or target.kind not in VERSIONED_KINDS
    return saved_only or target.live_digest == digest
