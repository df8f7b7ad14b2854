"""What is fuzzed. A target takes bytes and returns; whatever it raises is a finding.

Refusals (``PackageRefused``, ``UnusableText``) are caught inside: they are the only right way to say no.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from jobferry.errors import PackageRefused
from jobferry.model.document.edits import Drop, Put, edited, raw_at
from jobferry.model.document.facts import Facts, Reading, facts_of
from jobferry.model.document.references import job_references, script_references
from jobferry.model.document.sensitive import emptied, kept
from jobferry.model.document.text import MAX_DEPTH, MAX_VALUES, UnusableText, parse, without_bom
from jobferry.model.kinds import ObjectKind
from jobferry.package import manifest as manifests
from jobferry.package.layouts import MANIFEST_PATH
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import open_package
from jobferry.package.writer import zip_chunks
from jobferry.services.importing.opening import read_cargo

MIB = 1024 * 1024
LIMITS = PackageLimits(
    package_bytes=4 * MIB, unpacked_bytes=16 * MIB, entries=1_000, entry_bytes=4 * MIB, ratio=2_000
)
READING = Reading()
KINDS = tuple(ObjectKind)
FIELD, RECORD = b"\x1f", b"\x1e"
"""They divide the input of :func:`contents` into entries, and an entry into path and text."""


def package(data: bytes) -> None:
    """Any bytes as a package: opened, every document read and judged."""
    try:
        with open_package(io.BytesIO(data), LIMITS) as opened:
            cargo = read_cargo(opened, READING)
            for item in cargo.items:
                assert hashlib.sha256(without_bom(opened.text(item.entry))).hexdigest() == item.entry.sha256
            assert len(cargo.digest) == 64
    except PackageRefused as refused:
        _is_told_well(refused)


def contents(data: bytes) -> None:
    """A proper zip of any paths and texts; a manifest among them is given the true sizes and digests."""
    entries: dict[str, bytes] = {}
    for record in data.split(RECORD)[:50]:
        path, _, text = record.partition(FIELD)
        entries.setdefault(path.decode(errors="replace")[:300], text)
    if MANIFEST_PATH in entries:
        entries[MANIFEST_PATH] = _told_truly(entries[MANIFEST_PATH], entries)
    package(b"".join(zip_chunks(sorted(entries.items()), level=0)))


def manifest(data: bytes) -> None:
    """A text as a manifest; one that is read comes back the same from its own spelling."""
    try:
        found = manifests.decode(data)
    except PackageRefused as refused:
        _is_told_well(refused)
    else:
        assert manifests.decode(manifests.encode(found)) == found


def document(data: bytes) -> None:
    """A text as a document: parsed as the standard library would, read, edited and read again."""
    text = without_bom(data)
    try:
        value = parse(text)
    except UnusableText as unusable:
        assert all(one.code for one in unusable.problems)
        assert not _is_flawless(text), f"refused without need: {unusable.problems}"
        return
    assert json.loads(text, object_pairs_hook=_no_key_twice, parse_float=str) == value
    assert edited(text, []) is text
    _edits_touch_nothing_else(text, value)
    for kind in KINDS:
        _facts_fit(kind, text, value)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "package": package,
    "contents": contents,
    "manifest": manifest,
    "document": document,
}


def _is_told_well(refused: PackageRefused) -> None:
    assert refused.hint
    assert refused.message.isprintable()
    assert len(refused.message) < 2_000


def _told_truly(text: bytes, entries: dict[str, bytes]) -> bytes:
    try:
        told = json.loads(text)
        for entry in told["contents"]:
            there = entries[entry["path"]]
            entry |= {"size": len(there), "sha256": hashlib.sha256(there).hexdigest()}
        return json.dumps(told).encode()
    except (ValueError, LookupError, TypeError, RecursionError):
        return text


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    assert len(found) == len(pairs), "a doubled key was accepted"
    return found


def _edits_touch_nothing_else(text: bytes, value: dict[str, Any]) -> None:
    key = next(iter(value), "new")
    raws = {name: _raw(text, name) for name in list(value)[:20]}
    for edit in (Put((key,), "x"), Put(("brand new", "deep"), [1]), Drop((key,))):
        if edit.path[0] == "brand new" and type(value.get("brand new", {})) is not dict:
            continue
        after = edited(text, [edit])
        parse(after)
        for name, raw in raws.items():
            assert name == edit.path[0] or _raw(after, name) == raw
    same = edited(text, [Put((key,), raw_at(text, (key,)))]) if value else text
    assert parse(same) == value


def _raw(text: bytes, name: str) -> bytes:
    found = raw_at(text, (name,))
    assert found is not None
    return bytes(found)


def _facts_fit(kind: ObjectKind, text: bytes, value: dict[str, Any]) -> None:
    facts = facts_of(kind, value, READING, text=text)
    assert msgspec.json.decode(msgspec.json.encode(facts), type=Facts) == facts
    if kind not in (ObjectKind.JOB, ObjectKind.SCRIPT):
        return
    references = job_references(value) if kind is ObjectKind.JOB else script_references(value)
    places = [one.path for one in references] + [path for _, path in facts.zones + facts.parameters]
    parse(edited(text, [Put(path, "x") for path in dict.fromkeys(places)]))
    bare = edited(text, emptied(value, facts.sensitive))
    emptied_value = parse(bare)
    assert not facts_of(kind, emptied_value, READING, text=bare).exposed
    parse(edited(bare, kept(emptied_value, facts.sensitive, text, value)))


def _is_flawless(text: bytes) -> bool:
    """Whether the standard library reads it as an object, and nothing of what Jobferry refuses is in it."""
    try:
        value = json.loads(
            text.decode(),
            object_pairs_hook=_no_key_twice,
            parse_constant=_refuse,
            parse_int=_short,
            parse_float=str,
        )
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, AssertionError, RecursionError):
        return False
    sprawls = sum(map(text.count, (b",", b"[", b"{"))) > MAX_VALUES
    return type(value) is dict and max(_depths(value)) <= MAX_DEPTH and not sprawls


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _short(digits: str) -> int:
    return int(digits) if len(digits) <= 4_300 else _too_long(digits)


def _too_long(digits: str) -> int:
    raise ValueError(f"{len(digits)} digits")


def _depths(value: Any, depth: int = 1) -> Iterator[int]:
    """How deep each container is; without recursion, because it may be too deep for that."""
    todo = [(value, depth)]
    while todo:
        one, at = todo.pop()
        if isinstance(one, dict | list):
            yield at
            inner = one.values() if isinstance(one, dict) else one
            todo += [(item, at + 1) for item in inner]
