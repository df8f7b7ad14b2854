"""The manifest's bytes."""

from __future__ import annotations

import json

import pytest

from jobferry.errors import ErrorCode, PackageRefused
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.package import Deletion, Emptied, Entry, Manifest, Need, Provenance
from jobferry.package.manifest import decode, encode

MANIFEST = Manifest(
    format=1,
    contents=(
        Entry(
            kind=ObjectKind.JOB, name="经营日报", path="jobs/经营日报.job", size=3, sha256="a" * 64, uid="u1"
        ),
        Entry(kind=ObjectKind.CDM, name="c/j", path="cdms/c/j.json", size=2, sha256="b" * 64),
    ),
    deletions=(Deletion(kind=ObjectKind.SCRIPT, name="old", uid="u2"),),
    emptied=(Emptied(kind=ObjectKind.JOB, name="经营日报", paths=(("nodes", 0, "password"),)),),
    needs=(Need(kind=NeedKind.CONNECTION, name="dwh"),),
    provenance=Provenance(platform_id="p", platform_name="test", workspace="w"),
)


def test_it_comes_back_whole() -> None:
    assert decode(encode(MANIFEST)) == MANIFEST
    assert decode(b"\xef\xbb\xbf" + encode(MANIFEST)) == MANIFEST


def test_it_is_the_same_text_each_time_with_a_line_per_object() -> None:
    text = encode(MANIFEST)
    assert text == encode(MANIFEST)
    assert json.loads(text)["contents"][0]["name"] == "经营日报"
    lines = text.decode().splitlines()
    assert lines[1] == '  "format": 1,'
    assert lines[3].startswith('    {"kind":"job","name":"经营日报"')


NEEDS = b'"needs": [\n    {"kind":"connection","name":"dwh"}\n  ]'


@pytest.mark.parametrize("text", [b'{"format": 3}', b'{"contents": 5, "format": 7, "new": [{}]}'])
def test_a_newer_format_is_refused_by_its_number_alone(text: bytes) -> None:
    with pytest.raises(PackageRefused) as caught:
        decode(text)
    assert caught.value.code is ErrorCode.PACKAGE_FORMAT_NEWER
    assert str(json.loads(text)["format"]) in caught.value.message
    assert "up to 2" in caught.value.message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "truncated"),
        (b"[]", "object"),
        (b"{}", "format"),
        (b'{"format": "1"}', "int"),
        (b'{"format": 0, "contents": [], "provenance": {}}', "platform_id"),
        (b'{"format": 1', "truncated"),
        (b'{"format": 1}', "contents"),
        (b"\xff\xfe{", "malformed"),
        (b"[" * 100_000, ""),
        (encode(MANIFEST).replace(b"a" * 64, b"A" * 64), "SHA-256"),
        (encode(MANIFEST).replace(b'"format": 1', b'"format": 0'), "never existed"),
        (encode(MANIFEST).replace(b'"kind":"job"', b'"kind":"toy"'), "toy"),
        (encode(MANIFEST).replace(b'"kind":"job"', b'"kind":"job","kind":"script"', 1), "key 'kind' twice"),
        (encode(MANIFEST).replace(NEEDS, b'"format": 1'), "key 'format' twice"),
        (encode(MANIFEST).replace(b'"contents"', b'"contents": [],"contents"', 1), "key 'contents' twice"),
        (encode(MANIFEST).replace(b'"kind"', b'"new": {"x": 1, "\\u0078": 2},"kind"', 1), "key 'x' twice"),
    ],
)
def test_a_broken_manifest_says_why(text: bytes, reason: str) -> None:
    with pytest.raises(PackageRefused) as caught:
        decode(text)
    assert caught.value.code is ErrorCode.PACKAGE_UNREADABLE
    assert caught.value.message.startswith("manifest.json: is not a manifest: ")
    assert reason in caught.value.message
