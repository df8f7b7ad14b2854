"""One package of every format that was ever written; each must be read as long as there is a Jobferry."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib

import pytest

from jobferry.package.limits import PackageLimits
from jobferry.package.reader import open_package
from jobferry.package.writer import StreamedEntry, zip_chunks

JOB = b'{"name": "a", "nodes": []}'
FILE_SHA = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
_REST = (
    b'  "deletions": [],\n  "emptied": [],\n  "needs": [],\n%s'
    b'  "provenance": {"platform_id":"p","platform_name":"test","workspace":"w"}\n}\n'
)
_FILES = b'  "files": [\n    {"sha256":"%s","size":1}\n  ],\n' % FILE_SHA.encode()


def manifest(number: int, files: bytes) -> bytes:
    entry = b'{"kind":"job","name":"a","path":"jobs/a.job","size":26,"sha256":"%s","uid":"u"}'
    sha256 = hashlib.sha256(JOB).hexdigest().encode()
    contents = b'  "contents": [\n    ' + entry % sha256 + b"\n  ],\n"
    return b'{\n  "format": %d,\n' % number + contents + _REST % files


GOLDEN = {
    1: {"manifest.json": manifest(1, b""), "jobs/a.job": JOB},
    2: {"manifest.json": manifest(2, _FILES), "jobs/a.job": JOB, f"files/{FILE_SHA}": b"x"},
}


@pytest.mark.parametrize("number", GOLDEN)
def test_a_package_of_every_format_is_read(number: int) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as whole:
        for path, text in GOLDEN[number].items():
            whole.writestr(path, text)
    with open_package(content, PackageLimits()) as package:
        assert package.manifest is not None
        assert package.manifest.format == number
        assert [(entry.name, text) for entry, text in package.documents()] == [("a", JOB)]
        assert {one: b"".join(package.file(one)) for one in package.files} == (
            {FILE_SHA: b"x"} if number > 1 else {}
        )


def test_streamed_entries_are_read_like_others_whatever_they_were_packed_with() -> None:
    data = b"abc" * 200_000
    path = f"files/{hashlib.sha256(data).hexdigest()}"
    pieces = [data[:1000], data[1000:]]
    streamed = StreamedEntry(path, len(data), zlib.crc32(data), lambda: iter(pieces))
    stored = b"".join(zip_chunks([("a.job", b"{}")], streamed=[streamed]))
    deflated = b"".join(zip_chunks([("a.job", b"{}"), (path, data)]))
    for whole in (stored, deflated):
        with zipfile.ZipFile(io.BytesIO(whole)) as opened:
            assert opened.testzip() is None
        with open_package(io.BytesIO(whole), PackageLimits()) as package:
            assert b"".join(package.file(path.removeprefix("files/"))) == data
