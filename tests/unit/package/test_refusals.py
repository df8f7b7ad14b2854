"""Every way in which a package is refused, and what the refusal names."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zlib
from typing import Any

import msgspec
import pytest

from jobferry.errors import ErrorCode, PackageRefused
from jobferry.package.limits import PackageLimits

UNREADABLE = ErrorCode.PACKAGE_UNREADABLE
UNSAFE = ErrorCode.PACKAGE_UNSAFE
TOO_LARGE = ErrorCode.PACKAGE_TOO_LARGE
EMPTY = ErrorCode.PACKAGE_EMPTY


def refusal(zips: Any, package: bytes, limits: PackageLimits | None = None) -> PackageRefused:
    with pytest.raises(PackageRefused) as caught:
        zips.read(package, limits or zips.small)
    assert caught.value.hint
    return caught.value


def wide(*numbers: int) -> bytes:
    """A zip64 extra field."""
    return struct.pack(f"<2H{len(numbers)}Q", 1, 8 * len(numbers), *numbers)


def a_tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("a.job"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "looks"),
    [
        (b"", "an empty file"),
        (b"hello", "text"),
        ("你好，世界。".encode() * 60, "text"),
        (gzip.compress(b"x", mtime=0), "a gzip file"),
        (a_tar(), "a tar archive"),
        (b"<!DOCTYPE html><html>" + b" " * 40, "a web page"),
        (b"<?xml version='1.0'?><a/>  ", "XML"),
        (b'{"name": "orders", "nodes": []}', "JSON"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(40), "a 7-Zip archive"),
        (bytes(range(1, 200)), "other binary data"),
    ],
)
def test_no_zip_says_what_it_looks_like(zips: Any, data: bytes, looks: str) -> None:
    refused = refusal(zips, data)
    assert refused.code is UNREADABLE
    assert looks in refused.message


@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_cut_package_is_refused(zips: Any, tenth: int) -> None:
    whole = zips.raw(*(zips.entry(f"jobs/j{n}.job", zips.job * 9) for n in range(4)))
    assert refusal(zips, whole[: len(whole) * tenth // 10]).code is UNREADABLE


def test_every_cut_is_refused(zips: Any) -> None:
    whole = zips.raw(zips.entry(), zips.entry("scripts/s.script", b"{}" * 20, deflate=True))
    for length in range(len(whole)):
        assert refusal(zips, whole[:length]).code in (UNREADABLE, UNSAFE)


def test_every_flipped_byte_is_refused_or_harmless(zips: Any) -> None:
    whole = zips.raw(zips.entry(data=zips.job * 3, deflate=True), zips.entry("scripts/s.script", b"{}"))
    for at in range(len(whole)):
        broken = bytearray(whole)
        broken[at] ^= 0xFF
        try:
            zips.read(bytes(broken))
        except PackageRefused as refused:
            assert refused.message


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("/etc/a.job", "absolute"),
        ("../a.job", "leaves its folder"),
        ("jobs/../a.job", "leaves its folder"),
        ("jobs/..", "leaves its folder"),
        ("./a.job", "dots only"),
        ("jobs/.../a.job", "dots only"),
        ("C:/a.job", "drive letter"),
        ("c:a.job", "drive letter"),
        ("jobs\\a.job", "backslash"),
        ("jobs/a\0.job", "zero byte"),
        ("jobs/a\n.job", "control character"),
        ("jobs//a.job", "empty part"),
        ("", "empty name"),
        ("../", "leaves its folder"),
    ],
)
def test_a_bad_name_is_unsafe(zips: Any, name: str, reason: str) -> None:
    refused = refusal(zips, zips.raw(zips.entry(), zips.entry(name)))
    assert refused.code is UNSAFE
    assert reason in refused.message
    assert refused.subject


@pytest.mark.parametrize(
    ("lies", "code", "reason"),
    [
        ({"attributes": 0o120777 << 16}, UNSAFE, "a link"),
        ({"attributes": 0o060600 << 16}, UNSAFE, "a device"),
        ({"attributes": 0o010600 << 16}, UNSAFE, "a pipe"),
        ({"flags": 0x801}, UNREADABLE, "encrypted"),
        ({"flags": 0x841}, UNREADABLE, "encrypted"),
        ({"method": 12}, UNREADABLE, "BZIP2"),
        ({"method": 93}, UNREADABLE, "Zstandard"),
        ({"method": 77}, UNREADABLE, "unknown"),
        ({"central": {"disk": 3}}, UNREADABLE, "split"),
        ({"crc": 1}, UNREADABLE, "CRC"),
        ({"central": {"crc": 1}}, UNSAFE, "checksum"),
        ({"local": {"name": b"jobs/others.job"}}, UNSAFE, "another name"),
        ({"local": {"size": 7}}, UNSAFE, "another size"),
        ({"local": {"packed": 7}}, UNSAFE, "another size"),
        ({"local": {"method": 8}}, UNSAFE, "compression method"),
        ({"local": {"flags": 0x801}}, UNSAFE, "encryption"),
        ({"local": {"mark": b"PKxx"}}, UNREADABLE, "does not begin"),
        ({"central": {"mark": b"PKxx"}}, UNREADABLE, "broken directory"),
        ({"size": 7}, UNSAFE, "stored in"),
        ({"central": {"offset": 4_000}}, UNSAFE, "before its first entry"),
        ({"central": {"packed": 2_000, "size": 2_000}}, UNREADABLE, "outside the package"),
        ({"gap": b"#!/bin/sh\n"}, UNSAFE, "before its first entry"),
        ({"name": b"jobs/\xff.job", "flags": 0x800}, UNREADABLE, "UTF-8"),
        ({"name": b"a" * 5_000 + b".job"}, UNSAFE, "a name of 5,004 bytes"),
    ],
)
def test_a_lying_entry_is_refused(zips: Any, lies: dict[str, Any], code: ErrorCode, reason: str) -> None:
    refused = refusal(zips, zips.raw(zips.entry(**lies)))
    assert refused.code is code
    assert reason in refused.message


@pytest.mark.parametrize(
    ("lies", "code", "reason"),
    [
        ({"disk": 1}, UNREADABLE, "split"),
        ({"first": 1}, UNREADABLE, "split"),
        ({"here": 0}, UNREADABLE, "split"),
        ({"here": 2, "count": 2}, UNREADABLE, "broken directory"),
        ({"here": 0, "count": 0}, UNSAFE, "more entries"),
        ({"offset": 3}, UNSAFE, "belong to no entry"),
        ({"offset": 4_000}, UNREADABLE, "not where its end says"),
        ({"size": 3}, UNSAFE, "belong to no entry"),
        ({"tail": b"junk"}, UNSAFE, "4 bytes after its end"),
        ({"told": 9}, UNREADABLE, "does not fit"),
        ({"between": b"junk"}, UNSAFE, "belong to no entry"),
        ({"offset": 0xFFFFFFFF}, UNREADABLE, "not where its end says"),
        ({"comment": struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0, 0, 0, 0, 0)}, UNSAFE, "two ends"),
    ],
)
def test_a_lying_end_is_refused(zips: Any, lies: dict[str, Any], code: ErrorCode, reason: str) -> None:
    refused = refusal(zips, zips.raw(zips.entry(), **lies))
    assert refused.code is code
    assert reason in refused.message


def test_bytes_before_the_first_entry_are_refused(zips: Any) -> None:
    refused = refusal(zips, b"#!/bin/sh\n" + zips.raw(zips.entry()))
    assert (refused.code, "10 bytes" in refused.message) == (UNSAFE, True)


def test_a_comment_is_harmless(zips: Any) -> None:
    assert zips.read(zips.raw(zips.entry(), comment=b"carried by hand")).entries


@pytest.mark.parametrize("mark", [b"PK\7\10", b"PK00"])
def test_a_part_of_a_split_zip_is_named_so(zips: Any, mark: bytes) -> None:
    assert "split" in refusal(zips, mark + zips.raw(zips.entry())[:-22]).message


@pytest.mark.parametrize(
    ("lies", "code"),
    [
        ({"central": {"size": 0xFFFFFFFF}}, UNSAFE),
        ({"central": {"size": 0xFFFFFFFF, "packed": 0xFFFFFFFF, "extra": wide(1)}}, UNSAFE),
        ({"central": {"size": 0xFFFFFFFF, "extra": wide(31 + 2**32)}}, UNSAFE),
        ({"central": {"offset": 0xFFFFFFFF, "extra": wide(2**63)}}, UNSAFE),
        ({"local": {"size": 0xFFFFFFFF, "packed": 0xFFFFFFFF, "extra": wide(31, 30)}}, UNSAFE),
        ({"local": {"size": 0xFFFFFFFF}}, UNSAFE),
    ],
)
def test_a_zip64_entry_that_lies_is_refused(zips: Any, lies: dict[str, Any], code: ErrorCode) -> None:
    assert refusal(zips, zips.raw(zips.entry(**lies))).code is code


def test_an_honest_zip64_entry_is_read(zips: Any) -> None:
    size = len(zips.job)
    both = {"size": 0xFFFFFFFF, "packed": 0xFFFFFFFF, "extra": wide(size, size)}
    assert zips.read(zips.raw(zips.entry(local=both, central=both))).entries[0].size == size


def end64(*numbers: int, rest: int = 44, offset: int = 0, disks: int = 1) -> bytes:
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", rest, 45, 45, 0, 0, *numbers)
    return record + struct.pack("<4sIQI", b"PK\6\7", 0, offset, disks)


@pytest.mark.parametrize(
    ("change", "reads"),
    [
        ({}, True),
        ({"count": 2}, False),
        ({"offset": 1}, False),
        ({"size": 1}, False),
        ({"rest": 45}, False),
        ({"at": 1}, False),
        ({"disks": 2}, False),
        ({"short_count": 7}, False),
        ({"here": 2}, False),
    ],
)
def test_the_64_bit_end_must_agree(zips: Any, change: dict[str, int], reads: bool) -> None:
    plain = zips.raw(zips.entry())
    size, offset = struct.unpack("<2I", plain[-10:-2])
    told = {"count": 1, "size": size, "offset": offset, **change}
    numbers = (change.get("here", told["count"]), told["count"], told["size"], told["offset"])
    at = offset + size + change.get("at", 0)
    between = end64(*numbers, rest=change.get("rest", 44), offset=at, disks=change.get("disks", 1))
    count = change.get("short_count", 0xFFFF)
    package = zips.raw(zips.entry(), between=between, offset=0xFFFFFFFF, here=count, count=count)
    if reads:
        assert zips.read(package).entries
    else:
        assert refusal(zips, package).code in (UNSAFE, UNREADABLE)


def test_a_path_twice_is_unsafe(zips: Any) -> None:
    refused = refusal(zips, zips.raw(zips.entry(), zips.entry(data=b"{}")))
    assert (refused.code, refused.subject) == (UNSAFE, "jobs/orders.job")


def test_overlapping_entries_are_unsafe(zips: Any) -> None:
    kernel = zips.entry("jobs/a.job")
    again = zips.entry("jobs/b.job", central={"offset": 0}, local={"name": b"jobs/a.job"})
    refused = refusal(zips, zips.raw(kernel, again))
    assert (refused.code, "shares bytes" in refused.message) == (UNSAFE, True)


def test_quoted_overlap_is_unsafe(zips: Any) -> None:
    """An entry whose data is another entry, header and all."""
    inner = zips.raw(zips.entry("jobs/b.job"))
    local = inner[: inner.index(b"PK\1\2")]
    outer = zips.entry("jobs/a.job", local)
    start = 30 + len("jobs/a.job")
    ghost = zips.entry("jobs/b.job", central={"offset": start})
    assert "shares bytes" in refusal(zips, zips.raw(outer, ghost)).message


def test_a_stream_longer_than_said_is_unsafe(zips: Any) -> None:
    data = b"0" * 500
    lying = zips.entry(data=data, deflate=True, size=400)
    refused = refusal(zips, zips.raw(lying))
    assert (refused.code, "more than the 400 bytes" in refused.message) == (UNSAFE, True)


@pytest.mark.parametrize("body", [b"", b"\xff\xff\xff", zlib.compress(b"0" * 499, 9, -15)])
def test_a_stream_that_breaks_off_is_unreadable(zips: Any, body: bytes) -> None:
    lying = zips.entry(data=b"0" * 500, body=body, method=8)
    assert refusal(zips, zips.raw(lying)).code is UNREADABLE


def test_bytes_after_a_stream_are_refused(zips: Any) -> None:
    body = zlib.compress(b"0" * 500, 9, -15) + b"more"
    assert refusal(zips, zips.raw(zips.entry(data=b"0" * 500, body=body, method=8))).code is UNREADABLE


def test_an_empty_zip_is_empty(zips: Any) -> None:
    assert refusal(zips, zips.raw()).code is EMPTY


def test_nothing_known_says_what_was_found(zips: Any) -> None:
    limits = msgspec.structs.replace(zips.small, entries=10)
    entries = [zips.entry(f"notes/{n}.txt") for n in range(7)]
    refused = refusal(zips, zips.raw(*entries), limits)
    assert refused.code is EMPTY
    assert "notes/0.txt" in refused.message
    assert "notes/4.txt and 2 more" in refused.message


def at_limit(zips: Any, over: int) -> dict[str, bytes]:
    """For each limit a package that reaches it, or is ``over`` beyond it."""
    noise = bytes(n * n % 251 for n in range(4_000 + over))
    plain = zips.raw(zips.entry())
    many = [zips.entry(f"jobs/{n}.job") for n in range(5 + over)]
    tight = b"0" * 1_001
    body = zlib.compress(tight, 9, -15)
    return {
        "package_bytes": zips.raw(zips.entry(), comment=bytes(20_000 + over - len(plain))),
        "entries": zips.raw(*many),
        "entry_bytes": zips.raw(zips.entry(data=noise)),
        "unpacked_bytes": zips.raw(
            zips.entry("a.job", noise[:4_000]),
            zips.entry("b.job", noise[over:]),
            *[zips.entry("c.job", b"x") for _ in range(over)],
        ),
        "ratio": zips.raw(zips.entry(data=tight, body=body, method=8)),
    }


@pytest.mark.parametrize("limit", ["package_bytes", "entries", "entry_bytes", "unpacked_bytes"])
def test_a_limit_passes_and_one_more_is_refused(zips: Any, limit: str) -> None:
    zips.read(at_limit(zips, 0)[limit])
    refused = refusal(zips, at_limit(zips, 1)[limit])
    assert refused.code is TOO_LARGE
    assert f"the limit {limit} is {getattr(zips.small, limit):,}" in refused.message
    assert limit in refused.hint


def test_the_ratio_counts_above_its_threshold(zips: Any) -> None:
    data = b"0" * 1_001
    package = zips.raw(zips.entry(data=data, deflate=True))
    packed = len(zlib.compress(data, 9, -15))
    assert refusal(zips, package).code is UNSAFE
    assert zips.read(zips.raw(zips.entry(data=data[:1_000], deflate=True))).entries
    allowed = msgspec.structs.replace(zips.small, ratio=-(-1_001 // packed))
    assert zips.read(package, allowed).entries
    refused = refusal(zips, package, msgspec.structs.replace(allowed, ratio=allowed.ratio - 1))
    assert "the limit ratio is" in refused.message


def test_a_manifest_may_grow_with_the_number_of_entries(zips: Any) -> None:
    limits = msgspec.structs.replace(zips.small, entry_bytes=100, unpacked_bytes=10_000)
    manifest = zips.entry("manifest.json", b'{"format": 99}' + b" " * 2_034)
    package = zips.raw(manifest, zips.entry())
    assert refusal(zips, package, limits).code is ErrorCode.PACKAGE_FORMAT_NEWER
    package = zips.raw(zips.entry("manifest.json", b"{}" + b" " * 2_047), zips.entry())
    assert refusal(zips, package, limits).code is TOO_LARGE


@pytest.mark.parametrize("shared", [1, 2, 4])
def test_entries_that_share_even_one_byte_are_refused(zips: Any, shared: int) -> None:
    """The first entry's data is said to end with the first bytes of the second one's header."""
    told = zips.job + b"PK\3\4"[:shared]
    overlapping = zips.entry("jobs/a.job", told, body=zips.job, packed=len(told))
    refused = refusal(zips, zips.raw(overlapping, zips.entry("jobs/b.job")))
    assert (refused.code, refused.subject) == (UNSAFE, "jobs/b.job")
    assert "shares bytes with the entry before it" in refused.message


@pytest.mark.parametrize(("disk", "reads"), [(0, True), (1, False)])
def test_the_disk_of_a_zip64_entry_stands_behind_what_else_did_not_fit(
    zips: Any, disk: int, reads: bool
) -> None:
    extra = struct.pack("<2HQI", 1, 12, len(zips.job), disk)
    package = zips.raw(zips.entry(central={"size": 0xFFFFFFFF, "disk": 0xFFFF, "extra": extra}))
    if reads:
        assert len(zips.read(package).entries) == 1
    else:
        assert "split over several files" in refusal(zips, package).message
