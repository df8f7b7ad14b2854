"""The context of an import: its items, what the source has deleted, and all that rules and plans go by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Set
from enum import StrEnum
from typing import NamedTuple

import msgspec

from jobferry.model.document.edits import Edit, Put, edited
from jobferry.model.document.problems import is_illegal
from jobferry.model.document.references import Reference
from jobferry.model.document.text import digest_of, parse_known
from jobferry.model.files import AbsentFile, ArrivingFile, arriving_files
from jobferry.model.kinds import OBJECT_OF, VERSIONED_KINDS, NeedKind, ObjectKind
from jobferry.model.package import Deletion
from jobferry.model.people import HIDDEN
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.review import ReleaseMode
from jobferry.model.tags import TAGS_PATH
from jobferry.model.task import Progress, TaskPhase, counted, unnoted
from jobferry.model.transfer.circles import Circle
from jobferry.model.transfer.contents import PackageContents, PackageEntry
from jobferry.model.transfer.finding import Severity
from jobferry.model.transfer.mapped_texts import NotReplaced, Replacement
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

DELETION_CODES = frozenset(
    {
        NOT_CONFIRMED,
        NEEDED,
        HELD_BACK,
        "deletion-not-stopped",
        "deletion-locked",
        "deletion-edited",
        "deletion-not-allowed",
        "deletion-in-review",
        "deletion-unknown",
    }
)
"""Findings about departures; an item may have the same name, and findings of its own."""


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

    ``policy`` is what holds for it. ``name_holder`` is the object that has the name while the uid belongs to
    ``target``, or that has it and is what another item is here. ``replacements`` are the
    places that a mapping changes, ``not_replaced`` those that it may mean and does not; ``shifts`` are what
    becomes of its schedules.
    """

    entry: PackageEntry
    name: str
    directory: str
    target: StoredObject | None
    intent: Intent
    edits: tuple[Edit, ...]
    digest: str
    references: tuple[Reference, ...]
    policy: Policy = Policy()
    name_holder: StoredObject | None = None
    replacements: tuple[Replacement, ...] = ()
    not_replaced: tuple[NotReplaced, ...] = ()
    shifts: tuple[Shift, ...] = ()
    files: tuple[ArrivingFile, ...] = ()
    """A resource's files that came along, and where they land."""
    is_copy: bool = False
    """Whether it comes in beside its like: a new object that nothing remembers the source's by."""

    @property
    def kind(self) -> ObjectKind:
        return self.entry.info.kind

    @property
    def key(self) -> ObjectKey:
        return (self.entry.info.kind, self.name)

    @property
    def is_written(self) -> bool:
        return self.intent in (Intent.CREATE, Intent.OVERWRITE)


Need = tuple[NeedKind, str, str]
"""A thing that is referred to: its kind, its name, and the other workspace it lives in, if it does."""


class Use(NamedTuple):
    """One item's reference to a need."""

    item: ImportItem
    reference: Reference


class ImportContext(msgspec.Struct, frozen=True, kw_only=True):
    """One package before one target under given options: what the rules judge and the plan is made of."""

    contents: PackageContents
    target_state: TargetState
    options: ImportOptions
    policy: Policy
    items: tuple[ImportItem, ...]
    written: tuple[ImportItem, ...]
    """The items that would change something."""
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
    def confirmed_deletions(self) -> tuple[RequestedDeletion, ...]:
        """Those of which it was said that they go."""
        return tuple(deletion for deletion in self.deletions if self.options.confirms(*deletion.key))

    @property
    def missing_severity(self) -> Severity:
        """Whether a missing reference keeps its object out or lets it land held."""
        return Severity.HOLD if self.policy.missing is MissingReference.HOLD else Severity.BLOCK

    def severity_of(self, need: Need) -> Severity:
        """The same for one thing, which the import may hold for."""
        kind, name, _ = need
        return Severity.HOLD if name in self.options.hold.get(kind, ()) else self.missing_severity

    def uses_of(self, needs: Set[Need]) -> dict[Need, list[Use]]:
        """Who refers to these needs, and where. Few of all needs are ever asked about."""
        uses: dict[Need, list[Use]] = {}
        for item in self.written if needs else ():
            for reference in item.references:
                need = (reference.kind, reference.name, reference.workspace)
                if need in needs:
                    uses.setdefault(need, []).append(Use(item, reference))
        return uses


