"""Preview: read the package, look at the target, check and plan; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, cached_property
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jobferry.check.runner import check
from jobferry.errors import ErrorCode, FilesError, JobferryError, PackageRefused
from jobferry.files.paths import parse_object_path
from jobferry.files.ports import ObjectStorage
from jobferry.model.document.cron import fire_times
from jobferry.model.document.edits import edited
from jobferry.model.document.text import parse_known, without_bom
from jobferry.model.files import AbsentFile, NamedFile, named_files
from jobferry.model.kinds import OBJECT_OF, NeedKind, ObjectKind
from jobferry.model.package import Need
from jobferry.model.people import Grant
from jobferry.model.records import ObjectFilter, Workspace
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.model.task import Progress, TaskPhase, unnoted
from jobferry.model.transfer.binding import Binding, binding_of
from jobferry.model.transfer.contents import PackageContents, PackageEntry, needs_of
from jobferry.model.transfer.finding import Finding
from jobferry.model.transfer.finding_group import FoundGroups, grouped
from jobferry.model.transfer.import_context import ImportContext, ImportItem, context
from jobferry.model.transfer.mapping import UNMAPPABLE, Names, guess, likenesses
from jobferry.model.transfer.plan import Block, Plan
from jobferry.model.transfer.policy import ImportOptions
from jobferry.model.transfer.preview import Presence, RouteOffer, ScheduleRuns
from jobferry.model.transfer.rewrite import TextOf
from jobferry.package.reader import OpenPackage
from jobferry.plan.build import as_planned, build, subjects
from jobferry.sentences import sentence
from jobferry.services.dependencies import with_circles
from jobferry.services.granting import grant_in
from jobferry.services.importing.read_package import FactsCache, Sources, read_contents
from jobferry.services.runtime import Runtime
from jobferry.services.target_state import UpToDate, copies, look, users_of_renamed
from jobferry.services.waiting import presence_of

if TYPE_CHECKING:
    from jobferry.store import Snapshot


class ImportPreview(msgspec.Struct, frozen=True, dict=True):
    """Everything known before anything is written."""

    context: ImportContext
    findings: tuple[Finding, ...]
    plan: Plan
    route: RouteOffer | None = None
    """The route that there is for the package's source, used or not."""

    @property
    def contents(self) -> PackageContents:
        return self.context.contents

    def pieces(self) -> list[object]:
        """What most of its memory goes to, an element a piece."""
        whole = self.context
        return [*whole.contents.entries, *whole.items, *whole.target_state.objects.values(), *self.plan.steps]

    @cached_property
    def found(self) -> FoundGroups:
        """All findings as groups, with those that follow from others, which only the plan has."""
        known = set(map(id, self.findings))
        following = (finding for finding in self.plan.reasons() if id(finding) not in known)
        directories: dict[tuple[str, str], str] = {
            deletion.key: deletion.target.directory for deletion in self.context.deletions
        }
        directories.update((item.key, item.directory) for item in self.context.items)
        return grouped(chain(self.findings, following), directories)

    @property
    def binding(self) -> Binding:
        """What the plan was made for and what it does, in digests; computed anew each time."""
        context_ = self.context
        targets = subjects(context_)
        return binding_of(self.plan, targets, context_.target_state.grant, context_.options, context_.policy)


def preview(
    package: OpenPackage,
    grant: Grant,
    options: ImportOptions,
    runtime: Runtime,
    remembered: FactsCache | None = None,
    progress: Progress = unnoted,
) -> ImportPreview:
    """What an import would do, with all findings. What was ``remembered`` of the texts is not read again.

    ``progress`` is told of reading, checking and planning.

    Raises:
        PackageRefused: the package cannot be used, gives too many findings, or is not the expected one
            (``package-unexpected``).
    """
    sight = FileSight(runtime.files, runtime.now)
    asked = _Question(package, grant, options, runtime, remembered, sight, progress)
    copying = options.copies(read_settings(grant.workspace.settings).policy)
    trusting = not options.rewrites and not copying
    seen = _seen(asked, trusting=trusting)
    passed_over = trusting and any(entry.is_up_to_date for entry in seen.contents.entries)
    if passed_over and any(isinstance(step, Block) for step in seen.plan.steps):
        return _seen(asked, trusting=False)
    return seen


