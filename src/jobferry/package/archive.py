"""A zip as a row of bytes, and where in it the central directory lies.

The directory is found by the record at the zip's end. There must be exactly one way to read it: nothing
between the directory and its end, nothing after the end, one end record, no mark of one in the comment, and
64-bit numbers that agree with the short ones.
"""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from jobferry.errors import ErrorCode, FilesError
from jobferry.package import records, refusals
from jobferry.sentences import sentence

_READ_BYTES = 256 * 1024
_JUMP_BYTES = 4 * 1024
_MAX_COMMENT = 0xFFFF
_HEAD_BYTES = 512
_END64_REST = records.END64.size - 12
_TAR_MARK = slice(257, 262)
_SCRIPT_MARK = b"#!"
_PROGRAMS = (sentence("a Windows program"), sentence("a program"))
_KNOWN_HEADS = (
    (b"\x1f\x8b", sentence("a gzip file")),
    (b"BZh", sentence("a bzip2 file")),
    (b"\xfd7zXZ\x00", sentence("an xz file")),
    (b"\x28\xb5\x2f\xfd", sentence("a Zstandard file")),
    (b"7z\xbc\xaf\x27\x1c", sentence("a 7-Zip archive")),
    (b"Rar!", sentence("a RAR archive")),
    (b"%PDF", sentence("a PDF")),
    (b"\x89PNG", sentence("a picture")),
    (b"MZ", sentence("a Windows program")),
    (b"\x7fELF", sentence("a program")),
    (b"\xd0\xcf\x11\xe0", sentence("an old Microsoft Office file")),
)


