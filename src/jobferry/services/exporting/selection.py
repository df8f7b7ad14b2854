"""What an export takes along: the chosen objects, what their references reach, and what stays a need."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from jobferry.errors import Conflict, ErrorCode, NotFound
from jobferry.model.document.edits import Path, edited
from jobferry.model.document.facts import Facts, Reading
from jobferry.model.document.sensitive import emptied
from jobferry.model.document.text import digest_of, parse_known
from jobferry.model.kinds import VERSIONED_KINDS, NeedKind, ObjectKind
from jobferry.model.package import ExportState, Need
from jobferry.model.records import StoredObject, Workspace
from jobferry.model.settings import read_settings
from jobferry.services.objects import missing
from jobferry.services.stored_facts import stored_facts
from jobferry.store.ports import Snapshot

_REACHED = {
    NeedKind.SCRIPT: ObjectKind.SCRIPT,
    NeedKind.RESOURCE: ObjectKind.RESOURCE,
    NeedKind.CDM: ObjectKind.CDM,
}


class Picked(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One object on its way out.

    ``stored_digest`` names its text here; ``digest`` and ``size`` (bytes) are of the text that leaves, which
    differs where sensitive values are emptied.
    """

    stored: StoredObject
    version: int
    stored_digest: str
    digest: str
    size: int
    facts: Facts


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that leaves, and what it will need where it arrives.

    ``left_out`` names objects that have no submitted state, for an export that takes everything.
    """

    picked: tuple[Picked, ...]
    needs: tuple[Need, ...]
    left_out: tuple[str, ...]
    state: ExportState


class Selector:
    """Selects within one snapshot of one workspace."""

    def __init__(self, snapshot: Snapshot, workspace: Workspace, state: ExportState) -> None:
        self._snapshot = snapshot
        self._workspace = workspace
        self._state = state
        self._reading: Reading = read_settings(workspace.settings).reading

    def jobs(self, names: Iterable[str], *, depend: bool) -> Selection:
        """Named jobs; with ``depend`` also the scripts, resources and CDM definitions that they reach.

        Raises:
            NotFound: a job does not exist (the first is named).
            Conflict: the submitted state is asked for and something has none (``not-submitted``).
        """
        wanted = list(dict.fromkeys(names))
        found = self._snapshot.objects.by_names(self._workspace.id, ObjectKind.JOB, wanted)
        unknown = [name for name in wanted if name not in found]
        if unknown:
            raise _unknown(unknown)
        jobs = [found[name] for name in wanted]
        self._refuse_unsubmitted(jobs)
        facts = self._facts(jobs)
        reached = self._reached(jobs, facts) if depend else []
        self._refuse_unsubmitted(reached)
        return self._selection([*jobs, *reached], facts | self._facts(reached), ())

    def everything(self, *, jobs_only: bool) -> Selection:
        """Every job, script, resource and CDM definition; what is not submitted is left out and named."""
        kinds = (ObjectKind.JOB,) if jobs_only else tuple(ObjectKind)
        objects = [one for kind in kinds for one in self._snapshot.objects.every(self._workspace.id, kind)]
        left_out = [one for one in objects if not self._digest(one)]
        objects = [one for one in objects if self._digest(one)]
        names = tuple(f"{one.kind} {one.name}" for one in left_out)
        return self._selection(objects, self._facts(objects), names)

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

    def _facts(self, objects: list[StoredObject]) -> dict[str, Facts]:
        """Facts by digest; those read under other settings are read again from the text."""
        facts: dict[str, Facts] = {}
        for kind in ObjectKind:
            digests = {self._digest(one) for one in objects if one.kind is kind}
            if digests:
                facts |= stored_facts(self._snapshot.contents, kind, digests, self._reading)
        return facts

    def _reached(self, jobs: list[StoredObject], facts: dict[str, Facts]) -> list[StoredObject]:
        names: dict[ObjectKind, set[str]] = {kind: set() for kind in _REACHED.values()}
        for job in jobs:
            for reference in facts[self._digest(job)].references:
                if reference.kind in _REACHED:
                    names[_REACHED[reference.kind]].add(reference.name)
        return [
            stored
            for kind, wanted in names.items()
            if wanted
            for _, stored in sorted(self._snapshot.objects.by_names(self._workspace.id, kind, wanted).items())
        ]

    def _selection(
        self, objects: list[StoredObject], facts: dict[str, Facts], left_out: tuple[str, ...]
    ) -> Selection:
        sizes = self._snapshot.contents.sizes({self._digest(one) for one in objects})
        cleaned = self._cleaned(objects, facts)
        picked: list[Picked] = []
        for stored in objects:
            digest = self._digest(stored)
            leaving, size = cleaned.get(digest, (digest, sizes[digest]))
            live = self._state is ExportState.SUBMITTED and stored.kind in VERSIONED_KINDS
            picked.append(
                Picked(
                    stored=stored,
                    version=stored.live_version if live else 0,
                    stored_digest=digest,
                    digest=leaving,
                    size=size,
                    facts=facts[digest],
                )
            )
        return Selection(picked=tuple(picked), needs=_needs(picked), left_out=left_out, state=self._state)

    def _cleaned(self, objects: list[StoredObject], facts: dict[str, Facts]) -> dict[str, tuple[str, int]]:
        """Digest and size of the texts that leave without their sensitive values."""
        exposed = sorted({self._digest(one) for one in objects if facts[self._digest(one)].exposed})
        cleaned: dict[str, tuple[str, int]] = {}
        for digest, text in self._snapshot.contents.texts(exposed):
            without = leaving_text(text, facts[digest].sensitive)
            cleaned[digest] = (digest_of(without), len(without))
        return cleaned


def leaving_text(text: bytes, sensitive: tuple[Path, ...]) -> bytes:
    """A text with its sensitive values emptied."""
    return edited(text, emptied(parse_known(text), sensitive)) if sensitive else text


def _needs(picked: list[Picked]) -> tuple[Need, ...]:
    inside: set[tuple[str, str]] = {one.stored.key for one in picked}
    needs = {
        (one.kind, one.workspace, one.name)
        for each in picked
        for one in each.facts.references
        if one.workspace or (one.kind, one.name) not in inside
    }
    return tuple(Need(kind=kind, name=name, workspace=workspace) for kind, workspace, name in sorted(needs))


def _unknown(names: list[str]) -> NotFound:
    if len(names) == 1:
        return missing(ObjectKind.JOB, names[0])
    return NotFound(
        ErrorCode.JOB_MISSING,
        f"jobs that do not exist in this workspace: {', '.join(names[:10])}{' …' * (len(names) > 10)}",
        subject=names[0],
        hint="check the names and the workspace",
    )
