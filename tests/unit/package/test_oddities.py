"""Zips as all kinds of programs write them: what is harmless is read, what lies is refused."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from jobferry.errors import ErrorCode, PackageRefused


def refusal(zips: Any, package: bytes) -> PackageRefused:
    with pytest.raises(PackageRefused) as caught:
        zips.read(package)
    return caught.value


@pytest.mark.parametrize("mark", [b"", b"PK\7\10"])
@pytest.mark.parametrize("numbers", ["<3I", "<I2Q"])
def test_data_descriptors_with_and_without_a_mark_are_read(zips: Any, mark: bytes, numbers: str) -> None:
    entry = zips.entry(flags=0x808)
    central = entry["central"]
    after = mark + struct.pack(numbers, central["crc"], central["packed"], central["size"])
    streamed = zips.entry(flags=0x808, local={"crc": 0, "packed": 0, "size": 0}, after=after)
    assert zips.read(zips.raw(streamed, zips.entry("jobs/b.job"))).entries


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
    assert (refused.code, "4 bytes before its first entry" in refused.message) == (
        ErrorCode.PACKAGE_UNSAFE,
        True,
    )


def test_folders_are_read_over_even_where_they_hold_data(zips: Any) -> None:
    folders = [zips.entry("jobs/", b""), zips.entry("jobs/deep/", b"x", attributes=0o040755 << 16)]
    package = zips.read(zips.raw(*folders, zips.entry("jobs/deep/a.job")))
    assert ([entry.name for entry in package.entries], package.oddities) == (["a"], ())


@pytest.mark.parametrize(
    ("attributes", "what"),
    [
        (0o120777, "a link"),
        (0o020600, "a device"),
        (0o060600, "a device"),
        (0o010600, "a pipe"),
        (0o140600, "a socket"),
        (0o160600, "no plain file"),
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
