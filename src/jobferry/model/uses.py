"""Who uses what: whose texts refer to a thing by name, and whether what is referred to is here."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

import msgspec

from jobferry.model.document.facts import IndexTerm, IndexTermKind
from jobferry.model.document.references import Reference, VariableSyntax, spellings_of
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.records import StoredObject
from jobferry.model.transfer.preview import Presence

MOST_USERS = 1_000
"""How many users one page may show."""


class TextState(StrEnum):
    """Which of an object's texts: its draft, or its live version."""

    DRAFT = "draft"
    LIVE = "live"


class UseScope(msgspec.Struct, frozen=True):
    """Objects of one workspace that are looked through: those of these kinds, in or below these directories
    (None stands for anywhere), whose texts have any of the terms."""

    workspace_id: str
    terms: tuple[IndexTerm, ...]
    kinds: tuple[ObjectKind, ...]
    directories: tuple[str, ...] | None = None


class UseFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which users are wanted: in any of the scopes, whose draft or live version uses the thing (None stands
    for either), and of which only those ``among`` the ids, if there are any."""

    scopes: tuple[UseScope, ...]
    state: TextState | None = None
    among: tuple[int, ...] = ()


class UserRow(NamedTuple):
    """An object that uses something, and in which of its texts."""

    object_id: int
    draft: bool
    live: bool


class Use(NamedTuple):
    """An object that uses something: where, and in which of its texts. ``workspace`` is that of the object;
    ``references`` are those to the thing, each with its first place, from the draft if that has any."""

    workspace: str
    stored: StoredObject
    draft: bool
    live: bool
    references: tuple[Reference, ...]


class ReferenceHere(NamedTuple):
    """Something that is referred to, whether it is here, and its id here where it has one that is known."""

    reference: Reference
    presence: Presence
    local_id: str


def terms_of_thing(
    kind: NeedKind, name: str, places: Iterable[str], syntax: VariableSyntax
) -> tuple[IndexTerm, ...]:
    """The terms of texts that refer to a thing. A job is found by ``places``: empty for a text that names no
    workspace, or the workspace that it names."""
    if kind is NeedKind.VARIABLE:
        return tuple(IndexTerm(kind.value, name, spelling) for spelling in spellings_of(syntax))
    if kind is NeedKind.JOB:
        roles = (IndexTermKind.UPSTREAM.value, IndexTermKind.NESTED.value)
        return tuple(IndexTerm(role, name, place) for role in roles for place in places)
    return (IndexTerm(kind.value, name),)
