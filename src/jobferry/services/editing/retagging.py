"""Drafts of many jobs with other tags, stored in pages before the one transaction that makes them real."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from jobferry.model.document.edits import EditMisses, Put, edited
from jobferry.model.document.facts import Reading, facts_of
from jobferry.model.document.text import digest_of, parse_known
from jobferry.model.editing.tags import TAGS_PATH
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.plan import Plan, Tag
from jobferry.services.stored_facts import stored_facts
from jobferry.store.ports import Store, Text

_PAGE = 1_000


class Retag(NamedTuple):
    """A job's draft, by its digest, that is to have these tags."""

    digest: str
    tags: tuple[str, ...]


def stage_retagged(store: Store, reading: Reading, wanted: Iterable[Retag], *, at: int) -> dict[Retag, str]:
    """Stores the texts, each page in a transaction of its own, and gives their digests.

    Nobody sees them before an object refers to them. A draft without a place for tags is left out.
    """
    staged: dict[Retag, str] = {}
    rest = iter(dict.fromkeys(wanted))
    while page := list(islice(rest, _PAGE)):
        texts = _retagged(store, reading, page)
        with store.write() as uow:
            uow.contents.put(list(texts.values()), at=at)
            uow.commit()
        staged |= {one: text.digest for one, text in texts.items()}
    return staged


def stage_failed_tags(store: Store, reading: Reading, plan: Plan, *, at: int) -> dict[int, str]:
    """Stores the drafts of a plan's jobs that get the failed tag; by object id the digests they will have."""
    steps = [step for step in plan.steps if isinstance(step, Tag)]
    if not steps:
        return {}
    with store.read() as snapshot:
        facts = stored_facts(snapshot.contents, ObjectKind.JOB, {step.digest for step in steps}, reading)
    wanted = {step.object_id: Retag(step.digest, (*facts[step.digest].tags, step.tag)) for step in steps}
    staged = stage_retagged(store, reading, wanted.values(), at=at)
    return {object_id: staged[one] for object_id, one in wanted.items() if one in staged}


def _retagged(store: Store, reading: Reading, page: Sequence[Retag]) -> dict[Retag, Text]:
    edition = reading.edition(ObjectKind.JOB)
    with store.read() as snapshot:
        drafts = dict(snapshot.contents.texts(sorted({one.digest for one in page})))
    found: dict[Retag, Text] = {}
    for one in page:
        try:
            text = edited(drafts[one.digest], [Put(TAGS_PATH, list(one.tags))])
        except EditMisses:
            continue
        facts = facts_of(ObjectKind.JOB, parse_known(text), reading, text=text)
        found[one] = Text(digest_of(text), text, facts, edition)
    return found
