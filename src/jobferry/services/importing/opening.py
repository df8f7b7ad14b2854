"""Reads an opened package once: every document's digest and facts, and what is odd about the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from jobferry.errors import ErrorCode, PackageRefused
from jobferry.model.document.facts import Facts, Reading, facts_of
from jobferry.model.document.problem import Problem
from jobferry.model.document.text import UnusableText, digest_of, parse, without_bom
from jobferry.model.kinds import ObjectKind
from jobferry.model.names import CDM_NAME, JOB_NAME
from jobferry.model.package import Entry
from jobferry.model.transfer.cargo import Cargo, CargoItem, Oddity
from jobferry.package.layouts import job_folders
from jobferry.package.reader import OpenPackage
from jobferry.package.refusals import shown
from jobferry.services.importing.standing import Standing
from jobferry.store.ports import Contents

_PAGE = 500
_PAGE_BYTES = 8 * 1024 * 1024


def read_cargo(
    package: OpenPackage, reading: Reading, contents: Contents | None = None, standing: Standing | None = None
) -> Cargo:
    """Every document of the package, read once; texts are not kept.

    Facts of texts that the platform knows are taken from ``contents`` instead of being read again; those of
    texts that are ``standing`` in the target already are not read at all.

    Raises:
        PackageRefused: an entry differs from what the manifest says of it.
    """
    items: dict[tuple[ObjectKind, str], CargoItem] = {}
    oddities = [Oddity(problem) for problem in package.oddities]
    for item in _items(package, reading, contents, standing):
        former = items.setdefault(item.key, item)
        if former.entry.sha256 != item.entry.sha256:
            oddities.append(Oddity(Problem("name-doubled"), *item.key))
    _refuse_doubled_uids(items.values())
    return Cargo(
        layout=package.layout,
        items=tuple(items.values()),
        manifest=package.manifest,
        oddities=tuple(oddities),
    )


def _items(
    package: OpenPackage, reading: Reading, contents: Contents | None, standing: Standing | None
) -> Iterator[CargoItem]:
    folders = job_folders(package.layout, package.entries) if package.manifest is None else {}
    for page in _pages(package, folders):
        entries = [entry for entry, _ in page]
        settled = standing.among(entries) if standing is not None else set()
        known = _known([entry for entry in entries if entry.path not in settled], reading, contents)
        for entry, text in page:
            if entry.path in settled:
                yield CargoItem(entry, Facts(name=entry.name), stands=True)
            else:
                item = _item(entry, text, reading, known.get((entry.kind, entry.sha256)))
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
    entries: list[Entry], reading: Reading, contents: Contents | None
) -> dict[tuple[ObjectKind, str], Facts]:
    if contents is None:
        return {}
    known: dict[tuple[ObjectKind, str], Facts] = {}
    for kind in {entry.kind for entry in entries}:
        digests = [entry.sha256 for entry in entries if entry.kind is kind]
        found = contents.facts(digests, reading.edition(kind))
        known |= {(kind, digest): facts for digest, facts in found.items()}
    return known


def _without_bom(entry: Entry, text: bytes) -> tuple[Entry, bytes]:
    bare = without_bom(text)
    if bare is text:
        return entry, text
    return msgspec.structs.replace(entry, sha256=digest_of(bare), size=len(bare)), bare


def _item(entry: Entry, text: bytes, reading: Reading, known: Facts | None) -> CargoItem:
    """A text is named by its own document; the path's name is only for documents that cannot be read."""
    if known is None:
        try:
            known = facts_of(entry.kind, parse(text), reading, text=text)
        except UnusableText as unusable:
            problems = (_foreign(text),) if _looks_foreign(text) else unusable.problems
            return CargoItem(entry, Facts(name=entry.name), problems)
    if entry.kind is ObjectKind.CDM:
        return CargoItem(entry, _cdm_facts(entry, known))
    if entry.uid and known.name != entry.name:
        raise PackageRefused(
            ErrorCode.PACKAGE_ALTERED,
            f"{shown(entry.path)} names itself {shown(known.name)}; "
            f"the manifest names it {shown(entry.name)}",
            subject=shown(entry.path),
            hint="export the package again",
        )
    return CargoItem(msgspec.structs.replace(entry, name=known.name or entry.name), known)


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
    return msgspec.structs.replace(entry, name=name)


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