class _Question(NamedTuple):
    """What is asked, whichever way it is looked for."""

    package: OpenPackage
    grant: Grant
    options: ImportOptions
    runtime: Runtime
    remembered: FactsCache | None
    sight: FileSight
    progress: Progress


def _seen(asked: _Question, *, trusting: bool) -> ImportPreview:
    """``trusting`` passes over objects that stand here already. Where something is blocked that is not
    enough: what else uses the things that stay out must be known."""
    package, grant, options, runtime, remembered, sight, progress = asked
    settings = read_settings(grant.workspace.settings)
    with runtime.store.read() as snapshot:
        up_to_date = UpToDate(snapshot.objects, grant, options.decide(settings.policy))
        sources = Sources(
            snapshot.contents, up_to_date if trusting else None, remembered, runtime.parser, progress
        )
        contents = read_contents(package, settings.fact_rules, sources)
        _refuse_unexpected(contents, options)
        if not trusting:
            up_to_date.among(entry.info for entry in contents.entries)
        progress(TaskPhase.CHECKED, 0, len(contents.entries))
        state = look(snapshot, grant, contents, options, up_to_date)
        if options.copies(settings.policy):
            state = msgspec.structs.replace(state, copies=copies(snapshot, state, contents, options))
        users = users_of_renamed(snapshot, state, contents, options)
    state = msgspec.structs.replace(state, now=runtime.now(), users=users)
    read_text = text_of(package)
    compared = context(contents, state, options, read_text, progress)
    whole = with_circles(runtime.store, compared, read_text)
    whole = with_files_seen(whole, read_text, sight)
    findings = check(whole, package.limits.finding_bytes, progress)
    progress(TaskPhase.PLANNED, 0, len(whole.items))
    plan = build(whole, findings)
    return ImportPreview(whole, as_planned(findings, plan), plan)


def text_of(package: OpenPackage) -> Callable[[PackageEntry], bytes]:
    """Reads an item's text again from the package."""
    return lambda entry: without_bom(package.text(entry.info))


def _refuse_unexpected(contents: PackageContents, options: ImportOptions) -> None:
    if options.expect_digest is not None and options.expect_digest.lower() != contents.digest:
        raise PackageRefused(
            ErrorCode.PACKAGE_UNEXPECTED,
            sentence(
                "this package has the digest {digest}, not the expected {expect_digest}",
                digest=contents.digest,
                expect_digest=options.expect_digest,
            ),
            subject=contents.digest,
            hint="check that it is the package whose digest you were given",
        )


MOST_LOOKED_FOR = 500
"""Places that one check looks at; nobody knows about the others."""
MOST_MS = 5_000
"""How long one check goes on looking."""


class FileSight:
    """What one check has seen of object storage. Each place is looked at once; a service that fails is left
    alone from then on."""

    def __init__(self, storage: Callable[[], ObjectStorage] | None, now: Callable[[], int]) -> None:
        self._storage = storage
        self._now = now
        self._began = now()
        self._seen: dict[str, bool | None] = {}
        self._strange: set[str] = set()
        """Buckets that there are not: nobody here knows what lies in them."""

    def has(self, location: str) -> bool | None:
        """Whether a file lies there; None where that is not known."""
        if location not in self._seen:
            if len(self._seen) >= MOST_LOOKED_FOR or self._is_late():
                return None
            self._seen[location] = self._looked(location)
        return self._seen[location]

    def _is_late(self) -> bool:
        """Also where the clock was set back meanwhile."""
        return abs(self._now() - self._began) > MOST_MS

    def _looked(self, location: str) -> bool | None:
        if self._storage is None:
            return None
        try:
            path = parse_object_path(location)
            return None if path.bucket in self._strange else self._storage().has(path)
        except FilesError:
            self._storage = None
        except JobferryError as error:
            if error.code is ErrorCode.BUCKET_MISSING:
                self._strange.add(path.bucket)
        return None


