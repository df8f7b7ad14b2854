"""Opens packages of connections or variables that anyone may have made; judged like packages of jobs."""

from __future__ import annotations

import hashlib
from typing import BinaryIO, NamedTuple

import msgspec

from jobferry.model.connections import (
    SurroundingEntry,
    SurroundingKind,
    surroundings_digest,
)
from jobferry.package import refusals
from jobferry.package.archive import ByteSource, find_directory
from jobferry.package.directory import Member, read_members
from jobferry.package.layouts import MANIFEST_PATH, classify
from jobferry.package.limits import PackageLimits
from jobferry.package.local import settle, unpacked
from jobferry.package.manifest import decode_surroundings
from jobferry.package.surroundings.layout import surrounding_at
from jobferry.sentences import Sentence, sentence

_MOST = 10_000
_ENTRY_BYTES = 1024 * 1024
_ALL_BYTES = 64 * 1024 * 1024
"""Of all of them together: they are held in memory, each is small, and there are a few hundred."""


class SurroundingsPackage(NamedTuple):
    """What lies in a package, as (name, text) in order of the paths."""

    things: tuple[tuple[str, bytes], ...]
    digest: str


def read_surroundings(file: BinaryIO, limits: PackageLimits, kind: SurroundingKind) -> SurroundingsPackage:
    """Everything of one kind in a package.

    Raises:
        PackageRefused: as for packages of jobs; ``package-empty`` too for one that holds nothing of the kind.
    """
    source = ByteSource(file)
    if source.size > limits.package_bytes:
        raise refusals.too_large(sentence("has {size:byte}", size=source.size), limits, "package_bytes")
    span = find_directory(source)
    bounded = msgspec.structs.replace(
        limits,
        entries=min(limits.entries, _MOST),
        entry_bytes=min(limits.entry_bytes, _ENTRY_BYTES),
        unpacked_bytes=min(limits.unpacked_bytes, _ALL_BYTES),
    )
    members = read_members(source, span, bounded)
    settle(source, members.values(), span.offset)
    texts = {member.path: unpacked(member, _packed(source, member)) for member in members.values()}
    things = _things(texts, kind)
    digest = surroundings_digest((kind, name, hashlib.sha256(text).hexdigest()) for name, text in things)
    return SurroundingsPackage(things, digest)


def _packed(source: ByteSource, member: Member) -> bytes:
    return source.at(member.offset, member.packed, member.path)


def _things(texts: dict[str, bytes], kind: SurroundingKind) -> tuple[tuple[str, bytes], ...]:
    found = {path: at for path in sorted(texts) if (at := surrounding_at(path)) is not None}
    wanted = {path: name for path, (is_kind, name) in found.items() if is_kind is kind}
    if not wanted:
        raise refusals.empty(sentence("holds no {kind}; it holds {held}", kind=kind, held=_held(texts)))
    if MANIFEST_PATH in texts:
        manifest = decode_surroundings(texts[MANIFEST_PATH])
        listed = {entry.path: entry for entry in manifest.contents}
        for path in sorted(found.keys() | listed.keys()):
            _refuse_unlisted(path, texts, listed)
    return tuple((name, texts[path]) for path, name in wanted.items())


def _refuse_unlisted(path: str, texts: dict[str, bytes], listed: dict[str, SurroundingEntry]) -> None:
    if path not in texts:
        raise refusals.altered("is in the manifest and not in the package", path)
    if path not in listed:
        raise refusals.altered("is in the package and not in its manifest", path)
    if hashlib.sha256(texts[path]).hexdigest() != listed[path].sha256:
        raise refusals.altered("has other contents than when it was exported", path)


def _held(texts: dict[str, bytes]) -> Sentence:
    """What a package holds instead, in words that lead to the command that takes it."""
    kinds = sorted({at[0] for path in texts if (at := surrounding_at(path)) is not None})
    held = [sentence("objects of the kind {kind}", kind=kind) for kind in kinds]
    if any(classify(path) for path in texts):
        held.append(sentence("jobs, scripts or resources (`jobferry import` takes those)"))
    return sentence("{held}", held=held) if held else sentence("nothing that is known")
