"""Marks: what jobs are looked for by, other than their names. Each is kept beside the text, by index."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import msgspec

from jobferry.model.document.node import opened
from jobferry.model.document.references import UPSTREAM, Reference, schedule_references
from jobferry.model.kinds import NeedKind

_MOST_TAGS = 1_000


class MarkKind(StrEnum):
    """What a mark says of a job."""

    TAG = "tag"
    UPSTREAM = "upstream"


class Mark(msgspec.Struct, frozen=True):
    """A tag, or the name of a job that is waited for; ``workspace`` if that one is said to live elsewhere."""

    kind: MarkKind
    value: str
    workspace: str = ""


def tags_of(document: dict[str, Any]) -> tuple[str, ...]:
    """The tags of a job, each once; an object in their place, as the documentation prints it, holds none.

    The first thousand count; no job has more, but a text made to fill memory may have a million.
    """
    tags = opened(document, "basicConfig").get("tags")
    if not isinstance(tags, list):
        return ()
    return tuple(dict.fromkeys(tag for tag in tags if isinstance(tag, str)))[:_MOST_TAGS]


def marks_of(tags: Iterable[str], references: Iterable[Reference]) -> set[Mark]:
    """All marks of a document with these tags and references."""
    marks = {Mark(MarkKind.TAG, tag) for tag in tags}
    for one in references:
        if one.kind is NeedKind.JOB and one.role == UPSTREAM:
            marks.add(Mark(MarkKind.UPSTREAM, one.name, one.workspace))
    return marks


def marks_in(document: dict[str, Any]) -> set[Mark]:
    """The same, of a parsed document whose facts are not at hand."""
    return marks_of(tags_of(document), schedule_references(document))
