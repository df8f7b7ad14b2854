"""Local headers and data descriptors: they say what the directory says, and leave no byte over."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from struct import Struct

from jobferry.package import deflate, records, refusals
from jobferry.package.archive import ByteSource, bytes_ahead
from jobferry.package.directory import Member
from jobferry.package.entrynames import unicode_field
from jobferry.package.records import extra_field, whole_numbers
from jobferry.sentences import as_sentence, sentence

_PIECE_BYTES = 256 * 1024
_DESCRIPTOR_BYTES = len(records.DESCRIPTOR_MARK) + records.DESCRIPTOR64.size


def settle(source: ByteSource, members: Iterable[Member], until: int) -> None:
    """Moves every member's offset to its data. ``until`` is where the directory begins.

    Entries may lie in any order. Together they must fill the file from its first byte to the directory: each
    is a local header, the data, and a data descriptor if flag bit 3 says so.

    Raises:
        PackageRefused: bytes belong to no entry, entries overlap, a local header or a data descriptor differs
            from the directory, an entry seems to end twice, or a folder has data.
    """
    end = 0
    ordered = sorted(members, key=_offset)
    starts = [*(member.offset for member in ordered[1:]), until]
    for member, following in zip(ordered, starts, strict=False):
        if not end and member.offset:
            raise bytes_ahead(source, member.offset)
        if member.offset < end:
            raise refusals.unsafe("shares bytes with the entry before it", member.path)
        if member.offset + records.LOCAL.size + member.packed > until:
            raise refusals.unreadable("lies outside the package: offset or size is wrong", member.path)
        forms = _enter(source, member)
        end = member.offset + member.packed
        if end > until:
            raise refusals.unsafe("reaches into the directory", member.path)
        if end != following:
            _refuse_gap(source, member, following - end, forms)
        elif member.flags & records.DESCRIPTOR_FLAG:
            raise refusals.unsafe(
                sentence("lacks its data descriptor, at offset {end:,}", end=end), member.path
            )
        if member.flags & records.DESCRIPTOR_FLAG and not member.deflated:
            _refuse_other_end(source, member)
        if member.path.endswith("/"):
            _refuse_data(source, member)
    if not ordered and until:
        raise bytes_ahead(source, until)


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
            raise refusals.unreadable(
                sentence("holds broken data: {error}", error=error), member.path
            ) from None
    if len(data) > member.size:
        reason = sentence("unpacks to more than the {size:,} bytes that the directory says", size=member.size)
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
            reason = sentence(
                "unpacks to more than the {size:,} bytes that the directory says", size=member.size
            )
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
        raise refusals.unreadable(sentence("holds broken data: {error}", error=error), member.path) from None
    if not stream.eof or stream.unused_data:
        reason = sentence("holds broken data: it does not end where the directory says")
        raise refusals.unreadable(reason, member.path)


def _offset(member: Member) -> int:
    return member.offset


def _enter(source: ByteSource, member: Member) -> tuple[Struct, ...]:
    """Moves a member's offset past its local header, which must agree with the directory.

    Gives the forms that the entry's data descriptor may have.
    """
    header = source.at(member.offset, records.LOCAL.size, member.path)
    fields = records.LOCAL.unpack(header)
    mark, version, flags, method, _, _, crc, packed, size, name_length, extra_length = fields
    if mark != records.LOCAL_MARK:
        raise refusals.unreadable("does not begin where the directory says", member.path)
    rest = source.at(member.offset + records.LOCAL.size, name_length + extra_length, member.path)
    name, extra = rest[:name_length], rest[name_length:]
    if name != (member.raw or member.path.encode()):
        raise _differs("name", member)
    if extra and unicode_field(name, extra) not in (b"", member.path.encode()):
        raise _differs("name (in its Unicode field)", member)
    if flags & records.ENCRYPTED_FLAGS:
        raise _differs("encryption", member)
    if flags & records.READING_FLAGS != member.flags:
        _refuse_other_flags(member, flags)
    if (method == records.DEFLATED) != member.deflated or method not in (records.STORED, records.DEFLATED):
        raise _differs("compression method", member)
    told = (size, packed, crc)
    if told != (member.size, member.packed, member.crc):
        _refuse_other_sizes(member, flags, told, extra)
    member.offset += records.LOCAL.size + name_length + extra_length
    return _descriptor_forms(version, extra)


def _refuse_other_flags(member: Member, flags: int) -> None:
    """Whether a name is UTF-8 makes no difference to one that is ASCII."""
    other = flags ^ member.flags
    if other & records.DESCRIPTOR_FLAG:
        raise _differs("word on a data descriptor (flag bit 3)", member)
    if other & records.UTF8_FLAG and not (member.raw or member.path.encode()).isascii():
        raise _differs("encoding of its name (flag bit 11)", member)


def _refuse_gap(source: ByteSource, member: Member, count: int, forms: tuple[Struct, ...]) -> None:
    """Lets the ``count`` bytes after a member's data pass that are its data descriptor.

    Fewer than none overlap with the next member, which shows there.
    """
    at = member.offset + member.packed
    told = 0
    if member.flags & records.DESCRIPTOR_FLAG and count > 0:
        there = source.at(at, min(count, _DESCRIPTOR_BYTES))
        fitting = [
            len(descriptor) for descriptor in _descriptors(member, forms) if there.startswith(descriptor)
        ]
        if not fitting:
            raise _differs("size or checksum", member, sentence("data descriptor (offset {at:,})", at=at))
        told = count if count in fitting else max(fitting)
    if count > told:
        raise _hidden(source, member, at + told, count - told)


def _descriptors(member: Member, forms: tuple[Struct, ...]) -> Iterator[bytes]:
    """A member's data descriptor in every way in which it may be written."""
    for form in forms:
        if form is records.DESCRIPTOR64 or max(member.packed, member.size) <= records.MAX32:
            numbers = form.pack(member.crc, member.packed, member.size)
            yield numbers
            yield records.DESCRIPTOR_MARK + numbers


