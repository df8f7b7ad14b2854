"""The records of a zip, as APPNOTE 6.3 has them."""

from __future__ import annotations

import struct

LOCAL = struct.Struct("<4s5H3I2H")
"""signature, version, flags, method, time, date, crc, packed, size, name length, extra length"""

CENTRAL = struct.Struct("<4s6H3I5H2I")
"""signature, made by, version, flags, method, time, date, crc, packed, size, name, extra and comment length,
disk, internal and external attributes, local header's offset"""

SHARED = slice(4, 30)
"""Of a local header, what the directory repeats: version to extra length. The name comes after it."""

CENTRAL_REST = struct.Struct("<3H2I")
"""What follows there: comment length, disk, internal and external attributes, local header's offset"""

END = struct.Struct("<4s4H2IH")
"""signature, disk, directory's disk, entries here, entries, directory size and offset, comment length"""

END64 = struct.Struct("<4sQ2H2I4Q")
"""signature, size of the rest, made by, version, disk, directory's disk, entries here, entries, directory
size and offset"""

LOCATOR64 = struct.Struct("<4sIQI")
"""signature, disk of the 64-bit end, its offset, number of disks"""

DESCRIPTOR = struct.Struct("<3I")
"""crc, packed, size: after the data of an entry that says so (flag bit 3), with a signature or without"""

DESCRIPTOR64 = struct.Struct("<I2Q")
"""The same in 64 bits."""

DESCRIPTOR_MARK = b"PK\x07\x08"
LOCAL_MARK = b"PK\x03\x04"
CENTRAL_MARK = b"PK\x01\x02"
END_MARK = b"PK\x05\x06"
END64_MARK = b"PK\x06\x06"
LOCATOR64_MARK = b"PK\x06\x07"
SPANNING_MARKS = (DESCRIPTOR_MARK, b"PK00")

ENCRYPTED_FLAGS = 0x1 | 0x40 | 0x2000
DESCRIPTOR_FLAG = 0x8
UTF8_FLAG = 0x800
READING_FLAGS = DESCRIPTOR_FLAG | UTF8_FLAG
"""Flags that decide how an entry is read: its own header and the directory must have the same."""

STORED = 0
DEFLATED = 8

MAX16 = 0xFFFF
MAX32 = 0xFFFFFFFF
ZIP64_EXTRA = 0x0001
ZIP64_VERSION = 45
"""Whoever reads an entry of this version or a later one knows 64-bit numbers."""
UNICODE_NAME_EXTRA = 0x7075
"""Info-ZIP's extra field that gives a name in UTF-8 beside one in a legacy encoding."""


def extra_field(extra: bytes, wanted: int) -> bytes | None:
    """The first extra field of an id, or none where there is none or the fields are broken before it."""
    at = 0
    while at + 4 <= len(extra):
        found, length = struct.unpack_from("<2H", extra, at)
        if at + 4 + length > len(extra):
            return None
        if found == wanted:
            return extra[at + 4 : at + 4 + length]
        at += 4 + length
    return None


def whole_numbers(field: bytes, count: int) -> tuple[int, ...] | None:
    """The first 64-bit numbers of a zip64 field, or none where it is too short."""
    return struct.unpack_from(f"<{count}Q", field) if len(field) >= 8 * count else None
