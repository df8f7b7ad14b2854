"""How the doors' callers write places in object storage."""

from __future__ import annotations

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.files.ports import ObjectPath

_SCHEME = "obs://"


def object_path(text: str) -> ObjectPath:
    """The bucket and key of ``obs://bucket/key``; the storage itself judges their characters.

    Raises:
        InvalidRequest: it is not written so (``invalid-object-path``).
    """
    bucket, _, key = text.removeprefix(_SCHEME).partition("/")
    if not text.startswith(_SCHEME) or not bucket or not key:
        raise InvalidRequest(
            ErrorCode.INVALID_OBJECT_PATH,
            f"{text!r} does not name an object",
            subject=text,
            hint="write obs://bucket/key",
        )
    return ObjectPath(bucket, key)
