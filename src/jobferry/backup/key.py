"""The key of a data folder in a backup: sealed with a passphrase, and held against the audit."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from jobferry.access.chain import Chain
from jobferry.access.passwords import SHORTEST
from jobferry.access.sealing import Sealer, whole_key
from jobferry.errors import Conflict, ErrorCode, InvalidRequest, PackageRefused, StoreError
from jobferry.model.audit import AuditEnd
from jobferry.sentences import sentence

_MAC_LABEL = b"jobferry backup index 1"
_SALT_BYTES = 16
_COST = 2**16
"""Scrypt's: 64 MiB of memory and a fifth of a second for each guess."""


def refuse_short(passphrase: str) -> None:
    """Raises: InvalidRequest: a passphrase is shorter than a password may be (``weak-password``)."""
    if len(passphrase) < SHORTEST:
        raise InvalidRequest(
            ErrorCode.WEAK_PASSWORD,
            sentence("a passphrase has {shortest} characters or more", shortest=SHORTEST),
            subject="passphrase",
            hint="take a few words that do not belong together",
        )


def sealed(key_file: str, passphrase: str) -> bytes:
    """The key's file, for nobody without the passphrase."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return salt + Sealer(_derived(passphrase, salt)).seal(key_file.encode())


def unsealed(content: bytes, passphrase: str) -> str:
    """The key's file.

    Raises:
        Conflict: the passphrase is another one (``key-refused``).
    """
    try:
        return Sealer(_derived(passphrase, content[:_SALT_BYTES])).unseal(content[_SALT_BYTES:]).decode()
    except StoreError as error:
        raise Conflict(
            ErrorCode.KEY_REFUSED,
            "the passphrase does not open the backup's key",
            hint="give the passphrase that the backup was made with, or the key itself with --key-file",
        ) from error


def key_in(key_file: str) -> bytes:
    """The key that a key file holds.

    Raises:
        Conflict: it holds none (``key-refused``).
    """
    try:
        return bytes.fromhex(key_file.split(maxsplit=1)[0])
    except (ValueError, IndexError) as error:
        raise _not_a_key() from error


def index_mac(key: bytes, index: bytes) -> str:
    """Compute the MAC of a backup's index: HMAC-SHA-256 by a key derived from the platform's.

    Raises:
        StoreError: the key has another length than a key has.
    """
    return hmac.digest(hmac.digest(whole_key(key), _MAC_LABEL, "sha256"), index, "sha256").hex()


def refuse_other_mac(key: bytes, index: bytes, mac: str) -> None:
    """Check the MAC of a backup's index.

    Raises:
        PackageRefused: the index was changed, or is another platform's (``backup-invalid``).
    """
    if not hmac.compare_digest(index_mac(key, index).encode(), mac.encode()):
        raise PackageRefused(
            ErrorCode.BACKUP_INVALID,
            "the index of the backup was changed: its MAC is not of the platform's key",
            hint="use another backup; nothing was restored from this one",
        )


def refuse_another(key_file: str, end: AuditEnd) -> Chain:
    """Gives the audit's chain under a key that has sealed its end.

    Raises:
        Conflict: the key is another platform's (``key-refused``).
    """
    try:
        chain = Chain(key_in(key_file))
    except StoreError as error:
        raise _not_a_key() from error
    if end != AuditEnd() and not chain.is_end(end):
        raise Conflict(
            ErrorCode.KEY_REFUSED,
            "the key does not belong to the platform in the backup",
            hint="give the file key of that platform's data folder",
        )
    return chain


def read_key(path: Path) -> str:
    """A key file's text.

    Raises:
        Conflict: it cannot be read as one (``key-refused``).
    """
    try:
        text = path.read_text()
    except (OSError, UnicodeError) as error:
        raise Conflict(
            ErrorCode.KEY_REFUSED,
            sentence("the key {file} cannot be read", file=path),
            subject=str(path),
            hint="name the file key of the platform's data folder",
        ) from error
    key_in(text)
    return text


def _not_a_key() -> Conflict:
    return Conflict(
        ErrorCode.KEY_REFUSED,
        "what was given is not the key of a data folder",
        hint="give the file key of that platform's data folder",
    )


def _derived(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(passphrase.encode())
