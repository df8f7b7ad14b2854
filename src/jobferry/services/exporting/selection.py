"""What an export takes along: the chosen objects, what their references reach, and what stays a need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import attrgetter

import msgspec

from jobferry.errors import Conflict, ErrorCode, NotFound
from jobferry.model.document.edits import Path, edited
from jobferry.model.document.facts import Facts, Reading
from jobferry.model.document.sensitive import emptied
from jobferry.model.document.text import digest_of, parse_known
from jobferry.model.grant import Grant
from jobferry.model.kinds import VERSIONED_KINDS, NeedKind, ObjectKind
from jobferry.model.package import ExportState, Need
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.settings import read_settings
from jobferry.services.editing.named import missing
from jobferry.services.stored_facts import stored_facts
from jobferry.store.ports import Snapshot

_REACHED = {
    NeedKind.SCRIPT: ObjectKind.SCRIPT,
    NeedKind.RESOURCE: ObjectKind.RESOURCE,
    NeedKind.CDM: ObjectKind.CDM,
}
_PAGE = 200

_Names = dict[str, set[str]]
"""Names by kind."""


class Picked(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One object on its way out.

    ``stored_digest`` names its text here; ``digest`` and ``size`` (bytes) are of the text that leaves, which
    differs where sensitive values are emptied (``exposed``).
    """

    stored: StoredObject
    version: int
    stored_digest: str
    digest: str
    size: int
    sensitive: tuple[Path, ...]
    exposed: bool


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that leaves, and what it will need where it arrives.

    ``reached`` tells for each named job what it refers to; an export of everything does not ask.
    ``left_out`` names objects that have no submitted state, for an export that takes everything.
    """

    picked: tuple[Picked, ...]
    needs: tuple[Need, ...]
    left_out: tuple[str, ...]
    state: ExportState
    reached: dict[str, frozenset[ObjectKey]] = {}


class Selector:
    """Selects within one snapshot of one workspace, as far as the caller's directories go."""

    def __init__(self, snapshot: Snapshot, grant: Grant, state: ExportState) -> None:
        self._snapshot = snapshot
        self._grant = grant
        self._workspace = workspace = grant.workspace
        self._state = state
        self._reading: Reading = read_settings(workspace.settings).reading

    def jobs(self, names: Iterable[str], *, depend: bool) -> Selection:
        """Named jobs; with ``depend`` also the scripts, resources and CDM definitions that they reach.

        Raises:
            NotFound: a job does not exist (the first is named).
            Conflict: the submitted state is asked for and something has none (``not-submitted``).
        """
        wanted = list(dict.fromkeys(names))
        found = {job.name: job for job in self._named(ObjectKind.JOB, wanted)}
        unknown = [name for name in wanted if name not in found]
        if unknown:
            raise _unknown(unknown)
        jobs = [found[name] for name in wanted]
        self._refuse_unsubmitted(jobs)
        gathered = _Gathered({})
        reached: dict[str, frozenset[ObjectKey]] = {}
        for job, facts in self._looked_at(jobs, gathered):
            reached[job.name] = frozenset(
                (_REACHED[one.kind], one.name) for one in facts.references if one.kind in _REACHED
            )
        if depend:
            others = self._there(set().union(*reached.values()))
            self._refuse_unsubmitted(others)
            self._take(others, gathered)
        return self._selection(gathered, [one.stored for one in gathered.picked], reached=reached)

    def everything(self, *, jobs_only: bool) -> Selection:
        """Every job, script, resource and CDM definition; what is not submitted is left out and named."""
        kinds = (ObjectKind.JOB,) if jobs_only else tuple(ObjectKind)
        every = (one for kind in kinds for one in self._snapshot.objects.every(self._workspace.id, kind))
        objects = [one for one in every if self._grant.reaches(one)]
        left_out = tuple(f"{one.kind} {one.name}" for one in objects if not self._digest(one))
        objects = [one for one in objects if self._digest(one)]
        gathered = _Gathered(_names(objects))
        self._take(objects, gathered)
        return self._selection(gathered, objects, left_out=left_out)

    def _digest(self, stored: StoredObject) -> str:
        live = self._state is ExportState.SUBMITTED and stored.kind in VERSIONED_KINDS
        return stored.live_digest if live else stored.digest

    def _refuse_unsubmitted(self, objects: Iterable[StoredObject]) -> None:
        unsubmitted = [f"{one.kind} {one.name}" for one in objects if not self._digest(one)]
        if unsubmitted:
            raise Conflict(
                ErrorCode.NOT_SUBMITTED,
                f"not submitted: {', '.join(unsubmitted[:5])}{' …' if len(unsubmitted) > 5 else ''}",
                subject=unsubmitted[0].partition(" ")[2],
                hint="submit first, or export the draft",
            )

    def _there(self, keys: Iterable[ObjectKey]) -> list[StoredObject]:
        names: dict[ObjectKind, set[str]] = {kind: set() for kind in _REACHED.values()}
        for kind, name in keys:
            names[kind].add(name)
        return [stored for kind, wanted in names.items() if wanted for stored in self._named(kind, wanted)]

    def _named(self, kind: ObjectKind, names: Iterable[str]) -> list[StoredObject]:
        found = self._snapshot.objects.by_names(self._workspace.id, kind, names)
        return [stored for _, stored in sorted(found.items()) if self._grant.reaches(stored)]

    def _take(self, objects: list[StoredObject], gathered: _Gathered) -> None:
        for _ in self._looked_at(objects, gathered):
            pass

    def _looked_at(
        self, objects: list[StoredObject], gathered: _Gathered
    ) -> Iterator[tuple[StoredObject, Facts]]:
        """Gathers objects and gives each with its facts, which nobody keeps: they outweigh the object."""
        for kind, listed in groupby(objects, key=attrgetter("kind")):
            while page := list(islice(listed, _PAGE)):
                facts = self._facts(kind, page)
                sizes = self._snapshot.contents.sizes(facts)
                cleaned = self._cleaned(facts)
                for stored in page:
                    digest = self._digest(stored)
                    leaving, size = cleaned.get(digest, (digest, sizes[digest]))
                    gathered.add(self._picked(stored, facts[digest], leaving, size), facts[digest])
                    yield stored, facts[digest]

    def _facts(self, kind: ObjectKind, objects: Iterable[StoredObject]) -> dict[str, Facts]:
        """Facts by digest; those read under other settings are read again from the text."""
        digests = {self._digest(one) for one in objects}
        return stored_facts(self._snapshot.contents, kind, digests, self._reading)

    def _picked(self, stored: StoredObject, facts: Facts, leaving: str, size: int) -> Picked:
        live = self._state is ExportState.SUBMITTED and stored.kind in VERSIONED_KINDS
        return Picked(
            stored=stored,
            version=stored.live_version if live else 0,
            stored_digest=self._digest(stored),
            digest=leaving,
            size=size,
            sensitive=facts.sensitive,
            exposed=facts.exposed,
        )

    def _cleaned(self, facts: dict[str, Facts]) -> dict[str, tuple[str, int]]:
        """Digest and size of the texts that leave without their sensitive values."""
        exposed = sorted(digest for digest, one in facts.items() if one.exposed)
        cleaned: dict[str, tuple[str, int]] = {}
        for digest, text in self._snapshot.contents.texts(exposed):
            without = leaving_text(text, facts[digest].sensitive)
            cleaned[digest] = (digest_of(without), len(without))
        return cleaned

    def _selection(
        self,
        gathered: _Gathered,
        objects: list[StoredObject],
        *,
        left_out: tuple[str, ...] = (),
        reached: dict[str, frozenset[ObjectKey]] | None = None,
    ) -> Selection:
        return Selection(
            picked=tuple(gathered.picked),
            needs=gathered.needs(_names(objects)),
            left_out=left_out,
            state=self._state,
            reached=reached or {},
        )


