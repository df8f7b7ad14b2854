"""Rules about what documents refer to: is it here, or does it come along?

A kind that this platform keeps itself is checked always. A kind of the inventory is checked once the
inventory holds any of that kind; until then policy says whether not knowing warns, holds or blocks. Nothing
of a kind that is accepted as a whole is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from jobferry.model.document.problems import pointer
from jobferry.model.document.references import UPSTREAM
from jobferry.model.kinds import (
    INVENTORY_KINDS,
    NEVER_MISSING_KINDS,
    OBJECT_OF,
    WARNED_KINDS,
    NeedKind,
    ObjectKind,
)
from jobferry.model.names import directory_fault
from jobferry.model.records import ObjectKey
from jobferry.model.transfer.finding import Finding, Severity
from jobferry.model.transfer.import_context import ImportContext, ImportItem, Intent, Need, Use
from jobferry.model.transfer.mapping import Mapping, Section, matched
from jobferry.model.transfer.policy import Profile, RouteChoice, UnknownInventory

_KEPT_HERE = {need: kind for need, kind in OBJECT_OF.items() if kind is not ObjectKind.JOB}


def _findings(uses: list[Use], code: str, severity: Severity, **args: str) -> Iterator[Finding]:
    """One finding for each item that needs what is not here."""
    for item, reference in uses:
        yield Finding(
            code=code,
            severity=severity,
            kind=item.kind,
            name=item.name,
            path=pointer(reference.path),
            need_kind=reference.kind,
            need_name=reference.name,
            args={"need": reference.name, **args},
        )


def things_are_missing(context: ImportContext) -> Iterator[Finding]:
    """A script, resource, CDM definition, connection, or an inventoried thing is not here."""
    coming = {item.key for item in context.items}
    unknown_blocks = context.policy.unknown_inventory is UnknownInventory.BLOCK
    missing = {need for need in context.needs if _is_missing(need, coming, context)}
    for need, uses in context.uses_of(missing).items():
        warns = need[0] is NeedKind.CDM and not unknown_blocks
        severity = Severity.WARN if warns else context.severity_of(need)
        yield from _findings(uses, f"{need[0]}-missing", severity)


def _is_missing(need: Need, coming: set[ObjectKey], context: ImportContext) -> bool:
    kind, name, _ = need
    if kind in _KEPT_HERE:
        key = (_KEPT_HERE[kind], name)
        return key not in coming and key not in context.target_state.objects
    return _is_checked(kind, context) and not context.target_state.has(kind, name)


def _is_checked(kind: NeedKind, context: ImportContext) -> bool:
    if kind in WARNED_KINDS or kind in NEVER_MISSING_KINDS:
        return False
    return kind is NeedKind.CONNECTION or context.target_state.knows(kind)


def jobs_are_missing(context: ImportContext) -> Iterator[Finding]:
    """A nested or upstream job is neither here nor in the package; being in the package counts."""
    coming = {item.name for item in context.items if item.kind is ObjectKind.JOB}
    jobs = ((need, need[1]) for need in context.needs if need[0] is NeedKind.JOB and not need[2])
    here = context.target_state.objects
    missing = {need for need, name in jobs if name not in coming and (ObjectKind.JOB, name) not in here}
    for need, uses in context.uses_of(missing).items():
        severity = context.severity_of(need)
        upstream = [use for use in uses if use.reference.role == UPSTREAM]
        nested = [use for use in uses if use.reference.role != UPSTREAM]
        yield from _findings(upstream, "upstream-job-missing", severity)
        yield from _findings(nested, "nested-job-missing", severity)


def jobs_wait_in_circles(context: ImportContext) -> Iterator[Finding]:
    """A job waits for itself in the same period, through others or at once: none of these ever starts."""
    for circle in context.circles:
        for name in sorted(circle.jobs):
            yield Finding.on(
                (ObjectKind.JOB, name),
                "waits-in-circle",
                Severity.BLOCK if circle.is_new else Severity.WARN,
                path="schedule.cron.dependJobs",
                circle=circle.told,
            )


def workspaces_are_missing(context: ImportContext) -> Iterator[Finding]:
    """An upstream job of another workspace: the workspace is not here, or does not have the job."""
    missing = {need for need in context.needs if _is_missing_elsewhere(need, context)}
    for need, uses in context.uses_of(missing).items():
        kind, _, workspace = need
        severity = context.severity_of(need)
        if kind is NeedKind.WORKSPACE:
            yield from _findings(uses, "workspace-missing", severity)
        else:
            yield from _findings(uses, "upstream-elsewhere-missing", severity, workspace=workspace)


def _is_missing_elsewhere(need: Need, context: ImportContext) -> bool:
    kind, name, workspace = need
    elsewhere = context.target_state.elsewhere
    if kind is NeedKind.WORKSPACE:
        return name not in elsewhere
    is_open = workspace in elsewhere and workspace not in context.target_state.closed
    return kind is NeedKind.JOB and is_open and name not in elsewhere[workspace]


def workspaces_refuse_dependents(context: ImportContext) -> Iterator[Finding]:
    """An upstream job lives in a workspace whose job dependency rule lets no other workspace wait for it."""
    closed = context.target_state.closed
    refused = {need for need in context.needs if need[0] is NeedKind.JOB and need[2] in closed}
    for (_, _, workspace), uses in context.uses_of(refused).items():
        yield from _findings(uses, "upstream-elsewhere-refused", Severity.BLOCK, workspace=workspace)


def inventory_is_unknown(context: ImportContext) -> Iterator[Finding]:
    """A thing is referred to whose kind nobody has inventoried here."""
    policy = context.policy.unknown_inventory
    kinds = {
        kind for kind in INVENTORY_KINDS if kind is not NeedKind.USER and not context.target_state.knows(kind)
    }
    unknown = {need for need in context.needs if need[0] in kinds}
    for need, uses in context.uses_of(unknown).items():
        kind, name, _ = need
        if policy is UnknownInventory.WARN:
            yield _warning("inventory-unknown", kind, name, uses)
        else:
            severity = Severity.HOLD if policy is UnknownInventory.HOLD else context.severity_of(need)
            yield from _findings(uses, "inventory-unknown", severity, kind=kind, count="1")


def people_and_variables_are_missing(context: ImportContext) -> Iterator[Finding]:
    """A user or an environment variable is not known here; that warns, and never keeps anything out."""
    state = context.target_state
    kinds = {kind for kind in WARNED_KINDS if kind is not NeedKind.USER or state.knows(kind)}
    missing = {need for need in context.needs if need[0] in kinds and not state.has(need[0], need[1])}
    for (kind, name, _), uses in context.uses_of(missing).items():
        yield _warning(f"{kind}-missing", kind, name, uses)


def what_is_here_lacks_something(context: ImportContext) -> Iterator[Finding]:
    """A connection is here without its secrets, or a variable that was never given a value."""
    listed_anyway = context.target_state.settings.profile is Profile.EASYDATA
    lacking = {NeedKind.VARIABLE: context.target_state.valueless}
    if not listed_anyway:
        lacking[NeedKind.CONNECTION] = context.target_state.incomplete
    found = {need for need in context.needs if need[1] in lacking.get(need[0], ())}
    for (kind, name, _), uses in context.uses_of(found).items():
        code = "connection-incomplete" if kind is NeedKind.CONNECTION else "variable-incomplete"
        yield _warning(code, kind, name, uses)


def connections_do_not_fit(context: ImportContext) -> Iterator[Finding]:
    """A connection is here, and of another type than the node or script takes that uses it."""
    types = context.target_state.connections
    for item in context.written:
        for reference in item.references:
            wanted, here = reference.role, types.get(reference.name)
            if reference.kind is NeedKind.CONNECTION and wanted and here and here != wanted:
                yield Finding(
                    code="connection-type-differs",
                    severity=Severity.WARN,
                    kind=item.kind,
                    name=item.name,
                    path=pointer(reference.path),
                    need_kind=reference.kind,
                    need_name=reference.name,
                    args={"need": reference.name, "here": here, "wanted": wanted},
                )


def _warning(code: str, kind: NeedKind, name: str, uses: list[Use]) -> Finding:
    """One warning a thing, with how many objects use it."""
    count = len({use.item.key for use in uses})
    return Finding(
        code=code,
        severity=Severity.WARN,
        kind="package",
        name="",
        need_kind=kind,
        need_name=name,
        args={"need": name, "kind": kind, "count": str(count)},
    )


_SHOWN = 5
_Named = dict[str, set[str]]
"""By section of a mapping, the names that the package has."""


def pairs_are_unused(context: ImportContext) -> Iterator[Finding]:
    """A mapping speaks of a name that nothing in the package has. A route is for many packages: what one of
    them lacks says nothing."""
    if context.options.route is RouteChoice.USED:
        return
    named = _named(context)
    for section, pairs in _sections(context):
        used = {_key(section, name, pairs) for name in named.get(section, ())}
        for former, local in pairs.items():
            if former not in used:
                yield _about("mapping-unused", section, former, local=local)


def pairs_go_on(context: ImportContext) -> Iterator[Finding]:
    """What a name is mapped to is mapped itself; each name is mapped once, so the chain is not followed."""
    for section, pairs in _sections(context):
        if section != Section.PARAMETER:
            for chain in _chains(pairs):
                yield _about("mapping-chained", section, chain[0], chain=" → ".join(chain))


def names_become_one(context: ImportContext) -> Iterator[Finding]:
    """Two names of the package become the same, so that no mapping can tell them apart on the way back."""
    named = _named(context)
    mapping = context.options.mapping
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


def targets_are_missing(context: ImportContext) -> Iterator[Finding]:
    """A name is mapped to something that does not exist here, or only as a thing of another kind."""
    named = _named(context)
    for section, pairs in _sections(context):
        if section in tuple(Section) or section in NEVER_MISSING_KINDS:
            continue
        kind = NeedKind(section)
        for former, local in pairs.items():
            if former not in named.get(kind, ()) or _exists(kind, local, context):
                continue
            others = [other for other in _KNOWN if other is not kind and _is_here(other, local, context)]
            code = "mapping-target-kind" if others else "mapping-target-missing"
            yield _about(code, kind, former, local=local, other=", ".join(others))


def places_are_illegal(context: ImportContext) -> Iterator[Finding]:
    """A mapped directory is deeper than directories may be here."""
    limits = context.target_state.settings.fact_rules.limits
    for item in context.written:
        is_mapped = item.intent is Intent.CREATE and item.directory != item.entry.facts.directory
        if is_mapped and directory_fault(item.directory, limits):
            yield Finding.on(
                item.key,
                "directory-illegal",
                path="directory",
                directory=item.directory,
                depth=str(limits.directory_depth),
            )


def texts_were_left_alone(context: ImportContext) -> Iterator[Finding]:
    """A text seems to name something that is mapped, and cannot be changed for sure."""
    for item in context.written:
        counts = Counter((place.reason, place.name, place.path) for place in item.not_replaced)
        for place in item.not_replaced:
            count = counts.pop((place.reason, place.name, place.path), 0)
            if count:
                yield Finding.on(
                    item.key,
                    place.reason,
                    Severity.WARN,
                    path=place.path,
                    need=place.name,
                    line=str(place.line),
                    count=str(count),
                )


_KNOWN = (NeedKind.CONNECTION, NeedKind.SCRIPT, NeedKind.RESOURCE, NeedKind.JOB, *INVENTORY_KINDS)


def _sections(context: ImportContext) -> Iterator[tuple[str, dict[str, str]]]:
    """What the mapping of the import, and those of its rules, hold."""
    for mapping in context.options.mappings:
        yield from mapping.sections()


def _named(context: ImportContext) -> _Named:
    named: _Named = {}
    if not any(context.options.mappings):
        return named
    for item in context.items:
        for section, name in _names(item):
            named.setdefault(section, set()).add(name)
    return named


def _names(item: ImportItem) -> Iterator[tuple[str, str]]:
    facts = item.entry.facts
    yield from ((reference.kind, reference.name) for reference in facts.references)
    yield from ((replacement.kind, replacement.former) for replacement in item.replacements)
    yield from ((place.kind, place.name) for place in item.not_replaced)
    yield from ((Section.PARAMETER, name) for name, _ in facts.parameters)
    yield from ((Section.TIME_ZONE, zone) for zone, _ in facts.zones)
    if item.kind in (ObjectKind.JOB, ObjectKind.SCRIPT):
        yield Section.DIRECTORY, facts.directory


def _key(section: str, name: str, pairs: dict[str, str]) -> str | None:
    """The key of a mapping that a name goes by; a database also by its name in other letters."""
    if section == Section.DIRECTORY:
        return matched(NeedKind.PATH, name, pairs)
    if section in (Section.PARAMETER, Section.TIME_ZONE):
        return name if name in pairs else None
    found = matched(NeedKind(section), name, pairs)
    if found is None and section == NeedKind.DATABASE:
        return next((pair for pair in pairs if pair.lower() == name.lower()), None)
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


def _exists(kind: NeedKind, name: str, context: ImportContext) -> bool:
    """Whether a thing is here or comes along; what nobody can know counts as being here."""
    unknown = kind in INVENTORY_KINDS and not context.target_state.knows(kind)
    return unknown or _is_here(kind, name, context)


def _is_here(kind: NeedKind, name: str, context: ImportContext) -> bool:
    if kind is NeedKind.WORKSPACE:
        return name in context.target_state.elsewhere
    if kind.value not in tuple(ObjectKind):
        return context.target_state.has(kind, name)
    key = (ObjectKind(kind.value), name)
    return key in context.target_state.objects or any(item.key == key for item in context.items)


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
