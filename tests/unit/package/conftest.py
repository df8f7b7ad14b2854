"""Zips made record by record, so that each record can lie."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest

from jobferry.package.limits import PackageLimits
from jobferry.package.reader import OpenPackage, open_package

JOB = b'{"name": "orders", "nodes": []}'
SMALL = PackageLimits(
    package_bytes=20_000, unpacked_bytes=8_000, entries=5, entry_bytes=4_000, ratio=20, ratio_from_bytes=1_000
)


def entry(name: bytes | str = "jobs/orders.job", data: bytes = JOB, **lies: Any) -> dict[str, Any]:
    """One entry. ``local`` and ``central`` change fields of one header; other lies change both.

    ``body`` is what lies in the archive; ``gap`` bytes are put before the entry.
    """
    raw = name.encode() if isinstance(name, str) else name
    deflated = lies.pop("deflate", False)
    body = lies.pop("body", zlib.compress(data, 9, -15) if deflated else data)
    fields = {
        "mark": None,
        "version": 20,
        "name": raw,
        "flags": 0x800 if isinstance(name, str) else 0,
        "method": 8 if deflated else 0,
        "crc": zlib.crc32(data),
        "packed": len(body),
        "size": len(data),
        "extra": b"",
        "attributes": 0o100644 << 16,
        "disk": 0,
        "offset": None,
    }
    local, central = lies.pop("local", {}), lies.pop("central", {})
    gap, after = lies.pop("gap", b""), lies.pop("after", b"")
    both = {**fields, **lies}
    return {
        "body": body,
        "gap": gap,
        "after": after,
        "local": {**both, **local},
        "central": {**both, **central},
    }


def raw_zip(*entries: dict[str, Any], **lies: Any) -> bytes:
    """An archive of the entries; ``lies`` change its end record, ``comment`` and ``tail`` follow it."""
    out, directory = bytearray(), bytearray()
    for one in entries:
        out += one["gap"]
        offset = len(out)
        out += _local(one["local"]) + one["body"] + one["after"]
        directory += _central(one["central"], offset)
    comment, tail, between = lies.pop("comment", b""), lies.pop("tail", b""), lies.pop("between", b"")
    end = {
        "disk": 0,
        "first": 0,
        "here": len(entries),
        "count": len(entries),
        "size": len(directory),
        "offset": len(out),
        "told": len(comment),
        **lies,
    }
    numbers = [end[key] for key in ("disk", "first", "here", "count", "size", "offset", "told")]
    out += directory + between + struct.pack("<4s4H2IH", b"PK\5\6", *numbers) + comment + tail
    return bytes(out)


def _local(told: dict[str, Any]) -> bytes:
    head = struct.pack(
        "<4s5H3I2H",
        told["mark"] or b"PK\3\4",
        told["version"],
        told["flags"],
        told["method"],
        0,
        33,
        told["crc"],
        told["packed"],
        told["size"],
        len(told["name"]),
        len(told["extra"]),
    )
    return bytes(head + told["name"] + told["extra"])


def _central(told: dict[str, Any], offset: int) -> bytes:
    head = struct.pack(
        "<4s6H3I5H2I",
        told["mark"] or b"PK\1\2",
        0x314,
        told["version"],
        told["flags"],
        told["method"],
        0,
        33,
        told["crc"],
        told["packed"],
        told["size"],
        len(told["name"]),
        len(told["extra"]),
        0,
        told["disk"],
        0,
        told["attributes"],
        offset if told["offset"] is None else told["offset"],
    )
    return bytes(head + told["name"] + told["extra"])


def read(package: bytes, limits: PackageLimits = SMALL) -> OpenPackage:
    """Opens a package and reads all of it."""
    with open_package(io.BytesIO(package), limits) as opened:
        for _ in opened.documents():
            pass
        return opened


class Zips:
    """What the tests of this folder share."""

    job = JOB
    small = SMALL
    entry = staticmethod(entry)
    raw = staticmethod(raw_zip)
    read = staticmethod(read)


@pytest.fixture(scope="session")
def zips() -> type[Zips]:
    return Zips
