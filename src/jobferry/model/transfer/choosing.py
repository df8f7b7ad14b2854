"""What holds for one object of a package: the options of the import, as they are for this object."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

import msgspec

from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.records import ObjectKey
from jobferry.model.transfer.bodies import Bodies, Room
from jobferry.model.transfer.cargo import CargoItem
from jobferry.model.transfer.policy import ImportOptions, ObjectRule, Policy, ZoneMode

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
        copies: Mapping[ObjectKey, str] | None = None,
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

    def of(self, item: CargoItem) -> Choice:
        """What holds for an object: the first rule that fits, else what holds for all."""
        for rule, choice in self._rules:
            if _fits(rule, item):
                return choice
        return self._usual


def copy_name(pattern: str, name: str, number: int, kind: ObjectKind) -> str:
    """What the first copy, or one of a higher number, is called; the name is cut where that is too long."""
    suffix = str(number) if number > 1 else ""
    room = _LONGEST[kind] - len(pattern.replace("{name}", "")) - len(suffix)
    return pattern.replace("{name}", name[:room]) + suffix


def _following(options: ImportOptions, copies: Mapping[ObjectKey, str]) -> ImportOptions:
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


def _fits(rule: ObjectRule, item: CargoItem) -> bool:
    if rule.kind not in (None, item.entry.kind):
        return False
    if rule.name is not None and not fnmatchcase(item.entry.name, rule.name):
        return False
    if rule.tag is not None and rule.tag not in item.facts.tags:
        return False
    return rule.directory is None or _lies_in(item.facts.directory, rule.directory)


def _lies_in(directory: str, above: str) -> bool:
    return f"{directory}/".startswith(f"{above.rstrip('/')}/")
