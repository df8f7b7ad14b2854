"""A sign-in by a provider that has begun; apart from the client, which takes a while to load."""

from __future__ import annotations

import msgspec


class Pending(msgspec.Struct, frozen=True):
    """A sign-in that has begun: what its end has to come with. Times are in milliseconds since 1970."""

    state: str
    nonce: str
    verifier: str
    redirect: str
    expires_at: int
