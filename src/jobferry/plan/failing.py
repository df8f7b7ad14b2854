"""Which jobs get the workspace's failed tag: those that are here and that an import could not overwrite.

A tag changes nothing that runs, so a running job gets it too. What the importing user may not touch stays
untouched, and so does what somebody decides about: another draft would make their review stale.
"""

from __future__ import annotations

from jobferry.model.editing.tags import MOST_TAGS, locked_among
from jobferry.model.kinds import ObjectKind
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.rights import Action
from jobferry.model.transfer.arrival import Passage
from jobferry.model.transfer.plan import Tag
from jobferry.model.transfer.policy import NO_TAG
from jobferry.plan.leaving import Verdicts


def failed_tags(passage: Passage, judged: Verdicts) -> dict[ObjectKey, Tag]:
    """The tag's step for each object that stays out; none where the package does as a whole."""
    tag = passage.policy.failed_tag
    if tag == NO_TAG or judged.refused or not judged.out or not _can_be_given(passage, judged, tag):
        return {}
    overwritten = {
        arrival.target.id
        for arrival in passage.written
        if arrival.target is not None and arrival.key not in judged.out
    }
    found: dict[int, tuple[ObjectKey, Tag]] = {}
    for arrival in passage.written:
        target = arrival.target
        if arrival.key in judged.out and target is not None and _may_have(passage, target):
            step = Tag(
                kind=arrival.kind, name=arrival.name, object_id=target.id, tag=tag, digest=target.digest
            )
            found.setdefault(target.id, (arrival.key, step))
    return {key: step for object_id, (key, step) in found.items() if object_id not in overwritten}


def _can_be_given(passage: Passage, judged: Verdicts, tag: str) -> bool:
    """Not while it is locked, nor as the hundred and first."""
    tags = passage.view.tags
    if tag in tags:
        return not locked_among([tag], tags)
    brought = (
        one for arrival in passage.written if arrival.key not in judged.out for one in arrival.item.facts.tags
    )
    return len({*tags, *brought, tag}) <= MOST_TAGS


def _may_have(passage: Passage, target: StoredObject) -> bool:
    """Whether the job does not have it yet, and the importing user may give it."""
    view, grant = passage.view, passage.view.grant
    return (
        target.kind is ObjectKind.JOB
        and target.id not in view.failed
        and target.id not in view.waiting
        and grant.may(Action.JOB_EDIT)
        and grant.reaches(target)
        and grant.commands_lock(target, passage.policy.lock_policy)
    )
