"""A receipt as a file that is carried back to the source: what the target holds of it, and a seal.

The seal is a digest of everything else in the file, so that a damaged one is noticed; it proves nothing about
who wrote it. How the JSON is spaced does not matter to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.model.kinds import ObjectKind
from jobferry.sentences import as_sentence, sentence

_SEAL = "seal"
_SHOWN = 200
"""Letters that an error shows of what somebody else's file says."""


class HeldObject(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One object that the target holds: its uid at the source, its name at the target, and the digest of the
    text that left the source."""

    kind: ObjectKind
    uid: str
    name: str
    sha256: str


class ReceiptFile(msgspec.Struct, frozen=True, kw_only=True):
    """What the source needs of a receipt."""

    id: str
    platform_id: str
    workspace: str
    source_platform: str
    source_workspace: str
    holds: tuple[HeldObject, ...]

    @property
    def encoded(self) -> bytes:
        """The same as JSON, to be kept until an export is made by it."""
        return msgspec.json.encode(self)


_kept = msgspec.json.Decoder(ReceiptFile)


def kept_receipt(content: bytes) -> ReceiptFile:
    """What :attr:`ReceiptFile.encoded` gave."""
    return _kept.decode(content)


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with its seal."""
    return {**content, _SEAL: _digest(content)}


def read_receipt_file(content: Mapping[str, Any]) -> ReceiptFile:
    """What a receipt file says.

    Raises:
        InvalidRequest: it is none, or not as it was written (``receipt-invalid``).
    """
    rest = {name: value for name, value in content.items() if name != _SEAL}
    if _SEAL not in content or "holds" not in content:
        raise _unfit("is no receipt file, or one of an older Jobferry")
    if content[_SEAL] != _digest(rest):
        raise _unfit("is damaged: it is not as it was written")
    try:
        return msgspec.convert(rest, ReceiptFile)
    except msgspec.ValidationError as error:
        raise _unfit(sentence("cannot be read: {error}", error=repr(str(error))[1:-1][:_SHOWN])) from None


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def _unfit(reason: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.RECEIPT_INVALID,
        sentence("the receipt {reason}", reason=as_sentence(reason)),
        subject="receipt",
        hint="have it written again where the package was imported: `jobferry receipt show ID -o FILE`",
    )