class _Gathered:
    """What was picked so far, and what that refers to, but for things ``known`` to leave as well."""

    def __init__(self, known: _Names) -> None:
        self.picked: list[Picked] = []
        self._known = known
        self._references: dict[tuple[str, str, str], Need] = {}

    def add(self, picked: Picked, facts: Facts) -> None:
        """Adds one object."""
        self.picked.append(picked)
        for one in facts.references:
            if one.workspace or one.name not in self._known.get(one.kind, ()):
                key = (one.kind, one.workspace, one.name)
                if key not in self._references:
                    self._references[key] = Need(kind=one.kind, name=one.name, workspace=one.workspace)

    def needs(self, inside: _Names) -> tuple[Need, ...]:
        """What is referred to and does not leave with the rest, in order."""
        return tuple(
            self._references[key]
            for key in sorted(self._references)
            if key[1] or key[2] not in inside.get(key[0], ())
        )


def leaving_text(text: bytes, sensitive: tuple[Path, ...]) -> bytes:
    """A text with its sensitive values emptied."""
    return edited(text, emptied(parse_known(text), sensitive)) if sensitive else text


def _names(objects: Iterable[StoredObject]) -> _Names:
    names: _Names = {}
    for one in objects:
        names.setdefault(one.kind, set()).add(one.name)
    return names


def _unknown(names: list[str]) -> NotFound:
    if len(names) == 1:
        return missing(ObjectKind.JOB, names[0])
    return NotFound(
        ErrorCode.JOB_MISSING,
        f"jobs that do not exist in this workspace: {', '.join(names[:10])}{' …' * (len(names) > 10)}",
        subject=names[0],
        hint="check the names and the workspace",
    )