def context(
    contents: PackageContents,
    state: TargetState,
    options: ImportOptions,
    text_of: TextOf,
    progress: Progress = unnoted,
) -> ImportContext:
    """Matches every object of a package with its target and fits it: the first half of checking it.

    Raises:
        EditMisses: never for a legal object; the others are not fitted.
    """
    policy = options.decide(state.settings.policy)
    choosing = Choosing(options, state.settings.policy, state.copies, contents.package_bytes)
    owned = (_own(entry, state) for entry in contents.entries)
    claimed = frozenset(stored.id for stored in owned if stored is not None)
    filed = bool(contents.files)

    def compared(phase: TaskPhase, done: int, total: int) -> None:
        progress(phase, done // 2, total)

    items = tuple(
        _item(entry, state, choosing.of(entry), text_of, claimed=claimed, filed=filed)
        for entry in counted(contents.entries, compared, TaskPhase.CHECKED, len(contents.entries))
    )
    return context_of(contents, state, options, policy, items)


def context_of(
    contents: PackageContents,
    state: TargetState,
    options: ImportOptions,
    policy: Policy,
    items: tuple[ImportItem, ...],
) -> ImportContext:
    """The context that such items make."""
    written = tuple(item for item in items if item.is_written)
    return ImportContext(
        contents=contents,
        target_state=state,
        options=options,
        policy=policy,
        items=items,
        written=written,
        needs=frozenset([(one.kind, one.name, one.workspace) for item in written for one in item.references]),
        deletions=_requested_deletions(state, items) if state.departing else (),
    )


def freed_by(context: ImportContext) -> dict[int, ObjectKey]:
    """By the ids of objects whose names become free: what must come about for that."""
    freed = {
        item.target.id: item.key
        for item in context.written
        if item.target is not None and item.target.name != item.name
    }
    return freed | {deletion.target.id: deletion.key for deletion in context.confirmed_deletions}


def objects_used(references: Iterable[Reference]) -> Iterator[ObjectKey]:
    """The objects of this workspace that are referred to."""
    for reference in references:
        if reference.kind in OBJECT_OF and not reference.workspace:
            yield OBJECT_OF[reference.kind], reference.name


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
    users = dict(context.target_state.references)
    for item in context.written:
        if item.target is not None:
            users.pop(item.target.key, None)
    return users | {item.key: item.references for item in context.written}


def told_user(user: ObjectKey, state: TargetState) -> ObjectKey:
    """What refers to something, as it may be told: what lies where the caller sees nothing has no name."""
    kind, name = user
    there = state.jobs.get(name) if kind is ObjectKind.JOB else None
    return user if there is None or state.grant.reaches(there) else (kind, HIDDEN)


def _requested_deletions(state: TargetState, items: Iterable[ImportItem]) -> tuple[RequestedDeletion, ...]:
    taken_over = {item.target.id for item in items if item.target is not None}
    return tuple(
        RequestedDeletion(
            deletion=gone, target=here, edited=state.landed.get(here.id, here.digest) != here.digest
        )
        for gone, here in state.departing
        if here.id not in taken_over
    )


def edits_digest(edits: tuple[Edit, ...]) -> str:
    """A digest of edits, empty for none."""
    return hashlib.sha256(msgspec.json.encode(edits)).hexdigest() if edits else ""


def _item(
    entry: PackageEntry,
    state: TargetState,
    choice: Choice,
    text_of: TextOf,
    *,
    claimed: frozenset[int],
    filed: bool,
) -> ImportItem:
    name, policy = entry.info.name, choice.policy
    if entry.info.kind is ObjectKind.CDM:
        name = mapped_cdm(name, choice.options.mapping)
    target, name_holder = match(entry, name, state, policy)
    is_copy = bool(state.copies) and entry.key in state.copies
    if is_copy:
        name, target, name_holder = state.copies[entry.key], None, None
    elif target is not None and target.id in claimed and _is_another_ones(entry, state, policy):
        target, name_holder = None, target
    if entry.is_up_to_date and target is not None:
        return _up_to_date(entry, name, target)
    sound = not entry.unusable and not any(is_illegal(problem) for problem in entry.facts.problems)
    fitted = fit(entry, target, state, choice, text_of) if sound else Fitted()
    files: tuple[ArrivingFile, ...] = ()
    if filed and sound and entry.info.kind is ObjectKind.RESOURCE:
        base = state.settings.default_object_path
        files = tuple(arriving_files(parse_known(text_of(entry)), base))
    edits = (*fitted.edits, *(Put(file.path, file.place) for file in files if file.place))
    digest = digest_of(edited(text_of(entry), edits)) if edits else entry.info.sha256
    is_here = target is not None and (
        digest == target.digest or (sound and _differs_by_failed_tag(entry, target, edits, state, text_of))
    )
    return ImportItem(
        entry=entry,
        name=name,
        directory=place_of(entry, target, state, choice),
        target=target,
        policy=policy,
        name_holder=name_holder,
        intent=_intent(name, digest, target, policy, is_here=is_here)
        if sound
        else _unsound_intent(target, policy),
        edits=edits,
        digest=digest,
        references=mapped_all(entry.facts.references, choice.options),
        replacements=fitted.replacements,
        not_replaced=fitted.not_replaced,
        shifts=fitted.shifts,
        files=files,
        is_copy=is_copy,
    )


def _up_to_date(entry: PackageEntry, name: str, target: StoredObject) -> ImportItem:
    """What is here already, of which nothing more was read."""
    return ImportItem(
        entry=entry,
        name=name,
        directory=target.directory,
        target=target,
        intent=Intent.UNCHANGED,
        edits=(),
        digest=target.digest,
        references=(),
    )


def _is_another_ones(entry: PackageEntry, state: TargetState, policy: Policy) -> bool:
    """Whether an object was found by its name only, and is what another item is here by its uid.

    The source may have renamed that one and made another of its former name.
    """
    by_name_only = policy.match is not Match.NAME and _own(entry, state) is None
    return by_name_only and policy.duplicates is Duplicates.OVERWRITE


def _own(entry: PackageEntry, state: TargetState) -> StoredObject | None:
    """What the entry is here by its uid, or by what an earlier import bound to that."""
    if not entry.info.uid:
        return None
    key = (entry.info.kind, entry.info.uid)
    return state.by_uid.get(key) or state.bound.get(key)


def match(
    entry: PackageEntry, name: str, state: TargetState, policy: Policy
) -> tuple[StoredObject | None, StoredObject | None]:
    """The target by uid, then by an earlier import's binding, then by name; and who else has the name."""
    by_name = state.objects.get((entry.info.kind, name))
    if policy.match is Match.NAME:
        return by_name, None
    by_uid = _own(entry, state)
    if by_uid is None or by_name is None or by_uid.id == by_name.id:
        return by_name or by_uid, None
    return by_uid, by_name


def _differs_by_failed_tag(
    entry: PackageEntry, target: StoredObject, edits: tuple[Edit, ...], state: TargetState, text_of: TextOf
) -> bool:
    """Whether the draft here is the text that would be written with the failed tag, which an import that
    could not overwrite the job has added to it, just so."""
    if target.id not in state.failed:
        return False
    tags = [*entry.facts.tags, state.settings.policy.failed_tag]
    marked = edited(text_of(entry), (*edits, Put(TAGS_PATH, tags)))
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


def going_live(item: ImportItem, state: TargetState) -> ReleaseMode | None:
    """What becomes of a written object's submit; None where it is only saved, or has no versions."""
    status = item.policy.target_status
    if status is TargetStatus.SAVED or item.kind not in VERSIONED_KINDS:
        return None
    return state.settings.way_live(item.kind, item.name, publish=status is TargetStatus.PRODUCTION)


def is_live_enough(target: StoredObject, digest: str, policy: Policy) -> bool:
    """Whether a text that is the draft is also live, where the target status asks for that."""
    saved_only = policy.target_status is TargetStatus.SAVED or target.kind not in VERSIONED_KINDS
    return saved_only or target.live_digest == digest
