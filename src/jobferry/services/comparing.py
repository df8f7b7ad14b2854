"""Compares two packages, or a workspace with one: digests first, then texts that differ, page by page."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from jobferry.files.ports import PackageShelf, ReceivedPackage
from jobferry.model.document.facts import Reading
from jobferry.model.document.sensitive import compiled
from jobferry.model.document.text import without_bom
from jobferry.model.kinds import VERSIONED_KINDS, ObjectKind
from jobferry.model.package import Entry, ExportState
from jobferry.model.people import Grant
from jobferry.model.records import ObjectKey
from jobferry.model.report.comparison import Compared, Pair, Thing, compared, paired
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import OpenPackage
from jobferry.services.importing.read_package import Sources, opened_package, read_contents
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
        return {(one.kind, one.name, one.sha256) for one in self._opened.entries if one.sha256}

    def things(self, alike: Collection[Claim]) -> list[Thing]:
        contents = read_contents(self._opened, Reading(), Sources(standing=_Alike(alike)))
        self.digest = contents.digest
        self._entries = {item.key: item.entry for item in contents.items}
        return [Thing(*key, entry.uid, entry.sha256) for key, entry in self._entries.items()]

    def texts(self, things: Iterable[Thing]) -> dict[Thing, bytes]:
        entries = self._entries
        return {one: without_bom(self._opened.text(entries[one.kind, one.name])) for one in things}


class WorkspaceSide:
    """What a workspace has now in one state, as far as the caller's directories go."""

    def __init__(self, store: Store, grant: Grant, state: ExportState) -> None:
        self._store = store
        place, live = grant.workspace.id, state is ExportState.SUBMITTED
        with store.read(lean=True) as snapshot:
            self._things = [
                Thing(one.kind, one.name, one.uid, digest)
                for kind in ObjectKind
                for one in snapshot.objects.every(place, kind)
                if (digest := one.live_digest if live and kind in VERSIONED_KINDS else one.digest)
                and grant.reaches(one)
            ]

    def claims(self) -> set[Claim]:
        return {(one.kind, one.name, one.digest) for one in self._things}

    def things(self, _alike: Collection[Claim]) -> list[Thing]:
        return self._things

    def texts(self, things: Iterable[Thing]) -> dict[Thing, bytes]:
        listed = list(things)
        with self._store.read(lean=True) as snapshot:
            texts = dict(snapshot.contents.texts(sorted({one.digest for one in listed})))
        return {one: texts[one.digest] for one in listed if one.digest in texts}


class _Alike:
    """Passes over what the other side has in the same words."""

    def __init__(self, claims: Collection[Claim]) -> None:
        self._claims = claims

    def among(self, entries: Iterable[Entry]) -> set[str]:
        return {one.path for one in entries if (one.kind, one.name, one.sha256) in self._claims}


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
        self._differing = [one for one in pairs if not one.is_alike and (one.latter or removed)]
        self.same = sum(one.is_alike for one in pairs)

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
    return side.texts(one for one in things if one is not None)


class Comparing:
    """Compares packages that were handed in with what is here; nothing is written."""

    def __init__(self, runtime: Runtime, shelf: PackageShelf) -> None:
        self._runtime = runtime
        self._shelf = shelf

    @contextmanager
    def compare(
        self,
        grant: Grant,
        package: ReceivedPackage,
        state: ExportState,
        limits: PackageLimits,
        *,
        everything: bool,
    ) -> Iterator[Comparison]:
        """From what is here in that state to what the package holds; good until the block ends.

        ``everything`` counts what the package does not hold as removed.

        Raises:
            Forbidden: the caller may not import here.
            PackageRefused: the package cannot be used.
        """
        self._runtime.allow(grant, Action.IMPORT, kind="package", subject=package.name)
        sensitive = compiled(read_settings(grant.workspace.settings).reading.patterns)
        with opened_package(self._shelf, package.id, limits) as opened:
            here = WorkspaceSide(self._runtime.store, grant, state)
            yield Comparison(here, PackageSide(opened), sensitive, removed=everything)
