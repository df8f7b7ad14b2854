"""Resource files in a package: they come in pieces, and what is broken in them is told at the latest then."""

from __future__ import annotations

import hashlib
import io
import random
import zlib
from typing import Any

import msgspec
import pytest

from jobferry.errors import ErrorCode, FilesError, PackageRefused
from jobferry.model.connections import SurroundingKind
from jobferry.package.archive import ByteSource
from jobferry.package.deflate import DEFAULT_LEVEL, packed_pieces
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import open_package
from jobferry.package.surroundings.reader import read_surroundings

PIECE = 256 * 1024


def given(zips: Any, data: bytes, **lies: Any) -> bytes:
    """What the package gives out of the file."""
    name = hashlib.sha256(data).hexdigest()
    whole = zips.raw(zips.entry(f"files/{name}", data, **lies), zips.entry())
    with open_package(io.BytesIO(whole), PackageLimits()) as package:
        return b"".join(package.file(name))


@pytest.mark.parametrize("size", [0, 1, PIECE, PIECE + 21, 2 * PIECE + 300])
def test_a_file_of_any_size_comes_whole(zips: Any, size: int) -> None:
    """With 21 bytes more than a piece, the last of them come after all that is packed was read."""
    assert given(zips, bytes(size), deflate=True) == bytes(size)


@pytest.mark.parametrize(
    ("lies", "told"),
    [
        ({"crc": 1}, "holds broken data: it is not what the directory says"),
        ({"body": b"\7broken", "method": 8}, "holds broken data: Error -3"),
    ],
)
def test_a_file_that_is_broken_is_refused_by_its_name(zips: Any, lies: dict[str, Any], told: str) -> None:
    with pytest.raises(PackageRefused, match=told) as caught:
        given(zips, b"x" * 10, **lies)
    assert caught.value.code is ErrorCode.PACKAGE_UNREADABLE
    assert caught.value.subject == f"files/{hashlib.sha256(b'x' * 10).hexdigest()}"


class Failing(io.BytesIO):
    """A file on a disk that gives nothing."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise OSError(5, "Input/output error")


def test_a_disk_that_gives_nothing_is_no_fault_of_the_package() -> None:
    with pytest.raises(FilesError, match="the package cannot be read: Input/output error") as caught:
        ByteSource(Failing(bytes(100))).at(0, 10)
    assert (caught.value.code, caught.value.hint) == (ErrorCode.FILES_FAILED, "check the file and its disk")


@pytest.mark.parametrize("fast", [True, False])
def test_pieces_are_packed_into_one_stream_by_either_library(fast: bool) -> None:
    pieces = [random.Random(number).randbytes(PIECE) for number in range(2)]  # noqa: S311 - packs to nothing less
    packed = b"".join(packed_pieces(pieces, DEFAULT_LEVEL, fast=fast))
    assert zlib.decompress(packed, -15) == b"".join(pieces)


def test_a_package_of_variables_is_held_to_the_size_of_a_package(zips: Any) -> None:
    whole = zips.raw(zips.entry("variables/a.var", b"{}"))
    limits = msgspec.structs.replace(PackageLimits(), package_bytes=len(whole) - 1)
    with pytest.raises(PackageRefused, match="the limit package_bytes is") as caught:
        read_surroundings(io.BytesIO(whole), limits, SurroundingKind.VARIABLE)
    assert caught.value.code is ErrorCode.PACKAGE_TOO_LARGE
