"""The manifest as bytes: JSON with one line per object, the same for the same content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

import msgspec

from jobferry.errors import ErrorCode, PackageRefused
from jobferry.model.connections import SURROUNDINGS_FORMAT, SurroundingManifest
from jobferry.model.document.text import doubled_key, sprawls, without_bom
from jobferry.model.package import MANIFEST_FORMAT, Manifest
from jobferry.package import refusals
from jobferry.package.layouts import MANIFEST_PATH
from jobferry.sentences import sentence

_LONGEST_WORD = 200
_REASON = 300
_UNFIT = re.compile(r"[\x00-\x1f\x7f]")
_LINES = 500
_MAX_VALUES = 5_000_000
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


class _Format(msgspec.Struct):
    """The only field that every format has."""

    format: int


_Read = TypeVar("_Read", Manifest, SurroundingManifest)

_format = msgspec.json.Decoder(_Format)
_manifest = msgspec.json.Decoder(Manifest)
_surroundings = msgspec.json.Decoder(SurroundingManifest)
_encoder = msgspec.json.Encoder()


def encode(manifest: Manifest | SurroundingManifest) -> bytes:
    """The manifest's text, indented, with a line break at the end."""
    return b"".join(text_pieces(manifest))


def text_pieces(manifest: Manifest | SurroundingManifest, **listed: Iterable[object]) -> Iterator[bytes]:
    """The same in pieces. A field of it that is long can be ``listed`` apart, to be read as it is written."""
    before = b"{"
    for name in manifest.__struct_fields__:
        value = listed.get(name, getattr(manifest, name))
        if name == "files" and not value:
            continue  # format 1 has none
        yield before + b'\n  "%s": ' % name.encode()
        yield from _list(value) if name in listed or isinstance(value, tuple) else (_encoder.encode(value),)
        before = b","
    yield b"\n}\n"


def decode(text: bytes) -> Manifest:
    """The manifest of a text.

    Raises:
        PackageRefused: ``package-format-newer`` for a format that this program does not know, whatever else
            the text holds; ``package-unreadable`` for a broken text.
    """
    manifest = _decoded(text, _manifest, MANIFEST_FORMAT)
    if fault := _fault(manifest):
        raise _broken(fault)
    return manifest


def decode_surroundings(text: bytes) -> SurroundingManifest:
    """The manifest of a package of connections or variables.

    Raises:
        PackageRefused: as from :func:`decode`.
    """
    return _decoded(text, _surroundings, SURROUNDINGS_FORMAT)


def _decoded(text: bytes, decoder: msgspec.json.Decoder[_Read], newest: int) -> _Read:
    text = without_bom(text)
    if sprawls(text, _MAX_VALUES):
        raise _broken(sentence("it holds more than {max_values:,} values", max_values=_MAX_VALUES))
    try:
        found = _format.decode(text).format
        if found > newest:
            raise _newer(found, newest)
        manifest = decoder.decode(text)
        doubled = None if encode(manifest) == text else doubled_key(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _broken(str(error)) from None
    if doubled is not None:
        raise _broken(sentence("it has the key {doubled} twice in one object", doubled=repr(doubled)))
    return manifest


def _list(values: Iterable[object]) -> Iterator[bytes]:
    """Each value on a line of its own, some hundred lines a piece."""
    waiting, before = iter(values), b"[\n    "
    while lines := [_encoder.encode(value) for value in islice(waiting, _LINES)]:
        yield before + b",\n    ".join(lines)
        before = b",\n    "
    yield b"[]" if before[:1] == b"[" else b"\n  ]"


def _fault(manifest: Manifest) -> str:
    if manifest.format < 1:
        return sentence("format number {format} never existed", format=manifest.format)
    for entry in manifest.contents:
        if not _DIGEST.match(entry.sha256):
            return sentence("{path} has no SHA-256 digest", path=refusals.shown(entry.path))
    for file in manifest.files:
        if not _DIGEST.match(file.sha256):
            return "a resource file has no SHA-256 digest"
    uids = (one.uid for many in (manifest.contents, manifest.deletions) for one in many)
    source = manifest.provenance
    for word in (*uids, source.platform_id, source.platform_name, source.workspace):
        if _UNFIT.search(word) or len(word) > _LONGEST_WORD:
            return sentence(
                "the uid, platform or workspace {word} is not valid", word=repr(refusals.shown(word))
            )
    return ""


def _newer(found: int, newest: int) -> PackageRefused:
    return PackageRefused(
        ErrorCode.PACKAGE_FORMAT_NEWER,
        sentence(
            "{manifest_path}: the package has format {found}; formats up to {newest} are read here",
            manifest_path=MANIFEST_PATH,
            found=refusals.shown(str(found)),
            newest=newest,
        ),
        subject=MANIFEST_PATH,
        hint="update this Jobferry, or export the package with an older one",
    )


def _broken(reason: str) -> PackageRefused:
    return refusals.unreadable(
        sentence("is not a manifest: {reason}", reason=refusals.shown(reason, _REASON)), MANIFEST_PATH
    )
