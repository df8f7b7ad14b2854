"""Reads an opened package once: digests, facts, what is odd, and what of it is up to date in the target."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec

from jobferry.errors import ErrorCode, FilesError, NotFound, PackageRefused
from jobferry.events import Events
from jobferry.files.ports import Note, PackageShelf
from jobferry.model.document.facts import Facts, Reading
from jobferry.model.document.problems import Problem
from jobferry.model.document.text import digest_of, without_bom
from jobferry.model.kinds import ObjectKind
from jobferry.model.messages import phrase
from jobferry.model.names import CDM_NAME, JOB_NAME
from jobferry.model.package import Entry
from jobferry.model.transfer.contents import Oddity, PackageContents, PackageEntry, Sharing
from jobferry.model.transfer.finding import FindingRoom
from jobferry.package.layouts import job_folders
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import OpenPackage, open_package
from jobferry.package.refusals import shown, too_many_unreadable
from jobferry.readers.here import ReadersHere
from jobferry.readers.ports import Read, Readers, Text

if TYPE_CHECKING:
    pass


_events = Events("imports")

_Kept = dict[str, dict[str, Facts]]

_decoder = msgspec.msgpack.Decoder(_Kept)


class ParsedPackageCache:
    """Facts by edition and digest, of one package."""

    def __init__(self, shelf: PackageShelf, package_id: str) -> None:
        self._shelf = shelf
        self._package_id = package_id
        self._known = _read(shelf, package_id)
        self._is_new = False

    def facts(self, digests: Iterable[str], edition: str) -> dict[str, Facts]:
        """Those of the texts that were read before."""
        known = self._known.get(edition)
        return {digest: known[digest] for digest in digests if digest in known} if known else {}

    def note(self, digest: str, edition: str, facts: Facts) -> None:
        """Remembers what was read."""
        self._known.setdefault(edition, {})[digest] = facts
        self._is_new = True

    def keep(self) -> None:
        """Lays it beside the package. It only saves time: where that fails, the texts are read again."""
        if self._is_new:
            with suppress(FilesError, NotFound):
                self._shelf.keep(self._package_id, Note.FACTS, msgspec.msgpack.encode(self._known))


def _read(shelf: PackageShelf, package_id: str) -> _Kept:
    with suppress(FilesError, msgspec.DecodeError):
        kept = shelf.kept(package_id, Note.FACTS)
        if kept is not None:
            sharing = Sharing()
            return {
                edition: {digest: sharing.of(facts) for digest, facts in read.items()}
                for edition, read in _decoder.decode(kept).items()
            }
    return {}


_PAGE = 500
_PAGE_BYTES = 1024 * 1024
_LONG_NAME = 256
"""Longer names of references (letters) count among the findings: each is told once, as a need."""
_MOST_FILES = 20


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

    What is ``standing`` in the target already is passed over; ``readers`` read the rest.
    """

    contents: Known | None = None
    standing: Passing | None = None
    remembered: Remembering | None = None
    readers: Readers = ReadersHere()


def read_contents(package: OpenPackage, reading: Reading, sources: Sources = Sources()) -> PackageContents:
    """Every document of the package, read once; texts are not kept.

    Facts that ``sources`` know are used instead of being read again; those of texts that are standing in the
    target already are not read at all.

    Raises:
        PackageRefused: an entry differs from what the manifest says of it, or too much is wrong with too
            many (the limits ``unreadable`` and ``finding_bytes``).
    """
    items: dict[tuple[ObjectKind, str], PackageEntry] = {}
    copies: dict[tuple[ObjectKind, str], list[Entry]] = {}
    oddities: list[Oddity] = []
    faults = _Faults(package.limits)
    for problem in package.oddities:
        faults.note_oddity(Oddity(problem), oddities)
    for item in _items(package, reading, sources):
        if item.unusable or item.facts.problems:
            faults.note(item)
        faults.note_names(item)
        former = items.setdefault(item.key, item)
        if former is not item:
            copies.setdefault(item.key, [former.entry]).append(item.entry)
    for oddity in _doubled(copies):
        faults.note_oddity(oddity, oddities)
    _refuse_doubled_uids(items.values())
    return PackageContents(
        layout=package.layout,
        items=tuple(items.values()),
        manifest=package.manifest,
        oddities=tuple(oddities),
        files=package.files,
        package_bytes=package.size,
    )


def _doubled(copies: dict[tuple[ObjectKind, str], list[Entry]]) -> Iterator[Oddity]:
    """Objects whose copies in the package differ, with the files that they are in."""
    for key, entries in copies.items():
        if any(one.sha256 != entries[0].sha256 for one in entries):
            paths = sorted(one.path for one in entries)
            files = ", ".join(paths[:_MOST_FILES]) + (" …" if len(paths) > _MOST_FILES else "")
            yield Oddity(Problem("name-doubled", paths[0], {"files": files}), *key)