def with_files_seen(context: ImportContext, text_of: TextOf, sight: FileSight) -> ImportContext:
    """The context with the files of its resources that are not in object storage, or that nobody knows of.

    What comes along in the package is put there by the import, and not looked for.
    """
    absent: list[AbsentFile] = []
    unseen: set[str] = set()
    for item in context.written:
        if item.kind is not ObjectKind.RESOURCE or item.entry.unusable or item.entry.facts.problems:
            continue
        for file in _stored(item, text_of):
            there = sight.has(file.location)
            if there is None:
                unseen.add(item.name)
            elif not there:
                absent.append(AbsentFile(item.name, file.path, file.location))
    if not absent and not unseen:
        return context
    return msgspec.structs.replace(context, absent=tuple(absent), unseen=frozenset(unseen))


def _stored(item: ImportItem, text_of: TextOf) -> Iterator[NamedFile]:
    coming = {file.place for file in item.files}
    document = parse_known(edited(text_of(item.entry), item.edits))
    return (file for file in named_files(document) if file.is_stored and file.location not in coming)


_CANDIDATES = 10
_SEARCHED = 200
"""For so many missing things like names are looked for: each search compares many names."""
_OBJECTS = {kind.value: kind for kind in ObjectKind}


class NeedMet(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A need, and the ``local`` name that the mapping gives it.

    ``candidates`` are up to ten like things where that is not here, ``suggested`` the one of them that is
    called the same but for its environment and has the type that is wanted; ``local_id`` is the id that an
    inventoried thing has here.
    """

    kind: NeedKind
    name: str
    workspace: str = ""
    local: str
    presence: Presence
    candidates: tuple[str, ...] = ()
    suggested: str = ""
    local_id: str = ""


def needs_met(
    context: ImportContext, names: Names, note: Callable[[], None] = lambda: None
) -> tuple[NeedMet, ...]:
    """Every need of the package, by kind and name; ``names`` gives what of a kind is here or comes along.

    ``note`` is called for each need, and may stop the work by an exception.
    """
    state, mapping = context.target_state, context.options.mapping
    candidates = _Candidates(names)
    wanted = _wanted_types(context)
    found = []
    for need in needs_of(context.contents):
        note()
        local = mapping.local(need.kind, need.name)
        there = mapping.local(NeedKind.WORKSPACE, need.workspace) if need.workspace else ""
        presence = presence_of(state, need.kind, local, there)
        is_answered = presence is Presence.HERE or need.workspace
        like = () if is_answered else candidates.of(need.kind, local)
        types = wanted.get(need.name, set()) if need.kind is NeedKind.CONNECTION else set()
        found.append(
            NeedMet(
                kind=need.kind,
                name=need.name,
                workspace=need.workspace,
                local=local,
                presence=presence,
                candidates=like,
                suggested=_suggested(need, like, types, state.connections),
                local_id=state.local_ids.get((need.kind, local), ""),
            )
        )
    return tuple(found)


def _wanted_types(context: ImportContext) -> dict[str, set[str]]:
    """By their names in the package, the types of connections that nodes and scripts take there."""
    wanted: dict[str, set[str]] = {}
    for item in context.items:
        for reference in item.entry.facts.references:
            if reference.kind is NeedKind.CONNECTION and reference.role:
                wanted.setdefault(reference.name, set()).add(reference.role)
    return wanted


def _suggested(need: Need, like: Sequence[str], wanted: set[str], types: Mapping[str, str]) -> str:
    """The candidate that fits by its name and, of a connection, by its type for all that use it."""
    if need.kind in UNMAPPABLE:
        return ""
    if need.kind is NeedKind.CONNECTION:
        like = [name for name in like if wanted <= {types.get(name, "")}]
    return guess(need.name, like)


class _Candidates:
    """Things of a kind, those with the likest names first. Of jobs, scripts and resources, which may be very
    many, only the likest are told."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._likest: Callable[[NeedKind, str], tuple[str, ...]] = likenesses(names)
        self._searched = 0

    def of(self, kind: NeedKind, name: str) -> tuple[str, ...]:
        if kind is NeedKind.CDM:
            return ()
        self._searched += 1
        first = self._likest(kind, name) if self._searched <= _SEARCHED else ()
        if kind in _OBJECTS:
            return first
        rest = (one for one in self._names(kind) if one not in first)
        return (*first, *rest)[:_CANDIDATES]


_MOST_NAMES = 20_000
_NAMED_OBJECTS = {need: kind for need, kind in OBJECT_OF.items() if kind is not ObjectKind.CDM}


def names_of(runtime: Runtime, grant: Grant, context: ImportContext) -> Names:
    """Gives by kind the names of what is here or comes along; only kinds that are asked for are looked at."""

    @cache
    def names(kind: NeedKind) -> Sequence[str]:
        with runtime.store.read() as snapshot:
            return _names(snapshot, grant, context, kind)

    return names


def _names(snapshot: Snapshot, grant: Grant, context: ImportContext, kind: NeedKind) -> Sequence[str]:
    state = context.target_state
    if kind in _NAMED_OBJECTS:
        here = _object_names(snapshot, grant, _NAMED_OBJECTS[kind])
        coming = [item.name for item in context.items if item.kind is _NAMED_OBJECTS[kind]]
        return sorted({*here, *coming})
    if kind is NeedKind.CONNECTION:
        return sorted(state.connections)
    if kind is NeedKind.VARIABLE:
        return sorted(state.variables)
    if kind is NeedKind.WORKSPACE:
        return [
            workspace.name
            for workspace in snapshot.workspaces.all()
            if _shows_jobs(snapshot, grant, workspace)
        ]
    return sorted(state.inventory.get(kind, ()))


def _object_names(snapshot: Snapshot, grant: Grant, kind: ObjectKind) -> list[str]:
    """Of a kind that the caller may see, as all may who import."""
    wanted = ObjectFilter(workspace_id=grant.workspace.id, kind=kind, directories=grant.directories_of(kind))
    return [stored.name for stored in snapshot.objects.page(wanted, offset=0, limit=_MOST_NAMES)[1]]


def _shows_jobs(snapshot: Snapshot, grant: Grant, workspace: Workspace) -> bool:
    there = grant_in(snapshot, workspace, grant.caller)
    return there is not None and there.may(Action.JOB_VIEW)


_SHOWN = 20


class NextRuns:
    """Looks at the clock for a report."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def of(self, grant: Grant, seen: ImportPreview) -> tuple[ScheduleRuns, ...]:
        """One for each schedule that gets another time zone, however many jobs have it.

        Raises:
            Forbidden: the caller may not import here.
        """
        self._runtime.allow(grant, Action.IMPORT, kind="package")
        jobs: dict[tuple[str, str, str, str], list[str]] = {}
        for item in seen.context.items:
            for shift in item.shifts:
                jobs.setdefault((shift.expression, shift.zone, shift.made, shift.there), []).append(item.name)
        start = datetime.fromtimestamp(self._runtime.now() // 1000, UTC)
        return tuple(
            ScheduleRuns(
                expression=expression,
                zone=zone,
                made=made,
                there=there,
                jobs=len(names),
                example=names[0],
                before=_told(expression, zone, start),
                after=_told(made, there, start) if made else None,
            )
            for (expression, zone, made, there), names in jobs.items()
        )


def _told(expression: str, zone: str, start: datetime) -> list[str] | None:
    found = fire_times(expression, zone, start)
    return None if found is None else [f"{one:%Y-%m-%dT%H:%M}Z" for one in found[:_SHOWN]]
