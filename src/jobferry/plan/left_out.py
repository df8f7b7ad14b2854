"""Which objects stay out of an import, and which land held.

With outcome *job*, the objects that fail stay out, and so does what depends on them and what only they
use. With outcome *package*, one failing object keeps everything out.

What depends on something new that stays out refers to what is not here: it stays out or lands held, as for
anything that is missing. What depends on something that is here, and that the import could not overwrite,
stays out: it was made for another state of that, and nothing would ever appear that lets it go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from jobferry.model.document.problems import pointer
from jobferry.model.kinds import OBJECT_OF, ObjectKind
from jobferry.model.records import ObjectKey
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.import_context import (
    DELETION_CODES,
    HELD_BACK,
    NEEDED,
    NOT_CONFIRMED,
    ImportContext,
    ImportItem,
    Intent,
    freed_by,
    needed,
    objects_used,
    told_user,
)
from jobferry.model.transfer.policy import Outcome

_OBJECT_KINDS: dict[str, ObjectKind] = {kind.value: kind for kind in ObjectKind}


class Verdicts(msgspec.Struct):
    """Per object the findings that keep it out, and those that let it land held.

    Of what the source has deleted, those that keep it here, and those that say why nobody asked for that.
    """

    out: dict[ObjectKey, list[Finding]]
    held: dict[ObjectKey, list[Finding]]
    staying: dict[ObjectKey, list[Finding]] = {}
    spared: dict[ObjectKey, list[Finding]] = {}
    refused: bool = False


def verdicts(context: ImportContext, findings: Iterable[Finding]) -> Verdicts:
    """Every object's verdict, what follows from other objects' verdicts included."""
    result = Verdicts({}, {})
    for finding in findings:
        if finding.code in DELETION_CODES:
            _note_departure(result, finding)
        elif finding.severity is not Severity.WARN and (kind := _OBJECT_KINDS.get(finding.kind)):
            _note(result, (kind, finding.name), finding)
    if context.policy.outcome is Outcome.PACKAGE and (result.out or result.staying):
        _hold_everything_back(context, result)
        return result
    is_spreading = bool(result.out or result.staying)
    while is_spreading:
        _spread(context, result)
        sizes = (len(result.out), len(result.staying))
        _leave_where_names_stay(context, result)
        keep_what_is_needed(context, result.out, result.staying)
        is_spreading = sizes != (len(result.out), len(result.staying))
    return result


def _note_departure(result: Verdicts, finding: Finding) -> None:
    key = (ObjectKind(finding.kind), finding.name)
    if finding.code == NOT_CONFIRMED:
        result.spared.setdefault(key, []).append(finding)
    elif finding.severity is Severity.BLOCK:
        result.staying.setdefault(key, []).append(finding)


def _leave_where_names_stay(context: ImportContext, result: Verdicts) -> None:
    """What gets a name that another object was to give up stays out where that one keeps it."""
    contested = [
        (item, item.name_holder)
        for item in context.written
        if item.name_holder is not None and item.key not in result.out
    ]
    freed = freed_by(context) if contested else {}
    departing = {deletion.target.id for deletion in context.deletions}
    for item, holder in contested:  # what nobody gives up has been out since the check
        side = result.staying if holder.id in departing else result.out
        if freed[holder.id] in side:
            kind, name = holder.key
            found = _consequence(item, "name-not-freed", Severity.BLOCK, kind=kind, need=name)
            _note(result, item.key, found)


def _note(result: Verdicts, key: ObjectKey, finding: Finding) -> None:
    side = result.out if finding.severity is Severity.BLOCK else result.held
    side.setdefault(key, []).append(finding)


def _hold_everything_back(context: ImportContext, result: Verdicts) -> None:
    result.refused = True
    for item in context.written:
        if item.key not in result.out:
            _note(result, item.key, _consequence(item, "package-held-back", Severity.BLOCK))
    for deletion in context.confirmed_deletions:
        if deletion.key not in result.staying:
            result.staying[deletion.key] = [Finding.on(deletion.key, HELD_BACK)]


def _spread(context: ImportContext, result: Verdicts) -> None:
    """Dependents and sole dependencies of what stays out, until nothing more follows."""
    written = {item.key: item for item in context.written}
    users = _users(context)
    lost: Counter[ObjectKey] = Counter()
    waiting = sorted(result.out)
    while waiting:
        fresh: list[ObjectKey] = []
        for key in waiting:
            item = written.get(key)
            if item is not None:
                fresh += _leave_dependents(context, result, item, users.get(key, []))
                used = list(objects_used(item.references))
                lost.update(used)
                alone = (one for one in used if lost[one] == len(users[one]))
                fresh += _leave_sole_dependencies(result, alone, written)
        waiting = sorted(fresh)


def _users(context: ImportContext) -> dict[ObjectKey, list[ImportItem]]:
    """For each thing that travels in packages, the items that refer to it."""
    users: dict[ObjectKey, list[ImportItem]] = {}
    for item in context.items:
        for key in objects_used(item.references):
            users.setdefault(key, []).append(item)
    return users


def _leave_dependents(
    context: ImportContext, result: Verdicts, left: ImportItem, users: list[ImportItem]
) -> Iterator[ObjectKey]:
    """Leaves out or holds who uses what is left out; gives those that are left out now."""
    if left.kind is ObjectKind.CDM:  # its cluster may well have it
        return
    is_new = left.intent is Intent.CREATE
    severity = context.missing_severity if is_new else Severity.BLOCK
    cause = _cause(result.out[left.key][0])
    for user in users:
        if user.is_written and user.key not in result.out and user.key != left.key:
            args = {"kind": left.kind.value, "need": left.name, **cause}
            found = _consequence(user, "needed-left-out", severity, **args)
            _note(result, user.key, msgspec.structs.replace(found, path=_path(user, left.key)))
            if severity is Severity.BLOCK:
                yield user.key


def _path(user: ImportItem, used: ObjectKey) -> str:
    """Where an item first refers to an object of this workspace."""
    return next(
        pointer(reference.path)
        for reference in user.references
        if not reference.workspace and (OBJECT_OF.get(reference.kind), reference.name) == used
    )


def _cause(reason: Finding) -> dict[str, str]:
    """Why something stays out, as arguments of what follows from that: the code of the finding that began it,
    with that one's own arguments."""
    if "cause" in reason.args:
        return {key: value for key, value in reason.args.items() if key.startswith("cause")}
    own = {f"cause.{key}": value for key, value in reason.args.items()}
    return {"cause": reason.code, **own}


