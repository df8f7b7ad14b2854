"""Makes credentials, and seals secrets at rest with the data folder's key (AES-256-GCM)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string
from functools import cached_property
from typing import TYPE_CHECKING

from jobferry.errors import ErrorCode, StoreError
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN_PREFIX = "jf_"  # noqa: S105 - not a secret: it lets scanners recognise one

_KEY_BYTES = 32
_NONCE_BYTES = 12
_FORM = b"\x01"
_CAPITALS = string.ascii_uppercase + string.digits
_LETTERS = string.ascii_letters + string.digits


class Sealer:
    """Seals and opens secrets with one key. Sealing the same text twice gives different bytes."""

    def __init__(self, key: bytes) -> None:
        """``key`` is 32 random bytes.

        Raises:
            StoreError: it has another length.
        """
        self._key = whole_key(key)

    def seal(self, clear: bytes) -> bytes:
        """A sealed copy that only this key opens."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _FORM + nonce + self._cipher.encrypt(nonce, clear, _FORM)

    def unseal(self, sealed: bytes) -> bytes:
        """What was sealed.

        Raises:
            StoreError: it was sealed with another key, or altered.
        """
        from cryptography.exceptions import InvalidTag

        start = len(_FORM) + _NONCE_BYTES
        try:
            if not sealed.startswith(_FORM):
                raise InvalidTag
            return self._cipher.decrypt(sealed[len(_FORM) : start], sealed[start:], _FORM)
        except (InvalidTag, ValueError):
            raise StoreError(
                ErrorCode.STORE_FAILED,
                "a stored secret cannot be opened with this data folder's key",
                hint="the key and the database must come from the same platform: restore them together",
            ) from None

    def digest(self, text: str) -> str:
        """What stands for a text that is not to be kept: always the same, and nobody makes it without the
        key."""
        purpose = hmac.digest(self._key, b"digests", "sha256")
        return hmac.digest(purpose, text.encode("utf-8", "surrogatepass"), "sha256").hex()

    @cached_property
    def _cipher(self) -> AESGCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._key)


def whole_key(key: bytes) -> bytes:
    """The data folder's key itself.

    Raises:
        StoreError: it has another length than a key has.
    """
    if len(key) != _KEY_BYTES:
        raise StoreError(
            ErrorCode.STORE_FAILED,
            sentence(
                "the data folder's key has {count} bytes instead of {key_bytes}",
                count=len(key),
                key_bytes=_KEY_BYTES,
            ),
            hint="put the key back from a backup of the data folder",
        )
    return key


def new_token() -> str:
    """A token that nobody can guess; shown once, kept only as its hash."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a token. Plain SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def new_access_key() -> str:
    """A public name for a secret key: 20 capitals and digits."""
    return "".join(secrets.choice(_CAPITALS) for _ in range(20))


def new_secret_key() -> str:
    """A secret key of 40 letters and digits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(40))
