"""What seals things at rest, as the rooms see it that keep them."""

from __future__ import annotations

from typing import Protocol


class Secrets(Protocol):
    """Seals and opens with a key that lies neither in the database nor beside what is sealed."""

    def seal(self, clear: bytes) -> bytes:
        """A sealed copy that only this key opens."""
        ...

    def unseal(self, sealed: bytes) -> bytes:
        """Raises: StoreError: it was sealed with another key, or altered."""
        ...