def _leave_sole_dependencies(
    result: Verdicts, alone: Iterable[ObjectKey], written: dict[ObjectKey, ImportItem]
) -> Iterator[ObjectKey]:
    """Leaves out what is used ``alone`` by objects that are left out; gives what is left out now."""
    for key in alone:
        dependency = written.get(key)
        if key[0] is not ObjectKind.JOB and dependency is not None and key not in result.out:
            _note(result, key, _consequence(dependency, "only-used-left-out", Severity.BLOCK))
            yield key


def _consequence(item: ImportItem, code: str, severity: Severity, **args: str) -> Finding:
    need_kind, need_name = args.get("kind", ""), args.get("need", "")
    return Finding(
        code=code,
        severity=severity,
        kind=item.kind,
        name=item.name,
        need_kind=need_kind,
        need_name=need_name,
        args=args,
    )


def keep_what_is_needed(
    context: ImportContext, out: dict[ObjectKey, list[Finding]], staying: dict[ObjectKey, list[Finding]]
) -> None:
    """Keeps what jobs refer to that stay as they are: departures that stay, and what an item that stays
    out would have overwritten."""
    going = [deletion.key for deletion in context.confirmed_deletions if deletion.key not in staying]
    users = [*staying, *_not_overwritten(context, out)] if going else []
    for key, user in needed(going, users, context.target_state.references):
        user_kind, user_name = told_user(user, context.target_state)
        staying[key] = [Finding.on(key, NEEDED, user_kind=str(user_kind), user=user_name)]


def _not_overwritten(context: ImportContext, out: dict[ObjectKey, list[Finding]]) -> Iterator[ObjectKey]:
    for item in context.written:
        if item.key in out and item.target is not None:
            yield item.target.key
