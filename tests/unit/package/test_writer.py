"""The zip that is written: everyone can open it, and it is the same each time."""

from __future__ import annotations

import hashlib
import io
import json
import random
import struct
import threading
import zipfile
from collections.abc import Generator, Iterator

import pytest

from jobferry.package import deflate
from jobferry.package.writer import _Directory, _header, zip_chunks

FAST = [False, *([True] if deflate.isal_zlib is not None else [])]


def documents(count: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    rnd = random.Random(seed)  # noqa: S311
    words = ["节点", "select", "from", "orders", "where", "dt", "=", "${bizdate}"]
    for number in range(count):
        yield f"jobs/作业_{number:05}.job", " ".join(rnd.choices(words, k=rnd.randrange(900))).encode()


@pytest.mark.parametrize("fast", FAST)
@pytest.mark.parametrize("count", [0, 1, 3, 700])
def test_the_standard_library_reads_it(fast: bool, count: int) -> None:
    written = b"".join(zip_chunks(documents(count), fast=fast))
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert archive.testzip() is None
        assert [(info.filename, archive.read(info)) for info in archive.infolist()] == list(documents(count))
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert info.external_attr >> 16 == 0o100644
            assert info.flag_bits == 0x800


def test_golden_bytes_by_the_standard_library() -> None:
    written = b"".join(zip_chunks([("a.job", b"{}"), ("b.job", b"ab" * 50)], level=0))
    assert (
        hashlib.sha256(written).hexdigest()
        == "2bc8aaf101f0126c242be31ec20706a377d9cf4a8fd8cea416f98c929ff1bec8"
    )


@pytest.mark.parametrize("fast", FAST)
def test_the_same_entries_give_the_same_bytes(fast: bool) -> None:
    once, again = (list(zip_chunks(documents(900), fast=fast)) for _ in range(2))
    assert once == again


@pytest.mark.parametrize("fast", FAST)
def test_documents_are_at_most_12_percent_larger_than_by_zlib_6(fast: bool) -> None:
    steps = [
        {
            "name": f"step_{number}",
            "type": "DWSSQL",
            "location": {"x": str(80 + number * 37), "y": "200"},
            "preNodeName": [f"step_{number - 1}"],
            "properties": [{"name": "scriptName", "value": f"clean_{number * 7919 % 1000}"}],
            "pollingInterval": 20,
            "maxExecutionTime": 60,
        }
        for number in range(300)
    ]
    jobs = [
        (f"jobs/{n}.job", json.dumps({"name": f"job_{n}", "nodes": steps[n : n + 20]}).encode())
        for n in range(280)
    ]
    size = sum(map(len, zip_chunks(jobs, fast=fast)))
    assert size <= 1.12 * sum(map(len, zip_chunks(jobs, fast=False)))


def test_what_does_not_shrink_is_stored() -> None:
    noise = random.Random(1).randbytes(5_000)  # noqa: S311
    with zipfile.ZipFile(
        io.BytesIO(b"".join(zip_chunks([("a", noise), ("b", b""), ("c", b"0" * 99)])))
    ) as archive:
        assert [info.compress_type for info in archive.infolist()] == [0, 0, 8]


def test_chunks_are_of_a_quarter_mebibyte() -> None:
    noise = random.Random(1)  # noqa: S311
    sizes = [len(chunk) for chunk in zip_chunks((str(n), noise.randbytes(9_000)) for n in range(600))]
    assert len(sizes) > 3
    assert min(sizes[:-1]) >= 256 * 1024
    assert max(sizes) < 2 * 1024 * 1024


def test_entries_are_read_a_little_ahead_only() -> None:
    given = 0

    def entries() -> Iterator[tuple[str, bytes]]:
        nonlocal given
        for number in range(10_000):
            given += 1
            yield str(number), bytes(10_000)

    chunks = zip_chunks(entries())
    assert isinstance(chunks, Generator)
    next(chunks)
    assert given < 9_000
    chunks.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("package")]


def test_what_the_entries_raise_comes_through() -> None:
    def entries() -> Iterator[tuple[str, bytes]]:
        yield from documents(2_000)
        raise LookupError("the store is gone")

    with pytest.raises(LookupError, match="the store is gone"):
        list(zip_chunks(entries()))


def test_many_entries_need_zip64() -> None:
    written = b"".join(zip_chunks(((f"{n}.job", b"") for n in range(66_000)), level=0))
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        assert len(archive.infolist()) == 66_000
    assert b"PK\6\6" in written[-200:]


def test_a_far_offset_needs_zip64() -> None:
    far = 5 * 2**32
    directory = _Directory()
    directory.offset = far
    directory.add(_header(b"a.job", 0, 0, 2, 2))
    directory.offset += 5
    end = b"".join(directory.end())
    assert end[42:46] == b"\xff" * 4
    assert struct.unpack("<2HQ", end[51:63]) == (1, 8, far)
    assert struct.unpack("<Q", end[end.index(b"PK\6\6") + 48 :][:8]) == (far + 5,)
    assert b"PK\6\7" in end


def test_an_endless_path_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        list(zip_chunks([("x" * 70_000, b"")]))
