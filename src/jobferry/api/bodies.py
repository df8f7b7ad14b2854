"""How large a body may be, and how long the lists in it."""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, TypeVar

from msgspec import Meta

T = TypeVar("T")

ShortList = Annotated[list[T], Meta(max_length=100)]
"""A list in a body, such as approvers or roles."""
ShortTuple = Annotated[tuple[T, ...], Meta(max_length=100)]
LongList = Annotated[list[T], Meta(max_length=10_000)]
"""The same for things of which a workspace may have many."""
LongTuple = Annotated[tuple[T, ...], Meta(max_length=10_000)]
LongMap = Annotated[dict[str, T], Meta(max_length=10_000)]
SettingValues = Annotated[dict[str, str | int | bool], Meta(max_length=200)]
"""Settings by key; there are fewer."""


class BodyLimit(IntEnum):
    """Maximum bytes of a call's body."""

    ANONYMOUS = 8 * 1024
    """Enough for a name and a password, or for what a sign-in provider sends back."""
    USUAL = 64 * 1024
    NAMES = 1024 * 1024
    """Room for 1,000 names of 128 letters of any script, or for one connection."""
    LIST = 4 * 1024 * 1024
    """Room for 10,000 names of 128 letters of any script."""
    TABLE = 10 * 1024 * 1024
    """The largest file of tags."""
    DOCUMENT = 12 * 1024 * 1024
    """Room for the largest script (4 MiB), escaped as JSON, for the receipt of a whole workspace, and for
    100,000 things of an inventory."""
