"""How an object's document is read, judged against what is there, and written; facts of stored texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import msgspec

from jobferry.errors import Conflict, ErrorCode, InvalidRequest
from jobferry.model.document.facts import FactRules, Facts, facts_of
from jobferry.model.document.problems import TOLD, is_illegal
from jobferry.model.document.text import UnusableText, parse, parse_known, without_bom
from jobferry.model.kinds import VERSIONED_KINDS, ObjectKind
from jobferry.model.names import ancestors
from jobferry.model.quotas import quotas_of
from jobferry.model.records import StoredObject, Text, Version
from jobferry.model.review import ReleaseMode
from jobferry.model.settings import read_settings
from jobferry.sentences import as_sentence, sentence
from jobferry.services.errors import refuse_problems, refuse_unusable

if TYPE_CHECKING:
    from jobferry.store import Contents, UnitOfWork


def stored_facts(
    contents: Contents, kind: ObjectKind, digests: Iterable[str], fact_rules: FactRules
) -> dict[str, Facts]:
    """Facts by digest, of documents of one kind."""
    wanted = set(digests)
    facts = contents.facts(wanted, fact_rules.facts_version(kind))
    for digest, text in contents.texts(sorted(wanted - facts.keys())):
        facts[digest] = facts_of(kind, parse_known(text), fact_rules, text=text)
    return facts


def read_document(
    kind: ObjectKind, text: bytes, fact_rules: FactRules, *, was_here: bool = False
) -> tuple[bytes, Facts]:
    """The text as it is kept, and what it says.

    What breaks only what the service documents is refused, unless the document ``was_here`` before.

    Raises:
        InvalidRequest: the document is not acceptable; all that is wrong is told, each with its path.
    """
    text = without_bom(text)
    try:
        document = parse(text)
    except UnusableText as unusable:
        raise refuse_unusable(unusable, kind) from None
    facts = facts_of(kind, document, fact_rules, text=text)
    refused = [
        problem
        for problem in facts.problems
        if (is_illegal(problem) if was_here else problem.code not in TOLD)
    ]
    if refused:
        raise refuse_problems(refused, kind, facts.name)
    return text, facts


def check_room(uow: UnitOfWork, stored: StoredObject, fact_rules: FactRules) -> None:
    """Raises: Conflict: the workspace is full (``quota-reached``)."""
    for quota in quotas_of(stored.kind, stored.subtype):
        limit = quota.limit(fact_rules.limits)
        if uow.objects.count(stored.workspace_id, quota.kind, quota.subtype) >= limit:
            raise Conflict(
                ErrorCode.QUOTA_REACHED,
                sentence(
                    "this workspace already has its limit of {limit} {things}",
                    limit=limit,
                    things=as_sentence(quota.things),
                ),
                subject=stored.name,
                hint="make room, or raise the workspace setting",
            )


def check_change(
    uow: UnitOfWork, before: StoredObject, facts: Facts, to: str, *, is_rename: bool = False
) -> None:
    """Whether an object can have this type and the name ``to``; scripts get another one by a rename only.

    Raises:
        Conflict, InvalidRequest: it cannot.
    """
    kind, name = before.key
    if kind in (ObjectKind.SCRIPT, ObjectKind.RESOURCE) and before.subtype != facts.subtype:
        raise Conflict(
            ErrorCode.TYPE_FIXED,
            sentence(
                "the {kind} {name} is of type {subtype}; a type cannot be changed to {facts_subtype}",
                kind=kind,
                name=name,
                subtype=before.subtype,
                facts_subtype=facts.subtype,
            ),
            subject=name,
            hint="create a new one",
        )
    if to == name:
        return
    if kind is ObjectKind.SCRIPT and not is_rename:
        raise InvalidRequest(
            ErrorCode.INVALID_NAME,
            sentence("the script {name} cannot be renamed to {to} by saving it", name=name, to=to),
            subject=name,
            hint="keep the name in the document, or rename the script",
        )
    if uow.objects.by_names(before.workspace_id, kind, [to]):
        raise taken(kind, to)


def taken(kind: ObjectKind, name: str) -> Conflict:
    """The error for a name that another object has."""
    return Conflict(
        ErrorCode.NAME_TAKEN,
        sentence("the {kind} name {name} is taken", kind=kind, name=name),
        subject=name,
        hint="choose another name",
    )


def save(
    uow: UnitOfWork,
    stored: StoredObject,
    text: Text,
    write: Callable[[list[StoredObject]], None],
    *,
    way: ReleaseMode | None,
    note: str = "",
) -> StoredObject:
    """Writes an object with its text and place, the caller commits.

    A submit makes a version with that note, unless it waits for a review (``way``; None for a draft).

    Raises:
        Conflict: the workspace has no room for the directory (``quota-reached``).
    """
    uow.contents.put([text], at=stored.updated_at)
    add_places(uow, stored.workspace_id, stored.kind, stored.directory)
    submits = way in (ReleaseMode.LIVE, ReleaseMode.RELEASE) and stored.kind in VERSIONED_KINDS
    if submits:
        stored = numbered(stored, live=way is ReleaseMode.LIVE)
    write([stored])
    if submits:
        add_version(uow, stored, note)
    return stored


def add_places(uow: UnitOfWork, workspace_id: str, kind: ObjectKind, directory: str) -> None:
    """Makes a directory with those above it, as far as they are not there.

    Raises:
        Conflict: the workspace has no room for them (``quota-reached``).
    """
    wanted = set(ancestors(directory)) - uow.places.there(workspace_id, kind, ancestors(directory))
    if not wanted:
        return
    workspace = uow.workspaces.by_id(workspace_id)
    limit = read_settings(workspace.settings if workspace else {}).fact_rules.limits.directories
    number = len(uow.places.directories(workspace_id, kind)) + len(wanted)
    if number > limit:
        raise Conflict(
            ErrorCode.QUOTA_REACHED,
            sentence(
                "with {directory} this workspace would have {number} directories (kind {kind}); at "
                "most {limit} are allowed",
                directory=directory,
                number=number,
                kind=kind,
                limit=limit,
            ),
            subject=directory,
            hint="use a directory that is there, delete empty ones, or raise max_directories",
        )
    uow.objects.add_directories(workspace_id, kind, sorted(wanted))


def numbered(stored: StoredObject, *, live: bool) -> StoredObject:
    """The object with its draft as its next version, which is the live one or waits."""
    number = stored.last_version + 1
    if not live:
        return msgspec.structs.replace(stored, last_version=number)
    return msgspec.structs.replace(
        stored, live_version=number, last_version=number, live_digest=stored.digest
    )


def add_version(uow: UnitOfWork, stored: StoredObject, note: str) -> None:
    """Adds the newest version of an object, whose draft it was made from; the oldest beyond the limit go."""
    version = Version(
        object_id=stored.id,
        number=stored.last_version,
        digest=stored.digest,
        note=note,
        submitted_by=stored.updated_by,
        submitted_at=stored.updated_at,
    )
    uow.objects.add_versions([version], keep=versions_kept(uow, stored.workspace_id))


def versions_kept(uow: UnitOfWork, workspace_id: str) -> int:
    """How many versions of each object a workspace keeps."""
    workspace = uow.workspaces.by_id(workspace_id)
    return read_settings(workspace.settings if workspace else {}).version_count
