"""Names of zip entries: decoding, and which of them no package needs."""

from __future__ import annotations

import re
import zlib

from jobferry.package import records, refusals
from jobferry.package.records import extra_field
from jobferry.sentences import sentence

NAME_BYTES = 4096
"""No name is longer; operating systems know no longer path."""

_SUSPECT = re.compile(r"[\x00-\x1f\x7f\\]|^/|//|^[A-Za-z]:|(?:^|/)\.+(?:/|$)|^$")
_LEGACY = ("gbk", "cp437")
_ENCODING_NAMES = {"gbk": "GBK", "cp437": "CP437"}


def decoded(raw: bytes, flags: int, extra: bytes) -> tuple[str, str]:
    """A name, and the legacy encoding it was in, or an empty text.

    Without flag 11 a name is read by Info-ZIP's Unicode field where it has one (WinRAR leaves ``_15.job``
    beside it), else as UTF-8, GBK or CP437, whichever is the first that it fits.

    Raises:
        PackageRefused: the entry promises UTF-8 and is none, or its Unicode field has another name.
    """
    is_utf8 = bool(flags & records.UTF8_FLAG)
    try:
        field = unicode_field(raw, extra) if extra else b""
        if is_utf8 and field not in (b"", raw):
            raise refusals.unsafe("has another name in its Unicode field", raw.decode())
        return (field or raw).decode(), ""
    except UnicodeDecodeError:
        if is_utf8:
            name = raw.decode(errors="backslashreplace")
            raise refusals.unreadable("has a name that says it is UTF-8 and is not", name) from None
    for encoding in _LEGACY:
        try:
            return raw.decode(encoding), _ENCODING_NAMES[encoding]
        except UnicodeDecodeError:
            continue
    raise AssertionError("CP437 knows every byte")


def refuse_bad_name(name: str) -> None:
    """Lets a name pass that is a plain relative path.

    Raises:
        PackageRefused: ``package-unsafe`` for any other name.
    """
    if _SUSPECT.search(name):
        raise refusals.unsafe(_fault(name), name or "(an entry without a name)")


def unicode_field(raw: bytes, extra: bytes) -> bytes:
    """The name in Info-ZIP's Unicode field, in UTF-8; empty where there is none, or one of another name."""
    field = extra_field(extra, records.UNICODE_NAME_EXTRA)
    if field and field[0] == 1 and int.from_bytes(field[1:5], "little") == zlib.crc32(raw):
        return field[5:]
    return b""


def _fault(name: str) -> str:
    parts = name.split("/")
    faults = (
        (not name, sentence("has an empty name")),
        ("\0" in name, sentence("has a zero byte in its name")),
        ("\\" in name, sentence("has a backslash in its name; folders are separated by /")),
        (name.startswith("/"), sentence("has an absolute path")),
        (name[1:2] == ":", sentence("has a path with a drive letter")),
        (".." in parts, sentence("has a path that leaves its folder (..)")),
        ("" in parts[:-1], sentence("has a path with an empty part (//)")),
        (
            any(part and not part.strip(".") for part in parts),
            sentence("has a path with a part of dots only"),
        ),
    )
    return next((reason for true, reason in faults if true), sentence("has a control character in its name"))
