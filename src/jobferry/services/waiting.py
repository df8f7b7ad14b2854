"""What objects that are here refer to and what of that is missing, as the rules of an import judge it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from jobferry.check.rules import references
from jobferry.model.document.facts import Facts
from jobferry.model.kinds import INVENTORY_KINDS, OBJECT_OF, NeedKind, ObjectKind
from jobferry.model.package import Entry, Layout
from jobferry.model.people import Grant
from jobferry.model.records import StoredObject
from jobferry.model.transfer.contents import PackageContents, PackageEntry
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.import_context import ImportContext, ImportItem, Intent, context_of
from jobferry.model.transfer.plan_view import told, waited
from jobferry.model.transfer.policy import ImportOptions, Policy
from jobferry.model.transfer.preview import Presence
from jobferry.model.transfer.target_state import TargetState
from jobferry.services.target_state import UpToDate, look

if TYPE_CHECKING:
    from jobferry.store import Snapshot

_Rule = Callable[[ImportContext], Iterator[Finding]]

_RULES: tuple[_Rule, ...] = (
    references.things_are_missing,
    references.jobs_are_missing,
    references.workspaces_are_missing,
)


def as_imported(
    snapshot: Snapshot, grant: Grant, texts: Iterable[tuple[StoredObject, str, Facts]]
) -> ImportContext:
    """Objects that are here, each with the digest and the facts of one of its texts, as if they arrived."""
    listed = list(texts)
    entries = tuple(
        PackageEntry(Entry(kind=stored.kind, name=stored.name, path="", sha256=digest), facts)
        for stored, digest, facts in listed
    )
    contents = PackageContents(layout=Layout.FACTORY, entries=entries)
    options = ImportOptions()
    seen = UpToDate(snapshot.objects, grant, Policy())
    seen.among(entry.info for entry in entries)
    state = look(snapshot, grant, contents, options, seen)
    items = tuple(
        ImportItem(
            entry=entry,
            name=entry.info.name,
            directory=stored.directory,
            target=stored,
            intent=Intent.OVERWRITE,
            edits=(),
            digest=digest,
            references=entry.facts.references,
        )
        for entry, (stored, digest, _) in zip(entries, listed, strict=True)
    )
    return context_of(contents, state, options, state.settings.policy, items)


def missing_to(context: ImportContext) -> Iterator[Finding]:
    """What is not here of what these objects refer to; unknown kinds of the inventory are not asked about."""
    return _told(context, _RULES)


def _told(context: ImportContext, rules: Iterable[_Rule]) -> Iterator[Finding]:
    return (finding for rule in rules for finding in rule(context) if finding.severity is not Severity.WARN)


def still_waited_for(
    snapshot: Snapshot, grant: Grant, stored: StoredObject, texts: Mapping[str, Facts]
) -> tuple[str, ...]:
    """What a held object waits for once these are its texts (facts by digest), as it names that.

    That is what they refer to and is not here, and what it waited for of kinds that nobody has inventoried.
    An object that was not held waits for nothing: whoever saves it here knows the platform.
    """
    if not stored.held:
        return ()
    context = as_imported(snapshot, grant, ((stored, digest, facts) for digest, facts in texts.items()))
    found = {
        told(finding.need_kind, finding.need_name, finding.args.get("workspace", ""))
        for finding in _told(context, (*_RULES, references.inventory_is_unknown))
    }
    named = {told(*need) for need in context.needs}
    found |= {one for one in stored.held if one in named and not is_there(context.target_state, one)}
    return tuple(sorted(found))


def is_there(state: TargetState, entry: str) -> bool:
    """Whether something that an object waits for, as it names that, is here."""
    kind, name, place = waited(entry)
    if place:
        return name in state.elsewhere.get(place, ())
    if kind in tuple(ObjectKind):
        return (ObjectKind(kind), name) in state.objects
    return name in state.elsewhere if kind == NeedKind.WORKSPACE else state.has(NeedKind(kind), name)


def presence_of(state: TargetState, kind: NeedKind, name: str, workspace: str = "") -> Presence:
    """Whether something is here; ``workspace`` names the one in which a job is said to live."""
    if workspace:
        is_here = name in state.elsewhere.get(workspace, ())
    elif kind in OBJECT_OF:
        is_here = (OBJECT_OF[kind], name) in state.objects
    elif kind is NeedKind.WORKSPACE:
        is_here = name in state.elsewhere
    elif kind in (NeedKind.CONNECTION, NeedKind.VARIABLE) or (kind in INVENTORY_KINDS and state.knows(kind)):
        is_here = state.has(kind, name)
    else:
        return Presence.UNKNOWN
    return Presence.HERE if is_here else Presence.MISSING
