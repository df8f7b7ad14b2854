"""Hashes passwords with argon2id, and checks them with the same work whether or not there is a hash.

Hashing takes much memory on purpose, so only a few are done at a time.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from jobferry.errors import ErrorCode, InvalidRequest
from jobferry.sentences import sentence

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 12
"""Characters."""
LONGEST = 1024
"""Bytes of UTF-8."""

_AT_ONCE = 2
_LOOKED_AT = 72
"""Characters of a password that are searched for what is easy to guess: the work grows with their square."""
_FEWEST_GUESSES = 100_000_000
"""What somebody who knows the usual passwords must need more guesses than."""
_WEAKNESSES = {
    "repeat": "it repeats the same characters",
    "sequence": "it is a row of characters such as abc or 4321",
    "spatial": "it is a row of neighbouring keys such as qwerty",
    "date": "it is little more than a date",
}
_NAMES = "user_inputs"
"""What zxcvbn calls its list of words that belong to the user."""


class Hasher(Protocol):
    """One way of hashing passwords."""

    def hash(self, password: bytes) -> str:
        """A new salted hash."""
        ...

    def verify(self, stored: str, password: bytes) -> bool:
        """Whether the hash is that of the password."""
        ...

    def is_outdated(self, stored: str) -> bool:
        """Whether it was made with other parameters than those of today."""
        ...


class Argon2:
    """argon2id with the library's parameters of the day (RFC 9106, low memory)."""

    def __init__(self) -> None:
        self._turns = threading.BoundedSemaphore(_AT_ONCE)

    def hash(self, password: bytes) -> str:
        """A new salted hash."""
        with self._turns:
            return self._hasher.hash(password)

    def verify(self, stored: str, password: bytes) -> bool:
        """Whether the hash is that of the password; one that cannot be read is nobody's."""
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            with self._turns:
                return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, stored: str) -> bool:
        """Whether it was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(stored)

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher

        return PasswordHasher()


class Passwords:
    """What a password may be, and whether one is right."""

    def __init__(self, hasher: Hasher) -> None:
        self._hasher = hasher

    def hashed(self, password: str) -> str:
        """The hash of a password that is good already, or is known otherwise.

        Raises:
            InvalidRequest: it is too short or too long (``weak-password``).
        """
        if len(password) < SHORTEST or len(_bytes(password)) > LONGEST:
            raise InvalidRequest(
                ErrorCode.WEAK_PASSWORD,
                sentence(
                    "a password has {shortest} characters or more, and {longest} bytes at most",
                    shortest=SHORTEST,
                    longest=LONGEST,
                ),
                subject="password",
                hint="take a few words that do not belong together",
            )
        return self._hasher.hash(_bytes(password))

    def chosen(self, password: str, names: Sequence[str]) -> str:
        """The hash of a password that somebody chooses now. The names are those of the user and the platform.

        Raises:
            InvalidRequest: it is too short or too long, or one of the first that people try
                (``weak-password``).
        """
        hashed = self.hashed(password)
        if weakness := _weakness(password, names):
            raise InvalidRequest(
                ErrorCode.WEAK_PASSWORD,
                sentence("this password is easy to guess: {weakness}", weakness=weakness),
                subject="password",
                hint="take a few words that do not belong together",
            )
        return hashed

    def is_right(self, stored: str, password: str) -> bool:
        """Whether the password is that of the hash. Without a hash the answer is no, after the same work."""
        known = self._hasher.verify(stored or self._nobodys, _bytes(password)[: LONGEST + 1])
        return known and bool(stored)

    def is_outdated(self, stored: str) -> bool:
        """Whether the password should be hashed again."""
        return self._hasher.is_outdated(stored)

    @cached_property
    def _nobodys(self) -> str:
        """Stands in for the hash of a user who is not there."""
        return self._hasher.hash(secrets.token_bytes(32))


def _weakness(password: str, names: Sequence[str]) -> str:
    """Why a password is among the first that are tried; empty if it is not."""
    from zxcvbn import zxcvbn

    seen = zxcvbn(password[:_LOOKED_AT], user_inputs=[*names, "jobferry"], max_length=_LOOKED_AT)
    if seen["guesses"] > _FEWEST_GUESSES:
        return ""
    longest = max(seen["sequence"], key=lambda one: len(one["token"]))
    if longest.get("dictionary_name") == _NAMES:
        return "it is little more than the name of the user or the platform"
    return _WEAKNESSES.get(longest["pattern"], "it is, or is close to, one that many people use")


def _bytes(password: str) -> bytes:
    """One spelling for what keyboards write in several ways."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
