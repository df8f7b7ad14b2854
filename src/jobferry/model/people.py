"""Who is asking."""

from __future__ import annotations

import msgspec


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in user on whose behalf something is done."""

    user_id: str
    name: str
