"""Packages made to fill the memory: each is refused early, by name, and takes little."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jobferry.errors import ErrorCode, PackageRefused
from jobferry.package.archive import ByteSource
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import open_package

KIB, MIB, GIB = 1024, 1024**2, 1024**3
LIMITS = PackageLimits()


@contextmanager
def memory_below(limit: int) -> Iterator[None]:
    """Python's own count, which knows every byte object; it is the same on every machine."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < limit, f"{peak:,} bytes"


def refusal(zips: Any, package: bytes, limits: PackageLimits = LIMITS) -> PackageRefused:
    with pytest.raises(PackageRefused) as caught:
        zips.read(package, limits)
    assert caught.value.hint
    return caught.value


def zeros(size: int) -> bytes:
    """A real deflate stream of zeros: a piece that needs nothing before it, again and again, and an end."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = stream.compress(bytes(MIB)) + stream.flush(zlib.Z_FULL_FLUSH)
    return piece * (size // MIB) + b"\3\0"


@pytest.fixture(scope="module")
def gibibyte() -> bytes:
    return zeros(GIB)


def test_the_stream_of_zeros_is_one(zips: Any) -> None:
    assert zlib.decompress(zeros(3 * MIB), -15) == bytes(3 * MIB)
    package = zips.raw(zips.entry(data=bytes(3 * MIB), body=zeros(3 * MIB), method=8))
    assert zips.read(package, msgspec.structs.replace(LIMITS, ratio=1_100)).entries


def test_a_gibibyte_of_zeros_is_refused_by_its_size(zips: Any, gibibyte: bytes) -> None:
    package = zips.raw(zips.entry(body=gibibyte, size=GIB, method=8))
    with memory_below(2 * MIB):
        refused = refusal(zips, package)
    assert (refused.code, refused.subject) == (ErrorCode.PACKAGE_TOO_LARGE, "jobs/orders.job")
    assert "unpacks to 1,073,741,824 bytes" in refused.message


@pytest.mark.parametrize("said", [0, 1_000, 64 * MIB])
def test_a_gibibyte_of_zeros_that_says_it_is_small_is_not_unpacked(
    zips: Any, gibibyte: bytes, said: int
) -> None:
    """The stream is read no further than one byte beyond what the directory says."""
    package = zips.raw(zips.entry(body=gibibyte, size=said, method=8))
    with memory_below(said + 8 * MIB):
        refused = refusal(zips, package)
    assert (refused.code, refused.subject) == (ErrorCode.PACKAGE_UNSAFE, "jobs/orders.job")
    assert f"more than the {said:,} bytes" in refused.message


@pytest.mark.parametrize("said", [0, 1_000, 3 * MIB])
def test_a_resource_file_that_says_it_is_small_is_given_out_no_further_than_that(
    zips: Any, said: int
) -> None:
    """Files are given out piece by piece, to who writes them somewhere."""
    name = "0" * 64
    bomb = zips.entry(f"files/{name}", body=zeros(128 * MIB), size=said, method=8)
    given = 0
    with (
        memory_below(8 * MIB),
        open_package(io.BytesIO(zips.raw(zips.entry(), bomb)), LIMITS) as package,
        pytest.raises(PackageRefused, match=f"more than the {said:,} bytes") as caught,
    ):
        for piece in package.file(name):
            given += len(piece)
    assert (caught.value.code, caught.value.subject) == (ErrorCode.PACKAGE_UNSAFE, f"files/{name}")
    assert given <= said


def test_the_size_in_the_local_header_counts_too(zips: Any, gibibyte: bytes) -> None:
    package = zips.raw(zips.entry(body=gibibyte, size=1_000, method=8, local={"size": GIB}))
    assert "another size" in refusal(zips, package).message


def test_many_entries_that_unpack_to_too_much_together_are_refused_before_one_is_unpacked(zips: Any) -> None:
    """Each alone is within every limit; a small zip of them would fill four gibibytes."""
    body = zeros(63 * MIB)
    entries = [
        zips.entry(f"jobs/{n}.job", body=body + bytes(63 * KIB), size=63 * MIB, method=8) for n in range(66)
    ]
    package = zips.raw(*entries)
    with memory_below(4 * MIB):
        refused = refusal(zips, package)
    assert refused.code is ErrorCode.PACKAGE_TOO_LARGE
    assert "the limit unpacked_bytes is 4,294,967,296" in refused.message


def test_entries_that_share_one_body_are_refused_before_one_is_unpacked(zips: Any) -> None:
    """The bomb of overlapping files: a kernel of a mebibyte that every entry claims for itself."""
    kernel = zips.entry("jobs/0.job", body=zeros(MIB) + bytes(2 * KIB), size=MIB, method=8)
    claims = [
        zips.entry(
            f"jobs/{n}.job",
            central={key: kernel["central"][key] for key in ("packed", "size", "crc", "method")}
            | {"offset": 0},
        )
        for n in range(1, 2_000)
    ]
    package = zips.raw(kernel, *claims)
    with memory_below(4 * MIB):
        refused = refusal(zips, package)
    assert (refused.code, "shares bytes" in refused.message) == (ErrorCode.PACKAGE_UNSAFE, True)
    assert refused.subject


def test_a_zip_in_a_zip_stays_shut(zips: Any) -> None:
    inner = zips.raw(zips.entry("jobs/inner.job"))
    alone = refusal(zips, zips.raw(zips.entry("inner.zip", inner)))
    assert (alone.code, "inner.zip" in alone.message) == (ErrorCode.PACKAGE_EMPTY, True)
    package = zips.read(zips.raw(zips.entry("inner.zip", inner), zips.entry("jobs/outer.job")))
    assert [entry.name for entry in package.entries] == ["outer"]
    assert [(oddity.code, oddity.args["example"]) for oddity in package.warnings] == [
        ("unknown-entry", "inner.zip")
    ]
    named_job = zips.read(zips.raw(zips.entry("jobs/outer.job", inner)))
    assert [entry.name for entry in named_job.entries] == ["outer"]


class Vast(io.RawIOBase):
    """A file of zeros with a written end; it notes how much of it is read."""

    def __init__(self, size: int, tail: bytes) -> None:
        self._size, self._tail, self._at, self.given = size, tail, 0, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._at = offset if whence == 0 else self._size + offset
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        until = self._size if size < 0 else min(self._size, self._at + size)
        start = self._size - len(self._tail)
        blank = bytes(max(0, min(until, start) - self._at))
        data = blank + self._tail[max(0, self._at - start) : max(0, until - start)]
        self._at = until
        self.given += len(data)
        return data


def ends(count: int, size: int, offset: int) -> bytes:
    """A 64-bit end, its locator and the short end, for a directory that ends where they begin."""
    at = offset + size
    whole = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, at, 1)
    short = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return whole + locator + short


@pytest.mark.parametrize("count", [200_001, 1_000_000, 2**63])
def test_a_million_entries_are_refused_by_the_end_alone(count: int) -> None:
    size = 100 * MIB
    tail = ends(count, size, 0)
    file = Vast(size + len(tail), tail)
    with memory_below(2 * MIB), pytest.raises(PackageRefused) as caught:
        open_package(file, LIMITS)  # type: ignore[arg-type]
    assert caught.value.code is ErrorCode.PACKAGE_TOO_LARGE
    assert f"has {count:,} entries; the limit entries is 200,000" in caught.value.message
    assert file.given < 512 * KIB


def test_a_million_entries_behind_an_end_that_says_one_are_not_read(zips: Any) -> None:
    record = zips.raw(zips.entry())
    central = record[record.index(b"PK\1\2") : -22]
    body = record[: record.index(b"PK\1\2")]
    directory = central * 100_000
    package = body + directory + ends(1, len(directory), len(body))
    with memory_below(2 * MIB):
        refused = refusal(zips, package)
    assert (refused.code, "more entries than its end says" in refused.message) == (
        ErrorCode.PACKAGE_UNSAFE,
        True,
    )


def test_a_package_over_its_limit_is_refused_by_its_size_alone() -> None:
    file = Vast(LIMITS.package_bytes + 1, b"")
    with pytest.raises(PackageRefused, match="the limit package_bytes is") as caught:
        open_package(file, LIMITS)  # type: ignore[arg-type]
    assert (caught.value.code, file.given) == (ErrorCode.PACKAGE_TOO_LARGE, 0)


def test_an_entry_may_not_be_packed_in_more_than_it_may_unpack_to(zips: Any) -> None:
    """Endless empty blocks: nothing comes out, and all of it would have to be held."""
    limits = msgspec.structs.replace(zips.small, entry_bytes=1_000)
    end = zlib.compress(zips.job, 9, -15)
    blocks = b"\0\0\0\xff\xff" * 400
    fits = blocks[: (1_000 - len(end)) // 5 * 5] + end
    assert zips.read(zips.raw(zips.entry(body=fits, method=8)), limits).entries
    refused = refusal(zips, zips.raw(zips.entry(body=blocks + end, method=8)), limits)
    assert (refused.code, refused.subject) == (ErrorCode.PACKAGE_TOO_LARGE, "jobs/orders.job")
    assert "is packed in" in refused.message


@pytest.mark.parametrize(("length", "reads"), [(4_096, True), (4_097, False)])
def test_a_name_has_at_most_4096_bytes(zips: Any, length: int, reads: bool) -> None:
    package = zips.raw(zips.entry("a" * (length - 4) + ".job"))
    if reads:
        assert zips.read(package, LIMITS).entries
    else:
        assert "a name of 4,097 bytes" in refusal(zips, package).message


@pytest.mark.parametrize(("over", "reads"), [(0, True), (1, False)])
def test_all_names_together_are_held_to_256_characters_an_allowed_entry(
    zips: Any, over: int, reads: bool
) -> None:
    limits = msgspec.structs.replace(zips.small, entries=8)
    lengths = (1_000, 8 * 256 - 1_000 + over)
    package = zips.raw(*(zips.entry("a" * (length - 4) + ".job") for length in lengths))
    if reads:
        assert len(zips.read(package, limits).entries) == 2
    else:
        refused = refusal(zips, package, limits)
        assert refused.code is ErrorCode.PACKAGE_TOO_LARGE
        assert "names of 2,049 characters" in refused.message


def test_a_manifest_of_too_many_values_is_refused_before_it_is_read(zips: Any) -> None:
    text = b'{"format": 1, "emptied": ' + b"[" * 5_000_000
    refused = refusal(zips, zips.raw(zips.entry("manifest.json", text), zips.entry()))
    assert (refused.code, refused.subject) == (ErrorCode.PACKAGE_UNREADABLE, "manifest.json")
    assert "more than 5,000,000 values" in refused.message


def test_a_range_that_lies_about_its_length_takes_no_memory(tmp_path: Path) -> None:
    file = tmp_path / "short.zip"
    file.write_bytes(b"PK" * 10)
    with file.open("rb") as opened, pytest.raises(PackageRefused) as caught:
        ByteSource(opened).at(2, 1 << 60, "jobs/a.job")
    assert "cut short" in caught.value.message
