"""Packages of any kind, manifests and receipt files, of any bytes.

Refusals are caught inside: they are the only right way to say no.
"""

from __future__ import annotations

import hashlib
import io
import json

from pydantic_core import from_json

from jobferry.errors import InvalidRequest, PackageRefused
from jobferry.model.connections import SurroundingKind
from jobferry.model.document.facts import FactRules
from jobferry.model.document.text import without_bom
from jobferry.model.report.receipt_file import kept_receipt, read_receipt_file, sealed
from jobferry.package import manifest as manifests
from jobferry.package.layouts import MANIFEST_PATH
from jobferry.package.limits import PackageLimits
from jobferry.package.reader import open_package
from jobferry.package.surroundings.reader import read_surroundings
from jobferry.package.writer import zip_chunks
from jobferry.services.importing.read_package import read_contents

MIB = 1024 * 1024
LIMITS = PackageLimits(
    package_bytes=4 * MIB, unpacked_bytes=16 * MIB, entries=1_000, entry_bytes=4 * MIB, ratio=2_000
)
READING = FactRules()
FIELD, RECORD = b"\x1f", b"\x1e"
"""They divide the input of :func:`contents` into entries, and an entry into path and text."""


def package(data: bytes) -> None:
    """Any bytes as a package: opened, every document read and judged."""
    try:
        with open_package(io.BytesIO(data), LIMITS) as opened:
            contents = read_contents(opened, READING)
            for item in contents.entries:
                assert hashlib.sha256(without_bom(opened.text(item.info))).hexdigest() == item.info.sha256
            assert len(contents.digest) == 64
    except PackageRefused as refused:
        is_told_well(refused)


def contents(data: bytes) -> None:
    """A proper zip of any paths and texts; a manifest among them is given the true sizes and digests."""
    package(zipped(data))


def zipped(data: bytes) -> bytes:
    """Records of path and text as a zip, see :func:`contents`."""
    entries: dict[str, bytes] = {}
    for record in data.split(RECORD)[:50]:
        path, _, text = record.partition(FIELD)
        entries.setdefault(path.decode(errors="replace")[:300], text)
    if MANIFEST_PATH in entries:
        entries[MANIFEST_PATH] = _told_truly(entries[MANIFEST_PATH], entries)
    return b"".join(zip_chunks(sorted(entries.items()), level=0))


def manifest(data: bytes) -> None:
    """A text as a manifest; one that is read comes back the same from its own spelling."""
    try:
        found = manifests.decode(data)
    except PackageRefused as refused:
        is_told_well(refused)
    else:
        assert manifests.decode(manifests.encode(found)) == found


def surroundings(data: bytes) -> None:
    """The first byte chooses: any bytes, or any entries, as a package of connections or variables."""
    chosen = data[0] if data else 0
    file = io.BytesIO(zipped(data[1:]) if chosen & 1 else data[1:])
    for kind in SurroundingKind:
        try:
            found = read_surroundings(file, LIMITS, kind)
        except PackageRefused as refused:
            is_told_well(refused)
        else:
            assert len(found.digest) == 64
            assert found.things


def receipt(data: bytes) -> None:
    """A text as a receipt file, as it comes and with a seal that fits."""
    try:
        content = from_json(data)
    except ValueError:
        return
    if not isinstance(content, dict):
        return
    for told in (content, sealed({name: one for name, one in content.items() if name != "seal"})):
        try:
            found = read_receipt_file(told)
        except InvalidRequest as invalid:
            is_told_well(invalid)
        else:
            assert kept_receipt(found.encoded) == found


def is_told_well(refused: PackageRefused | InvalidRequest) -> None:
    """The message can be shown on any terminal, is short, and something can be done."""
    assert refused.hint
    assert refused.message.isprintable()
    assert len(refused.message) < 2_000


def _told_truly(text: bytes, entries: dict[str, bytes]) -> bytes:
    try:
        told = json.loads(text)
        for entry in told["contents"]:
            there = entries[entry["path"]]
            entry |= {"size": len(there), "sha256": hashlib.sha256(there).hexdigest()}
        return json.dumps(told).encode()
    except (ValueError, LookupError, TypeError, RecursionError):
        return text
