"""Whether a list can be narrowed as it is asked for: what does not exist is refused with what there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from jobferry.errors import ErrorCode, InvalidRequest, NotFound
from jobferry.model.directories import above
from jobferry.model.document.facts import IndexTerm, IndexTermKind
from jobferry.model.kinds import LOCKED_KINDS, VERSIONED_KINDS, JobType, ObjectKind
from jobferry.model.names import ROOT
from jobferry.model.people import Grant
from jobferry.model.records import ObjectFilter
from jobferry.sentences import Sentence, as_sentence, few, sentence

if TYPE_CHECKING:
    from jobferry.store import Snapshot

_SHOWN = 10
_JOBS = frozenset({ObjectKind.JOB})


def check_filter(snapshot: Snapshot, grant: Grant, wanted: ObjectFilter) -> None:
    """Looks at what narrows a list.

    Raises:
        InvalidRequest: objects of this kind have no such thing, or there is no such type.
        NotFound: there is no such directory or tag here.
    """
    for name, kinds in _limited(wanted):
        if wanted.kind not in kinds:
            raise _not_for(wanted.kind, name, kinds)
    if wanted.directory is not None:
        refuse_unknown_directory(snapshot, grant, wanted.kind, wanted.directory)
    _refuse_unknown_tags(snapshot, wanted)
    _refuse_unknown_type(snapshot, wanted)


def refuse_unknown_directory(snapshot: Snapshot, grant: Grant, kind: ObjectKind, directory: str) -> None:
    """Raises: NotFound: there is no such directory, or the caller may work nowhere in it
    (``directory-missing``)."""
    there = [
        path for path in snapshot.places.directories(grant.workspace.id, kind) if seen(grant, kind, path)
    ]
    if directory == ROOT or directory in there:
        return
    near = sorted(path for path in there if above(path) == above(directory)) or sorted(there)
    raise NotFound(
        ErrorCode.DIRECTORY_MISSING,
        sentence(
            "there is no directory {directory} in this workspace (kind {kind})",
            directory=directory,
            kind=kind,
        ),
        subject=directory,
        hint=_there_are(near),
    )


def seen(grant: Grant, kind: ObjectKind, path: str) -> bool:
    """Whether the caller may work in a directory, or somewhere below it."""
    reach = grant.directories_of(kind)
    return reach is None or grant.covers(path) or any(one.startswith(f"{path}/") for one in reach)


def refuse_placeless(kind: ObjectKind) -> None:
    """Raises: InvalidRequest: objects of this kind lie in no directories."""
    if kind is ObjectKind.CDM:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            "CDM definitions have no directories",
            subject=kind,
            hint="jobs, scripts and resources have them",
        )


def tag_terms(tags: Iterable[str]) -> tuple[IndexTerm, ...]:
    """Tags as texts are found by them."""
    return tuple(IndexTerm(IndexTermKind.TAG, tag) for tag in tags)


def _limited(wanted: ObjectFilter) -> Iterator[tuple[str, frozenset[ObjectKind]]]:
    """What narrows the list and is not said of all kinds, and of which it is."""
    if wanted.index_terms:
        yield "tag", _JOBS
    if wanted.state is not None:
        yield "state", _JOBS
    if wanted.is_live is not None:
        yield "live", VERSIONED_KINDS
    if wanted.locked_by is not None:
        yield "holder", LOCKED_KINDS
    if wanted.is_locked is not None:
        yield "locked", LOCKED_KINDS


def _not_for(kind: ObjectKind, name: str, kinds: Iterable[ObjectKind]) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.INVALID_VALUE,
        sentence("the filter {name} does not apply to the kind {kind}", name=name, kind=kind),
        subject=name,
        hint=sentence("{name} applies to: {kinds}", name=name, kinds=sorted(kinds)),
    )


def _refuse_unknown_tags(snapshot: Snapshot, wanted: ObjectFilter) -> None:
    if not wanted.index_terms:
        return
    there = snapshot.tags.of_workspace(wanted.workspace_id)
    gone = next((term.value for term in wanted.index_terms if term.value not in there), None)
    if gone is not None:
        raise NotFound(
            ErrorCode.TAG_MISSING,
            sentence("there is no tag {gone} in this workspace", gone=gone[:140]),
            subject=gone[:140],
            hint=_there_are(sorted(there)),
        )


def _refuse_unknown_type(snapshot: Snapshot, wanted: ObjectFilter) -> None:
    known = set(JobType) if wanted.kind is ObjectKind.JOB else set()
    if not wanted.subtype or wanted.subtype in known:
        return
    there = known | snapshot.objects.subtypes(wanted.workspace_id, wanted.kind)
    if wanted.subtype not in there:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence(
                "there is no {kind} of the type {subtype} in this workspace",
                kind=wanted.kind,
                subtype=wanted.subtype[:64],
            ),
            subject="type",
            hint=_there_are(sorted(there)),
        )


def _there_are(names: list[str]) -> Sentence:
    """What there is instead."""
    if not names:
        return as_sentence("there are none yet")
    return sentence("there are: {names}", names=few(names, _SHOWN))
