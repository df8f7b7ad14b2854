"""Compares two packages, or a workspace with one: digests first, then texts that differ, page by page."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from jobferry.files.ports import PackageStorage, ReceivedPackage
from jobferry.model.document.edits import Edit, edited
from jobferry.model.document.facts import FactRules
from jobferry.model.document.sensitive import compiled
from jobferry.model.document.text import digest_of, without_bom
from jobferry.model.kinds import VERSIONED_KINDS, ObjectKind
from jobferry.model.package import Entry, ExportState
from jobferry.model.people import Grant
from jobferry.model.records import ObjectKey
from jobferry.model.report.comparison import Compared, Pair, Thing, compared, paired
from jobferry.model.rights import Action
from jobferry.model.settings import WorkspaceSettings, read_settings
from jobferry.model.transfer.contents import PackageEntry
from jobferry.model.transfer.policy import ImportOptions
from jobferry.model.transfer.rewrite import Choosing, fit
from jobferry.model.transfer.target_state import TargetState
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import OpenPackage
from jobferry.services.importing.read_package import Sources, opened_package, read_contents
from jobferry.services.importing.request import checked_undirected
from jobferry.services.importing.routes import routed
from jobferry.services.runtime import Runtime

if TYPE_CHECKING:
    from jobferry.store import Store

Claim = tuple[ObjectKind, str, str]
"""Kind, name and digest of an object."""


class Side(Protocol):
    """What is compared."""

    def claims(self) -> set[Claim]:
        """What it says of itself before it is read, as far as it does."""
        ...

    def things(self, alike: Collection[Claim]) -> list[Thing]:
        """All objects; those that are ``alike`` on the other side are not read further than their digests.

        Raises:
            PackageRefused: it cannot be used.
        """
        ...

    def texts(self, things: Iterable[Thing]) -> dict[Thing, bytes]:
        """The texts of some of them."""
        ...


class PackageSide:
    """A package, judged like one that is to be imported. ``digest`` is known once its things are."""

    def __init__(self, opened: OpenPackage) -> None:
        self._opened = opened
        self._entries: dict[ObjectKey, Entry] = {}
        self.digest = ""

    def claims(self) -> set[Claim]:
        return {(entry.kind, entry.name, entry.sha256) for entry in self._opened.entries if entry.sha256}

    def things(self, alike: Collection[Claim]) -> list[Thing]:
        contents = read_contents(self._opened, FactRules(), Sources(up_to_date=_Alike(alike)))
        self.digest = contents.digest
        self._entries = {entry.key: entry.info for entry in contents.entries}
        return [Thing(*key, info.uid, info.sha256) for key, info in self._entries.items()]

    def texts(self, things: Iterable[Thing]) -> dict[Thing, bytes]:
        entries = self._entries
        return {thing: without_bom(self._opened.text(entries[thing.kind, thing.name])) for thing in things}


class RewrittenSide(PackageSide):
    """A package as its texts would read here under some options; what stands here is not looked at."""

    def __init__(self, opened: OpenPackage, grant: Grant, options: ImportOptions) -> None:
        super().__init__(opened)
        settings = read_settings(grant.workspace.settings)
        self._state = _nowhere(grant, settings)
        self._choosing = Choosing(options, settings.policy)
        self._edits: dict[ObjectKey, tuple[Edit, ...]] = {}

    def claims(self) -> set[Claim]:
        return set()

    def things(self, alike: Collection[Claim]) -> list[Thing]:
        del alike  # what reads alike may be rewritten
        contents = read_contents(self._opened, self._state.settings.fact_rules, Sources())
        self.digest = contents.digest
        self._entries = {entry.key: entry.info for entry in contents.entries}
        return [self._thing(entry) for entry in contents.entries]

    def texts(self, things: Iterable[Thing]) -> dict[Thing, bytes]:
        plain = super().texts(things)
        return {
            thing: edited(text, self._edits.get((thing.kind, thing.name), ()))
            for thing, text in plain.items()
        }

    def _thing(self, entry: PackageEntry) -> Thing:
        info = entry.info
        if entry.unusable or entry.facts.problems:
            return Thing(*entry.key, info.uid, info.sha256)
        edits = fit(entry, None, self._state, self._choosing.of(entry), self._text).edits
        if not edits:
            return Thing(*entry.key, info.uid, info.sha256)
        self._edits[entry.key] = edits
        return Thing(*entry.key, info.uid, digest_of(edited(self._text(entry), edits)))

    def _text(self, entry: PackageEntry) -> bytes:
        return without_bom(self._opened.text(entry.info))


def _nowhere(grant: Grant, settings: WorkspaceSettings) -> TargetState:
    """A workspace in which nothing is."""
    return TargetState(
        grant=grant,
        workspace_id=grant.workspace.id,
        settings=settings,
        objects={},
        by_uid={},
        connections={},
        variables=frozenset(),
        inventory={},
        elsewhere={},
        counts={},
        directories={},
        bound={},
    )


class WorkspaceSide:
    """What a workspace has now in one state, as far as the caller's directories go."""

    def __init__(self, store: Store, grant: Grant, state: ExportState) -> None:
        self._store = store
        place, live = grant.workspace.id, state is ExportState.SUBMITTED
        with store.read(lean=True) as snapshot:
            self._things = [
                Thing(stored.kind, stored.name, stored.uid, digest)
                for kind in ObjectKind
                for stored in snapshot.objects.every(place, kind)
                if (digest := stored.live_digest if live and kind in VERSIONED_KINDS else stored.digest)
                and grant.reaches(stored)
            ]

    def claims(self) -> set[Claim]:
        return {(thing.kind, thing.name, thing.digest) for thing in self._things}

    def things(self, _alike: Collection[Claim]) -> list[Thing]:
        return self._things

    def texts(self, things: Iterable[Thing]) -> dict[Thing, bytes]:
        listed = list(things)
        with self._store.read(lean=True) as snapshot:
            texts = dict(snapshot.contents.texts(sorted({latter.digest for latter in listed})))
        return {latter: texts[latter.digest] for latter in listed if latter.digest in texts}


