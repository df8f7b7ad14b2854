"""Takes objects along: what each refers to, and whether it leaves otherwise than it lies here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest, NotFound
from jobferry.events import Events
from jobferry.model.change_log import ExportPoint
from jobferry.model.document.edits import Edit
from jobferry.model.document.facts import ExportFacts, FactRules, IndexTerm, IndexTermKind, export_facts_of
from jobferry.model.document.text import digest_of
from jobferry.model.kinds import OBJECT_OF, VERSIONED_KINDS, NeedKind, ObjectKind
from jobferry.model.names import normal_directory
from jobferry.model.package import Deletion, ExportState, Need
from jobferry.model.people import Grant
from jobferry.model.records import ObjectFilter, ObjectKey, Outgoing, StoredObject
from jobferry.model.report.receipt_file import ReceiptFile
from jobferry.model.settings import read_settings
from jobferry.model.transfer.export import ExportRequest, ExportScope, ExtentKind
from jobferry.sentences import few, sentence
from jobferry.services.exporting.changed import changed, refuse_too_many
from jobferry.services.exporting.selected_objects import (
    Chosen,
    LeavingFile,
    Picks,
    References,
    SelectedObject,
    Use,
    leaving_references,
    leaving_text,
)
from jobferry.services.object_access import MISSING_CODES, alike, missing
from jobferry.services.saving import stored_facts

if TYPE_CHECKING:
    from jobferry.store import Snapshot, Store

_PAGE = 50
"""Few, so that the memory of one page's export facts is warm when it is taken for the next."""


class Taking:
    """What was picked so far, and what that refers to. Nobody keeps export facts: they outweigh the
    objects."""

    def __init__(
        self,
        snapshot: Snapshot,
        fact_rules: FactRules,
        *,
        schedule: bool,
        explain: bool,
        held: Mapping[ObjectKey, str] | None = None,
    ) -> None:
        """What would leave with the digest that is ``held`` under its kind and uid is passed over."""
        self._snapshot = snapshot
        self._fact_rules = fact_rules
        self._schedule = schedule
        self._held = held or {}
        self.picked = Picks()
        self.references = References(explain=explain)

    def look_at(self, chosen: Iterable[Chosen]) -> Iterator[tuple[Chosen, ExportFacts]]:
        """Takes objects and gives each with its export facts."""
        for kind, listed in groupby(chosen, key=attrgetter("kind")):
            facts_version = self._fact_rules.facts_version(kind)
            while page := list(islice(listed, _PAGE)):
                found = self._snapshot.outgoing.sized_facts({one.digest for one in page}, facts_version)
                outgoing = [
                    Outgoing(one.name, one.uid, "", one.digest, one.version, *found[one.digest])
                    for one in page
                ]
                yield from zip(page, self._page(kind, outgoing), strict=True)

    def take_all(self, chosen: Iterable[Chosen]) -> None:
        """Takes objects."""
        for _ in self.look_at(chosen):
            pass

    def take(self, kind: ObjectKind, outgoing: Iterable[Outgoing]) -> None:
        """Takes objects of one kind."""
        rest = iter(outgoing)
        while page := list(islice(rest, _PAGE)):
            self._page(kind, page)

    def _page(self, kind: ObjectKind, outgoing: Sequence[Outgoing]) -> list[ExportFacts]:
        """Takes a page of objects of one kind; gives their export facts."""
        sized_facts = self._sized_facts(kind, outgoing)
        changed = self._changed(outgoing, sized_facts)
        for one, facts in zip(outgoing, sized_facts, strict=True):
            digest, size = changed.get(one.digest) or (one.digest, one.size)
            if self._held and self._held.get((kind, one.uid)) == digest:
                continue
            picked = SelectedObject(
                kind,
                one.name,
                one.uid,
                one.version,
                one.digest,
                digest,
                size,
                facts.sensitive,
                digest != one.digest,
            )
            self.picked.append(picked)
            self.references.note(picked.key, leaving_references(facts, schedule=self._schedule))
        return sized_facts

    def _sized_facts(self, kind: ObjectKind, outgoing: Sequence[Outgoing]) -> list[ExportFacts]:
        """Those at hand, and those of texts that were read otherwise than objects are read now."""
        others = {one.digest for one in outgoing if one.facts is None}
        facts = stored_facts(self._snapshot.contents, kind, others, self._fact_rules) if others else {}
        return [one.facts or export_facts_of(facts[one.digest]) for one in outgoing]

    def _changed(
        self, outgoing: Sequence[Outgoing], sized_facts: Sequence[ExportFacts]
    ) -> dict[str, tuple[str, int]]:
        """Digest and size of the texts that leave otherwise than they lie here."""
        wanted = {
            one.digest: facts
            for one, facts in zip(outgoing, sized_facts, strict=True)
            if facts.exposed or (facts.has_schedule and not self._schedule)
        }
        changed: dict[str, tuple[str, int]] = {}
        for digest, text in self._snapshot.contents.texts(sorted(wanted)) if wanted else ():
            leaving = leaving_text(text, wanted[digest].sensitive, schedule=self._schedule)
            changed[digest] = (digest_of(leaving), len(leaving))
        return changed