def _descriptor_forms(version: int, extra: bytes) -> tuple[Struct, ...]:
    """Numbers of 64 bits beside a zip64 field; some programs write them without one, as version 4.5 only."""
    if extra_field(extra, records.ZIP64_EXTRA) is not None:
        return (records.DESCRIPTOR64,)
    narrow = records.DESCRIPTOR
    return (narrow, records.DESCRIPTOR64) if version & 0xFF >= records.ZIP64_VERSION else (narrow,)


def _refuse_other_end(source: ByteSource, member: Member) -> None:
    """Refuses what programs that read from the front take for the end of a stored entry of unknown size."""
    overlap = len(records.DESCRIPTOR_MARK) - 1
    for at in range(0, member.packed, _PIECE_BYTES):
        start = member.offset + at
        piece = source.at(start, min(_PIECE_BYTES + overlap, member.packed - at), member.path)
        found = piece.find(records.DESCRIPTOR_MARK)
        if found >= 0:
            raise refusals.unsafe(
                sentence(
                    "is stored without its size before it, and holds the mark of a data descriptor at "
                    "offset {start:,}, where some programs end it",
                    start=start + found,
                ),
                member.path,
                hint="pack it again into a file, not into a pipe",
            )


def _hidden(source: ByteSource, member: Member, at: int, count: int) -> Exception:
    reason = sentence(
        "is followed, at offset {at:,}, by {count} that belong to no entry",
        at=at,
        count=refusals.bytes_told(count),
    )
    head = source.at(at, min(count, records.LOCAL.size))
    if not head.startswith(records.LOCAL_MARK) or count < records.LOCAL.size:
        return refusals.unsafe(reason, member.path)
    length = min(records.LOCAL.unpack(head)[-2], count - records.LOCAL.size)
    name = source.at(at + records.LOCAL.size, length).decode(errors="replace")
    return refusals.unsafe(
        sentence(
            "{reason}: {name}, which the directory does not list", reason=reason, name=refusals.shown(name)
        ),
        member.path,
    )


def _refuse_data(source: ByteSource, folder: Member) -> None:
    """Some programs write an empty stream (two bytes) for a folder; nothing else may be there."""
    if folder.size:
        raise refusals.unsafe(
            sentence("is a folder and holds {size} of data", size=refusals.bytes_told(folder.size)),
            folder.path,
        )
    if folder.packed:
        unpacked(folder, source.at(folder.offset, folder.packed, folder.path))


def _refuse_other_sizes(member: Member, flags: int, told: tuple[int, int, int], extra: bytes) -> None:
    """Sizes may be left to a data descriptor (zeros then) or to the zip64 field; else they must agree."""
    size, packed, crc = told
    if records.MAX32 in (size, packed):
        wide = whole_numbers(extra_field(extra, records.ZIP64_EXTRA) or b"", 2)
        if wide is not None:
            size = wide[0] if size == records.MAX32 else size
            packed = wide[-1] if packed == records.MAX32 else packed
    later = bool(flags & records.DESCRIPTOR_FLAG)
    pairs = (
        (sentence("size"), size, member.size),
        (sentence("size"), packed, member.packed),
        (sentence("checksum"), crc, member.crc),
    )
    for what, here, there in pairs:
        if here != there and not (later and here in (0, records.MAX32)):
            raise _differs(what, member)


def _differs(what: str, member: Member, where: str = "own header") -> Exception:
    return refusals.unsafe(
        sentence(
            "has another {what} in its {where} than in the directory",
            what=as_sentence(what),
            where=as_sentence(where),
        ),
        member.path,
    )
