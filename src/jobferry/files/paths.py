"""How places in object storage are written: ``obs://bucket/key``."""

from __future__ import annotations

import re

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.files.ports import ObjectPath

_SCHEME = "obs://"
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,62}\Z")
_UNFIT = re.compile(r"[\x00-\x1f\x7f\\]")
_KEY_BYTES = 1024


def parse_object_path(text: str) -> ObjectPath:
    """The bucket and key of ``obs://bucket/key``.

    Raises:
        InvalidRequest: ``invalid-object-path``: it is not written so, or has parts like ``..``.
    """
    bucket, _, key = text.removeprefix(_SCHEME).partition("/")
    if not text.startswith(_SCHEME):
        raise invalid(text, f"does not begin with {_SCHEME}")
    path = ObjectPath(bucket, key)
    refuse_invalid(path)
    return path


def refuse_invalid(path: ObjectPath) -> None:
    """Raises: InvalidRequest: the bucket's name or the key is not acceptable."""
    key = path.key
    if not _BUCKET.match(path.bucket) or ".." in path.bucket:
        raise invalid(str(path), f"has no valid bucket name ({path.bucket!r})")
    if not key:
        raise invalid(str(path), "names no object in the bucket")
    if _UNFIT.search(key) or any(part in ("", ".", "..") for part in key.split("/")):
        raise invalid(str(path), "has an empty part, a part of dots, a backslash or a control character")
    if len(key.encode(errors="surrogatepass")) > _KEY_BYTES:
        raise invalid(str(path), f"has a key of more than {_KEY_BYTES:,} bytes")


def invalid(text: str, reason: str) -> InvalidRequest:
    """The error for a text that names no object."""
    return InvalidRequest(
        ErrorCode.INVALID_OBJECT_PATH,
        f"{text!r} {reason}",
        subject=text,
        hint="Write it like obs://bucket/folder/package.zip.",
    )