class ByteSource:
    """The bytes of a package. ``size`` is in bytes. Not to be used by two threads at once.

    Ranges in the file's order are read 256 KiB ahead; a jump reads little more than what is asked for.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        try:
            self.size = file.seek(0, 2)
        except OSError as error:
            raise _failed(error) from error
        self._start = 0
        self._held = b""

    def at(self, offset: int, length: int, entry: str = "") -> bytes:
        """Exactly the bytes of a range.

        Raises:
            PackageRefused: the file ends before the range does; ``entry`` is named then.
            FilesError: the disk does not give them.
        """
        begin = offset - self._start
        if begin < 0 or begin + length > len(self._held):
            self._read(offset, length, entry)
            begin = 0
        return self._held[begin : begin + length]

    def _read(self, offset: int, length: int, entry: str) -> None:
        if offset + length <= self.size:
            gap = offset - self._start - len(self._held)
            ahead = _READ_BYTES if self._start <= offset and gap <= _JUMP_BYTES else _JUMP_BYTES
            try:
                self._file.seek(offset)
                self._held = self._file.read(max(length, ahead))
            except OSError as error:
                raise _failed(error) from error
            self._start = offset
            if len(self._held) >= length:
                return
        raise refusals.unreadable("is cut short: its data is not all there", entry)


def _failed(error: OSError) -> FilesError:
    return FilesError(
        ErrorCode.FILES_FAILED,
        sentence("the package cannot be read: {strerror}", strerror=error.strerror or error),
        hint="check the file and its disk",
    )


class DirectorySpan(msgspec.Struct, frozen=True):
    """Where the central directory lies, in bytes from the start, and how many entries it tells of."""

    offset: int
    size: int
    count: int


def find_directory(source: ByteSource) -> DirectorySpan:
    """Where the central directory lies.

    Raises:
        PackageRefused: it is no zip, only a part of one, or one that can be read in two ways.
    """
    end = _end_offset(source)
    _, disk, first_disk, here, count, size, offset, _ = records.END.unpack(source.at(end, records.END.size))
    span = DirectorySpan(offset, size, count)
    until = end
    located = _find64(source, end, span)
    if located is not None:
        span, until = located
        disk = first_disk = 0
        here = count
    if disk or first_disk or here != count:
        raise _split()
    if span.offset + span.size != until:
        raise _displaced(source, span, until)
    return span


def bytes_ahead(source: ByteSource, count: int) -> Exception:
    """The refusal of a package with bytes before its first entry; a self-extracting one is named so."""
    head = source.at(0, min(count, source.size, _HEAD_BYTES))
    looks = sentence("a shell script") if head.startswith(_SCRIPT_MARK) else _looks_like(head)
    many = refusals.bytes_told(count)
    reason = sentence(
        "holds {many} that belong to no entry, before its first entry: {looks}", many=many, looks=looks
    )
    if looks not in (*_PROGRAMS, sentence("a shell script")):
        return refusals.unsafe(reason)
    return refusals.unsafe(
        sentence("{reason}, as in a self-extracting archive", reason=reason),
        hint="unpack it, and pack it as a plain zip",
    )


def _end_offset(source: ByteSource) -> int:
    if source.size < records.END.size:
        raise _no_zip(source)
    length = min(source.size, records.END.size + _MAX_COMMENT)
    start = source.size - length
    tail = source.at(start, length)
    ends, last = [], -1
    at = tail.find(records.END_MARK)
    while at >= 0:
        last = start + at
        if at + records.END.size <= length and at + _end_length(tail, at) == length:
            ends.append(last)
        at = tail.find(records.END_MARK, at + 1)
    if len(ends) > 1:
        raise refusals.unsafe("has two ends, so two programs would find different entries in it")
    if not ends:
        raise _misfit(source, last) if last >= 0 and _is_zip(source) else _no_zip(source)
    if last != ends[0]:
        reason = sentence(
            "has the mark of another end in its comment, at offset {last:,}: two ends for some programs",
            last=last,
        )
        raise refusals.unsafe(reason, hint="pack it again without a comment")
    return ends[0]


def _end_length(data: bytes, at: int) -> int:
    """How long the end is that begins there, its comment with it."""
    return records.END.size + int.from_bytes(data[at + 20 : at + 22], "little")


def _find64(source: ByteSource, end: int, short: DirectorySpan) -> tuple[DirectorySpan, int] | None:
    """The 64-bit end and where it lies, or none where there is none."""
    at = end - records.LOCATOR64.size
    if at < 0:
        return None
    mark, disk, offset, disks = records.LOCATOR64.unpack(source.at(at, records.LOCATOR64.size))
    if mark != records.LOCATOR64_MARK:
        return None
    if disk or disks > 1:
        raise _split()
    if offset + records.END64.size > at:
        raise _lie()
    record = records.END64.unpack(source.at(offset, records.END64.size))
    mark, rest, _, _, disk, first_disk, here, count, size, start = record
    if mark != records.END64_MARK or rest != _END64_REST or offset + records.END64.size != at:
        raise _lie()
    if disk or first_disk or here != count:
        raise _split()
    whole = DirectorySpan(start, size, count)
    if not _agree(short, whole):
        raise _lie()
    return whole, offset


def _agree(short: DirectorySpan, whole: DirectorySpan) -> bool:
    return (
        short.offset in (whole.offset, records.MAX32)
        and short.size in (whole.size, records.MAX32)
        and short.count in (whole.count, records.MAX16)
    )


def _is_zip(source: ByteSource) -> bool:
    head = source.at(0, 4)
    return head in (records.LOCAL_MARK, records.END_MARK)


def _no_zip(source: ByteSource) -> Exception:
    if not source.size:
        return refusals.unreadable("is an empty file, not a zip")
    head = source.at(0, min(source.size, _HEAD_BYTES))
    if head.startswith(records.LOCAL_MARK):
        return refusals.unreadable("is a zip that is cut short: its end is missing")
    if head.startswith(records.SPANNING_MARKS):
        return _split()
    return refusals.unreadable(sentence("is not a zip; it looks like {head}", head=_looks_like(head)))


def _looks_like(head: bytes) -> str:
    for mark, looks in _KNOWN_HEADS:
        if head.startswith(mark):
            return looks
    if head[_TAR_MARK] == b"ustar":
        return sentence("a tar archive")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return sentence("a web page, such as a sign-in or error page")
    if start.startswith(b"<"):
        return sentence("XML")
    if start.startswith((b"{", b"[")):
        return sentence("JSON")
    text = head.decode("utf-8", errors="ignore")
    printable = all(letter.isprintable() or letter.isspace() for letter in text)
    return "text" if printable and len(text.encode()) > len(head) - 4 else "other binary data"


def _misfit(source: ByteSource, end: int) -> Exception:
    """No end fits the file's size; ``end`` is where the last one begins."""
    if end + records.END.size <= source.size:
        record = source.at(end, records.END.size)
        *_, size, offset, _ = records.END.unpack(record)
        after = end + _end_length(record, 0)
        if after < source.size and offset + size == end:
            count = source.size - after
            return refusals.unsafe(
                sentence(
                    "holds {count} after its end, at offset {after:,}",
                    count=refusals.bytes_told(count),
                    after=after,
                )
            )
    return refusals.unreadable(
        sentence(
            "has an end that does not fit its {size:,} bytes: it is cut short, or something was added",
            size=source.size,
        )
    )


def _displaced(source: ByteSource, span: DirectorySpan, until: int) -> Exception:
    told = span.offset + span.size
    gap = until - told
    if gap <= 0:
        return refusals.unreadable("has a directory that is not where its end says; it may be cut short")
    if span.size and source.at(until - span.size, 4) == records.CENTRAL_MARK:
        return bytes_ahead(source, gap)
    many = refusals.bytes_told(gap)
    reason = sentence(
        "holds {many} that belong to no entry, between its directory and its end, at offset {told:,}",
        many=many,
        told=told,
    )
    return refusals.unsafe(reason)


def _split() -> Exception:
    return refusals.unreadable(
        "is one part of a zip that is split over several files", hint="pack it as one file"
    )


def _lie() -> Exception:
    return refusals.unsafe("has 64-bit sizes (zip64) that do not agree with the others")
