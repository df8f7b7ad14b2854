"""The central directory of a zip: every entry, judged before anything of it is unpacked."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from jobferry.package import records, refusals
from jobferry.package.archive import ByteSource, DirectorySpan
from jobferry.package.entrynames import NAME_BYTES, decoded, refuse_bad_name
from jobferry.package.layouts import MANIFEST_PATH, file_digest
from jobferry.package.limits import PackageLimits
from jobferry.package.records import extra_field, whole_numbers
from jobferry.sentences import sentence

_MANIFEST_BYTES_PER_ENTRY = 1024
_NAME_CHARACTERS_PER_ENTRY = 256
_TYPE_BITS = 0o170000
_ALLOWED_TYPES = (0, 0o100000, 0o040000)
_TYPES = {
    0o120000: sentence("a link"),
    0o020000: sentence("a device"),
    0o060000: sentence("a device"),
    0o010000: sentence("a pipe"),
    0o140000: sentence("a socket"),
}
_METHODS = {
    1: "Shrink",
    6: "Implode",
    9: "Deflate64",
    12: "BZIP2",
    14: "LZMA",
    93: "Zstandard",
    95: "XZ",
    98: "PPMd",
    99: "AES",
}


class Member(msgspec.Struct, gc=False, kw_only=True):
    """One entry of the zip. ``offset`` is its local header's until ``local`` has moved it to its data.

    ``raw`` is the name's bytes where they are not the path in UTF-8; ``packed`` and ``size`` are bytes;
    ``flags`` are those that its own header must have too; ``encoding`` is the legacy encoding of its name, if
    it had one, ``sha256`` what a manifest says of it.
    """

    path: str
    offset: int
    packed: int
    size: int
    crc: int
    deflated: bool
    flags: int = 0
    raw: bytes = b""
    encoding: str = ""
    sha256: str = ""


def read_members(source: ByteSource, span: DirectorySpan, limits: PackageLimits) -> dict[str, Member]:
    """All entries by their paths, folders too.

    Raises:
        PackageRefused: an entry is over a limit, encrypted, no plain file, named badly or twice.
    """
    if span.count > limits.entries:
        raise refusals.too_large(sentence("has {count:entry/entries}", count=span.count), limits, "entries")
    members: dict[str, Member] = {}
    unpacked = names = 0
    for member in _members(source, span):
        if member.path in members:
            raise refusals.unsafe("is in the package twice", member.path)
        _refuse_big(member, span.count, limits)
        names += len(member.path)
        if names > limits.entries * _NAME_CHARACTERS_PER_ENTRY:
            told = sentence(
                "has names of {names:,} characters and more, which is over 256 for each allowed entry",
                names=names,
            )
            raise refusals.too_large(told, limits, "entries")
        unpacked += member.size
        if unpacked > limits.unpacked_bytes:
            raise refusals.too_large(
                sentence(
                    "unpacks to more than {unpacked_bytes:,} bytes", unpacked_bytes=limits.unpacked_bytes
                ),
                limits,
                "unpacked_bytes",
            )
        members[member.path] = member
    return members


def _members(source: ByteSource, span: DirectorySpan) -> Iterator[Member]:
    at, end = span.offset, span.offset + span.size
    for _ in range(span.count):
        if at + records.CENTRAL.size > end:
            raise _broken()
        fields = records.CENTRAL.unpack(source.at(at, records.CENTRAL.size))
        name_length, extra_length, comment_length = fields[10:13]
        at += records.CENTRAL.size
        if fields[0] != records.CENTRAL_MARK or at + name_length + extra_length + comment_length > end:
            raise _broken()
        if name_length > NAME_BYTES:
            raise refusals.unsafe(
                sentence("has an entry with a name of {name_length:,} bytes", name_length=name_length)
            )
        rest = source.at(at, name_length + extra_length)
        yield _member(fields, rest[:name_length], rest[name_length:])
        at += name_length + extra_length + comment_length
    if at != end:
        raise refusals.unsafe("holds more entries than its end says")


def _member(fields: tuple[int, ...], raw: bytes, extra: bytes) -> Member:
    _, _, _, flags, method, _, _, crc, packed, size, _, _, _, disk, _, attributes, offset = fields
    path, encoding = decoded(raw, flags, extra)
    refuse_bad_name(path)
    if records.MAX32 in (packed, size, offset) or disk == records.MAX16:
        size, packed, offset, disk = _wide(extra, (size, packed, offset, disk), path)
    if disk:
        raise refusals.unreadable("lies in another part of a zip that is split over several files", path)
    _refuse_foreign(path, flags, method, attributes)
    if method == records.STORED and packed != size:
        raise refusals.unsafe(
            sentence("is stored in {packed:,} bytes and said to be {size:,}", packed=packed, size=size), path
        )
    return Member(
        path=path,
        offset=offset,
        packed=packed,
        size=size,
        crc=crc,
        deflated=method == records.DEFLATED,
        flags=flags & records.READING_FLAGS,
        raw=b"" if raw == path.encode() else raw,
        encoding=encoding,
    )


def _wide(extra: bytes, short: tuple[int, int, int, int], path: str) -> tuple[int, int, int, int]:
    """Size, packed size, offset and disk, with those that do not fit 32 or 16 bits from the zip64 field."""
    size, packed, offset, disk = short
    field = extra_field(extra, records.ZIP64_EXTRA) or b""
    missing = [number for number in (size, packed, offset) if number == records.MAX32]
    numbers = whole_numbers(field, len(missing))
    if numbers is None:
        raise refusals.unsafe("says that its sizes are 64-bit (zip64), but they are not there", path)
    wide = iter(numbers)
    size, packed, offset = (next(wide) if one == records.MAX32 else one for one in (size, packed, offset))
    if disk == records.MAX16:
        at = 8 * len(missing)
        disk = int.from_bytes(field[at : at + 4], "little")
    return size, packed, offset, disk


def _refuse_foreign(path: str, flags: int, method: int, attributes: int) -> None:
    if flags & records.ENCRYPTED_FLAGS:
        raise refusals.unreadable("is encrypted", path, "pack it again without a password")
    file_type = (attributes >> 16) & _TYPE_BITS
    if file_type not in _ALLOWED_TYPES:
        raise refusals.unsafe(
            sentence(
                "is {file_type}, not a file", file_type=_TYPES.get(file_type, sentence("a special file"))
            ),
            path,
        )
    if method not in (records.STORED, records.DEFLATED):
        name = _METHODS.get(method, sentence("unknown"))
        reason = sentence(
            "is compressed by method {method} ({name}); only Deflate and stored are read",
            method=method,
            name=name,
        )
        raise refusals.unreadable(reason, path, "pack it again with an ordinary zip program")


def _refuse_big(member: Member, count: int, limits: PackageLimits) -> None:
    limit = "file_bytes" if file_digest(member.path) else "entry_bytes"
    allowed: int = getattr(limits, limit)
    if member.path == MANIFEST_PATH:
        allowed = max(allowed, count * _MANIFEST_BYTES_PER_ENTRY)
    if member.size > allowed:
        raise refusals.too_large(
            sentence("unpacks to {size:,} bytes", size=member.size), limits, limit, member.path
        )
    if member.packed > allowed:
        raise refusals.too_large(
            sentence("is packed in {packed:,} bytes", packed=member.packed), limits, limit, member.path
        )
    if member.size > limits.ratio_from_bytes and member.size > limits.ratio * member.packed:
        reason = sentence("unpacks {packed:,} bytes to {size:,}", packed=member.packed, size=member.size)
        raise refusals.too_large(reason, limits, "ratio", member.path)


def _broken() -> Exception:
    return refusals.unreadable("has a broken directory")
