"""Reads an opened package once: digests, facts, what is odd, and what of it is up to date in the target."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import NamedTuple, Protocol

import msgspec

from jobferry.errors import ErrorCode, FilesError, NotFound, PackageRefused
from jobferry.events import Events
from jobferry.files.ports import Note, PackageStorage
from jobferry.model.document.facts import FactRules, Facts
from jobferry.model.document.problems import Problem
from jobferry.model.document.text import digest_of, without_bom
from jobferry.model.kinds import ObjectKind
from jobferry.model.messages import wording
from jobferry.model.names import CDM_NAME, JOB_NAME
from jobferry.model.package import Entry
from jobferry.model.task import Progress, TaskPhase, unnoted
from jobferry.model.transfer.contents import PackageContents, PackageEntry, PackageWarning, Sharing
from jobferry.model.transfer.finding import FindingRoom
from jobferry.package.layouts import job_folders
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import OpenPackage, PackageIndex, open_package
from jobferry.package.refusals import shown, too_many_unreadable
from jobferry.parsing.here import InProcessParser
from jobferry.parsing.ports import Parser, Read, Text
from jobferry.sentences import sentence

_events = Events("imports")

_Kept = dict[str, dict[str, Facts]]

_decoder = msgspec.msgpack.Decoder(_Kept)


class ParsedPackageCache:
    """Facts by version and digest, of one package."""

    def __init__(self, uploads: PackageStorage, package_id: str) -> None:
        self._uploads = uploads
        self._package_id = package_id
        self._known = _read(uploads, package_id)
        self._is_new = False

    def facts(self, digests: Iterable[str], facts_version: str) -> dict[str, Facts]:
        """Those of the texts that were read before."""
        known = self._known.get(facts_version)
        return {digest: known[digest] for digest in digests if digest in known} if known else {}

    def note(self, digest: str, facts_version: str, facts: Facts) -> None:
        """Remembers what was read."""
        self._known.setdefault(facts_version, {})[digest] = facts
        self._is_new = True

    def keep(self) -> None:
        """Lays it beside the package. It only saves time: where that fails, the texts are read again."""
        if self._is_new:
            with suppress(FilesError, NotFound):
                self._uploads.keep(self._package_id, Note.FACTS, msgspec.msgpack.encode(self._known))


def _read(uploads: PackageStorage, package_id: str) -> _Kept:
    """What shares nothing yet goes away one by one, so that both are not held at once."""
    with suppress(FilesError, msgspec.DecodeError):
        kept = uploads.kept(package_id, Note.FACTS)
        if kept is not None:
            sharing, known = Sharing(), _decoder.decode(kept)
            for read in known.values():
                for digest, facts in read.items():
                    read[digest] = sharing.of(facts)
            return known
    return {}


_PAGE = 500
_PAGE_BYTES = 1024 * 1024
_LONG_NAME = 256
"""Longer names of references (letters) count among the findings: each is told once, as a need."""
_MOST_FILES = 20


class KnownFacts(Protocol):
    """Facts that need not be read again."""

    def facts(self, digests: Iterable[str], facts_version: str) -> dict[str, Facts]:
        """Those there are, by digest."""
        ...


class FactsCache(KnownFacts, Protocol):
    """The same, and it wants to be told what is read."""

    def note(self, digest: str, facts_version: str, facts: Facts) -> None:
        """Takes what was read of a text."""
        ...


class UpToDateEntries(Protocol):
    """Which entries need not be read further."""

    def among(self, entries: Iterable[Entry]) -> set[str]:
        """The paths of those."""
        ...


class Sources(NamedTuple):
    """Where facts come from before a text is read: an earlier reading of this package, and the store.

    What is ``up_to_date`` in the target already is passed over; ``parser`` reads the rest, and ``progress``
    counts entries.
    """

    contents: KnownFacts | None = None
    up_to_date: UpToDateEntries | None = None
    remembered: FactsCache | None = None
    parser: Parser = InProcessParser()
    progress: Progress = unnoted


def read_contents(
    package: OpenPackage, fact_rules: FactRules, sources: Sources = Sources()
) -> PackageContents:
    """Every document of the package, read once; texts are not kept.

    Facts that ``sources`` know are used instead of being read again; those of texts that are standing in the
    target already are not read at all.

    Raises:
        PackageRefused: an entry differs from what the manifest says of it, or too much is wrong with too
            many (the limits ``unreadable`` and ``finding_bytes``).
    """
    entries: dict[tuple[ObjectKind, str], PackageEntry] = {}
    copies: dict[tuple[ObjectKind, str], list[Entry]] = {}
    warnings: list[PackageWarning] = []
    faults = _Faults(package.limits)
    for problem in package.warnings:
        faults.note_warning(PackageWarning(problem), warnings)
    for entry in _items(package, fact_rules, sources):
        if entry.unusable or entry.facts.problems:
            faults.note(entry)
        faults.note_names(entry)
        former = entries.setdefault(entry.key, entry)
        if former is not entry:
            copies.setdefault(entry.key, [former.info]).append(entry.info)
    for warning in _doubled(copies):
        faults.note_warning(warning, warnings)
    _refuse_doubled_uids(entries.values())
    return PackageContents(
        layout=package.layout,
        entries=tuple(entries.values()),
        manifest=package.manifest,
        warnings=tuple(warnings),
        files=package.files,
        package_bytes=package.size,
    )


def _doubled(copies: dict[tuple[ObjectKind, str], list[Entry]]) -> Iterator[PackageWarning]:
    """Objects whose copies in the package differ, with the files that they are in."""
    for key, entries in copies.items():
        if any(entry.sha256 != entries[0].sha256 for entry in entries):
            paths = sorted(entry.path for entry in entries)
            files = ", ".join(paths[:_MOST_FILES]) + (" …" if len(paths) > _MOST_FILES else "")
            yield PackageWarning(Problem("name-doubled", paths[0], {"files": files}), *key)


class _Faults:
    """Counts what is wrong with a package's documents, so that a bad one ends before it has filled memory."""

    def __init__(self, limits: PackageLimits) -> None:
        self._limits = limits
        self._room = FindingRoom(limits.finding_bytes)
        self._unreadable: list[str] = []
        self._first = ""
        self._long_names: set[str] = set()

    def note(self, entry: PackageEntry) -> None:
        """Raises: PackageRefused: that is one too many."""
        info = entry.info
        for problem in (*entry.unusable, *entry.facts.problems):
            self._room.take(problem.code, info.name, problem.path or info.path, args=problem.args)
        if entry.unusable:
            self._unreadable.append(info.path)
            self._first = self._first or wording(entry.unusable[0].code, entry.unusable[0].args).message
        if len(self._unreadable) > self._limits.unreadable:
            raise too_many_unreadable(self._unreadable, self._first, self._limits)

    def note_names(self, entry: PackageEntry) -> None:
        """Counts very long names that a document refers to: they are told as needs, each once.

        Raises: PackageRefused: that is one too many.
        """
        for reference in entry.facts.references:
            name = reference.name
            if len(name) > _LONG_NAME and name not in self._long_names:
                self._long_names.add(name)
                self._room.take("references by very long names", name, args={})

    def note_warning(self, warning: PackageWarning, warnings: list[PackageWarning]) -> None:
        """Adds it to the others. Raises: PackageRefused: that is one too many."""
        self._room.take(warning.problem.code, warning.name, warning.problem.path, args=warning.problem.args)
        warnings.append(warning)


