"""Rules about what the importing user may do here."""

from __future__ import annotations

from collections.abc import Iterator

from jobferry.model.kinds import PLACED_KINDS, ObjectKind
from jobferry.model.rights import HEADS, MATRIX, Action, Role, creating, editing
from jobferry.model.transfer.arrival import Arrival, Intent, Passage
from jobferry.model.transfer.finding import Finding, Severity

_NOBODY = "operations"
"""Who sees to a workspace that has neither owner nor administrator."""


def objects_are_not_theirs_to_create(passage: Passage) -> Iterator[Finding]:
    """An object would be new, and the importing user may not create its kind."""
    barred = _barred(passage, {kind: creating(kind) for kind in ObjectKind})
    for arrival in passage.written:
        if arrival.intent is Intent.CREATE and arrival.kind in barred:
            yield _block(passage, arrival, "not-allowed-create", roles=barred[arrival.kind])


def objects_are_not_theirs_to_overwrite(passage: Passage) -> Iterator[Finding]:
    """An object would be overwritten, and the importing user may not change its kind."""
    barred = _barred(passage, {kind: editing(kind) for kind in ObjectKind})
    for arrival in passage.written:
        if arrival.intent is Intent.OVERWRITE and arrival.kind in barred:
            yield _block(passage, arrival, "not-allowed-overwrite", roles=barred[arrival.kind])


def directories_are_not_theirs(passage: Passage) -> Iterator[Finding]:
    """A job or script would land in, or is overwritten in, a directory that a policy keeps from the user."""
    grant = passage.view.grant
    if grant.directories is None:
        return
    for arrival in passage.written:
        if arrival.kind in PLACED_KINDS:
            places = {arrival.directory, arrival.target.directory if arrival.target else arrival.directory}
            for directory in sorted(one for one in places if not grant.covers(one)):
                yield _block(passage, arrival, "directory-not-allowed", directory=directory)


def _barred(passage: Passage, wanted: dict[ObjectKind, Action]) -> dict[ObjectKind, str]:
    """The kinds that the user lacks the right for, each with the roles that have it."""
    grant = passage.view.grant
    return {kind: _roles(action) for kind, action in wanted.items() if not grant.may(action)}


def _roles(action: Action) -> str:
    return ", ".join(role for role in Role if role in MATRIX[action] - HEADS)


def _block(passage: Passage, arrival: Arrival, code: str, **args: str) -> Finding:
    who = ", ".join(passage.view.grant.administrators) or _NOBODY
    args = {"user": passage.view.grant.caller.name, "who": who, **args}
    return Finding(code=code, severity=Severity.BLOCK, kind=arrival.kind, name=arrival.name, args=args)
