"""An object by its name: what its caller may see of it, and whether they may change it now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from jobferry.errors import Conflict, ErrorCode, NotFound
from jobferry.model.document.edits import edited
from jobferry.model.document.sensitive import emptied, mask
from jobferry.model.document.text import parse_known
from jobferry.model.document.times import written
from jobferry.model.kinds import LOCKED_KINDS, ObjectKind
from jobferry.model.names import MAX_COMPARED_LETTERS, nearest_names
from jobferry.model.people import Grant
from jobferry.model.records import ObjectFilter, StoredObject
from jobferry.model.review import PLAIN, Approval
from jobferry.model.rights import editing
from jobferry.model.settings import read_settings
from jobferry.sentences import Sentence, as_sentence, sentence
from jobferry.services.saving import stored_facts

if TYPE_CHECKING:
    from jobferry.store import Contents, Objects

MISSING_CODES = {
    ObjectKind.JOB: ErrorCode.JOB_MISSING,
    ObjectKind.SCRIPT: ErrorCode.SCRIPT_MISSING,
    ObjectKind.RESOURCE: ErrorCode.RESOURCE_MISSING,
    ObjectKind.CDM: ErrorCode.CDM_MISSING,
}
_LOOKED_AT = 200
"""Names that are compared for each half of one."""
_MEANT = 3


def missing(kind: ObjectKind, name: str, like: Iterable[str] = ()) -> NotFound:
    """The error for an object that is not in the workspace; what is ``like`` it by its name may be meant."""
    return NotFound(
        MISSING_CODES[kind],
        sentence("the {kind} {name} does not exist in this workspace", kind=kind, name=name),
        subject=name,
        hint=meant(like, as_sentence("check the name and the workspace")),
    )


def meant(like: Iterable[str], otherwise: Sentence) -> Sentence:
    """The hint for a name that is not there."""
    names = list(like)
    return sentence("did you mean {names}?", names=names) if names else otherwise


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The names most like one that is not there."""
    return nearest_names(name, known, _MEANT)


def alike(objects: Objects, grant: Grant, kind: ObjectKind, name: str) -> list[str]:
    """The names most like one, of objects that the caller may see and that have half of it in theirs."""
    if len(name) > MAX_COMPARED_LETTERS:
        return []
    middle = (len(name) + 1) // 2
    near: dict[str, None] = {}
    for half in {name[:middle], name[middle:]} - {""}:
        wanted = ObjectFilter(workspace_id=grant.workspace.id, kind=kind, name_part=half)
        _, found = objects.page(wanted, offset=0, limit=_LOOKED_AT)
        near |= {stored.name: None for stored in found if grant.reaches(stored)}
    return nearest(name, near)


def named(objects: Objects, grant: Grant, kind: ObjectKind, name: str) -> StoredObject:
    """Raises: NotFound: there is no such object, or a directory policy keeps it from the caller."""
    found = objects.by_names(grant.workspace.id, kind, [name]).get(name)
    if found is None or not grant.reaches(found):
        raise missing(kind, name, alike(objects, grant, kind, name))
    return found


def no_version(stored: StoredObject, number: int) -> NotFound:
    """The error for a version that an object does not have; 0 stands for the live one."""
    kind, name = stored.key
    return NotFound(
        ErrorCode.VERSION_MISSING,
        sentence("the {kind} {name} has no version {number}", kind=kind, name=name, number=number)
        if number
        else sentence("the {kind} {name} is not submitted", kind=kind, name=name),
        subject=name,
        hint=sentence("its newest version is {last_version}", last_version=stored.last_version)
        if stored.last_version
        else "submit it first",
    )


class Editing(NamedTuple):
    """How somebody changes an object.

    ``take_lock`` takes its lock with it where nobody holds it; ``digest`` is that of the draft they saw, if
    they say so; ``approval`` is what they say about a submit that somebody else has to approve.
    """

    take_lock: bool = False
    digest: str = ""
    approval: Approval = PLAIN


def held(before: StoredObject, grant: Grant, editing: Editing, now: int) -> StoredObject:
    """The object, locked by the caller.

    Raises:
        Conflict: somebody else holds its lock (``locked``), or nobody and it is not to be taken
            (``not-locked``), or the draft is another one by now (``draft-changed``).
    """
    refuse_locked(before, grant)
    kind, name = before.key
    if editing.digest and editing.digest != before.digest:
        raise Conflict(
            ErrorCode.DRAFT_CHANGED,
            sentence(
                "the {kind} {name} was changed by {updated_by} at {updated_at}; saving would undo that",
                kind=kind,
                name=name,
                updated_by=before.updated_by,
                updated_at=written(before.updated_at),
            ),
            subject=name,
            hint="read the newest draft, make your change in it, and save that; a save without If-Match "
            "overwrites it",
        )
    if kind not in LOCKED_KINDS or before.locked_by:
        return before
    if not editing.take_lock:
        raise Conflict(
            ErrorCode.NOT_LOCKED,
            sentence("you do not hold the lock of the {kind} {name}; nobody does", kind=kind, name=name),
            subject=name,
            hint="take the lock and look at the newest draft before you save",
        )
    return msgspec.structs.replace(before, locked_by=grant.caller.name, locked_at=now)


def refuse_locked(stored: StoredObject, grant: Grant) -> None:
    """Raises: Conflict: somebody else holds the object's lock (``locked``)."""
    if stored.locked_by in ("", grant.caller.name):
        return
    raise locked(
        stored,
        sentence(
            "take the lock first, if {locked_by} agrees, and look at the newest draft",
            locked_by=stored.locked_by,
        ),
    )


def locked(stored: StoredObject, hint: str) -> Conflict:
    """The error for an object whose lock somebody else holds."""
    kind, name = stored.key
    return Conflict(
        ErrorCode.LOCKED,
        sentence(
            "the {kind} {name} is locked by {locked_by} since {locked_at}",
            kind=kind,
            name=name,
            locked_by=stored.locked_by,
            locked_at=written(stored.locked_at),
        ),
        subject=name,
        hint=hint,
    )


def readable_texts(
    contents: Contents, grant: Grant, kind: ObjectKind, texts: dict[str, bytes]
) -> dict[str, bytes]:
    """Texts by the digest that they are stored under, as the caller may read them."""
    if grant.may(editing(kind)):
        return texts
    facts = stored_facts(contents, kind, texts, read_settings(grant.workspace.settings).fact_rules)
    return {
        digest: edited(text, emptied(parse_known(text), facts[digest].sensitive))
        if facts[digest].exposed
        else text
        for digest, text in texts.items()
    }


def readable_pair(
    contents: Contents, grant: Grant, kind: ObjectKind, former: tuple[str, bytes], latter: tuple[str, bytes]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two documents to be compared, each a digest and its text. Who may not see a sensitive value still sees
    that it differs."""
    before, after = parse_known(former[1]), parse_known(latter[1])
    if not grant.may(editing(kind)):
        fact_rules = read_settings(grant.workspace.settings).fact_rules
        facts = stored_facts(contents, kind, (former[0], latter[0]), fact_rules)
        mask(before, facts[former[0]].sensitive, after, facts[latter[0]].sensitive)
    return before, after