def _items(package: OpenPackage, fact_rules: FactRules, sources: Sources) -> Iterator[PackageEntry]:
    folders = job_folders(package.layout, package.entries) if package.manifest is None else {}
    sharing = Sharing()
    asked: deque[_Page] = deque()

    def unread() -> Iterator[list[Text]]:
        for documents in _pages(package, folders):
            page = _page(documents, fact_rules, sources, sharing)
            asked.append(page)
            yield [Text(info.kind, text) for info, text in documents if info.path in page.unread]

    done = 0
    with closing(sources.parser.read(unread(), fact_rules)) as reads:
        for page_reads in reads:
            sources.progress(TaskPhase.READ, done, len(package.entries))
            done += len(asked[0].entries)
            shared = [_shared(read, sharing) for read in page_reads]
            for info, entry in _read_items(asked.popleft(), shared, fact_rules, sources):
                yield _named(entry, info.name) if info.path in folders and not entry.is_up_to_date else entry
    sources.progress(TaskPhase.READ, done, len(package.entries))


class _Page(NamedTuple):
    """Some entries, and of which of them the texts need not be read."""

    entries: list[Entry]
    settled: set[str]
    known: dict[tuple[ObjectKind, str], Facts]
    unread: set[str]


def _shared(read: Read, sharing: Sharing) -> Read:
    return read if read.facts is None else Read(sharing.of(read.facts))


