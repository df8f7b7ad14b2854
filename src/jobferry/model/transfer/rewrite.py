"""The edits that make an entry's text the one to be written here, under the options that hold for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as Pairs
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import msgspec

from jobferry.model.document.cron import converted
from jobferry.model.document.edits import Edit, Path, Put, raw_at, value_at
from jobferry.model.document.facts import Facts
from jobferry.model.document.problems import pointer
from jobferry.model.document.references import (
    Reference,
    job_references,
    resource_references,
    script_references,
)
from jobferry.model.document.sensitive import kept
from jobferry.model.document.text import parse_known
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.records import ObjectKey, StoredObject
from jobferry.model.transfer.contents import PackageEntry
from jobferry.model.transfer.mapped_texts import Bodies, NotReplaced, Replacement, Room
from jobferry.model.transfer.mapping import PREFIX_KINDS, Mapping, matched
from jobferry.model.transfer.policy import DirectoryPolicy, ImportOptions, ObjectRule, Policy, ZoneMode
from jobferry.model.transfer.target_state import TargetState

COPY_NAME = "{name}_copy"
"""What copies are called where nothing else is said."""
_LONGEST = {kind: 32 if kind is ObjectKind.RESOURCE else 128 for kind in ObjectKind}


class Choice(msgspec.Struct, frozen=True):
    """Options and policy that hold for an object, and its mapping as it is looked for in texts."""

    options: ImportOptions
    policy: Policy
    bodies: Bodies

    @property
    def parameters(self) -> dict[str, str]:
        """Values for parameters of any job; what is said for this import goes before the mapping."""
        return self.options.mapping.parameters | self.options.params

    def zone(self, zone: str) -> str:
        """What a schedule's time zone becomes."""
        if self.options.zone_mode is ZoneMode.KEEP:
            return zone
        if self.options.time_zone is not None:
            return self.options.time_zone
        return self.options.mapping.zones.get(zone, zone)


class Choosing:
    """Decides for each object what holds; made once for a package."""

    def __init__(
        self,
        options: ImportOptions,
        policy: Policy,
        copies: Pairs[ObjectKey, str] | None = None,
        package_bytes: int = 0,
    ) -> None:
        """``copies`` are new names of what comes in as a copy: references of all objects follow to them.

        ``package_bytes`` is the package's size, which says how much of its texts a mapping looks through.
        """
        if copies:
            options = _following(options, copies)
        decided = options.decide(policy)
        room = Room(package_bytes)
        self._usual = Choice(options, decided, Bodies(options.mapping, room))
        self._rules = [(rule, _changed(options, decided, rule, room)) for rule in options.rules]

    def of(self, entry: PackageEntry) -> Choice:
        """What holds for an object: the first rule that fits, else what holds for all."""
        for rule, choice in self._rules:
            if _fits(rule, entry):
                return choice
        return self._usual


def copy_name(pattern: str, name: str, number: int, kind: ObjectKind) -> str:
    """What the first copy, or one of a higher number, is called; the name is cut where that is too long."""
    suffix = str(number) if number > 1 else ""
    room = _LONGEST[kind] - len(pattern.replace("{name}", "")) - len(suffix)
    return pattern.replace("{name}", name[:room]) + suffix


def _following(options: ImportOptions, copies: Pairs[ObjectKey, str]) -> ImportOptions:
    names: dict[NeedKind, dict[str, str]] = {}
    for (kind, name), copy in copies.items():
        names.setdefault(NeedKind(kind.value), {})[name] = copy
    return msgspec.structs.replace(options, mapping=msgspec.structs.replace(options.mapping, copies=names))


def _changed(options: ImportOptions, policy: Policy, rule: ObjectRule, room: Room) -> Choice:
    mapping = options.mapping
    if rule.mapping:
        mapping = msgspec.structs.replace(rule.mapping.over(mapping), copies=mapping.copies)
    said = {"duplicates": rule.duplicates, "target_status": rule.target_status}
    chosen = {name: value for name, value in said.items() if value is not None}
    return Choice(
        msgspec.structs.replace(options, mapping=mapping),
        msgspec.structs.replace(policy, **chosen),
        Bodies(mapping, room),
    )


def _fits(rule: ObjectRule, entry: PackageEntry) -> bool:
    if rule.kind not in (None, entry.info.kind):
        return False
    if rule.name is not None and not fnmatchcase(entry.info.name, rule.name):
        return False
    if rule.tag is not None and rule.tag not in entry.facts.tags:
        return False
    return rule.directory is None or _lies_in(entry.facts.directory, rule.directory)


