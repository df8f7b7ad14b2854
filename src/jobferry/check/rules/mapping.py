"""Rules about the mapping itself: does it do what it seems to say?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from jobferry.model.kinds import INVENTORY_KINDS, NEVER_MISSING_KINDS, NeedKind, ObjectKind
from jobferry.model.names import directory_fault
from jobferry.model.transfer.arrival import Arrival, Intent, Passage
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.mapping import Mapping, Section, matched
from jobferry.model.transfer.policy import RouteChoice

_SHOWN = 5
_Named = dict[str, set[str]]
"""By section of a mapping, the names that the package has."""


def pairs_are_unused(passage: Passage) -> Iterator[Finding]:
    """A mapping speaks of a name that nothing in the package has. A route is for many packages: what one of
    them lacks says nothing."""
    if passage.options.route is RouteChoice.USED:
        return
    named = _named(passage)
    for section, pairs in _sections(passage):
        used = {_key(section, name, pairs) for name in named.get(section, ())}
        for former, local in pairs.items():
            if former not in used:
                yield _about("mapping-unused", section, former, local=local)


def pairs_go_on(passage: Passage) -> Iterator[Finding]:
    """What a name is mapped to is mapped itself; each name is mapped once, so the chain is not followed."""
    for section, pairs in _sections(passage):
        if section != Section.PARAMETER:
            for chain in _chains(pairs):
                yield _about("mapping-chained", section, chain[0], chain=" → ".join(chain))


def names_become_one(passage: Passage) -> Iterator[Finding]:
    """Two names of the package become the same, so that no mapping can tell them apart on the way back."""
    named = _named(passage)
    mapping = passage.options.mapping
    for section, pairs in mapping.sections():
        if section in (Section.PARAMETER, Section.TIME_ZONE):
            continue
        formers: dict[str, list[str]] = {}
        for name in sorted(named.get(section, ())):
            formers.setdefault(_local(mapping, section, name), []).append(name)
        for local, together in formers.items():
            if len(together) > 1 and any(_key(section, one, pairs) for one in together):
                names = ", ".join(together[:_SHOWN]) + (" …" if len(together) > _SHOWN else "")
                yield _about("mapping-merges", section, together[0], local=local, names=names)


def targets_are_missing(passage: Passage) -> Iterator[Finding]:
    """A name is mapped to something that does not exist here, or only as a thing of another kind."""
    named = _named(passage)
    for section, pairs in _sections(passage):
        if section in tuple(Section) or section in NEVER_MISSING_KINDS:
            continue
        kind = NeedKind(section)
        for former, local in pairs.items():
            if former not in named.get(kind, ()) or _exists(kind, local, passage):
                continue
            others = [other for other in _KNOWN if other is not kind and _is_here(other, local, passage)]
            code = "mapping-target-kind" if others else "mapping-target-missing"
            yield _about(code, kind, former, local=local, other=", ".join(others))


def places_are_illegal(passage: Passage) -> Iterator[Finding]:
    """A mapped directory is deeper than directories may be here."""
    limits = passage.view.settings.reading.limits
    for arrival in passage.written:
        if arrival.intent is Intent.CREATE and arrival.directory != arrival.item.facts.directory:
            fault = directory_fault(arrival.directory, limits)
            if fault:
                yield Finding(
                    code="directory-illegal",
                    severity=Severity.BLOCK,
                    kind=arrival.kind,
                    name=arrival.name,
                    path="directory",
                    args={"directory": arrival.directory, "fault": fault},
                )


def texts_were_left_alone(passage: Passage) -> Iterator[Finding]:
    """A text seems to name something that is mapped, and cannot be changed for sure."""
    for arrival in passage.written:
        counts = Counter((one.reason, one.name, one.path) for one in arrival.left)
        for one in arrival.left:
            count = counts.pop((one.reason, one.name, one.path), 0)
            if count:
                yield Finding(
                    code=one.reason,
                    severity=Severity.WARN,
                    kind=arrival.kind,
                    name=arrival.name,
                    path=one.path,
                    args={"need": one.name, "line": str(one.line), "count": str(count)},
                )


_KNOWN = (NeedKind.CONNECTION, NeedKind.SCRIPT, NeedKind.RESOURCE, NeedKind.JOB, *INVENTORY_KINDS)


def _sections(passage: Passage) -> Iterator[tuple[str, dict[str, str]]]:
    """What the mapping of the import, and those of its rules, hold."""
    for mapping in passage.options.mappings:
        yield from mapping.sections()


def _named(passage: Passage) -> _Named:
    named: _Named = {}
    if not any(passage.options.mappings):
        return named
    for arrival in passage.arrivals:
        for section, name in _names(arrival):
            named.setdefault(section, set()).add(name)
    return named


def _names(arrival: Arrival) -> Iterator[tuple[str, str]]:
    facts = arrival.item.facts
    yield from ((one.kind, one.name) for one in facts.references)
    yield from ((hit.kind, hit.former) for hit in arrival.hits)
    yield from ((one.kind, one.name) for one in arrival.left)
    yield from ((Section.PARAMETER, name) for name, _ in facts.parameters)
    yield from ((Section.TIME_ZONE, zone) for zone, _ in facts.zones)
    if arrival.kind in (ObjectKind.JOB, ObjectKind.SCRIPT):
        yield Section.DIRECTORY, facts.directory


def _key(section: str, name: str, pairs: dict[str, str]) -> str | None:
    """The key of a mapping that a name goes by; a database also by its name in other letters."""
    if section == Section.DIRECTORY:
        return matched(NeedKind.PATH, name, pairs)
    if section in (Section.PARAMETER, Section.TIME_ZONE):
        return name if name in pairs else None
    found = matched(NeedKind(section), name, pairs)
    if found is None and section == NeedKind.DATABASE:
        return next((one for one in pairs if one.lower() == name.lower()), None)
    return found


def _local(mapping: Mapping, section: str, name: str) -> str:
    return mapping.place(name) if section == Section.DIRECTORY else mapping.local(NeedKind(section), name)


def _chains(pairs: dict[str, str]) -> Iterator[list[str]]:
    """Chains of more than one pair, each once; one in a circle begins with its first name by letters."""
    onto = {local for former, local in pairs.items() if local != former}
    seen: set[str] = set()
    for start in [*sorted(pairs.keys() - onto), *sorted(pairs.keys() & onto)]:
        chain = [start]
        while chain[-1] in pairs and chain[-1] not in seen:
            seen.add(chain[-1])
            chain.append(pairs[chain[-1]])
        if len(chain) > 2:
            yield chain


def _exists(kind: NeedKind, name: str, passage: Passage) -> bool:
    """Whether a thing is here or comes along; what nobody can know counts as being here."""
    unknown = kind in INVENTORY_KINDS and not passage.view.knows(kind)
    return unknown or _is_here(kind, name, passage)


def _is_here(kind: NeedKind, name: str, passage: Passage) -> bool:
    if kind is NeedKind.WORKSPACE:
        return name in passage.view.elsewhere
    if kind.value not in tuple(ObjectKind):
        return passage.view.has(kind, name)
    key = (ObjectKind(kind.value), name)
    return key in passage.view.objects or any(arrival.key == key for arrival in passage.arrivals)


def _about(code: str, section: str, name: str, **args: str) -> Finding:
    return Finding(
        code=code,
        severity=Severity.WARN,
        kind="package",
        name="",
        need_kind=section,
        need_name=name,
        args={"kind": section, "need": name, **args},
    )
