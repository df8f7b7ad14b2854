"""How a package's object is fitted to its target: the edits that make its text the one to be written.

Edits come from the mapping, parameter values, the executing user, the time zone, the place in the tree,
a schedule that the package leaves out, and sensitive values that travelled empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from jobferry.model.document.edits import Edit, Path, Put, raw_at
from jobferry.model.document.facts import Facts
from jobferry.model.document.references import Reference, job_references, script_references
from jobferry.model.document.sensitive import kept
from jobferry.model.document.text import parse_known
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.records import StoredObject
from jobferry.model.transfer.cargo import CargoItem
from jobferry.model.transfer.policy import DirectoryPolicy, ImportOptions, Mapping, Policy
from jobferry.model.transfer.target import TargetView

TextOf = Callable[[CargoItem], bytes]
_EXECUTE_USER: Path = ("basicConfig", "executeUser")


def mapped(reference: Reference, options: ImportOptions) -> Reference:
    """The reference as it will read here."""
    if options.execute_user is not None and reference.path == _EXECUTE_USER:
        return Reference(NeedKind.USER, options.execute_user, reference.path)
    mapping = options.mapping
    if reference.kind is NeedKind.CDM:
        name = mapped_cdm(reference.name, mapping)
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


def place_of(item: CargoItem, target: StoredObject | None, policy: Policy, options: ImportOptions) -> str:
    """The directory where the object will stand: what is there stays where it is."""
    if target is not None:
        return target.directory
    if policy.directory is DirectoryPolicy.CHOSEN and options.directory is not None:
        return options.directory
    return item.facts.directory


def fit(
    item: CargoItem, target: StoredObject | None, view: TargetView, options: ImportOptions, text_of: TextOf
) -> tuple[Edit, ...]:
    """The edits for one object; none for most. The text is read only if something is to be done."""
    if item.entry.kind is ObjectKind.CDM:
        return ()
    policy = options.decide(view.settings.policy)
    place = place_of(item, target, policy, options)
    edits: list[Edit] = [] if place == item.facts.directory else [Put(("directory",), place)]
    if item.entry.kind is ObjectKind.JOB:
        if item.entry.name != item.facts.name:
            edits.append(Put(("name",), item.entry.name))
        edits += _job_edits(item.facts, options)
        edits += _kept_from_target(item, target, view, text_of)
    if mapped_all(item.facts.references, options) != item.facts.references:
        edits += _mapping_edits(item, options, text_of)
    return tuple(edits)


def _job_edits(facts: Facts, options: ImportOptions) -> list[Edit]:
    values = options.params | options.job_params.get(facts.name, {})
    edits: list[Edit] = [Put(path, values[name]) for name, path in facts.parameters if name in values]
    if options.execute_user is not None:
        edits.append(Put(_EXECUTE_USER, options.execute_user))
    if options.time_zone is not None:
        edits += [Put(path, options.time_zone) for zone, path in facts.zones if zone != options.time_zone]
    return edits


def _kept_from_target(
    item: CargoItem, target: StoredObject | None, view: TargetView, text_of: TextOf
) -> list[Edit]:
    """A schedule that the package leaves out, and sensitive values that travelled empty."""
    text = view.texts.get(target.digest) if target is not None else None
    if text is None:
        return []
    edits: list[Edit] = []
    if not item.facts.has_schedule and (schedule := raw_at(text, ("schedule",))) is not None:
        edits.append(Put(("schedule",), schedule.copy()))
    if item.facts.sensitive:
        document = parse_known(text_of(item))
        edits += kept(document, item.facts.sensitive, text, parse_known(text))
    return edits


def needs_target_text(item: CargoItem) -> bool:
    """Whether fitting this object may have to look into the text it replaces; what stands is not fitted."""
    if item.stands or item.entry.kind is not ObjectKind.JOB:
        return False
    return not item.facts.has_schedule or bool(item.facts.sensitive)


def _mapping_edits(item: CargoItem, options: ImportOptions, text_of: TextOf) -> list[Edit]:
    document = parse_known(text_of(item))
    reader = script_references if item.entry.kind is ObjectKind.SCRIPT else job_references
    edits: dict[Path, Edit] = {}
    overridden = options.execute_user is not None
    for reference in reader(document):
        local = mapped(reference, options)
        if local is reference or (overridden and reference.path == _EXECUTE_USER):
            continue
        if reference.path in edits:
            continue
        if reference.kind is NeedKind.RESOURCE:
            edits[reference.path] = Put(reference.path, _resource_list(document, reference.path, options))
        elif reference.kind is not NeedKind.CDM and local.name != reference.name:
            edits[reference.path] = Put(reference.path, local.name)
    return list(edits.values())


def _resource_list(document: dict[str, Any], path: Path, options: ImportOptions) -> str:
    value: Any = document
    for part in path:
        value = value[part]
    return re.sub(r"[^,;\s]+", lambda name: options.mapping.local(NeedKind.RESOURCE, name[0]), str(value))