def _lies_in(directory: str, above: str) -> bool:
    return f"{directory}/".startswith(f"{above.rstrip('/')}/")


TextOf = Callable[[PackageEntry], bytes]
_EXECUTE_USER: Path = ("basicConfig", "executeUser")


class Shift(msgspec.Struct, frozen=True, gc=False):
    """A schedule that gets another time zone; ``made`` is empty where no expression keeps its instants."""

    path: Path
    expression: str
    zone: str
    made: str
    there: str


class Fitted(NamedTuple):
    """An object's edits, what of them a mapping asks for, and what it left alone."""

    edits: tuple[Edit, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    not_replaced: tuple[NotReplaced, ...] = ()
    shifts: tuple[Shift, ...] = ()


def mapped(reference: Reference, options: ImportOptions) -> Reference:
    """The reference as it will read here."""
    if options.execute_user is not None and reference.path == _EXECUTE_USER:
        return Reference(NeedKind.USER, options.execute_user, reference.path)
    mapping = options.mapping
    if reference.kind is NeedKind.CDM:
        name = mapped_cdm(reference.name, mapping)
    elif not reference.workspace:
        name = mapping.inside(reference.kind, reference.name)
    else:
        name = mapping.local(reference.kind, reference.name)
    workspace = mapping.local(NeedKind.WORKSPACE, reference.workspace)
    if (name, workspace) == (reference.name, reference.workspace):
        return reference
    return Reference(reference.kind, name, reference.path, workspace, reference.role)


def mapped_all(references: tuple[Reference, ...], options: ImportOptions) -> tuple[Reference, ...]:
    """All of an object's references as they will read here; the same tuple where nothing is mapped."""
    if not options.renames:
        return references
    return tuple(mapped(reference, options) for reference in references)


def mapped_cdm(name: str, mapping: Mapping) -> str:
    """A CDM definition ``cluster/job`` as it is called here: it goes with its cluster."""
    cluster, _, job = name.partition("/")
    return f"{mapping.local(NeedKind.CLUSTER, cluster)}/{job}"


def place_of(entry: PackageEntry, target: StoredObject | None, state: TargetState, choice: Choice) -> str:
    """The directory where the object will stand: what is there stays where it is.

    Only what the source has moved, and lies here where it was put then, goes along.
    """
    if target is None:
        return _new_place(entry.facts.directory, choice)
    before = state.landed_places.get(target.id, "")
    if before in ("", entry.facts.directory) or target.directory != _new_place(before, choice):
        return target.directory
    return _new_place(entry.facts.directory, choice)


def _new_place(directory: str, choice: Choice) -> str:
    """Where something new that lies there at its source is put."""
    if choice.policy.directory is DirectoryPolicy.CHOSEN and choice.options.directory is not None:
        return choice.options.directory
    return choice.options.mapping.place(directory)


def fit(
    entry: PackageEntry, target: StoredObject | None, state: TargetState, choice: Choice, text_of: TextOf
) -> Fitted:
    """The edits for one object; none for most. The text is read only if something is to be done."""
    if entry.info.kind is ObjectKind.CDM:
        return Fitted()
    place = place_of(entry, target, state, choice)
    shifts: tuple[Shift, ...] = ()
    own: list[Edit] = [] if place == entry.facts.directory else [Put(("directory",), place)]
    name = state.copies.get(entry.key, entry.info.name) if state.copies else entry.info.name
    if name != entry.facts.name:
        own.append(Put(("name",), name))
    if entry.info.kind is ObjectKind.JOB:
        shifts = tuple(_shifts(entry, state, choice, text_of))
        own += _job_edits(entry.facts, choice)
        own += [edit for shift in shifts for edit in _shift_edits(shift)]
        own += _kept_from_target(entry, target, state, text_of)
    if not choice.options.renames:
        return Fitted(tuple(own), shifts=shifts)
    mapping = _Mapped(entry, choice, {*entry.facts.sensitive, *(edit.path for edit in own)}, text_of)
    return Fitted(
        (*own, *mapping.edits.values()), tuple(mapping.replacements), tuple(mapping.not_replaced), shifts
    )


def _job_edits(facts: Facts, choice: Choice) -> list[Edit]:
    options = choice.options
    values = choice.parameters | options.job_params.get(facts.name, {})
    edits: list[Edit] = [Put(path, values[name]) for name, path in facts.parameters if name in values]
    if options.execute_user is not None:
        edits.append(Put(_EXECUTE_USER, options.execute_user))
    return edits


def _shifts(entry: PackageEntry, state: TargetState, choice: Choice, text_of: TextOf) -> Iterator[Shift]:
    """The schedules whose zone becomes another one; no given zone means that of the service."""
    changed = [
        (path, zone, choice.zone(zone)) for zone, path in entry.facts.zones if choice.zone(zone) != zone
    ]
    document = parse_known(text_of(entry)) if changed else {}
    for path, zone, there in changed:
        expression = str(value_at(document, (*path[:-1], "expression")))
        named = zone or state.settings.time_zone
        converts = choice.options.zone_mode is ZoneMode.CONVERT
        made = converted(expression, named, there) if converts else expression
        yield Shift(path, expression, named, made or "", there)


def _shift_edits(shift: Shift) -> Iterator[Edit]:
    if shift.made:
        yield Put(shift.path, shift.there)
    if shift.made and shift.made != shift.expression:
        yield Put((*shift.path[:-1], "expression"), shift.made)


def _kept_from_target(
    entry: PackageEntry, target: StoredObject | None, state: TargetState, text_of: TextOf
) -> list[Edit]:
    """A schedule that the package leaves out, and sensitive values that travelled empty."""
    text = state.texts.get(target.digest) if target is not None else None
    if text is None:
        return []
    edits: list[Edit] = []
    if not entry.facts.has_schedule and (schedule := raw_at(text, ("schedule",))) is not None:
        edits.append(Put(("schedule",), schedule.copy()))
    if entry.facts.sensitive:
        document = parse_known(text_of(entry))
        edits += kept(document, entry.facts.sensitive, text, parse_known(text))
    return edits


def needs_target_text(entry: PackageEntry) -> bool:
    """Whether fitting this object may have to look into the text it replaces; what stands is not fitted."""
    if entry.is_up_to_date or entry.info.kind is not ObjectKind.JOB:
        return False
    return not entry.facts.has_schedule or bool(entry.facts.sensitive)


_READERS: dict[ObjectKind, Callable[[dict[str, Any]], Iterable[Reference]]] = {
    ObjectKind.JOB: job_references,
    ObjectKind.SCRIPT: script_references,
    ObjectKind.RESOURCE: resource_references,
}
"""What tells each use of another thing with its place; CDM definitions have none."""


class _Mapped:
    """What a mapping does to one document, besides what is written there anyway (``spared``)."""

    def __init__(self, entry: PackageEntry, choice: Choice, spared: set[Path], text_of: TextOf) -> None:
        self.edits: dict[Path, Edit] = {}
        self.replacements: list[Replacement] = []
        self.not_replaced: list[NotReplaced] = []
        self._kind, self._options, self._spared = entry.info.kind, choice.options, spared
        named = mapped_all(entry.facts.references, choice.options) != entry.facts.references
        text = text_of(entry) if named or choice.bodies.wanted else b""
        within = choice.bodies.may_be_in(text)
        if named or within:
            document = parse_known(text)
            if named:
                self._references(document)
            if within:
                self._texts(choice, text, document)

    def _references(self, document: dict[str, Any]) -> None:
        for reference in _READERS[self._kind](document):
            local = mapped(reference, self._options)
            if local is reference or reference.path in self._spared or reference.kind is NeedKind.CDM:
                continue
            if local.name == reference.name or self._is_in_texts(reference):
                continue
            self.replacements.append(
                Replacement(reference.kind, reference.name, local.name, pointer(reference.path))
            )
            if reference.kind is NeedKind.RESOURCE:
                name: str = _resource_list(document, reference.path, self._options)
                self.edits[reference.path] = Put(reference.path, name)
            else:
                self.edits.setdefault(reference.path, Put(reference.path, local.name))

    def _is_in_texts(self, reference: Reference) -> bool:
        """Beginnings of paths and URLs are found in all texts, and so in these."""
        if reference.kind not in PREFIX_KINDS:
            return False
        pairs = self._options.mapping.names[reference.kind]
        return "/" in (matched(reference.kind, reference.name, pairs) or "")

    def _texts(self, choice: Choice, text: bytes, document: dict[str, Any]) -> None:
        found = choice.bodies.within(self._kind, text, document, self._spared | self.edits.keys())
        self.edits |= {edit.path: edit for edit in found.edits}
        self.replacements += found.replacements
        self.not_replaced += found.not_replaced


def _resource_list(document: dict[str, Any], path: Path, options: ImportOptions) -> str:
    listed = str(value_at(document, path))
    return re.sub(r"[^,;\s]+", lambda name: options.mapping.inside(NeedKind.RESOURCE, name[0]), listed)