class _Alike:
    """Passes over what the other side has in the same words."""

    def __init__(self, claims: Collection[Claim]) -> None:
        self._claims = claims

    def among(self, entries: Iterable[Entry]) -> set[str]:
        return {entry.path for entry in entries if (entry.kind, entry.name, entry.sha256) in self._claims}


_PAGE = 100
"""Pairs whose texts are held at once."""


class Comparison:
    """What differs, to be read once; ``same`` counts what does not, as far as it was read."""

    def __init__(
        self, former: Side, latter: Side, sensitive: re.Pattern[str], *, removed: bool = True
    ) -> None:
        """Without ``removed`` nothing is told of what only the former has.

        Raises:
            PackageRefused: a side cannot be used.
        """
        self._former, self._latter = former, latter
        self._sensitive = sensitive
        alike = former.claims() & latter.claims()
        pairs = paired(former.things(alike), latter.things(alike))
        self._differing = [pair for pair in pairs if not pair.is_alike and (pair.latter or removed)]
        self.same = sum(pair.is_alike for pair in pairs)

    def __iter__(self) -> Iterator[Compared]:
        """Raises: StoreError, PackageRefused: a text cannot be read any more."""
        waiting = iter(self._differing)
        while page := list(islice(waiting, _PAGE)):
            yield from self._page(page)

    def _page(self, page: list[Pair]) -> Iterator[Compared]:
        before = _texts(self._former, (pair.former for pair in page))
        after = _texts(self._latter, (pair.latter for pair in page))
        for pair in page:
            if (pair.former and pair.former not in before) or (pair.latter and pair.latter not in after):
                continue  # deleted since, and swept
            found = compared(
                pair,
                before[pair.former] if pair.former else b"",
                after[pair.latter] if pair.latter else b"",
                self._sensitive,
            )
            if found is None:
                self.same += 1
            else:
                yield found


def _texts(side: Side, things: Iterable[Thing | None]) -> dict[Thing, bytes]:
    return side.texts(thing for thing in things if thing is not None)


class Comparing:
    """Compares packages that were handed in with what is here; nothing is written."""

    def __init__(self, runtime: Runtime, uploads: PackageStorage) -> None:
        self._runtime = runtime
        self._uploads = uploads

    @contextmanager
    def compare(
        self,
        grant: Grant,
        package: ReceivedPackage,
        state: ExportState,
        limits: PackageLimits,
        options: ImportOptions | None = None,
        *,
        everything: bool,
    ) -> Iterator[Comparison]:
        """From what is here in that state to what the package holds; good until the block ends.

        ``everything`` counts what the package does not hold as removed. With ``options`` the package is
        compared as an import by them would write it: by a mapping, or by the route for its source.

        Raises:
            Forbidden: the caller may not import here.
            InvalidRequest: the options do not make sense.
            NotFound: there is no route and there must be one (``route-missing``).
            PackageRefused: the package cannot be used.
        """
        self._runtime.allow(grant, Action.IMPORT, kind="package", subject=package.name)
        sensitive = compiled(read_settings(grant.workspace.settings).fact_rules.patterns)
        with opened_package(self._uploads, package.id, limits) as opened:
            here = WorkspaceSide(self._runtime.store, grant, state)
            yield Comparison(here, self._side(grant, opened, options), sensitive, removed=everything)

    def _side(self, grant: Grant, opened: OpenPackage, options: ImportOptions | None) -> PackageSide:
        if options is None:
            return PackageSide(opened)
        source = opened.manifest.provenance if opened.manifest is not None else None
        by_route = routed(self._runtime, grant, source, options).options
        return RewrittenSide(
            opened, grant, checked_undirected(by_route, read_settings(grant.workspace.settings))
        )
