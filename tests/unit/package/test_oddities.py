"""Zips as all kinds of programs write them: what is harmless is read, what lies is refused."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import msgspec
import pytest

from jobferry.errors import ErrorCode, PackageRefused
from jobferry.package.limits import PackageLimits


def refusal(zips: Any, package: bytes) -> PackageRefused:
    with pytest.raises(PackageRefused) as caught:
        zips.read(package)
    return caught.value


def streamed(zips: Any, numbers: str, mark: bytes = b"PK\7\10", **lies: Any) -> dict[str, Any]:
    """An entry whose sizes stand behind it: ``crc``, ``packed`` and ``size`` may lie; ``more`` follows."""
    honest = zips.entry(**{key: lies.pop(key) for key in ("name", "data", "deflate") if key in lies})
    told = [lies.pop(key, honest["central"][key]) for key in ("crc", "packed", "size")]
    after = mark + struct.pack(numbers, *told) + lies.pop("more", b"")
    local = {"crc": 0, "packed": 0, "size": 0, "flags": 0x808, **lies.pop("local", {})}
    both = {"local": {**honest["local"], **local}, "central": {**honest["central"], "flags": 0x808, **lies}}
    return {**honest, **both, "after": after}


@pytest.mark.parametrize("mark", [b"", b"PK\7\10"])
@pytest.mark.parametrize("deflate", [False, True])
@pytest.mark.parametrize(
    ("numbers", "local"),
    [
        ("<3I", {}),
        ("<I2Q", {"version": 45}),
        ("<I2Q", {"extra": struct.pack("<2H2Q", 1, 16, 0, 0)}),
        ("<3I", {"version": 45}),
    ],
)
def test_data_descriptors_with_and_without_a_mark_are_read(
    zips: Any, mark: bytes, deflate: bool, numbers: str, local: dict[str, Any]
) -> None:
    entry = streamed(zips, numbers, mark, deflate=deflate, local=local)
    assert zips.read(zips.raw(entry, zips.entry("jobs/b.job"))).entries


def test_an_empty_entry_may_have_a_wide_data_descriptor(zips: Any) -> None:
    """Its first half alone would be a narrow one."""
    entry = streamed(zips, "<I2Q", data=b"", deflate=True, name="readme", local={"version": 45})
    assert zips.read(zips.raw(entry, zips.entry())).entries


@pytest.mark.parametrize("lie", [{"crc": 7}, {"packed": 7}, {"size": 7}, {"mark": b"PK\7\7"}])
@pytest.mark.parametrize("numbers", ["<3I", "<I2Q"])
def test_a_data_descriptor_that_lies_is_refused(zips: Any, numbers: str, lie: dict[str, Any]) -> None:
    entry = streamed(zips, numbers, local={"version": 45}, **lie)
    refused = refusal(zips, zips.raw(entry, zips.entry("jobs/b.job")))
    assert (refused.code, refused.subject) == (ErrorCode.PACKAGE_UNSAFE, "jobs/orders.job")
    assert "in its data descriptor (offset 76)" in refused.message


def test_a_data_descriptor_that_is_promised_and_not_there_is_refused(zips: Any) -> None:
    for others in ([], [zips.entry("jobs/b.job")]):
        refused = refusal(zips, zips.raw(zips.entry(flags=0x808), *others))
        assert (refused.code, "lacks its data descriptor" in refused.message) == (
            ErrorCode.PACKAGE_UNSAFE,
            True,
        )


@pytest.mark.parametrize("side", ["local", "central"])
def test_header_and_directory_must_both_promise_a_data_descriptor(zips: Any, side: str) -> None:
    entry = streamed(zips, "<3I")
    entry[side]["flags"] = 0x800
    assert "data descriptor (flag bit 3)" in refusal(zips, zips.raw(entry)).message


def test_a_name_in_two_encodings_is_refused(zips: Any) -> None:
    raw = "订单".encode()
    lying = zips.entry(b"jobs/" + raw + b".job", local={"flags": 0}, central={"flags": 0x800})
    assert "another encoding of its name" in refusal(zips, zips.raw(lying)).message
    assert zips.read(zips.raw(zips.entry(local={"flags": 0}))).entries


def test_another_name_in_the_local_headers_unicode_field_is_refused(zips: Any) -> None:
    raw = b"jobs/__.job"
    fields = [b"\1" + zlib.crc32(raw).to_bytes(4, "little") + name for name in (b"jobs/a.job", b"jobs/b.job")]
    local, central = ({"extra": b"up" + len(one).to_bytes(2, "little") + one} for one in fields)
    assert zips.read(zips.raw(zips.entry(raw, local=local, central=local))).entries[0].name == "a"
    assert (
        "in its Unicode field"
        in refusal(zips, zips.raw(zips.entry(raw, local=local, central=central))).message
    )


HIDDEN = b"PK\3\4" + struct.pack("<5H3I2H", 20, 0, 0, 0, 33, 0, 2, 2, 13, 0) + b"jobs/evil.job{}"


@pytest.mark.parametrize("hidden", [HIDDEN, b"#" * 100_000, b"x"])
@pytest.mark.parametrize("place", ["between entries", "before the directory", "behind a data descriptor"])
def test_bytes_that_belong_to_no_entry_are_refused(zips: Any, hidden: bytes, place: str) -> None:
    limits = msgspec.structs.replace(zips.small, package_bytes=1_000_000)
    second = zips.entry("jobs/b.job")
    if place == "between entries":
        second["gap"], where = hidden, "jobs/orders.job: is followed, at offset 76"
        entries = [zips.entry(), second]
    elif place == "before the directory":
        entries, where = [zips.entry(), zips.entry("jobs/b.job", after=hidden)], "jobs/b.job: is followed"
    else:
        entries, where = (
            [streamed(zips, "<3I", more=hidden), second],
            "jobs/orders.job: is followed, at offset 92",
        )
    with pytest.raises(PackageRefused) as caught:
        zips.read(zips.raw(*entries), limits)
    refused = caught.value
    assert refused.code is ErrorCode.PACKAGE_UNSAFE
    assert where in refused.message
    assert f"by {len(hidden):,} byte{'s' * (len(hidden) > 1)} that belong to no entry" in refused.message
    assert ("jobs/evil.job, which the directory does not list" in refused.message) == (hidden == HIDDEN)


def test_entries_may_lie_in_any_order(zips: Any) -> None:
    names = ["jobs/a.job", "jobs/b.job", "jobs/c.job"]
    package = zips.raw(*map(zips.entry, names))
    start, end = package.index(b"PK\1\2"), package.index(b"PK\5\6")
    one = (end - start) // 3
    turned = b"".join(package[start + one * place : start + one * (place + 1)] for place in (2, 0, 1))
    assert [entry.path for entry in zips.read(package[:start] + turned + package[end:]).entries] == names


def test_a_directory_of_nothing_leaves_no_bytes_before_it(zips: Any) -> None:
    refused = refusal(zips, HIDDEN + zips.raw(offset=len(HIDDEN)))
    assert "before its first entry" in refused.message


def test_a_stream_that_ends_early_is_refused_even_where_nobody_reads_it(zips: Any) -> None:
    """Who reads from the front goes on behind the stream, and finds a data descriptor and an entry there."""
    stream = zlib.compress(b"notes", 9, -15)
    told = b"PK\7\10" + struct.pack("<3I", zlib.crc32(b"notes"), len(stream), 5)
    body = stream + told + HIDDEN
    lies = {"data": b"notes", "body": body, "method": 8, "flags": 0x808}
    after = b"PK\7\10" + struct.pack("<3I", zlib.crc32(b"notes"), len(body), 5)
    zeros = {"crc": 0, "packed": 0, "size": 0}
    package = zips.raw(zips.entry(), zips.entry("readme.txt", local=zeros, after=after, **lies))
    refused = refusal(zips, package)
    assert (refused.code, refused.subject) == (ErrorCode.PACKAGE_UNREADABLE, "readme.txt")
    assert "does not end where the directory says" in refused.message


def test_a_stored_stream_that_holds_the_mark_of_its_end_is_refused(zips: Any) -> None:
    data = (
        zips.job
        + b"PK\7\10"
        + struct.pack("<3I", zlib.crc32(zips.job), len(zips.job), len(zips.job))
        + HIDDEN
    )
    refused = refusal(zips, zips.raw(streamed(zips, "<3I", data=data)))
    assert (refused.code, refused.subject) == (ErrorCode.PACKAGE_UNSAFE, "jobs/orders.job")
    assert "holds the mark of a data descriptor at offset 76" in refused.message
    assert "not into a pipe" in refused.hint
    assert zips.read(zips.raw(zips.entry(data=data))).entries


@pytest.mark.parametrize("before", [1, 2, 3, 4])
def test_the_mark_of_an_end_is_found_wherever_reading_in_pieces_cuts_it(zips: Any, before: int) -> None:
    """Entries are looked through 256 KiB at a time."""
    at = 256 * 1024 - before
    package = zips.raw(streamed(zips, "<3I", data=bytes(at) + b"PK\7\10" + bytes(20)))
    with pytest.raises(PackageRefused) as caught:
        zips.read(package, PackageLimits())
    place = 30 + len("jobs/orders.job") + at
    assert f"holds the mark of a data descriptor at offset {place:,}," in caught.value.message


@pytest.mark.parametrize("stub", [b"MZ" + bytes(700), b"\x7fELF" + bytes(700), b"#!/bin/sh\nexit\n"])
@pytest.mark.parametrize("adjusted", [False, True])
def test_a_self_extracting_archive_is_named_so(zips: Any, stub: bytes, adjusted: bool) -> None:
    """Its offsets count from the file's start or from the archive's, as the program that made it likes."""
    refused = refusal(zips, zips.raw(zips.entry(gap=stub)) if adjusted else stub + zips.raw(zips.entry()))
    assert refused.code is ErrorCode.PACKAGE_UNSAFE
    assert f"{len(stub):,} bytes that belong to no entry, before its first entry" in refused.message
    assert "self-extracting" in refused.message
    assert "plain zip" in refused.hint


def test_bytes_after_the_end_are_told_with_their_place(zips: Any) -> None:
    whole = zips.raw(zips.entry(), comment=b"by hand")
    refused = refusal(zips, whole + b"\n\n")
    assert refused.code is ErrorCode.PACKAGE_UNSAFE
    assert f"holds 2 bytes after its end, at offset {len(whole)}" in refused.message


def test_a_comment_with_the_mark_of_an_end_is_refused(zips: Any) -> None:
    """Who looks for the last mark and does not measure the comment finds another end than others."""
    refused = refusal(zips, zips.raw(zips.entry(), comment=b"PK\5\6" + bytes(30)))
    assert (refused.code, "in its comment" in refused.message) == (ErrorCode.PACKAGE_UNSAFE, True)


def test_a_64_bit_end_inside_the_directory_is_refused(zips: Any) -> None:
    """It lies where most programs look for it first, and the short end does not speak of it."""
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, 0, 1)
    extra = struct.pack("<2H", 0x7777, len(locator)) + locator
    refused = refusal(zips, zips.raw(zips.entry(), zips.entry("jobs/b.job", central={"extra": extra})))
    assert (refused.code, "zip64" in refused.message) == (ErrorCode.PACKAGE_UNSAFE, True)


def test_a_descriptor_that_is_not_announced_is_a_lie(zips: Any) -> None:
    lying = zips.entry(local={"crc": 0, "packed": 0, "size": 0})
    assert "another size" in refusal(zips, zips.raw(lying)).message


@pytest.mark.parametrize("extra", [b"\1", b"\1\0\xff\xff", bytes(3), b"UT\5\0\3abcd", b"\x0a\0\4\0abcd"])
def test_extra_fields_that_nobody_needs_do_no_harm(zips: Any, extra: bytes) -> None:
    """Broken ones, times of Info-ZIP and of NTFS, in one header and in both."""
    for lies in ({"central": {"extra": extra}}, {"local": {"extra": extra}}, {"extra": extra}):
        assert zips.read(zips.raw(zips.entry(**lies))).entries


def test_a_stored_entry_may_hold_what_looks_like_a_directory(zips: Any) -> None:
    inner = zips.raw(zips.entry("jobs/inner.job"))
    package = zips.read(zips.raw(zips.entry("jobs/a.job", inner), zips.entry("jobs/b.job")))
    assert [entry.name for entry in package.entries] == ["a", "b"]


@pytest.mark.parametrize("mark", [b"PK\6\6", b"PK\6\7"])
def test_a_name_that_looks_like_a_64_bit_end_is_a_bad_name(zips: Any, mark: bytes) -> None:
    """It stands where the 64-bit locator would, right before the end."""
    for name in (mark, mark + bytes(16), bytes(4) + mark):
        refused = refusal(zips, zips.raw(zips.entry(name)))
        assert refused.code is ErrorCode.PACKAGE_UNSAFE


def test_a_comment_that_holds_an_end_of_its_own_is_refused(zips: Any) -> None:
    other = zips.raw(zips.entry("jobs/other.job"))
    refused = refusal(zips, zips.raw(zips.entry(), comment=other))
    assert (refused.code, "two ends" in refused.message) == (ErrorCode.PACKAGE_UNSAFE, True)


def test_two_packages_in_a_row_are_refused(zips: Any) -> None:
    twice = zips.raw(zips.entry("jobs/a.job")) + zips.raw(zips.entry("jobs/b.job"))
    refused = refusal(zips, twice)
    assert (refused.code, "belong to no entry" in refused.message) == (ErrorCode.PACKAGE_UNSAFE, True)


def test_a_split_mark_before_the_first_entry_is_refused(zips: Any) -> None:
    refused = refusal(zips, zips.raw(zips.entry(gap=b"PK\7\10")))
    assert (refused.code, "4 bytes that belong to no entry, before its first entry" in refused.message) == (
        ErrorCode.PACKAGE_UNSAFE,
        True,
    )


def test_folders_are_read_over(zips: Any) -> None:
    """Java writes an empty stream of two bytes for a folder."""
    java = streamed(zips, "<3I", name="jobs/deep/", data=b"", deflate=True)
    package = zips.read(zips.raw(zips.entry("jobs/", b""), java, zips.entry("jobs/deep/a.job")))
    assert ([entry.name for entry in package.entries], package.warnings) == (["a"], ())


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        ({"data": b"x"}, "is a folder and holds 1 byte of data"),
        ({"data": HIDDEN, "deflate": True}, "is a folder and holds"),
        ({"data": b"", "body": b"\3\0" + HIDDEN, "method": 8}, "does not end where the directory says"),
    ],
)
def test_a_folder_with_data_is_refused(zips: Any, folder: dict[str, Any], reason: str) -> None:
    refused = refusal(zips, zips.raw(zips.entry("jobs/", **folder), zips.entry("jobs/a.job")))
    assert refused.subject == "jobs/"
    assert reason in refused.message


@pytest.mark.parametrize(
    ("attributes", "what"),
    [
        (0o120777, "a link"),
        (0o020600, "a device"),
        (0o060600, "a device"),
        (0o010600, "a pipe"),
        (0o140600, "a socket"),
        (0o160600, "a special file"),
    ],
)
@pytest.mark.parametrize("name", ["jobs/a.job", "readme", "files/" + "0" * 64, "folder/"])
def test_no_entry_of_any_name_is_a_link_or_device(zips: Any, attributes: int, what: str, name: str) -> None:
    refused = refusal(zips, zips.raw(zips.entry(), zips.entry(name, attributes=attributes << 16)))
    assert (refused.code, refused.subject) == (ErrorCode.PACKAGE_UNSAFE, name)
    assert what in refused.message


@pytest.mark.parametrize("flags", [0x1, 0x40, 0x41, 0x2000])
def test_encryption_is_named_whatever_hides_behind_it(zips: Any, flags: int) -> None:
    refused = refusal(zips, zips.raw(zips.entry(), zips.entry("jobs/b.job", flags=0x800 | flags, method=99)))
    assert (refused.code, refused.subject) == (ErrorCode.PACKAGE_UNREADABLE, "jobs/b.job")
    assert "encrypted" in refused.message


@pytest.mark.parametrize("raw", ["订单".encode("gbk"), b"\x81\x82"])
@pytest.mark.parametrize("before", [b"../", b"/", b"jobs//", b"C:"])
def test_a_legacy_name_is_judged_after_it_is_decoded(zips: Any, raw: bytes, before: bytes) -> None:
    refused = refusal(zips, zips.raw(zips.entry(before + raw + b".job")))
    assert refused.code is ErrorCode.PACKAGE_UNSAFE


def test_two_legacy_names_that_read_alike_are_one_name_twice(zips: Any) -> None:
    gbk, utf8 = zips.entry(b"jobs/" + "订单".encode("gbk") + b".job"), zips.entry("jobs/订单.job")
    refused = refusal(zips, zips.raw(gbk, utf8))
    assert (refused.code, refused.subject) == (ErrorCode.PACKAGE_UNSAFE, "jobs/订单.job")


@pytest.mark.parametrize("name", ["jobs/" + "x" * 3_000 + "\n.job", "jobs/\u202e\u2028\x85/../.job"])
def test_a_refusal_prints_no_name_that_would_break_a_line(zips: Any, name: str) -> None:
    refused = refusal(zips, zips.raw(zips.entry(name)))
    assert refused.message.isprintable()
    assert len(refused.subject) < 200