def _read_items(
    page: _Page, reads: list[Read], fact_rules: FactRules, sources: Sources
) -> Iterator[tuple[Entry, PackageEntry]]:
    """The items of a page; what is not known yet stands in ``reads``, in order."""
    found = iter(reads)
    for entry in page.entries:
        if entry.path in page.settled:
            yield entry, PackageEntry(entry, Facts(name=entry.name), is_up_to_date=True)
        elif entry.path in page.unread:
            read = next(found)
            if read.facts is not None and sources.remembered is not None:
                sources.remembered.note(entry.sha256, fact_rules.facts_version(entry.kind), read.facts)
            yield entry, _item(entry, read)
        else:
            yield entry, _item_of(entry, page.known[entry.kind, entry.sha256])


def _page(
    documents: list[tuple[Entry, bytes]], fact_rules: FactRules, sources: Sources, sharing: Sharing
) -> _Page:
    entries = [entry for entry, _ in documents]
    settled = sources.up_to_date.among(entries) if sources.up_to_date is not None else set()
    open_ = [entry for entry in entries if entry.path not in settled]
    known = _known(open_, fact_rules, sources, sharing)
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
    entries: list[Entry], fact_rules: FactRules, sources: Sources, sharing: Sharing
) -> dict[tuple[ObjectKind, str], Facts]:
    known: dict[tuple[ObjectKind, str], Facts] = {}
    for kind in {entry.kind for entry in entries}:
        digests = [entry.sha256 for entry in entries if entry.kind is kind]
        facts_version = fact_rules.facts_version(kind)
        for source in (sources.remembered, sources.contents):
            if source is not None and digests:
                found = source.facts(digests, facts_version)
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
            sentence(
                "{path} names itself {name}; the manifest names it {name_name}",
                path=shown(entry.path),
                name=shown(facts.name),
                name_name=shown(entry.name),
            ),
            subject=shown(entry.path),
            hint="export the package again",
        )
    return PackageEntry(_renamed(entry, facts.name or entry.name), facts)


def _named(entry: PackageEntry, folder: str) -> PackageEntry:
    """In a package of folders the folder tells which job this is, whatever the document calls itself."""
    if folder == entry.info.name:
        return entry
    facts = entry.facts
    if not JOB_NAME.match(folder):
        problem = Problem("name-illegal", "name", {"name": shown(folder)})
        facts = msgspec.structs.replace(facts, problems=(*facts.problems, problem))
    return msgspec.structs.replace(entry, info=_renamed(entry.info, folder), facts=facts)


def _renamed(entry: Entry, name: str) -> Entry:
    return entry if entry.name == name else msgspec.structs.replace(entry, name=name)


def _cdm_facts(entry: Entry, facts: Facts) -> Facts:
    """A CDM definition is named by its path, so its document's facts cannot judge the name."""
    if CDM_NAME.match(entry.name):
        return facts
    problem = Problem("name-illegal", args={"name": shown(entry.name)})
    return msgspec.structs.replace(facts, problems=(problem,))


def _refuse_doubled_uids(entries: Iterable[PackageEntry]) -> None:
    seen: dict[tuple[ObjectKind, str], str] = {}
    for entry in entries:
        info = entry.info
        if not info.uid:
            continue
        former = seen.setdefault((info.kind, info.uid), info.name)
        if former != info.name:
            raise PackageRefused(
                ErrorCode.PACKAGE_ALTERED,
                sentence(
                    "the manifest gives {former} and {name} the same uid",
                    former=shown(former),
                    name=shown(info.name),
                ),
                subject=shown(info.path),
                hint="export the package again",
            )


@contextmanager
def opened_package(
    uploads: PackageStorage, package_id: str, limits: PackageLimits, index: PackageIndex | None = None
) -> Iterator[OpenPackage]:
    """A package among the uploads, judged as far as that goes without reading its documents.

    The ``index`` of an earlier opening within the same limits saves judging it again: packages never change.

    Raises:
        NotFound: it is not there any more.
        PackageRefused: it cannot be used.
    """
    with uploads.open(package_id) as file, open_package(file, limits, index) as opened:
        yield opened
