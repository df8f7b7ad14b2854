"""Names as every database can hold and index them: anybody may write anything into a document."""

from __future__ import annotations

import hashlib

from jobferry.model.names import printable

_LONGEST = 200
_HASHED = "sha256:"


def key_of(value: str) -> str:
    """The value itself, or a hash of one that is long or cannot be held."""
    if len(value) <= _LONGEST and not value.startswith(_HASHED) and printable(value) == value:
        return value
    return _HASHED + hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
