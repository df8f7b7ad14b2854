"""Takes objects along: what each refers to, and whether it leaves otherwise than it lies here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import attrgetter

from jobferry.model.document.facts import Reading
from jobferry.model.document.text import digest_of
from jobferry.model.kinds import ObjectKind
from jobferry.model.leaving.outline import Outline, outline_of
from jobferry.model.records import ObjectKey
from jobferry.services.exporting.picking import (
    Chosen,
    Picked,
    References,
    leaving_references,
    leaving_text,
)
from jobferry.services.exporting.picks import Picks
from jobferry.services.stored_facts import stored_facts
from jobferry.store.ports import Outgoing, Snapshot

_PAGE = 50
"""Few, so that the memory of one page's outlines is warm when it is taken for the next."""


class Taking:
    """What was picked so far, and what that refers to. Nobody keeps outlines: they outweigh the objects."""

    def __init__(
        self,
        snapshot: Snapshot,
        reading: Reading,
        *,
        schedule: bool,
        explain: bool,
        held: Mapping[ObjectKey, str] | None = None,
    ) -> None:
        """What would leave with the digest that is ``held`` under its kind and uid is passed over."""
        self._snapshot = snapshot
        self._reading = reading
        self._schedule = schedule
        self._held = held or {}
        self.picked = Picks()
        self.references = References(explain=explain)

    def look_at(self, chosen: Iterable[Chosen]) -> Iterator[tuple[Chosen, Outline]]:
        """Takes objects and gives each with its outline."""
        for kind, listed in groupby(chosen, key=attrgetter("kind")):
            edition = self._reading.edition(kind)
            while page := list(islice(listed, _PAGE)):
                found = self._snapshot.outgoing.outlines({one.digest for one in page}, edition)
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

    def _page(self, kind: ObjectKind, outgoing: Sequence[Outgoing]) -> list[Outline]:
        """Takes a page of objects of one kind; gives their outlines."""
        outlines = self._outlines(kind, outgoing)
        changed = self._changed(outgoing, outlines)
        for one, outline in zip(outgoing, outlines, strict=True):
            digest, size = changed.get(one.digest) or (one.digest, one.size)
            if self._held and self._held.get((kind, one.uid)) == digest:
                continue
            picked = Picked(
                kind,
                one.name,
                one.uid,
                one.version,
                one.digest,
                digest,
                size,
                outline.sensitive,
                digest != one.digest,
            )
            self.picked.append(picked)
            self.references.note(picked.key, leaving_references(outline, schedule=self._schedule))
        return outlines

    def _outlines(self, kind: ObjectKind, outgoing: Sequence[Outgoing]) -> list[Outline]:
        """Those at hand, and those of texts that were read otherwise than objects are read now."""
        others = {one.digest for one in outgoing if one.outline is None}
        facts = stored_facts(self._snapshot.contents, kind, others, self._reading) if others else {}
        return [one.outline or outline_of(facts[one.digest]) for one in outgoing]

    def _changed(
        self, outgoing: Sequence[Outgoing], outlines: Sequence[Outline]
    ) -> dict[str, tuple[str, int]]:
        """Digest and size of the texts that leave otherwise than they lie here."""
        wanted = {
            one.digest: outline
            for one, outline in zip(outgoing, outlines, strict=True)
            if outline.exposed or (outline.has_schedule and not self._schedule)
        }
        changed: dict[str, tuple[str, int]] = {}
        for digest, text in self._snapshot.contents.texts(sorted(wanted)) if wanted else ():
            leaving = leaving_text(text, wanted[digest].sensitive, schedule=self._schedule)
            changed[digest] = (digest_of(leaving), len(leaving))
        return changed
