"""Reads an opened package once: every document's digest and facts, and what is odd about the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

import msgspec

from jobferry.errors import ErrorCode, PackageRefused
from jobferry.model.document.facts import Facts, Reading, facts_of
from jobferry.model.document.problem import Problem
from jobferry.model.document.text import UnusableText, digest_of, parse, without_bom
from jobferry.model.kinds import ObjectKind
from jobferry.model.names import CDM_NAME, JOB_NAME
from jobferry.model.package import Entry
from jobferry.model.transfer.cargo import Cargo, CargoItem, Oddity, Sharing
from jobferry.package.layouts import job_folders
from jobferry.package.reader import OpenPackage
from jobferry.package.refusals import shown

_PAGE = 500
_PAGE_BYTES = 8 * 1024 * 1024


class Known(Protocol):
    """Facts that need not be read again."""

    def facts(self, digests: Iterable[str], edition: str) -> dict[str, Facts]:
        """Those there are, by digest."""
        ...


class Remembering(Known, Protocol):
    """The same, and it wants to be told what is read."""

    def note(self, digest: str, edition: str, facts: Facts) -> None:
        """Takes what was read of a text."""
        ...


class Passing(Protocol):
    """Which entries need not be read further."""

    def among(self, entries: Iterable[Entry]) -> set[str]:
        """The paths of those."""
        ...


class Sources(NamedTuple):
    """Where facts come from before a text is read: an earlier reading of this package, and the store.

    What is ``standing`` in the target already is passed over.
    """

    contents: Known | None = None
    standing: Passing | None = None
    remembered: Remembering | None = None


def read_cargo(package: OpenPackage, reading: Reading, sources: Sources = Sources()) -> Cargo:
    """Every document of the package, read once; texts are not kept.

    Facts that ``sources`` know are used instead of being read again; those of texts that are standing in the
    target already are not read at all.

    Raises:
        PackageRefused: an entry differs from what the manifest says of it.
    """
    items: dict[tuple[ObjectKind, str], CargoItem] = {}
    oddities = [Oddity(problem) for problem in package.oddities]
    for item in _items(package, reading, sources):
        former = items.setdefault(item.key, item)
        if former.entry.sha256 != item.entry.sha256:
            oddities.append(Oddity(Problem("name-doubled"), *item.key))
    _refuse_doubled_uids(items.values())
    return Cargo(
        layout=package.layout,
        items=tuple(items.values()),
        manifest=package.manifest,
        oddities=tuple(oddities),
        files=package.files,
    )


def _items(package: OpenPackage, reading: Reading, sources: Sources) -> Iterator[CargoItem]:
    folders = job_folders(package.layout, package.entries) if package.manifest is None else {}
    sharing = Sharing()
    for page in _pages(package, folders):
        entries = [entry for entry, _ in page]
        settled = sources.standing.among(entries) if sources.standing is not None else set()
        open_ = [entry for entry in entries if entry.path not in settled]
        known = _known(open_, reading, sources, sharing)
        for entry, text in page:
            if entry.path in settled:
                yield CargoItem(entry, Facts(name=entry.name), stands=True)
            else:
                facts = known.get((entry.kind, entry.sha256))
                item, read = _item(entry, text, reading, facts, sharing)
                if read is not None and sources.remembered is not None:
                    sources.remembered.note(entry.sha256, reading.edition(entry.kind), read)
                yield _named(item, entry.name) if entry.path in folders else item


def _pages(package: OpenPackage, folders: dict[str, str]) -> Iterator[list[tuple[Entry, bytes]]]:
    """All documents, at most 500 or about 8 MiB at a time; jobs in ``folders`` are named by theirs."""
    page: list[tuple[Entry, bytes]] = []
    size = 0
    for entry, text in package.documents():
        named = _renamed(entry, folders[entry.path]) if entry.path in folders else entry
        page.append(_without_bom(named, text))
        size += len(text)
        if len(page) >= _PAGE or size >= _PAGE_BYTES:
            yield page
            page, size = [], 0
    if page:
        yield page


def _known(
    entries: list[Entry], reading: Reading, sources: Sources, sharing: Sharing
) -> dict[tuple[ObjectKind, str], Facts]:
    known: dict[tuple[ObjectKind, str], Facts] = {}
    for kind in {entry.kind for entry in entries}:
        digests = [entry.sha256 for entry in entries if entry.kind is kind]
        edition = reading.edition(kind)
        for source in (sources.remembered, sources.contents):
            if source is not None and digests:
                found = source.facts(digests, edition)
                if source is sources.contents:
                    found = {digest: sharing.of(facts) for digest, facts in found.items()}
                known |= {(kind, digest): facts for digest, facts in found.items()}
                digests = [digest for digest in digests if digest not in found]
    return known


def _without_bom(entry: Entry, text: bytes) -> tuple[Entry, bytes]:
    bare = without_bom(text)
    if bare is text:
        return entry, text
    return msgspec.structs.replace(entry, sha256=digest_of(bare), size=len(bare)), bare


def _item(
    entry: Entry, text: bytes, reading: Reading, known: Facts | None, sharing: Sharing
) -> tuple[CargoItem, Facts | None]:
    """The item, and its facts if they had to be read.

    A text is named by its own document; the path's name is only for documents that cannot be read.
    """
    if known is not None:
        return _item_of(entry, known), None
    try:
        read = sharing.of(facts_of(entry.kind, parse(text), reading, text=text))
    except UnusableText as unusable:
        problems = (_foreign(text),) if _looks_foreign(text) else unusable.problems
        return CargoItem(entry, Facts(name=entry.name), problems), None
    return _item_of(entry, read), read


def _item_of(entry: Entry, facts: Facts) -> CargoItem:
    if entry.kind is ObjectKind.CDM:
        return CargoItem(entry, _cdm_facts(entry, facts))
    if entry.uid and facts.name != entry.name:
        raise PackageRefused(
            ErrorCode.PACKAGE_ALTERED,
            f"{shown(entry.path)} names itself {shown(facts.name)}; "
            f"the manifest names it {shown(entry.name)}",
            subject=shown(entry.path),
            hint="export the package again",
        )
    return CargoItem(_renamed(entry, facts.name or entry.name), facts)


def _named(item: CargoItem, folder: str) -> CargoItem:
    """In a package of folders the folder tells which job this is, whatever the document calls itself."""
    if folder == item.entry.name:
        return item
    facts = item.facts
    if not JOB_NAME.match(folder):
        problem = Problem("name-illegal", "name", {"name": shown(folder)})
        facts = msgspec.structs.replace(facts, problems=(*facts.problems, problem))
    return msgspec.structs.replace(item, entry=_renamed(item.entry, folder), facts=facts)


def _renamed(entry: Entry, name: str) -> Entry:
    return entry if entry.name == name else msgspec.structs.replace(entry, name=name)


def _cdm_facts(entry: Entry, facts: Facts) -> Facts:
    """A CDM definition is named by its path, so its document's facts cannot judge the name."""
    if CDM_NAME.match(entry.name):
        return facts
    problem = Problem("name-illegal", args={"name": shown(entry.name)})
    return msgspec.structs.replace(facts, problems=(problem,))


def _looks_foreign(text: bytes) -> bool:
    return text.lstrip()[:1] not in (b"{", b"[")


def _foreign(text: bytes) -> Problem:
    """What a file is that has a document's name but holds no JSON."""
    lines = [line for line in text[:4096].splitlines() if line.strip() and not line.lstrip().startswith(b"#")]
    if not lines:
        looks = "an empty file"
    elif all(b"=" in line for line in lines[:5]):
        looks = "a properties file with key=value lines, as Azkaban writes them"
    elif text.lstrip().startswith(b"<"):
        looks = "XML"
    else:
        looks = "plain text"
    return Problem("not-json", args={"looks": looks})


def _refuse_doubled_uids(items: Iterable[CargoItem]) -> None:
    seen: dict[tuple[ObjectKind, str], str] = {}
    for item in items:
        entry = item.entry
        if not entry.uid:
            continue
        former = seen.setdefault((entry.kind, entry.uid), entry.name)
        if former != entry.name:
            raise PackageRefused(
                ErrorCode.PACKAGE_ALTERED,
                f"the manifest gives {shown(former)} and {shown(entry.name)} the same uid",
                subject=shown(entry.path),
                hint="export the package again",
            )
