"""Facts of stored texts: those kept beside them, or read again where settings have changed since."""

from __future__ import annotations

from collections.abc import Iterable

from jobferry.model.document.facts import Facts, Reading, facts_of
from jobferry.model.document.text import parse_known
from jobferry.model.kinds import ObjectKind
from jobferry.store.ports import Contents


def stored_facts(
    contents: Contents, kind: ObjectKind, digests: Iterable[str], reading: Reading
) -> dict[str, Facts]:
    """Facts by digest, of documents of one kind."""
    wanted = set(digests)
    facts = contents.facts(wanted, reading.edition(kind))
    for digest, text in contents.texts(sorted(wanted - facts.keys())):
        facts[digest] = facts_of(kind, parse_known(text), reading, text=text)
    return facts