class _Faults:
    """Counts what is wrong with a package's documents, so that a bad one ends before it has filled memory."""

    def __init__(self, limits: PackageLimits) -> None:
        self._limits = limits
        self._room = FindingRoom(limits.finding_bytes)
        self._unreadable: list[str] = []
        self._first = ""
        self._long_names: set[str] = set()

    def note(self, item: PackageEntry) -> None:
        """Raises: PackageRefused: that is one too many."""
        entry = item.entry
        for problem in (*item.unusable, *item.facts.problems):
            self._room.take(problem.code, entry.name, problem.path or entry.path, args=problem.args)
        if item.unusable:
            self._unreadable.append(entry.path)
            self._first = self._first or phrase(item.unusable[0].code, item.unusable[0].args).message
        if len(self._unreadable) > self._limits.unreadable:
            raise too_many_unreadable(self._unreadable, self._first, self._limits)

    def note_names(self, item: PackageEntry) -> None:
        """Counts very long names that a document refers to: they are told as needs, each once.

        Raises: PackageRefused: that is one too many.
        """
        for reference in item.facts.references:
            name = reference.name
            if len(name) > _LONG_NAME and name not in self._long_names:
                self._long_names.add(name)
                self._room.take("references by very long names", name, args={})

    def note_oddity(self, oddity: Oddity, oddities: list[Oddity]) -> None:
        """Adds it to the others. Raises: PackageRefused: that is one too many."""
        self._room.take(oddity.problem.code, oddity.name, oddity.problem.path, args=oddity.problem.args)
        oddities.append(oddity)


def _items(package: OpenPackage, reading: Reading, sources: Sources) -> Iterator[PackageEntry]:
    folders = job_folders(package.layout, package.entries) if package.manifest is None else {}
    sharing = Sharing()
    asked: deque[_Page] = deque()

    def unread() -> Iterator[list[Text]]:
        for documents in _pages(package, folders):
            page = _page(documents, reading, sources, sharing)
            asked.append(page)
            yield [Text(entry.kind, text) for entry, text in documents if entry.path in page.unread]

    with closing(sources.readers.read(unread(), reading)) as reads:
        for page_reads in reads:
            shared = [_shared(read, sharing) for read in page_reads]
            for entry, item in _read_items(asked.popleft(), shared, reading, sources):
                yield _named(item, entry.name) if entry.path in folders and not item.stands else item


class _Page(NamedTuple):
    """Some entries, and of which of them the texts need not be read."""

    entries: list[Entry]
    settled: set[str]
    known: dict[tuple[ObjectKind, str], Facts]
    unread: set[str]


def _shared(read: Read, sharing: Sharing) -> Read:
    return read if read.facts is None else Read(sharing.of(read.facts))


def _read_items(
    page: _Page, reads: list[Read], reading: Reading, sources: Sources
) -> Iterator[tuple[Entry, PackageEntry]]:
    """The items of a page; what is not known yet stands in ``reads``, in order."""
    found = iter(reads)
    for entry in page.entries:
        if entry.path in page.settled:
            yield entry, PackageEntry(entry, Facts(name=entry.name), stands=True)
        elif entry.path in page.unread:
            read = next(found)
            if read.facts is not None and sources.remembered is not None:
                sources.remembered.note(entry.sha256, reading.edition(entry.kind), read.facts)
            yield entry, _item(entry, read)
        else:
            yield entry, _item_of(entry, page.known[entry.kind, entry.sha256])


def _page(
    documents: list[tuple[Entry, bytes]], reading: Reading, sources: Sources, sharing: Sharing
) -> _Page:
    entries = [entry for entry, _ in documents]
    settled = sources.standing.among(entries) if sources.standing is not None else set()
    open_ = [entry for entry in entries if entry.path not in settled]
    known = _known(open_, reading, sources, sharing)
    unread = {
        entry.path
        for entry in entries
        if entry.path not in settled and (entry.kind, entry.sha256) not in known
    }
    return _Page(entries, settled, known, unread)


def _pages(package: OpenPackage, folders: dict[str, str]) -> Iterator[list[tuple[Entry, bytes]]]:
    """All documents, at most 500 or about 1 MiB at a time; jobs in ``folders`` are named by theirs."""
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


def _item(entry: Entry, read: Read) -> PackageEntry:
    """A text is named by its own document; the path's name is only for documents that cannot be read."""
    if read.facts is None:
        return PackageEntry(entry, Facts(name=entry.name), read.problems)
    return _item_of(entry, read.facts)


def _item_of(entry: Entry, facts: Facts) -> PackageEntry:
    if entry.kind is ObjectKind.CDM:
        return PackageEntry(entry, _cdm_facts(entry, facts))
    if entry.uid and facts.name != entry.name:
        raise PackageRefused(
            ErrorCode.PACKAGE_ALTERED,
            f"{shown(entry.path)} names itself {shown(facts.name)}; "
            f"the manifest names it {shown(entry.name)}",
            subject=shown(entry.path),
            hint="export the package again",
        )
    return PackageEntry(_renamed(entry, facts.name or entry.name), facts)


def _named(item: PackageEntry, folder: str) -> PackageEntry:
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


def _refuse_doubled_uids(items: Iterable[PackageEntry]) -> None:
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


@contextmanager
def opened_package(shelf: PackageShelf, package_id: str, limits: PackageLimits) -> Iterator[OpenPackage]:
    """A package on the shelf, judged as far as that goes without reading its documents.

    Raises:
        NotFound: it is not there any more.
        PackageRefused: it cannot be used.
    """
    with shelf.open(package_id) as file, open_package(file, limits) as opened:
        yield opened
