"""Which jobs have which tags, taken out and brought in as one file: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest, PackageRefused
from jobferry.files.paths import parse_object_path
from jobferry.files.ports import ObjectStorage
from jobferry.model.document.times import written
from jobferry.model.kinds import ObjectKind
from jobferry.model.people import Grant
from jobferry.model.records import StoredObject
from jobferry.model.rights import Action
from jobferry.model.settings import read_settings
from jobferry.model.tags import (
    Fault,
    Matrix,
    Tags,
    fresh_among,
    is_tag,
    locked_among,
    read_matrix,
    written_matrix,
)
from jobferry.sentences import Sentence, as_sentence, clauses, sentence
from jobferry.services.editing.tags import Retag, add_tags, crowded, stage_retagged, tag_named
from jobferry.services.runtime import Attempt, Runtime
from jobferry.services.saving import stored_facts

if TYPE_CHECKING:
    from jobferry.store import Snapshot

MOST_BYTES = 10 * 1024 * 1024
_PAGE = 1_000
_TOLD = 100
_ATTEMPTS = 3


class Brought(NamedTuple):
    """What came of a file: jobs that it names, those that got or lost tags, and tags that are new."""

    jobs: int
    changed: int
    tags_made: list[str]


class _Change(NamedTuple):
    line: int
    job: StoredObject
    tags: list[str]


class _Asked(NamedTuple):
    """A file before a workspace: its jobs by name, the tags that are here and those that are new, what
    changes, and what does not fit."""

    names: tuple[str, ...]
    known: Tags
    there: dict[str, StoredObject]
    fresh: list[str]
    changes: list[_Change]
    faults: list[Fault]


class TagFiles:
    """Files of jobs and their tags."""

    def __init__(self, runtime: Runtime, storage: Callable[[], ObjectStorage]) -> None:
        self._runtime = runtime
        self._storage = storage

    def export(self, grant: Grant, chosen: Iterable[str] = ()) -> bytes:
        """All jobs that the caller may see, and which of the chosen tags their drafts have; none is all tags.

        Raises:
            Forbidden: the caller may not export.
            NotFound: there is no such tag (``tag-missing``).
        """
        self._runtime.allow(grant, Action.EXPORT, kind="tag", subject="file")
        wanted = list(dict.fromkeys(chosen))
        with self._runtime.store.read() as snapshot:
            for name in wanted:
                tag_named(snapshot, grant, name)
            tags = wanted or list(snapshot.tags.of_workspace(grant.workspace.id))
            content = written_matrix(tags, _tags_of_all(snapshot, grant))
        detail = f"{len(tags)} tags"
        self._runtime.note(
            self._runtime.event(grant, "tag-export", kind="tag", subject="file", detail=detail)
        )
        return content

    def bring(self, grant: Grant, content: bytes, *, overwrite: bool) -> Brought:
        """Gives the jobs of a file its tags, on top of those that they have or instead of them.

        A tag of the file that is new is made, also where no job is marked with it. Nobody's lock moves.

        Raises:
            Forbidden: the caller is neither owner nor administrator.
            InvalidRequest: the file is too large (``too-large``), or not UTF-8.
            Conflict: something in the file does not fit; every line is told (``tag-file-refused``).
        """
        with self._runtime.attempt(
            grant, "tag-import", Action.TAG_LOCK, kind="tag", subject="file"
        ) as attempt:
            return self._brought(attempt, grant, content, overwrite)

    def fetch(self, grant: Grant, path: str, *, overwrite: bool) -> Brought:
        """The same with a file from object storage.

        Raises:
            Forbidden: the caller is neither owner nor administrator.
            InvalidRequest, Conflict: as of :meth:`bring`.
        """
        with self._runtime.attempt(grant, "tag-import", Action.TAG_LOCK, kind="tag", subject=path) as attempt:
            try:
                with self._storage().fetch(parse_object_path(path), limit=MOST_BYTES) as file:
                    content = file.read()
            except PackageRefused:
                raise _too_large(path) from None
            return self._brought(attempt, grant, content, overwrite)

    def _brought(self, attempt: Attempt, grant: Grant, content: bytes, overwrite: bool) -> Brought:
        """Looks, stores the new drafts in pages, and makes them real if nothing has moved meanwhile."""
        subject, place = attempt.subject, grant.workspace.id
        matrix = _read(subject, content)
        fact_rules = read_settings(grant.workspace.settings).fact_rules
        for _ in range(_ATTEMPTS):
            with self._runtime.store.read() as snapshot:
                asked = _asked(snapshot, grant, matrix, overwrite)
            wanted = {change.job.id: Retag(change.job.digest, tuple(change.tags)) for change in asked.changes}
            if asked.faults:
                raise _refused(subject, asked.faults)
            staged = stage_retagged(
                self._runtime.store, fact_rules, wanted.values(), only=place, at=self._runtime.now()
            )
            after = [
                self._retagged(grant, change.job, staged[wanted[change.job.id]]) for change in asked.changes
            ]
            if self._landed(attempt, grant, asked, after, overwrite):
                return Brought(len(matrix.rows), len(after), asked.fresh)
        raise _kept_changing(subject)

    def _retagged(self, grant: Grant, job: StoredObject, digest: str) -> StoredObject:
        return msgspec.structs.replace(
            job, digest=digest, updated_by=grant.caller.name, updated_at=self._runtime.now()
        )

    def _landed(
        self, attempt: Attempt, grant: Grant, asked: _Asked, after: list[StoredObject], overwrite: bool
    ) -> bool:
        """The one transaction; whether tags and jobs still are what was looked at, so that it was done."""
        place = grant.workspace.id
        with attempt.change(only=place) as change:
            uow = change.uow
            is_moved = uow.tags.of_workspace(place) != asked.known
            if is_moved or uow.objects.by_names(place, ObjectKind.JOB, asked.names) != asked.there:
                change.no_row()
                return False
            uow.objects.replace(after)
            add_tags(uow, self._runtime, grant, asked.fresh)
            mode = "overwrite" if overwrite else "append"
            change.audit(detail=f"{mode}: {len(after)} of {len(asked.names)} jobs")
        return True


def _asked(snapshot: Snapshot, grant: Grant, matrix: Matrix, overwrite: bool) -> _Asked:
    """What a file would change here, and everything in it that does not fit."""
    known = snapshot.tags.of_workspace(grant.workspace.id)
    there = snapshot.objects.by_names(grant.workspace.id, ObjectKind.JOB, matrix.rows)
    fresh = fresh_among(matrix.tags, known)
    faults = [*matrix.faults, *_tag_faults(fresh, known)]
    asked = _Asked(tuple(matrix.rows), known, there, fresh, [], faults)
    fact_rules = read_settings(grant.workspace.settings).fact_rules
    facts = stored_facts(
        snapshot.contents, ObjectKind.JOB, (job.digest for job in there.values()), fact_rules
    )
    for name, (line, marked) in matrix.rows.items():
        job = there.get(name)
        if job is None or not grant.reaches(job):
            if name.strip():
                faults.append(
                    Fault(line, sentence("there is no job {name} in this workspace", name=name[:140]))
                )
            continue
        had = list(dict.fromkeys(facts[job.digest].tags))
        kept = [tag for tag in had if tag in marked or not overwrite]
        wanted = [*kept, *(tag for tag in matrix.tags if tag in marked and tag not in kept)]
        if wanted == had:
            continue
        asked.changes.append(_Change(line, job, wanted))
        faults += (Fault(line, reason) for reason in _hindrances(grant, job, set(had) ^ set(wanted), known))
    return asked


def _tags_of_all(snapshot: Snapshot, grant: Grant) -> Iterator[tuple[str, Iterable[str]]]:
    fact_rules = read_settings(grant.workspace.settings).fact_rules
    every = snapshot.objects.every(grant.workspace.id, ObjectKind.JOB)
    jobs = [(job.name, job.digest) for job in every if grant.reaches(job)]
    for start in range(0, len(jobs), _PAGE):
        page = jobs[start : start + _PAGE]
        facts = stored_facts(snapshot.contents, ObjectKind.JOB, (digest for _, digest in page), fact_rules)
        for name, digest in page:
            yield name, facts[digest].tags


def _read(subject: str, content: bytes) -> Matrix:
    if len(content) > MOST_BYTES:
        raise _too_large(subject)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidRequest(
            ErrorCode.INVALID_VALUE,
            sentence(
                "the {subject} is not UTF-8 at byte {start}", subject=_called(subject), start=error.start
            ),
            subject=subject,
            hint="save it as CSV in UTF-8, with or without a byte order mark",
        ) from None
    return read_matrix(text)


def _tag_faults(fresh: list[str], known: Tags) -> Iterator[Fault]:
    for tag in fresh:
        if not is_tag(tag):
            yield Fault(1, sentence("the tag name {tag} is not valid", tag=repr(tag[:140])))
    if crowding := crowded(known, fresh):
        yield Fault(1, crowding)


def _hindrances(grant: Grant, job: StoredObject, moved: set[str], known: Tags) -> Iterator[str]:
    if job.locked_by not in ("", grant.caller.name):
        yield sentence(
            "the job {name} is locked by {locked_by} since {locked_at}",
            name=job.name,
            locked_by=job.locked_by,
            locked_at=written(job.locked_at),
        )
    for tag in locked_among(moved, known):
        yield sentence("the tag {tag} is locked: {name} can neither get nor lose it", tag=tag, name=job.name)


def _refused(subject: str, faults: list[Fault]) -> Conflict:
    ordered = sorted(faults)
    told = [
        sentence("line {line}: {reason}", line=fault.line, reason=as_sentence(fault.reason))
        for fault in ordered[:_TOLD]
    ]
    if len(faults) > _TOLD:
        told.append(sentence("and {count} more", count=len(faults) - _TOLD))
    return Conflict(
        ErrorCode.TAG_FILE_REFUSED,
        sentence(
            "nothing of the {subject} was imported: {faults}", subject=_called(subject), faults=clauses(told)
        ),
        subject=subject,
        hint="correct these lines, release what is locked, and import the file again",
    )


def _kept_changing(subject: str) -> Conflict:
    return Conflict(
        ErrorCode.TARGET_CHANGED,
        sentence(
            "jobs or tags kept changing while the {subject} was imported; nothing of it was imported",
            subject=_called(subject),
        ),
        subject=subject,
        hint="import the file again",
    )


def _too_large(subject: str) -> InvalidRequest:
    return InvalidRequest(
        ErrorCode.TOO_LARGE,
        sentence(
            "the {subject} is larger than {most_bytes} MiB",
            subject=_called(subject),
            most_bytes=MOST_BYTES // 1024 // 1024,
        ),
        subject=subject,
        hint="divide it into several files with the same first row",
    )


def _called(subject: str) -> Sentence:
    return sentence("tag file") if subject == "file" else sentence("tag file {file}", file=subject)
