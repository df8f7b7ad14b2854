"""Local headers: each must say what the directory says, and no two entries may share bytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from jobferry.package import deflate, records, refusals
from jobferry.package.archive import ByteSource
from jobferry.package.directory import Member
from jobferry.package.records import extra_field, whole_numbers

_PIECE_BYTES = 256 * 1024


def settle(source: ByteSource, members: Iterable[Member], until: int) -> None:
    """Moves every member's offset to its data. ``until`` is where the directory begins.

    Raises:
        PackageRefused: something lies before the first entry, entries overlap, or a local header differs.
    """
    end = 0
    for member in sorted(members, key=_offset):
        if not end and member.offset:
            raise refusals.unsafe(f"has {member.offset:,} bytes before its first entry")
        if member.offset < end:
            raise refusals.unsafe("shares bytes with the entry before it", member.path)
        if member.offset + records.LOCAL.size + member.packed > until:
            raise refusals.unreadable("lies outside the package: offset or size is wrong", member.path)
        member.offset = _data_offset(source, member)
        end = member.offset + member.packed
        if end > until:
            raise refusals.unsafe("reaches into the directory", member.path)


def unpacked(member: Member, packed: bytes) -> bytes:
    """A member's data from its packed bytes.

    Raises:
        PackageRefused: the data is broken, longer or shorter than said, or its CRC is another one.
    """
    data, whole = packed, True
    if member.deflated:
        try:
            data, whole = deflate.unpack(packed, member.size)
        except deflate.BrokenData as error:
            raise refusals.unreadable(f"holds broken data: {error}", member.path) from None
    if len(data) > member.size:
        reason = f"unpacks to more than the {member.size:,} bytes that the directory says"
        raise refusals.unsafe(reason, member.path)
    if len(data) < member.size or not whole:
        raise refusals.unreadable("holds broken data: it does not end where the directory says", member.path)
    if deflate.checksum(data) != member.crc:
        raise refusals.unreadable("holds broken data: its checksum (CRC) is wrong", member.path)
    return data


def pieces_of(member: Member, source: ByteSource) -> Iterator[bytes]:
    """The same in pieces, however large it is.

    Raises, after the last piece at the latest:
        PackageRefused: as from :func:`unpacked`.
    """
    size = crc = 0
    for piece in _inflated(member, source):
        size += len(piece)
        if size > member.size:
            reason = f"unpacks to more than the {member.size:,} bytes that the directory says"
            raise refusals.unsafe(reason, member.path)
        crc = zlib.crc32(piece, crc)
        yield piece
    if size != member.size or crc != member.crc:
        raise refusals.unreadable("holds broken data: it is not what the directory says", member.path)


def _inflated(member: Member, source: ByteSource) -> Iterator[bytes]:
    packed = (
        source.at(member.offset + at, min(_PIECE_BYTES, member.packed - at), member.path)
        for at in range(0, member.packed, _PIECE_BYTES)
    )
    if not member.deflated:
        yield from packed
        return
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in packed:
            yield stream.decompress(piece, _PIECE_BYTES)
            while tail := stream.unconsumed_tail:
                yield stream.decompress(tail, _PIECE_BYTES)
        while rest := stream.decompress(b"", _PIECE_BYTES):
            yield rest
    except zlib.error as error:
        raise refusals.unreadable(f"holds broken data: {error}", member.path) from None
    if not stream.eof or stream.unused_data:
        reason = "holds broken data: it does not end where the directory says"
        raise refusals.unreadable(reason, member.path)


def _offset(member: Member) -> int:
    return member.offset


def _data_offset(source: ByteSource, member: Member) -> int:
    header = source.at(member.offset, records.LOCAL.size, member.path)
    fields = records.LOCAL.unpack(header)
    mark, _, flags, method, _, _, crc, packed, size, name_length, extra_length = fields
    if mark != records.LOCAL_MARK:
        raise refusals.unreadable("does not begin where the directory says", member.path)
    rest = source.at(member.offset + records.LOCAL.size, name_length + extra_length, member.path)
    if rest[:name_length] != (member.raw or member.path.encode()):
        raise _differs("name", member)
    if flags & records.ENCRYPTED_FLAGS:
        raise _differs("encryption", member)
    if (method == records.DEFLATED) != member.deflated or method not in (records.STORED, records.DEFLATED):
        raise _differs("compression method", member)
    told = (size, packed, crc)
    if told != (member.size, member.packed, member.crc):
        _refuse_other_sizes(member, flags, told, rest[name_length:])
    data: int = member.offset + records.LOCAL.size + name_length + extra_length
    return data


def _refuse_other_sizes(member: Member, flags: int, told: tuple[int, int, int], extra: bytes) -> None:
    """Sizes may be left to a data descriptor (zeros then) or to the zip64 field; else they must agree."""
    size, packed, crc = told
    if records.MAX32 in (size, packed):
        wide = whole_numbers(extra_field(extra, records.ZIP64_EXTRA) or b"", 2)
        if wide is not None:
            size = wide[0] if size == records.MAX32 else size
            packed = wide[-1] if packed == records.MAX32 else packed
    later = bool(flags & records.DESCRIPTOR_FLAG)
    pairs = (("size", size, member.size), ("size", packed, member.packed), ("checksum", crc, member.crc))
    for what, here, there in pairs:
        if here != there and not (later and here in (0, records.MAX32)):
            raise _differs(what, member)


def _differs(what: str, member: Member) -> Exception:
    return refusals.unsafe(f"has another {what} in its own header than in the directory", member.path)