_events = Events("exports")

_REACHED = {need: kind for need, kind in OBJECT_OF.items() if kind is not ObjectKind.JOB}
_ALL = 1 << 31


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that leaves, and what it will need where it arrives.

    ``reached`` tells for each named job what it refers to; an export of everything does not ask.
    ``left_out`` names objects that have no submitted state, where they were not asked for by name.
    ``uses`` says where things are referred to, by kind, workspace and name, where that was asked for.
    """

    picked: Picks
    needs: tuple[Need, ...]
    left_out: tuple[str, ...]
    request: ExportRequest
    chosen: int
    reached: dict[str, frozenset[ObjectKey]]
    uses: dict[tuple[NeedKind, str, str], Use]
    files: tuple[LeavingFile, ...] = ()
    renamed: dict[ObjectKey, tuple[Edit, ...]] = {}
    """What names these files otherwise in the package than here."""
    deletions: tuple[Deletion, ...] = ()
    """What a workspace export tells to be gone."""
    point: ExportPoint | None = None
    """How far a workspace export will have reached."""
    note: str = ""
    """What the reader of a workspace export should know."""


def selected(
    store: Store,
    grant: Grant,
    request: ExportRequest,
    *,
    receipt: ReceiptFile | None = None,
    explain: bool = False,
) -> Selection:
    """What is asked for, in one short read. ``explain`` keeps where each thing is referred to.

    Raises:
        InvalidRequest: nothing is chosen, or what is chosen is nothing.
        NotFound: a named job or script does not exist.
        Conflict: the submitted state is asked for by name and something has none (``not-submitted``); or a
            workspace export cannot tell what has changed, holds nothing, or too much.
    """
    with store.read(lean=True) as snapshot:
        selector = Selector(snapshot, grant, request.checked(), explain=explain)
        found = selector.select() if request.extent is None else selector.changed(receipt)
    _events.debug("export-selected", workspace=grant.workspace.id, objects=len(found.picked))
    if found.picked or found.deletions:
        return found
    if request.extent is not None and request.extent.kind is not ExtentKind.FULL:
        raise Conflict(
            ErrorCode.NOTHING_CHANGED,
            sentence(
                "nothing in {name} has changed ({told})", name=grant.workspace.name, told=request.extent.told
            ),
            subject=grant.workspace.name,
            hint="there is no package to transfer; export again when something has changed",
        )
    raise InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence("nothing to export from the workspace {name}", name=grant.workspace.name),
        subject=grant.workspace.name,
        hint="choose other objects, or export another workspace or state",
    )


class Selector:
    """Selects within one snapshot of one workspace, as far as the caller's directories go."""

    def __init__(self, snapshot: Snapshot, grant: Grant, request: ExportRequest, *, explain: bool) -> None:
        """``explain`` keeps where each thing is referred to."""
        self._snapshot = snapshot
        self._grant = grant
        self._request = request
        self._explain = explain
        self._fact_rules: FactRules = read_settings(grant.workspace.settings).fact_rules
        self._left_out: list[str] = []

    def select(self) -> Selection:
        """Chooses, and takes along what the scope says.

        Raises:
            NotFound: a named job or script does not exist (the first is named).
            Conflict: the submitted state is asked for by name and something has none (``not-submitted``).
        """
        taking = self._taking()
        if self._request.everything:
            self._take_everything(taking)
            return self._selection(taking)
        reached = _reached(taking.look_at(self._chosen()))
        number = len(taking.picked)
        if self._request.scope is not ExportScope.CHOSEN:
            self._take_along(taking, reached, by_name=not self._request.filters)
        return msgspec.structs.replace(self._selection(taking), chosen=number, reached=reached)

    def every(self, kinds: Iterable[ObjectKind]) -> Selection:
        """Everything of these kinds, which may be nothing."""
        taking = self._taking()
        self._take_every(taking, kinds)
        return self._selection(taking)

    def changed(self, receipt: ReceiptFile | None) -> Selection:
        """The workspace by its changes, as the request's extent says.

        What the changed jobs use comes along although it has not changed, as the scope says, so that the
        package can land where there is no base. Since a receipt it does not: that tells what is there.

        Raises:
            Conflict: change management is off, or does not tell what has changed; or there is too much.
            InvalidRequest: the receipt is about something else (``receipt-invalid``).
        """
        found = changed(self._snapshot, self._grant, self._request, receipt)
        chosen = list(self._states(found.objects, by_name=False))
        gone = Counter(deletion.kind for deletion in found.deletions)
        if not found.held:
            refuse_too_many(Counter(one.kind for one in chosen) + gone)
        taking = self._taking(found.held)
        reached = _reached(taking.look_at(chosen))
        number = len(taking.picked)
        if self._request.brings_unchanged:
            self._take_along(taking, reached, by_name=False)
        refuse_too_many(Counter(kind for kind, _ in taking.picked.all_keys()) + gone)
        return msgspec.structs.replace(
            self._selection(taking),
            chosen=number,
            deletions=found.deletions,
            point=found.point,
            note=found.note,
        )

    def _take_along(self, taking: Taking, reached: dict[str, frozenset[ObjectKey]], *, by_name: bool) -> None:
        """Takes what the jobs use and is not taken yet."""
        others = self._there(set().union(*reached.values()) - set(taking.picked.all_keys()))
        taking.take_all(self._states(others, by_name=by_name))

    def _taking(self, held: dict[ObjectKey, str] | None = None) -> Taking:
        schedule, explain = self._request.schedule, self._explain
        return Taking(self._snapshot, self._fact_rules, schedule=schedule, explain=explain, held=held)

    def _take_everything(self, taking: Taking) -> None:
        """Every job, script, resource and CDM definition; what is not submitted is left out and named."""
        jobs_alone = self._request.scope is ExportScope.CHOSEN
        self._take_every(taking, (ObjectKind.JOB,) if jobs_alone else sorted(ObjectKind))

    def _take_every(self, taking: Taking, kinds: Iterable[ObjectKind]) -> None:
        place = self._grant.workspace.id
        for kind in kinds:
            facts_version, live = self._fact_rules.facts_version(kind), self._of_live(kind)
            every = self._snapshot.outgoing.every(place, kind, facts_version, live=live)
            taking.take(kind, self._there_to_take(kind, every))

    def _there_to_take(self, kind: ObjectKind, outgoing: Iterable[Outgoing]) -> Iterator[Outgoing]:
        """Those that the caller reaches and that have the state asked for; who has it not, is left out."""
        covered = self._grant.directories_of(kind) is None
        for one in outgoing:
            if covered or self._grant.covers(one.directory):
                if one.digest:
                    yield one
                else:
                    self._left_out.append(f"{kind} {one.name}")

    def _chosen(self) -> list[Chosen]:
        """The named objects, and those that lie, are tagged or are called as wanted; each once."""
        wanted = self._request
        named = self._those_named(ObjectKind.JOB, wanted.jobs)
        named += self._those_named(ObjectKind.SCRIPT, wanted.scripts)
        chosen = {(state.kind, state.name): state for state in self._states(named, by_name=True)}
        if wanted.filters:
            for kind in dict.fromkeys(wanted.kinds):
                found = [stored for stored in self._found(kind) if stored.key not in chosen]
                chosen |= {(state.kind, state.name): state for state in self._states(found, by_name=False)}
        return sorted(chosen.values(), key=attrgetter("kind"))

    def _unknown(self, kind: ObjectKind, names: list[str]) -> NotFound:
        if len(names) == 1:
            like = alike(self._snapshot.objects, self._grant, kind, names[0])
            return missing(kind, names[0], like)
        return NotFound(
            MISSING_CODES[kind],
            sentence("not in this workspace ({kind}): {names}", kind=kind, names=few(names, 10)),
            subject=names[0],
            hint="check the names and the workspace",
        )

    def _those_named(self, kind: ObjectKind, names: Sequence[str]) -> list[StoredObject]:
        wanted = list(dict.fromkeys(names))
        found = {stored.name: stored for stored in self._named(kind, wanted)}
        unknown = [name for name in wanted if name not in found]
        if unknown:
            raise self._unknown(kind, unknown)
        return [found[name] for name in wanted]

    def _found(self, kind: ObjectKind) -> Iterator[StoredObject]:
        wanted = self._request
        here = ObjectFilter(
            workspace_id=self._grant.workspace.id,
            kind=kind,
            name_part=wanted.query,
            directories=tuple(map(normal_directory, wanted.directories)) or None,
            index_terms=tuple(IndexTerm(IndexTermKind.TAG, tag) for tag in wanted.tags),
        )
        _, found = self._snapshot.objects.page(here, offset=0, limit=_ALL)
        return (stored for stored in found if self._grant.reaches(stored))

    def _states(self, objects: Iterable[StoredObject], *, by_name: bool) -> Iterator[Chosen]:
        """The state of each that is asked for; what has none is an error ``by_name``, else left out."""
        unsubmitted = []
        for stored in objects:
            live = self._of_live(stored.kind)
            digest, version = (stored.live_digest, stored.live_version) if live else (stored.digest, 0)
            if digest:
                yield Chosen(stored.kind, stored.name, stored.uid, digest, version)
            else:
                unsubmitted.append(f"{stored.kind} {stored.name}")
        if unsubmitted and by_name:
            raise _unsubmitted(unsubmitted)
        self._left_out += unsubmitted

    def _of_live(self, kind: ObjectKind) -> bool:
        return self._request.state is ExportState.SUBMITTED and kind in VERSIONED_KINDS

    def _there(self, keys: Iterable[ObjectKey]) -> list[StoredObject]:
        names: dict[ObjectKind, set[str]] = {kind: set() for kind in _REACHED.values()}
        for kind, name in keys:
            names[kind].add(name)
        return [stored for kind, wanted in names.items() if wanted for stored in self._named(kind, wanted)]

    def _named(self, kind: ObjectKind, names: Iterable[str]) -> list[StoredObject]:
        found = self._snapshot.objects.by_names(self._grant.workspace.id, kind, names)
        return [stored for _, stored in sorted(found.items()) if self._grant.reaches(stored)]

    def _selection(self, taking: Taking) -> Selection:
        return Selection(
            picked=taking.picked,
            needs=taking.references.needs(taking.picked.all_keys()),
            left_out=tuple(self._left_out),
            request=self._request,
            chosen=len(taking.picked),
            reached={},
            uses=taking.references.uses,
        )


def _reached(looked_at: Iterable[tuple[Chosen, ExportFacts]]) -> dict[str, frozenset[ObjectKey]]:
    """What each of these jobs uses of this workspace, by the job's name."""
    return {
        chosen.name: frozenset(
            (_REACHED[ref.kind], ref.name) for ref in facts.references if ref.kind in _REACHED
        )
        for chosen, facts in looked_at
        if chosen.kind is ObjectKind.JOB
    }


def _unsubmitted(names: list[str]) -> Conflict:
    return Conflict(
        ErrorCode.NOT_SUBMITTED,
        sentence("not submitted: {names}", names=few(names)),
        subject=names[0].partition(" ")[2],
        hint="submit first, or export the draft",
    )
