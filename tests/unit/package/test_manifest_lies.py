"""Manifests that lie: each lie is refused with the entry and what is wrong with it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from jobferry.errors import ErrorCode, PackageRefused
from jobferry.model.document.facts import FactRules
from jobferry.services.importing.read_package import read_contents

OTHER = b'{"name": "others", "nodes": []}'
ALTERED, UNREADABLE = ErrorCode.PACKAGE_ALTERED, ErrorCode.PACKAGE_UNREADABLE


def listed(name: str, text: bytes, /, **lies: Any) -> dict[str, Any]:
    told = {
        "kind": "job",
        "name": name,
        "path": f"jobs/{name}.job",
        "size": len(text),
        "sha256": hashlib.sha256(text).hexdigest(),
        "uid": f"uid-{name}",
    }
    return told | lies


def package(zips: Any, lies: dict[str, Any], **whole: Any) -> bytes:
    """Two jobs, and a manifest that lies about the second one, or as a whole."""
    manifest = {
        "format": 1,
        "contents": [listed("orders", zips.job), listed("others", OTHER, **lies)],
        "provenance": {"platform_id": "p", "platform_name": "n", "workspace": "w"},
    }
    text = json.dumps(manifest | whole).encode()
    entries = [("manifest.json", text), ("jobs/orders.job", zips.job), ("jobs/others.job", OTHER)]
    return bytes(zips.raw(*(zips.entry(*one) for one in entries)))


def refusal(zips: Any, data: bytes) -> PackageRefused:
    with pytest.raises(PackageRefused) as caught:
        read_contents(zips.read(data), FactRules())
    assert caught.value.hint
    return caught.value


def test_the_truth_is_read(zips: Any) -> None:
    contents = read_contents(zips.read(package(zips, {})), FactRules())
    assert [item.info.uid for item in contents.entries] == ["uid-orders", "uid-others"]


@pytest.mark.parametrize(
    ("lies", "reason"),
    [
        ({"size": 0}, "the manifest says 0"),
        ({"size": len(OTHER) + 1}, "the manifest says"),
        ({"size": -1}, "the manifest says -1"),
        ({"size": 2**70}, "the manifest says"),
        ({"sha256": "0" * 64}, "other contents"),
        ({"kind": "script"}, "is called a script"),
        ({"name": "someone"}, "names itself others; the manifest names it someone"),
        ({"uid": "uid-orders"}, "orders and others the same uid"),
    ],
)
def test_a_lie_about_an_entry_names_it(zips: Any, lies: dict[str, Any], reason: str) -> None:
    refused = refusal(zips, package(zips, lies))
    assert (refused.code, refused.subject) == (ALTERED, "jobs/others.job")
    assert reason in refused.message


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("jobs/nowhere.job", "not in the package"),
        ("../others.job", "not in the package"),
        ("jobs/orders.job", "twice"),
        ("manifest.json", "not the path of an object"),
    ],
)
def test_a_lie_about_a_path_names_the_path(zips: Any, path: str, reason: str) -> None:
    refused = refusal(zips, package(zips, {"path": path}))
    assert (refused.code, refused.subject) == (ALTERED, path)
    assert reason in refused.message


@pytest.mark.parametrize(
    ("lies", "reason"),
    [
        ({"sha256": ""}, "no SHA-256"),
        ({"sha256": "A" * 64}, "no SHA-256"),
        ({"sha256": "0" * 64 + "\n"}, "no SHA-256"),
        ({"uid": "a\0b"}, "is not valid"),
        ({"uid": "u" * 201}, "is not valid"),
        ({"kind": "toy"}, "toy"),
        ({"kind": "toy" * 900}, "toy"),
        ({"size": "31"}, "int"),
        ({"size": 1.5}, "int"),
        ({"name": None}, "str"),
    ],
)
def test_what_is_no_manifest_entry_is_refused(zips: Any, lies: dict[str, Any], reason: str) -> None:
    refused = refusal(zips, package(zips, lies))
    assert (refused.code, refused.subject) == (UNREADABLE, "manifest.json")
    assert reason in refused.message
    assert refused.message.isprintable()
    assert len(refused.message) < 500


@pytest.mark.parametrize(
    ("whole", "code", "reason"),
    [
        ({"format": 3}, ErrorCode.PACKAGE_FORMAT_NEWER, "format 3"),
        ({"format": 3, "contents": "anything"}, ErrorCode.PACKAGE_FORMAT_NEWER, "format 3"),
        ({"format": 10**40}, ErrorCode.PACKAGE_FORMAT_NEWER, "formats up to 2"),
        ({"format": 0}, UNREADABLE, "never existed"),
        ({"format": -1}, UNREADABLE, "never existed"),
        ({"format": True}, UNREADABLE, "int"),
        ({"format": 1e400}, UNREADABLE, "malformed"),
        ({"contents": {}}, UNREADABLE, "array"),
        (
            {"provenance": {"platform_id": "p\n", "platform_name": "", "workspace": ""}},
            UNREADABLE,
            "is not valid",
        ),
        ({"deletions": [{"kind": "job", "name": "x", "uid": "\0"}]}, UNREADABLE, "is not valid"),
        ({"format": 2, "files": [{"sha256": "0", "size": 1}]}, UNREADABLE, "no SHA-256 digest"),
    ],
)
def test_a_manifest_that_is_wrong_as_a_whole_is_refused(
    zips: Any, whole: dict[str, Any], code: ErrorCode, reason: str
) -> None:
    refused = refusal(zips, package(zips, {}, **whole))
    assert (refused.code, refused.subject) == (code, "manifest.json")
    assert reason in refused.message


def test_an_endless_name_is_cut_in_the_message(zips: Any) -> None:
    text = b'{"name": "%s", "nodes": []}' % (b"x" * 3_000)
    manifest = {
        "format": 1,
        "contents": [listed("orders", text)],
        "provenance": {"platform_id": "p", "platform_name": "n", "workspace": "w"},
    }
    data = zips.raw(
        zips.entry("manifest.json", json.dumps(manifest).encode()), zips.entry("jobs/orders.job", text)
    )
    refused = refusal(zips, data)
    assert refused.code is ALTERED
    assert len(refused.message) < 400
