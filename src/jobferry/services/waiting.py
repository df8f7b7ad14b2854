"""What objects that are here refer to and what of that is missing, as the rules of an import judge it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from jobferry.check.rules import references
from jobferry.model.document.facts import Facts
from jobferry.model.grant import Grant
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.package import Entry, Layout
from jobferry.model.records import StoredObject
from jobferry.model.transfer.arrival import Arrival, Intent, Passage, passage_of
from jobferry.model.transfer.cargo import Cargo, CargoItem
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.planned.waiting import told, waited
from jobferry.model.transfer.policy import ImportOptions, Policy
from jobferry.model.transfer.target import TargetView
from jobferry.services.importing.read_package import Standing
from jobferry.services.importing.target_state import look
from jobferry.store.ports import Snapshot, UnitOfWork

_Rule = Callable[[Passage], Iterator[Finding]]

_RULES: tuple[_Rule, ...] = (
    references.things_are_missing,
    references.jobs_are_missing,
    references.workspaces_are_missing,
)


def standing(
    snapshot: Snapshot | UnitOfWork, grant: Grant, texts: Iterable[tuple[StoredObject, str, Facts]]
) -> Passage:
    """Objects that are here, each with the digest and the facts of one of its texts, as if they arrived."""
    listed = list(texts)
    items = tuple(
        CargoItem(Entry(kind=one.kind, name=one.name, path="", sha256=digest), facts)
        for one, digest, facts in listed
    )
    cargo = Cargo(layout=Layout.FACTORY, items=items)
    options = ImportOptions()
    seen = Standing(snapshot.objects, grant.workspace.id, Policy())
    seen.among(item.entry for item in items)
    view = look(snapshot, grant, cargo, options, seen)
    arrivals = tuple(
        Arrival(
            item=item,
            name=item.entry.name,
            directory=one.directory,
            target=one,
            intent=Intent.OVERWRITE,
            edits=(),
            digest=digest,
            references=item.facts.references,
        )
        for item, (one, digest, _) in zip(items, listed, strict=True)
    )
    return passage_of(cargo, view, options, view.settings.policy, arrivals)


def missing_to(passage: Passage) -> Iterator[Finding]:
    """What is not here of what these objects refer to; unknown kinds of the inventory are not asked about."""
    return _told(passage, _RULES)


def _told(passage: Passage, rules: Iterable[_Rule]) -> Iterator[Finding]:
    return (one for rule in rules for one in rule(passage) if one.severity is not Severity.WARN)


def still_waited_for(
    snapshot: Snapshot | UnitOfWork, grant: Grant, stored: StoredObject, texts: Mapping[str, Facts]
) -> tuple[str, ...]:
    """What a held object waits for once these are its texts (facts by digest), as it names that.

    That is what they refer to and is not here, and what it waited for of kinds that nobody has inventoried.
    An object that was not held waits for nothing: whoever saves it here knows the platform.
    """
    if not stored.held:
        return ()
    passage = standing(snapshot, grant, ((stored, digest, facts) for digest, facts in texts.items()))
    found = {
        told(one.need_kind, one.need_name, one.args.get("workspace", ""))
        for one in _told(passage, (*_RULES, references.inventory_is_unknown))
    }
    named = {told(*need) for need in passage.needs}
    found |= {one for one in stored.held if one in named and not is_there(passage.view, one)}
    return tuple(sorted(found))


def is_there(view: TargetView, entry: str) -> bool:
    """Whether something that an object waits for, as it names that, is here."""
    kind, name, place = waited(entry)
    if place:
        return name in view.elsewhere.get(place, ())
    if kind in tuple(ObjectKind):
        return (ObjectKind(kind), name) in view.objects
    return name in view.elsewhere if kind == NeedKind.WORKSPACE else view.has(NeedKind(kind), name)
