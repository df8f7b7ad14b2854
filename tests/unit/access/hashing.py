"""A way of hashing passwords that costs nothing and remembers what was asked."""

import hashlib


class CountingHasher:
    """Hashes carry the parameter ``edition``; ``always`` takes any password."""

    def __init__(self, edition: int = 1, *, always: bool = False) -> None:
        self.edition = edition
        self.verified: list[str] = []
        self._always = always

    def hash(self, password: bytes) -> str:
        return f"h{self.edition}:{hashlib.sha256(password).hexdigest()}"

    def verify(self, stored: str, password: bytes) -> bool:
        self.verified.append(stored)
        return self._always or stored.partition(":")[2] == hashlib.sha256(password).hexdigest()

    def is_outdated(self, stored: str) -> bool:
        return not stored.startswith(f"h{self.edition}:")
