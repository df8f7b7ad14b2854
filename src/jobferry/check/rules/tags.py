"""Rules about the tags that jobs bring, and those that they would lose."""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.editing.tags import MOST_TAGS, is_tag, locked_among
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.arrival import Arrival, Passage
from jobferry.model.transfer.finding import Finding, Severity


def _block(arrival: Arrival, code: str, **args: str) -> Finding:
    return Finding(code=code, severity=Severity.BLOCK, kind=arrival.kind, name=arrival.name, args=args)


def tags_are_locked(passage: Passage) -> Iterator[Finding]:
    """A job brings a tag that is locked here, or would take one off the job that it overwrites."""
    tags = passage.view.tags
    if not any(tag.locked for tag in tags.values()):
        return
    for arrival in _jobs(passage):
        carried = arrival.item.facts.tags
        had = passage.view.locked_tags.get(arrival.target.id, ()) if arrival.target else ()
        for tag in locked_among(carried, tags):
            yield _block(arrival, "tag-locked", tag=tag)
        for tag in had:
            if tag not in carried:
                yield _block(arrival, "tag-locked-here", tag=tag)


def tags_are_illegal(passage: Passage) -> Iterator[Finding]:
    """A job brings a tag that no tag can be called."""
    for arrival in _jobs(passage):
        for tag in arrival.item.facts.tags:
            if tag not in passage.view.tags and not is_tag(tag):
                yield _block(arrival, "tag-illegal", tag=repr(tag[:140]))


def tags_are_too_many(passage: Passage) -> Iterator[Finding]:
    """More tags than a workspace has; the jobs that bring those beyond the limit stay out."""
    there = set(passage.view.tags)
    for arrival in _jobs(passage):
        fresh = [tag for tag in arrival.item.facts.tags if tag not in there]
        if fresh and len(there) + len(fresh) > MOST_TAGS:
            yield _block(arrival, "tags-too-many", tag=fresh[-1], limit=str(MOST_TAGS))
        else:
            there.update(fresh)


def _jobs(passage: Passage) -> Iterator[Arrival]:
    return (arrival for arrival in passage.written if arrival.kind is ObjectKind.JOB)
